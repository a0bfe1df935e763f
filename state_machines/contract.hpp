#pragma once
/// A contract (agreement) of ours, as far as porting concerns it. It ends only through effective transfers or by
/// termination: never by a request, never by an answer (be.end.full, be.end.partial).

#include "state_machines/grammar.hpp"
#include "state_machines/proofs.hpp"

namespace npod::contract {

enum class State : std::uint8_t { active, partly_ended, ending, ended };
enum class Event : std::uint8_t { number_left, number_added, termination_requested, termination_withdrawn, termination_date_reached };
enum class Guard : std::uint8_t { numbers_remain, numbers_have_left, date_has_come, always };
enum class Action : std::uint8_t { end_in_part, end_wholly, end_numbers, tell_customer };
enum class Timer : std::uint8_t { none, termination_date };

using enum State;
using enum Event;
using enum Guard;
using enum Action;
using machine::Kind;
using machine::Otherwise;
using machine::Owner;
using machine::stay;

// clang-format off
inline constexpr machine::StateRow<State, Timer> states[] = {
  // state         name            kind           owner             deadline                  meaning
  {active,        "active",       Kind::resting, Owner::nobody,    Timer::none,              "The contract is in force for all its numbers."},
  {partly_ended,  "partly_ended", Kind::resting, Owner::nobody,    Timer::none,              "Some numbers have gone; the rest stays in force."},
  {ending,        "ending",       Kind::waiting, Owner::calendar,  Timer::termination_date,  "The customer terminated it for a later date."},
  {ended,         "ended",        Kind::settled, Owner::nobody,    Timer::none,              "No number is left, or it was terminated."},
};
inline constexpr machine::TimerRow<Timer, Event> timers[] = {
  {Timer::none,             "none",             "",       termination_date_reached, ""},
  {Timer::termination_date, "termination_date", "agreed", termination_date_reached, "The contract ends and the one-month window of its numbers begins."},
};
inline constexpr machine::EventRow<Event> events[] = {
  {number_left,              "number_left",              Otherwise::ignore, "The transfer of one of its numbers is effective, or the number ended otherwise."},
  {number_added,             "number_added",             Otherwise::refuse, "The contract takes a number."},
  {termination_requested,    "termination_requested",    Otherwise::refuse, "The customer or we terminate it."},
  {termination_withdrawn,    "termination_withdrawn",    Otherwise::refuse, "The termination is taken back before its date."},
  {termination_date_reached, "termination_date_reached", Otherwise::ignore, "The date of the termination has come."},
};
inline constexpr machine::NameRow<Guard> guards[] = {
  {numbers_remain, "numbers_remain", "at least one number is left"},
  {numbers_have_left, "numbers_have_left", "at least one number has gone"},
  {date_has_come,  "date_has_come",  "the date of the termination is not in the future"},
  {always,         "always",         ""},
};
inline constexpr machine::NameRow<Action> actions[] = {
  {end_in_part,   "end_in_part",   "Keep that the contract ended for the numbers that left (be.end.partial)."},
  {end_wholly,    "end_wholly",    "Keep that the contract ended by itself (be.end.full)."},
  {end_numbers,   "end_numbers",   "Start the one-month window of every number that is left."},
  {tell_customer, "tell_customer", "Tell the customer what ended and what goes on."},
};
using Row = machine::Transition<State, Event, Guard, Action>;
inline constexpr Row transitions[] = {
  // in state      on event                    if               go to          and
  {active,        number_added,               always,          stay},
  {active,        number_left,                numbers_remain,  partly_ended,  {end_in_part, tell_customer}},
  {active,        number_left,                always,          ended,         {end_wholly, tell_customer}},
  {active,        termination_requested,      date_has_come,   ended,         {end_numbers, tell_customer}},
  {active,        termination_requested,      always,          ending,        {tell_customer}},
  {partly_ended,  number_added,               always,          stay},
  {partly_ended,  number_left,                numbers_remain,  stay,          {end_in_part, tell_customer}},
  {partly_ended,  number_left,                always,          ended,         {end_wholly, tell_customer}},
  {partly_ended,  termination_requested,      date_has_come,   ended,         {end_numbers, tell_customer}},
  {partly_ended,  termination_requested,      always,          ending,        {tell_customer}},
  {ending,        number_added,               always,          stay},                                        // ordered before the termination; it ends with the others
  {ending,        number_left,                numbers_remain,  stay,          {end_in_part, tell_customer}},
  {ending,        number_left,                always,          ended,         {end_wholly, tell_customer}},
  {ending,        termination_requested,      date_has_come,   ended,         {end_numbers, tell_customer}},
  {ending,        termination_requested,      always,          ending},                                        // another date
  {ending,        termination_withdrawn,      numbers_have_left, partly_ended, {tell_customer}},
  {ending,        termination_withdrawn,      always,          active,        {tell_customer}},
  {ending,        termination_date_reached,   always,          ended,         {end_numbers, tell_customer}},
};
// clang-format on

using Machine = machine::Machine<State, Event, Guard, Action, Timer>;
using Decision = machine::Decision<Machine>;
inline constexpr Machine table{"contract", active, states, timers, events, guards, actions, transitions};
static_assert(machine::proofs::sound<table>());

/// What a decision may depend on besides state and event.
struct Facts {
    bool numbers_remain = false;
    bool numbers_have_left = false;
    bool date_has_come = false;
};

constexpr bool holds(Guard guard, Facts const& facts) {
    switch (guard) {
    case numbers_remain: return facts.numbers_remain;
    case numbers_have_left: return facts.numbers_have_left;
    case date_has_come: return facts.date_has_come;
    case always: return true;
    }
    return false;
}

} // namespace npod::contract
