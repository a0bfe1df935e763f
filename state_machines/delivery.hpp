#pragma once
/// One message of ours on its way to a counterpart. There is no state "sent": after a crash nobody could know whether it
/// is true, so sending leaves no trace, the same bytes are sent again, and the other side's memory of them makes that
/// harmless. What is stored is what is known: queued, in trouble, taken, turned away, or given up. Only what is asked anew
/// (a request, a cancel) is ever given up: a transfer that nobody hears of would leave a number with two homes.

#include "state_machines/grammar.hpp"
#include "state_machines/proofs.hpp"

namespace npod::delivery {

enum class State : std::uint8_t { queued, retrying, confirmed, bounced, expired };
enum class Event : std::uint8_t { attempt_failed, taken, turned_away, withdrawn, error_received, delivery_time_ended };
enum class Guard : std::uint8_t { stays_true, always };
enum class Action : std::uint8_t { report_taken, report_undeliverable, call_a_person };
enum class Timer : std::uint8_t { none, delivery_expiry };

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
  {queued,    "queued",    Kind::waiting, Owner::hub,    Timer::delivery_expiry, "It is being sent; no attempt has failed."},
  {retrying,  "retrying",  Kind::waiting, Owner::hub,    Timer::delivery_expiry, "An attempt failed; it is sent again with growing pauses."},
  {confirmed, "confirmed", Kind::settled, Owner::nobody, Timer::none,            "The other side took it and gave a receipt."},
  {bounced,   "bounced",   Kind::settled, Owner::nobody, Timer::none,            "The other side turned it away: its form or our right to send it is wrong."},
  {expired,   "expired",   Kind::settled, Owner::nobody, Timer::none,            "Nobody took it while it was worth sending; whoever sent it was told."},
};
inline constexpr machine::TimerRow<Timer, Event> timers[] = {
  {Timer::none,            "none",            "",                      delivery_time_ended, ""},
  {Timer::delivery_expiry, "delivery_expiry", "npod.delivery.expires", delivery_time_ended, "What stays true is sent on, and a person is told again; what does not is given up and comes back to its port as an event."},
};
inline constexpr machine::EventRow<Event> events[] = {
  {attempt_failed,      "attempt_failed",      Otherwise::ignore, "No answer, or one that says try later."},
  {taken,               "taken",               Otherwise::ignore, "The other side answered that it has it."},
  {turned_away,         "turned_away",         Otherwise::ignore, "The other side answered that it will not have it."},
  {withdrawn,           "withdrawn",           Otherwise::ignore, "A person gave it up."},
  {error_received,      "error_received",      Otherwise::ignore, "Somebody could not process what we sent (errorfound)."},
  {delivery_time_ended, "delivery_time_ended", Otherwise::ignore, "It is no longer worth sending."},
};
inline constexpr machine::NameRow<Guard> guards[] = {
  {stays_true, "stays_true", "it tells what remains so until it is heard: everything but a request and a cancel, which are asked anew"},
  {always,     "always",     ""},
};
inline constexpr machine::NameRow<Action> actions[] = {
  {report_taken,         "report_taken",         "Tell the port that the other side has it."},
  {report_undeliverable, "report_undeliverable", "Tell the port that the other side does not have it."},
  {call_a_person,        "call_a_person",        "Put it on the desk."},
};
using Row = machine::Transition<State, Event, Guard, Action>;
inline constexpr Row transitions[] = {
  {queued,    attempt_failed,       always,      retrying},
  {queued,    taken,                always,      confirmed, {report_taken}},
  {queued,    turned_away,          always,      bounced,   {report_undeliverable, call_a_person}},
  {queued,    withdrawn,            always,      expired,   {report_undeliverable}},
  {queued,    error_received,       always,      stay,      {call_a_person}}, // it came through although its receipt did not
  {queued,    delivery_time_ended,  stays_true,  retrying,  {call_a_person}},
  {queued,    delivery_time_ended,  always,      expired,   {report_undeliverable, call_a_person}},
  {retrying,  attempt_failed,       always,      stay},
  {retrying,  taken,                always,      confirmed, {report_taken}},
  {retrying,  turned_away,          always,      bounced,   {report_undeliverable, call_a_person}},
  {retrying,  withdrawn,            always,      expired,   {report_undeliverable}},
  {retrying,  error_received,       always,      stay,      {call_a_person}},
  {retrying,  delivery_time_ended,  stays_true,  retrying,  {call_a_person}},
  {retrying,  delivery_time_ended,  always,      expired,   {report_undeliverable, call_a_person}},
  {confirmed, error_received,       always,      stay,      {call_a_person}}, // taken by the interchange, and of no use to whom it was for
};
// clang-format on

using Machine = machine::Machine<State, Event, Guard, Action, Timer>;
using Decision = machine::Decision<Machine>;
inline constexpr Machine table{"delivery", queued, states, timers, events, guards, actions, transitions};
static_assert(machine::proofs::sound<table>());

/// What a decision may depend on besides state and event.
struct Facts {
    bool stays_true = false;
};

constexpr bool holds(Guard guard, Facts const& facts) {
    switch (guard) {
    case Guard::stays_true: return facts.stays_true;
    case always: return true;
    }
    return false;
}

} // namespace npod::delivery
