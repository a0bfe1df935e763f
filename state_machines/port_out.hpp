#pragma once
/// Port-out: we are the donor; another operator asks for numbers that are ours today. One machine runs per line.

#include "state_machines/grammar.hpp"
#include "state_machines/proofs.hpp"

namespace npod::port_out {

enum class State : std::uint8_t {
    validating, answer_delayed, answer_overdue, postponed, awaiting_execution, disputed, executed, refused, cancelled,
    lapsed, closed,
};
enum class Event : std::uint8_t {
    request_received, acceptance_decided, refusal_decided, postponement_decided, delay_decided, cancel_received,
    performed_received, error_received, performance_recognised, settled_by_person,
    answer_deadline_passed, reminder_due, postponement_ended, approval_expired,
};
enum class Guard : std::uint8_t { always };
enum class Action : std::uint8_t {
    send_acceptance, send_refusal, send_postponement, send_delay, send_too_late, hold_numbers, free_numbers,
    release_numbers, tell_customer, call_a_person,
};
enum class Timer : std::uint8_t { none, answer_deadline, announced_answer, reminder, postponement_end, approval_expiry };

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
  // state               name                  kind           owner             deadline                 meaning
  {validating,          "validating",         Kind::waiting, Owner::donor,     Timer::answer_deadline,  "We check whether the numbers may leave; the law gives us days, not weeks."},
  {answer_delayed,      "answer_delayed",     Kind::waiting, Owner::donor,     Timer::announced_answer, "We told the recipient that our answer takes longer."},
  {answer_overdue,      "answer_overdue",     Kind::waiting, Owner::desk,      Timer::reminder,         "Our answer is late; silence is not consent, so a person must answer."},
  {postponed,           "postponed",          Kind::waiting, Owner::donor,     Timer::postponement_end, "We said not yet; at the named date we check again."},
  {awaiting_execution,  "awaiting_execution", Kind::waiting, Owner::recipient, Timer::approval_expiry,  "We agreed; we serve the numbers until the recipient does."},
  {disputed,            "disputed",           Kind::waiting, Owner::desk,      Timer::reminder,         "The recipient took the numbers without our yes; a person must settle it."},
  {executed,            "executed",           Kind::settled, Owner::nobody,    Timer::none,             "The transfer is effective; the contract ended for these numbers."},
  {refused,             "refused",            Kind::settled, Owner::nobody,    Timer::none,             "We had admissible grounds to say no."},
  {cancelled,           "cancelled",          Kind::settled, Owner::nobody,    Timer::none,             "The recipient withdrew."},
  {lapsed,              "lapsed",             Kind::settled, Owner::nobody,    Timer::none,             "Our acceptance was not used while it was valid."},
  {closed,              "closed",             Kind::settled, Owner::nobody,    Timer::none,             "A person closed it by hand; the reason is in the log."},
};
inline constexpr machine::TimerRow<Timer, Event> timers[] = {
  // timer                    name                rule                          when it expires          what happens then
  {Timer::none,             "none",             "",                           answer_deadline_passed, ""},
  {Timer::answer_deadline,  "answer_deadline",  "be.answer.within",           answer_deadline_passed, "Our answer is late by law: a person must answer."},
  {Timer::announced_answer, "announced_answer", "npod.delayed_answer.within", answer_deadline_passed, "The answer that we announced is late: a person must answer."},
  {Timer::reminder,         "reminder",         "npod.reminder",              reminder_due,           "The person is reminded, every working day until it moves."},
  {Timer::postponement_end, "postponement_end", "agreed",                     postponement_ended,     "The numbers are checked again."},
  {Timer::approval_expiry,  "approval_expiry",  "be.approval.valid",          approval_expired,       "Our acceptance lapses and the numbers are free to be asked for again."},
};
inline constexpr machine::EventRow<Event> events[] = {
  // event                 name                       without a row       meaning
  {request_received,       "request_received",        Otherwise::refuse,  "The recipient asks, perhaps again."},
  {acceptance_decided,     "acceptance_decided",      Otherwise::refuse,  "The numbers may leave."},
  {refusal_decided,        "refusal_decided",         Otherwise::refuse,  "There are admissible grounds to say no."},
  {postponement_decided,   "postponement_decided",    Otherwise::refuse,  "There is a ground to say not yet."},
  {delay_decided,          "delay_decided",           Otherwise::refuse,  "The check takes longer than the law foresees."},
  {cancel_received,        "cancel_received",         Otherwise::refuse,  "The recipient withdraws."},
  {performed_received,     "performed_received",      Otherwise::refuse,  "The recipient serves the numbers: the transfer is effective."},
  {error_received,         "error_received",          Otherwise::ignore,  "The recipient could not process our answer (errorfound)."},
  {performance_recognised, "performance_recognised",  Otherwise::refuse,  "A person recognises a transfer that came without our yes."},
  {settled_by_person,      "settled_by_person",       Otherwise::refuse,  "A person closes the line by hand."},
  {answer_deadline_passed, "answer_deadline_passed",  Otherwise::ignore,  "We did not answer in time."},
  {reminder_due,           "reminder_due",            Otherwise::ignore,  "Another working day went by without a move."},
  {postponement_ended,     "postponement_ended",      Otherwise::ignore,  "The date to which we postponed has come."},
  {approval_expired,       "approval_expired",        Otherwise::ignore,  "Our acceptance was not used in time."},
};
inline constexpr machine::NameRow<Guard> guards[] = {{always, "always", ""}};
inline constexpr machine::NameRow<Action> actions[] = {
  {send_acceptance,   "send_acceptance",   "Answer yes, from a first possible date; one message per dossier."},
  {send_refusal,      "send_refusal",      "Answer no, with all grounds."},
  {send_postponement, "send_postponement", "Answer not yet, with the ground and the date."},
  {send_delay,        "send_delay",        "Announce that the answer takes longer."},
  {send_too_late,     "send_too_late",     "Tell the recipient that its message came too late (errorfound)."},
  {hold_numbers,      "hold_numbers",      "Mark the numbers as leaving."},
  {free_numbers,      "free_numbers",      "The numbers stay after all: back to what they were."},
  {release_numbers,   "release_numbers",   "The numbers are gone: end the contract for them, in the same transaction."},
  {tell_customer,     "tell_customer",     "Tell our customer."},
  {call_a_person,     "call_a_person",     "Put it on the desk."},
};
using Row = machine::Transition<State, Event, Guard, Action>;
inline constexpr Row transitions[] = {
  // in state            on event                 if       go to                and
  {validating,          request_received,        always,  stay},                                             // the recipient repeats itself
  {validating,          acceptance_decided,      always,  awaiting_execution,  {send_acceptance, hold_numbers, tell_customer}},
  {validating,          refusal_decided,         always,  refused,             {send_refusal}},
  {validating,          postponement_decided,    always,  postponed,           {send_postponement}},
  {validating,          delay_decided,           always,  answer_delayed,      {send_delay}},
  {validating,          cancel_received,         always,  cancelled},
  {validating,          performed_received,      always,  disputed,            {call_a_person}},            // taken without our yes
  {validating,          answer_deadline_passed,  always,  answer_overdue,      {call_a_person}},
  {validating,          settled_by_person,       always,  closed},

  {answer_delayed,      request_received,        always,  stay},
  {answer_delayed,      acceptance_decided,      always,  awaiting_execution,  {send_acceptance, hold_numbers, tell_customer}},
  {answer_delayed,      refusal_decided,         always,  refused,             {send_refusal}},
  {answer_delayed,      postponement_decided,    always,  postponed,           {send_postponement}},
  {answer_delayed,      delay_decided,           always,  answer_delayed,      {send_delay}},
  {answer_delayed,      cancel_received,         always,  cancelled},
  {answer_delayed,      performed_received,      always,  disputed,            {call_a_person}},
  {answer_delayed,      error_received,          always,  stay,                {call_a_person}},
  {answer_delayed,      answer_deadline_passed,  always,  answer_overdue,      {call_a_person}},
  {answer_delayed,      settled_by_person,       always,  closed},

  {answer_overdue,      request_received,        always,  stay,                {call_a_person}},
  {answer_overdue,      acceptance_decided,      always,  awaiting_execution,  {send_acceptance, hold_numbers, tell_customer}},
  {answer_overdue,      refusal_decided,         always,  refused,             {send_refusal}},
  {answer_overdue,      postponement_decided,    always,  postponed,           {send_postponement}},
  {answer_overdue,      delay_decided,           always,  answer_delayed,      {send_delay}},
  {answer_overdue,      cancel_received,         always,  cancelled},
  {answer_overdue,      performed_received,      always,  disputed,            {call_a_person}},
  {answer_overdue,      reminder_due,            always,  answer_overdue,      {call_a_person}},
  {answer_overdue,      settled_by_person,       always,  closed},

  {postponed,           request_received,        always,  stay},
  {postponed,           acceptance_decided,      always,  awaiting_execution,  {send_acceptance, hold_numbers, tell_customer}},
  {postponed,           refusal_decided,         always,  refused,             {send_refusal}},
  {postponed,           postponement_decided,    always,  postponed,           {send_postponement}},
  {postponed,           cancel_received,         always,  cancelled},
  {postponed,           performed_received,      always,  disputed,            {call_a_person}},
  {postponed,           error_received,          always,  stay,                {call_a_person}},
  {postponed,           postponement_ended,      always,  validating},                                       // a fresh check with a fresh deadline
  {postponed,           settled_by_person,       always,  closed},

  {awaiting_execution,  request_received,        always,  stay},
  {awaiting_execution,  cancel_received,         always,  cancelled,           {free_numbers, tell_customer}},
  {awaiting_execution,  performed_received,      always,  executed,            {release_numbers, tell_customer}},
  {awaiting_execution,  error_received,          always,  stay,                {call_a_person}},
  {awaiting_execution,  approval_expired,        always,  lapsed,              {free_numbers, tell_customer}},
  {awaiting_execution,  settled_by_person,       always,  closed,              {free_numbers}},

  {disputed,            request_received,        always,  stay},
  {disputed,            performed_received,      always,  stay},
  {disputed,            cancel_received,         always,  stay,                {call_a_person}},
  {disputed,            performance_recognised,  always,  executed,            {release_numbers, tell_customer}},
  {disputed,            reminder_due,            always,  disputed,            {call_a_person}},
  {disputed,            settled_by_person,       always,  closed},

  {executed,            request_received,        always,  stay,                {call_a_person}},            // same dossier asked again after it was done
  {executed,            performed_received,      always,  stay},
  {executed,            cancel_received,         always,  stay,                {send_too_late}},
  {refused,             request_received,        always,  stay},
  {refused,             cancel_received,         always,  stay},
  {refused,             performed_received,      always,  stay,                {call_a_person}},            // taken although we said no
  {refused,             error_received,          always,  stay,                {call_a_person}},
  {refused,             performance_recognised,  always,  executed,            {release_numbers, tell_customer}},
  {cancelled,           cancel_received,         always,  stay},
  {cancelled,           performed_received,      always,  stay,                {call_a_person}},            // taken although withdrawn
  {cancelled,           performance_recognised,  always,  executed,            {release_numbers, tell_customer}},
  {lapsed,              performed_received,      always,  stay,                {call_a_person}},            // taken after our yes ran out
  {lapsed,              performance_recognised,  always,  executed,            {release_numbers, tell_customer}},
  {lapsed,              cancel_received,         always,  stay},
  {closed,              cancel_received,         always,  stay},
  {closed,              performed_received,      always,  stay,                {call_a_person}},            // taken after a person closed it
  {closed,              performance_recognised,  always,  executed,            {release_numbers, tell_customer}},
};
// clang-format on

using Machine = machine::Machine<State, Event, Guard, Action, Timer>;
using Decision = machine::Decision<Machine>;
inline constexpr Machine table{"port_out", validating, states, timers, events, guards, actions, transitions};
static_assert(machine::proofs::sound<table>());

/// Nothing but state and event decides here; validation has its own room (porting/donor_check).
struct Facts {};
constexpr bool holds(Guard, Facts const&) { return true; }

} // namespace npod::port_out
