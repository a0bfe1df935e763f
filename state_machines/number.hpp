#pragma once
/// A number as we, its serving operator or block holder, know it. Two clocks run after a contract ended: the contract's
/// month, in which the number can still be ported (be.grace), and the ageing that protects its next user (be.ageing.min).

#include "state_machines/grammar.hpp"
#include "state_machines/proofs.hpp"

namespace npod::number {

enum class State : std::uint8_t { free, in_service, change_announced, porting_out, ported_out, portable, ageing, returned };
enum class Event : std::uint8_t {
    assigned, ported_in, contract_ended, change_noticed, port_out_agreed, port_out_dropped, port_out_executed,
    portability_renounced, came_back, grace_ended, ageing_ended, change_date_reached, change_withdrawn,
};
enum class Guard : std::uint8_t { contract_holds, month_still_runs, needs_no_ageing, block_is_ours, holder_is_known, always };
enum class Action : std::uint8_t { leave_contract, send_deactivation, tell_customer, note_serving_operator, call_a_person };
enum class Timer : std::uint8_t { none, grace_end, ageing_end, change_date };

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
  // state             name                kind           owner             deadline            meaning
  {free,              "free",             Kind::resting, Owner::nobody,    Timer::none,        "The number may be given to a customer."},
  {in_service,        "in_service",       Kind::resting, Owner::nobody,    Timer::none,        "A contract of ours holds the number and we serve it."},
  {change_announced,  "change_announced", Kind::waiting, Owner::calendar,  Timer::change_date, "We gave notice that this number will be replaced."},
  {porting_out,       "porting_out",      Kind::resting, Owner::nobody,    Timer::none,        "We agreed to let it go and serve it meanwhile; the port-out's line carries the deadline."},
  {ported_out,        "ported_out",       Kind::resting, Owner::nobody,    Timer::none,        "Another operator serves it."},
  {portable,          "portable",         Kind::waiting, Owner::customer,  Timer::grace_end,   "Its contract ended; its last holder may still port it for one month."},
  {ageing,            "ageing",           Kind::waiting, Owner::calendar,  Timer::ageing_end,  "It rests, so that its next user is not called by its last one's callers."},
  {returned,          "returned",         Kind::resting, Owner::nobody,    Timer::none,        "It went back to its block holder."},
};
inline constexpr machine::TimerRow<Timer, Event> timers[] = {
  {Timer::none,        "none",        "",                       grace_ended,         ""},
  {Timer::grace_end,   "grace_end",   "be.grace",               grace_ended,         "The right to port it ends; ageing begins."},
  {Timer::ageing_end,  "ageing_end",  "be.ageing.min",          ageing_ended,        "An own number may be given out again; a foreign one goes back to its block holder."},
  {Timer::change_date, "change_date", "be.number_change.notice", change_date_reached, "The number is withdrawn; its holder may port it for one month, then it ages."},
};
inline constexpr machine::EventRow<Event> events[] = {
  {assigned,              "assigned",              Otherwise::refuse, "A contract takes the number."},
  {ported_in,             "ported_in",             Otherwise::refuse, "The number came to us by a port."},
  {contract_ended,        "contract_ended",        Otherwise::ignore, "The contract ended for this number without a port."},
  {change_noticed,        "change_noticed",        Otherwise::refuse, "We give notice of a change of number."},
  {port_out_agreed,       "port_out_agreed",       Otherwise::refuse, "We said yes to a port-out."},
  {port_out_dropped,      "port_out_dropped",      Otherwise::ignore, "The port-out was cancelled, lapsed or closed."},
  {port_out_executed,     "port_out_executed",     Otherwise::refuse, "The recipient serves the number: the transfer is effective."},
  {portability_renounced, "portability_renounced", Otherwise::ignore, "The last holder gave up the month."},
  {came_back,             "came_back",             Otherwise::ignore, "A deactivation gave the number back to us, its block holder."},
  {grace_ended,           "grace_ended",           Otherwise::ignore, "The month is over."},
  {ageing_ended,          "ageing_ended",          Otherwise::ignore, "The ageing is over."},
  {change_date_reached,   "change_date_reached",   Otherwise::ignore, "The date of the announced change has come."},
  {change_withdrawn,      "change_withdrawn",      Otherwise::refuse, "We take the notice of a change back."},
};
inline constexpr machine::NameRow<Guard> guards[] = {
  {contract_holds,    "contract_holds",    "a contract of ours still holds it"},
  {month_still_runs,  "month_still_runs",  "the month after the contract's end is not over (be.grace)"},
  {needs_no_ageing,   "needs_no_ageing",   "the number is of a block of ours, and such numbers do not age (be.ageing.own is off)"},
  {block_is_ours,     "block_is_ours",     "the number is of a block of ours"},
  {holder_is_known,   "holder_is_known",   "we know whose block the number is of"},
  {always,            "always",            ""},
};
inline constexpr machine::NameRow<Action> actions[] = {
  {leave_contract,        "leave_contract",        "Take the number out of its contract."},
  {send_deactivation,     "send_deactivation",     "Tell every operator that the number goes back to its block holder."},
  {tell_customer,         "tell_customer",         "Tell the customer."},
  {note_serving_operator, "note_serving_operator", "Update the routing table."},
  {call_a_person,         "call_a_person",         "Put it on the desk."},
};
using Row = machine::Transition<State, Event, Guard, Action>;
inline constexpr Row transitions[] = {
  // in state           on event                if                 go to              and
  {free,              assigned,               always,            in_service,        {note_serving_operator}},
  {free,              ported_in,              always,            in_service,        {note_serving_operator}},
  {free,              port_out_executed,      always,            ported_out,        {note_serving_operator}},   // a person recognised a transfer that came late
  {returned,          ported_in,              always,            in_service,        {note_serving_operator}},
  {returned,          came_back,              always,            stay},
  {returned,          port_out_executed,      always,            ported_out,        {note_serving_operator}},
  {ported_out,        ported_in,              always,            in_service,        {note_serving_operator}},   // the customer came back
  {ported_out,        came_back,              always,            free,              {note_serving_operator}},   // it aged at the operator that gives it back
  {ported_out,        port_out_executed,      always,            stay},

  {in_service,        assigned,               always,            stay},                                        // the same contract sent again
  {in_service,        contract_ended,         always,            portable,          {leave_contract, tell_customer}},
  {in_service,        change_noticed,         always,            change_announced,  {tell_customer}},
  {in_service,        port_out_agreed,        always,            porting_out},
  {in_service,        port_out_executed,      always,            ported_out,        {leave_contract, note_serving_operator}}, // a person recognised a transfer without our yes
  {change_announced,  contract_ended,         always,            portable,          {leave_contract, tell_customer}},
  {change_announced,  port_out_agreed,        always,            porting_out},
  {change_announced,  port_out_executed,      always,            ported_out,        {leave_contract, note_serving_operator}},
  {change_announced,  change_date_reached,    always,            portable,          {leave_contract, tell_customer}},
  {change_announced,  change_withdrawn,       always,            in_service,        {tell_customer}},

  {porting_out,       port_out_agreed,        always,            stay},
  {porting_out,       port_out_executed,      always,            ported_out,        {leave_contract, note_serving_operator}},
  {porting_out,       port_out_dropped,       contract_holds,    in_service},
  {porting_out,       port_out_dropped,       month_still_runs,  portable},
  {porting_out,       port_out_dropped,       needs_no_ageing,   free},
  {porting_out,       port_out_dropped,       always,            ageing},
  {porting_out,       contract_ended,         always,            stay,              {leave_contract}},          // served in the month all the same: the port goes on

  {portable,          assigned,               always,            in_service,        {note_serving_operator}},   // the same holder takes it back
  {portable,          port_out_agreed,        always,            porting_out},
  {portable,          port_out_executed,      always,            ported_out,        {note_serving_operator}},
  {portable,          portability_renounced,  needs_no_ageing,   free},
  {portable,          portability_renounced,  always,            ageing},
  {portable,          grace_ended,            needs_no_ageing,   free},
  {portable,          grace_ended,            always,            ageing},

  {ageing,            port_out_executed,      always,            ported_out,        {note_serving_operator}},
  {ageing,            ageing_ended,           block_is_ours,     free},
  {ageing,            ageing_ended,           holder_is_known,   returned,          {send_deactivation, note_serving_operator}},
  {ageing,            ageing_ended,           always,            ageing,            {call_a_person}},           // nobody to give it back to: asked again every working day
};
// clang-format on

using Machine = machine::Machine<State, Event, Guard, Action, Timer>;
using Decision = machine::Decision<Machine>;
inline constexpr Machine table{"number", free, states, timers, events, guards, actions, transitions};
static_assert(machine::proofs::sound<table>());

/// What a decision may depend on besides state and event.
struct Facts {
    bool contract_holds = false;
    bool month_still_runs = false;
    bool needs_no_ageing = false;
    bool block_is_ours = false;
    bool holder_is_known = false;
};

constexpr bool holds(Guard guard, Facts const& facts) {
    switch (guard) {
    case Guard::contract_holds: return facts.contract_holds;
    case Guard::month_still_runs: return facts.month_still_runs;
    case Guard::needs_no_ageing: return facts.needs_no_ageing;
    case Guard::block_is_ours: return facts.block_is_ours;
    case Guard::holder_is_known: return facts.holder_is_known;
    case always: return true;
    }
    return false;
}

} // namespace npod::number
