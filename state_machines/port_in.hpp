#pragma once
/// Port-in: we are the recipient; a customer brings numbers to us from a donor. One machine runs per line, a line being
/// consecutive numbers with one fate.
///
/// Read a transition as a sentence: "When <in state>, on <event>, if <guard>, go to <state> and <do>." A state's deadline
/// is armed on entry and cancelled on exit; rows never mention it.

#include "state_machines/grammar.hpp"
#include "state_machines/proofs.hpp"

namespace npod::port_in {

enum class State : std::uint8_t {
    draft, requested, awaiting_answer, answer_announced_late, answer_overdue, postponed, scheduled, on_hold, activating,
    activation_overdue, reactivating, cancelling, completed, refused, cancelled, lapsed, closed,
};
enum class Event : std::uint8_t {
    submitted, request_taken, request_undeliverable, delay_announced, acceptance_received, refusal_received,
    postponement_received, error_received, hold_requested, resume_requested, reschedule_requested, activation_done,
    activation_failed, cancel_requested, cancel_taken, cancel_undeliverable, settled_by_person,
    draft_expired, answer_deadline_passed, reminder_due, activation_time_reached, approval_expired,
    execution_deadline_passed, outage_deadline_passed, cancel_deadline_passed,
};
enum class Guard : std::uint8_t { last_safe_moment_not_passed, approval_still_valid, possible_only_later, always };
enum class Action : std::uint8_t {
    send_request, send_cancel, send_performed, order_activation, ask_donor_to_reactivate, note_acceptance, note_refusal,
    note_postponement, note_delay, note_new_date, serve_numbers, tell_customer, call_a_person,
};
enum class Timer : std::uint8_t {
    none, draft_expiry, answer_deadline, announced_answer, reminder, postponed_answer, activation_time, approval_expiry,
    execution_deadline, outage_deadline, cancel_deadline,
};

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
  // state                  name                     kind           owner             deadline                   meaning
  {draft,                  "draft",                 Kind::waiting, Owner::desk,      Timer::draft_expiry,       "The order is kept here and nothing has been sent yet."},
  {requested,              "requested",             Kind::waiting, Owner::hub,       Timer::answer_deadline,    "The request is on its way; the interchange has not yet taken it."},
  {awaiting_answer,        "awaiting_answer",       Kind::waiting, Owner::donor,     Timer::answer_deadline,    "The donor is checking whether the numbers may leave."},
  {answer_announced_late,  "answer_announced_late", Kind::waiting, Owner::donor,     Timer::announced_answer,   "The donor announced that its answer will take longer."},
  {answer_overdue,         "answer_overdue",        Kind::waiting, Owner::donor,     Timer::reminder,           "The donor is silent past its deadline; silence is not consent, and a person is told."},
  {postponed,              "postponed",             Kind::waiting, Owner::donor,     Timer::postponed_answer,   "The donor cannot let the numbers go yet and will answer again by a named date."},
  {scheduled,              "scheduled",             Kind::waiting, Owner::recipient, Timer::activation_time,    "Both sides agreed; we wait for the agreed moment."},
  {on_hold,                "on_hold",               Kind::waiting, Owner::desk,      Timer::approval_expiry,    "A person stopped the clock before activation; the donor's approval keeps running out."},
  {activating,             "activating",            Kind::waiting, Owner::network,   Timer::execution_deadline, "The agreed moment has come; our network is switching the numbers on."},
  {activation_overdue,     "activation_overdue",    Kind::waiting, Owner::recipient, Timer::reminder,           "The numbers should be live by law and are not; a person is told."},
  {reactivating,           "reactivating",          Kind::waiting, Owner::recipient, Timer::outage_deadline,    "Activation failed; the donor serves on until we agree on a new moment."},
  {cancelling,             "cancelling",            Kind::waiting, Owner::hub,       Timer::cancel_deadline,    "We withdrew; the interchange has not yet taken our cancel."},
  {completed,              "completed",             Kind::settled, Owner::nobody,    Timer::none,               "The numbers are served by us."},
  {refused,                "refused",               Kind::settled, Owner::nobody,    Timer::none,               "The donor had grounds to say no; a new request may mend them."},
  {cancelled,              "cancelled",             Kind::settled, Owner::nobody,    Timer::none,               "We withdrew the request in time."},
  {lapsed,                 "lapsed",                Kind::settled, Owner::nobody,    Timer::none,               "The order or the donor's approval ran out before it was used."},
  {closed,                 "closed",                Kind::settled, Owner::nobody,    Timer::none,               "A person closed it by hand; the reason is in the log."},
};
inline constexpr machine::TimerRow<Timer, Event> timers[] = {
  // timer                      name                  rule                        when it expires             what happens then
  {Timer::none,               "none",               "",                         draft_expired,             ""},
  {Timer::draft_expiry,       "draft_expiry",       "npod.draft.expires",       draft_expired,             "The draft lapses."},
  {Timer::answer_deadline,    "answer_deadline",    "be.answer.within",         answer_deadline_passed,    "The donor is late: a person is told, and the delay is counted."},
  {Timer::announced_answer,   "announced_answer",   "npod.delayed_answer.within", answer_deadline_passed,  "The announced answer is late too: a person is told."},
  {Timer::reminder,           "reminder",           "npod.reminder",            reminder_due,              "The person is reminded, every working day until it moves."},
  {Timer::postponed_answer,   "postponed_answer",   "be.execute.within",        answer_deadline_passed,    "The donor named this date itself and is late: a person is told."},
  {Timer::activation_time,    "activation_time",    "agreed",                   activation_time_reached,   "The network is told to switch the numbers on."},
  {Timer::approval_expiry,    "approval_expiry",    "be.approval.valid",        approval_expired,          "The donor's acceptance lapses."},
  {Timer::execution_deadline, "execution_deadline", "be.execute.within",        execution_deadline_passed, "The port is late by law: a person is told, and the delay is counted."},
  {Timer::outage_deadline,    "outage_deadline",    "be.outage.max",            outage_deadline_passed,    "The longest lawful outage is over: a person is told again."},
  {Timer::cancel_deadline,    "cancel_deadline",    "npod.cancel.confirm",      cancel_deadline_passed,    "Nobody took our cancel: a person is told, and it is sent again."},
};
inline constexpr machine::EventRow<Event> events[] = {
  // event                    name                          without a row       meaning
  {submitted,                 "submitted",                  Otherwise::refuse,  "The order is complete and may leave."},
  {request_taken,             "request_taken",              Otherwise::ignore,  "The interchange has taken our request."},
  {request_undeliverable,     "request_undeliverable",      Otherwise::ignore,  "Our request could not be delivered, or its form was refused."},
  {delay_announced,           "delay_announced",            Otherwise::ignore,  "The donor says its answer will take longer."},
  {acceptance_received,       "acceptance_received",        Otherwise::refuse,  "The donor lets the numbers go from a first possible date."},
  {refusal_received,          "refusal_received",           Otherwise::refuse,  "The donor says no, with all its grounds."},
  {postponement_received,     "postponement_received",      Otherwise::refuse,  "The donor says not yet, and until when."},
  {error_received,            "error_received",             Otherwise::ignore,  "Somebody could not process what we sent (errorfound)."},
  {hold_requested,            "hold_requested",             Otherwise::refuse,  "A person asks to wait."},
  {resume_requested,          "resume_requested",           Otherwise::refuse,  "A person asks to go on."},
  {reschedule_requested,      "reschedule_requested",       Otherwise::refuse,  "A new moment was agreed."},
  {activation_done,           "activation_done",            Otherwise::refuse,  "Our network says the numbers work here."},
  {activation_failed,         "activation_failed",          Otherwise::refuse,  "Our network says the numbers do not work here."},
  {cancel_requested,          "cancel_requested",           Otherwise::refuse,  "We want to withdraw."},
  {cancel_taken,              "cancel_taken",               Otherwise::ignore,  "The interchange has taken our cancel."},
  {cancel_undeliverable,      "cancel_undeliverable",       Otherwise::ignore,  "Our cancel could not be delivered."},
  {settled_by_person,         "settled_by_person",          Otherwise::refuse,  "A person closes the line by hand."},
  {draft_expired,             "draft_expired",              Otherwise::ignore,  "The draft lay here too long."},
  {answer_deadline_passed,    "answer_deadline_passed",     Otherwise::ignore,  "The donor did not answer in time."},
  {reminder_due,              "reminder_due",               Otherwise::ignore,  "Another working day went by without a move."},
  {activation_time_reached,   "activation_time_reached",    Otherwise::ignore,  "The agreed moment is now."},
  {approval_expired,          "approval_expired",           Otherwise::ignore,  "The donor's acceptance was not used in time."},
  {execution_deadline_passed, "execution_deadline_passed",  Otherwise::ignore,  "The numbers are not live within the legal time."},
  {outage_deadline_passed,    "outage_deadline_passed",     Otherwise::ignore,  "The longest lawful outage is over."},
  {cancel_deadline_passed,    "cancel_deadline_passed",     Otherwise::ignore,  "Our cancel was not taken in time."},
};
inline constexpr machine::NameRow<Guard> guards[] = {
  {last_safe_moment_not_passed, "last_safe_moment_not_passed", "the agreed moment has not come (be.cancel.until)"},
  {approval_still_valid,        "approval_still_valid",        "the donor's acceptance has not lapsed (be.approval.valid)"},
  {possible_only_later,         "possible_only_later",         "the donor's first possible date lies after the agreed moment"},
  {always,                      "always",                      ""},
};
inline constexpr machine::NameRow<Action> actions[] = {
  {send_request,            "send_request",            "Send the port request to the donor, one message per dossier."},
  {send_cancel,             "send_cancel",             "Send the cancel to the donor."},
  {send_performed,          "send_performed",          "Tell every operator that the numbers are served by us."},
  {order_activation,        "order_activation",        "Tell our network to switch the numbers on."},
  {ask_donor_to_reactivate, "ask_donor_to_reactivate", "Have the donor serve on, on the same terms (be.reactivate)."},
  {note_acceptance,         "note_acceptance",         "Keep the donor's first possible date and fix the agreed moment."},
  {note_refusal,            "note_refusal",            "Keep all grounds."},
  {note_postponement,       "note_postponement",       "Keep the ground and the date."},
  {note_delay,              "note_delay",              "Keep the announced date."},
  {note_new_date,           "note_new_date",           "Keep the new agreed moment."},
  {serve_numbers,           "serve_numbers",           "Take the numbers into service under the customer's contract."},
  {tell_customer,           "tell_customer",           "Tell the customer where he stands."},
  {call_a_person,           "call_a_person",           "Put it on the desk."},
};
using Row = machine::Transition<State, Event, Guard, Action>;
inline constexpr Row transitions[] = {
  // in state               on event                   if                            go to                   and
  {draft,                  submitted,                 always,                       requested,              {send_request}},
  {draft,                  cancel_requested,          always,                       cancelled,              {tell_customer}},
  {draft,                  settled_by_person,         always,                       closed},
  {draft,                  draft_expired,             always,                       lapsed,                 {tell_customer}},

  {requested,              request_taken,             always,                       awaiting_answer},
  {requested,              request_undeliverable,     always,                       draft,                  {call_a_person}},
  {requested,              delay_announced,           always,                       answer_announced_late,  {note_delay}},           // the answer overtook the receipt
  {requested,              acceptance_received,       always,                       scheduled,              {note_acceptance, tell_customer}},
  {requested,              refusal_received,          always,                       refused,                {note_refusal, tell_customer}},
  {requested,              postponement_received,     always,                       postponed,              {note_postponement, tell_customer}},
  {requested,              error_received,            always,                       refused,                {note_refusal, call_a_person}},
  {requested,              cancel_requested,          always,                       cancelling,             {send_cancel}},
  {requested,              answer_deadline_passed,    always,                       answer_overdue,         {call_a_person}},
  {requested,              settled_by_person,         always,                       closed},

  {awaiting_answer,        delay_announced,           always,                       answer_announced_late,  {note_delay}},
  {awaiting_answer,        acceptance_received,       always,                       scheduled,              {note_acceptance, tell_customer}},
  {awaiting_answer,        refusal_received,          always,                       refused,                {note_refusal, tell_customer}},
  {awaiting_answer,        postponement_received,     always,                       postponed,              {note_postponement, tell_customer}},
  {awaiting_answer,        error_received,            always,                       refused,                {note_refusal, call_a_person}},
  {awaiting_answer,        cancel_requested,          always,                       cancelling,             {send_cancel}},
  {awaiting_answer,        answer_deadline_passed,    always,                       answer_overdue,         {call_a_person}},
  {awaiting_answer,        settled_by_person,         always,                       closed},

  {answer_announced_late,  delay_announced,           always,                       answer_announced_late,  {note_delay}},           // a new date starts the wait afresh
  {answer_announced_late,  acceptance_received,       always,                       scheduled,              {note_acceptance, tell_customer}},
  {answer_announced_late,  refusal_received,          always,                       refused,                {note_refusal, tell_customer}},
  {answer_announced_late,  postponement_received,     always,                       postponed,              {note_postponement, tell_customer}},
  {answer_announced_late,  error_received,            always,                       stay,                   {call_a_person}},
  {answer_announced_late,  cancel_requested,          always,                       cancelling,             {send_cancel}},
  {answer_announced_late,  answer_deadline_passed,    always,                       answer_overdue,         {call_a_person}},
  {answer_announced_late,  settled_by_person,         always,                       closed},

  {answer_overdue,         request_taken,             always,                       stay,                   {call_a_person}},        // the silence was the interchange's, not the donor's
  {answer_overdue,         request_undeliverable,     always,                       draft,                  {call_a_person}},
  {answer_overdue,         delay_announced,           always,                       answer_announced_late,  {note_delay}},
  {answer_overdue,         acceptance_received,       always,                       scheduled,              {note_acceptance, tell_customer}},
  {answer_overdue,         refusal_received,          always,                       refused,                {note_refusal, tell_customer}},
  {answer_overdue,         postponement_received,     always,                       postponed,              {note_postponement, tell_customer}},
  {answer_overdue,         error_received,            always,                       refused,                {note_refusal, call_a_person}},
  {answer_overdue,         cancel_requested,          always,                       cancelling,             {send_cancel}},
  {answer_overdue,         reminder_due,              always,                       answer_overdue,         {call_a_person}},
  {answer_overdue,         settled_by_person,         always,                       closed},

  {postponed,              acceptance_received,       always,                       scheduled,              {note_acceptance, tell_customer}},
  {postponed,              refusal_received,          always,                       refused,                {note_refusal, tell_customer}},
  {postponed,              postponement_received,     always,                       postponed,              {note_postponement, tell_customer}},
  {postponed,              error_received,            always,                       stay,                   {call_a_person}},
  {postponed,              reschedule_requested,      always,                       stay,                   {note_new_date}},        // the customer agreed to wait
  {postponed,              cancel_requested,          always,                       cancelling,             {send_cancel}},
  {postponed,              answer_deadline_passed,    always,                       answer_overdue,         {call_a_person}},
  {postponed,              settled_by_person,         always,                       closed},

  {scheduled,              acceptance_received,       possible_only_later,          scheduled,              {note_acceptance, tell_customer, call_a_person}}, // of two dates the later is safe
  {scheduled,              acceptance_received,       always,                       stay},                                            // a repeated yes changes nothing
  {scheduled,              refusal_received,          always,                       refused,                {note_refusal, tell_customer, call_a_person}}, // the donor takes its word back: the numbers stay safe there
  {scheduled,              postponement_received,     always,                       postponed,              {note_postponement, tell_customer, call_a_person}},
  {scheduled,              error_received,            always,                       stay,                   {call_a_person}},
  {scheduled,              hold_requested,            always,                       on_hold,                {tell_customer}},
  {scheduled,              reschedule_requested,      always,                       scheduled,              {note_new_date, tell_customer}},
  {scheduled,              cancel_requested,          last_safe_moment_not_passed,  cancelling,             {send_cancel}},
  {scheduled,              cancel_requested,          always,                       stay},
  {scheduled,              activation_time_reached,   approval_still_valid,         activating,             {order_activation}},
  {scheduled,              activation_time_reached,   always,                       lapsed,                 {tell_customer, call_a_person}},
  {scheduled,              settled_by_person,         always,                       closed},

  {on_hold,                resume_requested,          last_safe_moment_not_passed,  scheduled,              {tell_customer}},
  {on_hold,                resume_requested,          always,                       stay},                                            // the agreed moment is over: reschedule instead
  {on_hold,                reschedule_requested,      always,                       scheduled,              {note_new_date, tell_customer}},
  {on_hold,                acceptance_received,       possible_only_later,          on_hold,                {note_acceptance, call_a_person}},
  {on_hold,                acceptance_received,       always,                       stay},
  {on_hold,                refusal_received,          always,                       refused,                {note_refusal, tell_customer, call_a_person}},
  {on_hold,                postponement_received,     always,                       postponed,              {note_postponement, tell_customer}},
  {on_hold,                error_received,            always,                       stay,                   {call_a_person}},
  {on_hold,                cancel_requested,          always,                       cancelling,             {send_cancel}},
  {on_hold,                approval_expired,          always,                       lapsed,                 {tell_customer, call_a_person}},
  {on_hold,                settled_by_person,         always,                       closed},

  {activating,             activation_done,           always,                       completed,              {serve_numbers, send_performed, tell_customer}},
  {activating,             activation_failed,         always,                       reactivating,           {ask_donor_to_reactivate, call_a_person, tell_customer}},
  {activating,             acceptance_received,       always,                       stay},
  {activating,             refusal_received,          always,                       stay,                   {call_a_person}},        // too late to take the word back
  {activating,             postponement_received,     always,                       stay,                   {call_a_person}},
  {activating,             error_received,            always,                       stay,                   {call_a_person}},
  {activating,             execution_deadline_passed, always,                       activation_overdue,     {call_a_person, tell_customer}},
  {activating,             settled_by_person,         always,                       closed},

  {activation_overdue,     activation_done,           always,                       completed,              {serve_numbers, send_performed, tell_customer}},
  {activation_overdue,     activation_failed,         always,                       reactivating,           {ask_donor_to_reactivate, call_a_person, tell_customer}},
  {activation_overdue,     acceptance_received,       always,                       stay},
  {activation_overdue,     refusal_received,          always,                       stay,                   {call_a_person}},
  {activation_overdue,     postponement_received,     always,                       stay,                   {call_a_person}},
  {activation_overdue,     error_received,            always,                       stay,                   {call_a_person}},
  {activation_overdue,     reminder_due,              always,                       activation_overdue,     {call_a_person}},
  {activation_overdue,     settled_by_person,         always,                       closed},

  {reactivating,           reschedule_requested,      always,                       scheduled,              {note_new_date, tell_customer}},
  {reactivating,           activation_done,           always,                       completed,              {serve_numbers, send_performed, tell_customer}},
  {reactivating,           cancel_requested,          always,                       cancelling,             {send_cancel}},         // nothing was executed: withdrawing is still safe
  {reactivating,           acceptance_received,       always,                       stay},
  {reactivating,           refusal_received,          always,                       stay,                   {call_a_person}},
  {reactivating,           postponement_received,     always,                       stay,                   {call_a_person}},
  {reactivating,           error_received,            always,                       stay,                   {call_a_person}},
  {reactivating,           outage_deadline_passed,    always,                       reactivating,           {call_a_person}},
  {reactivating,           settled_by_person,         always,                       closed},

  {cancelling,             cancel_taken,              always,                       cancelled,              {tell_customer}},
  {cancelling,             cancel_undeliverable,      always,                       stay,                   {call_a_person}},
  {cancelling,             request_undeliverable,     always,                       cancelled,              {tell_customer}},        // the donor never heard of it
  {cancelling,             request_taken,             always,                       stay},
  {cancelling,             acceptance_received,       always,                       stay},                                            // crossed our cancel on the wire
  {cancelling,             refusal_received,          always,                       refused,                {note_refusal, tell_customer}},
  {cancelling,             postponement_received,     always,                       stay},
  {cancelling,             error_received,            always,                       stay,                   {call_a_person}},
  {cancelling,             cancel_requested,          always,                       stay},
  {cancelling,             cancel_deadline_passed,    always,                       cancelling,             {send_cancel, call_a_person}},
  {cancelling,             settled_by_person,         always,                       closed},

  {completed,              activation_done,           always,                       stay},                                            // the network repeats itself
  {completed,              error_received,            always,                       stay,                   {call_a_person}},        // somebody could not process our broadcast
  {completed,              acceptance_received,       always,                       stay},
  {refused,                refusal_received,          always,                       stay},
  {refused,                acceptance_received,       always,                       stay,                   {call_a_person}},        // the donor changes its mind after no: a new request is needed
  {cancelled,              acceptance_received,       always,                       stay},                                            // crossed our cancel on the wire
  {cancelled,              refusal_received,          always,                       stay},
  {cancelled,              postponement_received,     always,                       stay},
  {cancelled,              error_received,            always,                       stay,                   {call_a_person}},        // the donor says the cancel came too late
  {cancelled,              cancel_requested,          always,                       stay},
  {lapsed,                 acceptance_received,       always,                       stay,                   {call_a_person}},        // an honest answer that came too late
  {lapsed,                 refusal_received,          always,                       stay},
  {lapsed,                 postponement_received,     always,                       stay},
  {closed,                 acceptance_received,       always,                       stay,                   {call_a_person}},        // the donor was not told of the closing
  {closed,                 refusal_received,          always,                       stay},
  {closed,                 postponement_received,     always,                       stay,                   {call_a_person}},
  {draft,                  acceptance_received,       always,                       stay,                   {call_a_person}},        // our request came through although its receipts were lost
  {draft,                  refusal_received,          always,                       stay,                   {call_a_person}},
  {draft,                  postponement_received,     always,                       stay,                   {call_a_person}},
};
// clang-format on

using Machine = machine::Machine<State, Event, Guard, Action, Timer>;
using Decision = machine::Decision<Machine>;
inline constexpr Machine table{"port_in", draft, states, timers, events, guards, actions, transitions};
static_assert(machine::proofs::sound<table>());

/// What a decision may depend on besides state and event. Gathered by the domain; nothing else is visible to guards.
struct Facts {
    bool agreed_moment_passed = false;
    bool approval_lapsed = false;
    bool possible_only_later = false;
};

constexpr bool holds(Guard guard, Facts const& facts) {
    switch (guard) {
    case last_safe_moment_not_passed: return !facts.agreed_moment_passed;
    case approval_still_valid: return !facts.approval_lapsed;
    case possible_only_later: return facts.possible_only_later;
    case always: return true;
    }
    return false;
}

} // namespace npod::port_in
