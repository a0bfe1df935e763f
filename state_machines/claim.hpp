#pragma once
/// The customer's right to compensation for one port of ours, and his claim to it. One machine runs per port-in, from the
/// request on: the right accrues by the calendar, but nothing is paid unless the titular asks (be.comp.claimant).

#include "state_machines/grammar.hpp"
#include "state_machines/proofs.hpp"

namespace npod::claim {

enum class State : std::uint8_t {
    nothing_due, accruing, fixed, review_only, claimed, in_review, approved, paid, rejected, lapsed, not_due,
};
enum class Event : std::uint8_t {
    plan_moved, port_settled, filed, approved_by_person, rejected_by_person, payment_made,
    delay_start_reached, claim_period_ended, review_period_ended, decision_due, payment_due,
};
enum class Guard : std::uint8_t {
    something_accrued, claim_on_file, due_and_on_file, due_and_titular_on_file, filed_by_titular, in_time_by_titular, before_the_right_lapsed, always,
};
enum class Action : std::uint8_t { note_filing, fix_amount, order_payment, tell_customer, call_a_person };
enum class Timer : std::uint8_t { none, delay_start, claim_period, review_period, decision, payment };

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
  // state         name            kind           owner             deadline              meaning
  {nothing_due,   "nothing_due",  Kind::waiting, Owner::calendar,  Timer::delay_start,   "The port is not late; nothing is due."},
  {accruing,      "accruing",     Kind::waiting, Owner::recipient, Timer::claim_period,  "The port is late; compensation grows per number and day until it is effective."},
  {fixed,         "fixed",        Kind::waiting, Owner::customer,  Timer::claim_period,  "The amount is final; the customer may claim it."},
  {review_only,   "review_only",  Kind::waiting, Owner::customer,  Timer::review_period, "Six months since the request are over, six since the port are not: a claim goes to a person."},
  {claimed,       "claimed",      Kind::waiting, Owner::desk,      Timer::decision,      "The titular claimed in time; we decide."},
  {in_review,     "in_review",    Kind::waiting, Owner::desk,      Timer::decision,      "The claim needs a person: late, or not by the titular."},
  {approved,      "approved",     Kind::waiting, Owner::recipient, Timer::payment,       "We owe the amount and have ordered its payment."},
  {paid,          "paid",         Kind::settled, Owner::nobody,    Timer::none,          "The amount was paid."},
  {rejected,      "rejected",     Kind::settled, Owner::nobody,    Timer::none,          "The claim was rejected, with the reason."},
  {lapsed,        "lapsed",       Kind::resting, Owner::nobody,    Timer::none,          "Nobody claimed in time; only a claim that had reached us before can still be written down."},
  {not_due,       "not_due",      Kind::settled, Owner::nobody,    Timer::none,          "The port came to its end without a compensable delay."},
};
inline constexpr machine::TimerRow<Timer, Event> timers[] = {
  {Timer::none,          "none",          "",                        delay_start_reached, ""},
  {Timer::delay_start,   "delay_start",   "be.comp.start",           delay_start_reached, "Compensation begins to accrue per number and day."},
  {Timer::claim_period,  "claim_period",  "be.comp.claim_within",    claim_period_ended,  "The machine no longer takes a claim; until the review period ends a person does."},
  {Timer::review_period, "review_period", "be.comp.claim_review",    review_period_ended, "The right lapses."},
  {Timer::decision,      "decision",      "npod.claim.decide_within", decision_due,       "The desk is reminded of the claim."},
  {Timer::payment,       "payment",       "npod.claim.decide_within", payment_due,        "The desk is reminded that the payment is not confirmed."},
};
inline constexpr machine::EventRow<Event> events[] = {
  {plan_moved,          "plan_moved",          Otherwise::ignore, "The customer agreed to another date: the plan counts anew."},
  {port_settled,        "port_settled",        Otherwise::ignore, "The last line of the port settled."},
  {filed,               "filed",               Otherwise::refuse, "Somebody claims compensation."},
  {approved_by_person,  "approved_by_person",  Otherwise::refuse, "A person approves the claim."},
  {rejected_by_person,  "rejected_by_person",  Otherwise::refuse, "A person rejects the claim."},
  {payment_made,        "payment_made",        Otherwise::refuse, "Billing says the amount was paid or credited."},
  {delay_start_reached, "delay_start_reached", Otherwise::ignore, "One working day after the plan is over."},
  {claim_period_ended,  "claim_period_ended",  Otherwise::ignore, "Six months since the request are over."},
  {review_period_ended, "review_period_ended", Otherwise::ignore, "Six months since the port are over."},
  {decision_due,        "decision_due",        Otherwise::ignore, "The claim should have been decided."},
  {payment_due,         "payment_due",         Otherwise::ignore, "The payment should have been made."},
};
inline constexpr machine::NameRow<Guard> guards[] = {
  {something_accrued,       "something_accrued",       "at least one number was more than one working day later than planned"},
  {claim_on_file,           "claim_on_file",           "a claim was filed before"},
  {due_and_on_file,         "due_and_on_file",         "something accrued, and a claim was filed before"},
  {due_and_titular_on_file, "due_and_titular_on_file", "something accrued, and the titular filed a claim before"},
  {filed_by_titular,        "filed_by_titular",        "whoever claims is the titular (be.comp.claimant)"},
  {in_time_by_titular,      "in_time_by_titular",      "the titular's claim reached us in time, and the amount is final (be.comp.claim_within)"},
  {before_the_right_lapsed, "before_the_right_lapsed", "the claim reached us before the right lapsed (be.comp.claim_review)"},
  {always,                  "always",                  ""},
};
inline constexpr machine::NameRow<Action> actions[] = {
  {note_filing,   "note_filing",   "Keep who claimed, when and through what channel."},
  {fix_amount,    "fix_amount",    "Compute the final amount from the log."},
  {order_payment, "order_payment", "Order the payment: invoice credit, or call credit for mobile prepaid (be.comp.paid_by)."},
  {tell_customer, "tell_customer", "Tell the customer."},
  {call_a_person, "call_a_person", "Put it on the desk."},
};
using Row = machine::Transition<State, Event, Guard, Action>;
inline constexpr Row transitions[] = {
  // in state      on event                 if                  go to         and
  {nothing_due,   plan_moved,              always,                  nothing_due},                               // the deadline starts afresh from the new plan
  {nothing_due,   delay_start_reached,     always,                  accruing,     {tell_customer}},
  {nothing_due,   filed,                   always,                  stay,         {note_filing, tell_customer}}, // nothing is due yet; the claim stays on file
  {nothing_due,   port_settled,            due_and_titular_on_file, claimed,      {fix_amount, call_a_person}},
  {nothing_due,   port_settled,            due_and_on_file,         in_review,    {fix_amount, call_a_person}},
  {nothing_due,   port_settled,            something_accrued,       fixed,        {fix_amount, tell_customer}},
  {nothing_due,   port_settled,            always,                  not_due,      {fix_amount}},
  {accruing,      filed,                   filed_by_titular,        stay,         {note_filing}},
  {accruing,      filed,                   always,                  stay,         {note_filing, call_a_person}},
  {accruing,      port_settled,            due_and_titular_on_file, claimed,      {fix_amount, call_a_person}},
  {accruing,      port_settled,            due_and_on_file,         in_review,    {fix_amount, call_a_person}},  // somebody else filed it
  {accruing,      port_settled,            something_accrued,       fixed,        {fix_amount, tell_customer}},
  {accruing,      port_settled,            always,                  not_due,      {fix_amount}},
  {accruing,      claim_period_ended,      claim_on_file,           in_review,    {call_a_person}},            // still not ported after six months
  {accruing,      claim_period_ended,      always,                  review_only,  {call_a_person}},
  {fixed,         filed,                   filed_by_titular,        claimed,      {note_filing, call_a_person}},
  {fixed,         filed,                   always,                  in_review,    {note_filing, call_a_person}},
  {fixed,         claim_period_ended,      always,                  review_only},
  {review_only,   filed,                   in_time_by_titular,      claimed,      {note_filing, call_a_person}}, // it reached us in time and was written down late
  {review_only,   filed,                   always,                  in_review,    {note_filing, call_a_person}}, // never refused by machine
  {review_only,   port_settled,            always,                  review_only,  {fix_amount}},               // six months count from the port from now on
  {review_only,   review_period_ended,     always,                  lapsed,       {tell_customer}},
  {claimed,       filed,                   always,                  stay,         {call_a_person}},            // somebody else claims besides the titular
  {claimed,       approved_by_person,      always,                  approved,     {order_payment, tell_customer}},
  {claimed,       rejected_by_person,      always,                  rejected,     {tell_customer}},
  {claimed,       decision_due,            always,                  claimed,      {call_a_person}},
  {in_review,     filed,                   in_time_by_titular,      claimed,      {note_filing, call_a_person}}, // the titular himself, after somebody else
  {in_review,     filed,                   always,                  stay,         {note_filing, call_a_person}},
  {in_review,     port_settled,            always,                  stay,         {fix_amount}},
  {in_review,     approved_by_person,      always,                  approved,     {order_payment, tell_customer}},
  {in_review,     rejected_by_person,      always,                  rejected,     {tell_customer}},
  {in_review,     decision_due,            always,                  in_review,    {call_a_person}},
  {approved,      payment_made,            always,                  paid,         {tell_customer}},
  {approved,      payment_due,             always,                  approved,     {call_a_person}},
  {lapsed,        filed,                   in_time_by_titular,      claimed,      {note_filing, call_a_person}}, // it lay here unwritten
  {lapsed,        filed,                   before_the_right_lapsed, in_review,    {note_filing, call_a_person}},
  {lapsed,        filed,                   always,                  stay,         {tell_customer}},
  {not_due,       filed,                   always,                  stay,         {note_filing, tell_customer}}, // the answer is the arithmetic
};
// clang-format on

using Machine = machine::Machine<State, Event, Guard, Action, Timer>;
using Decision = machine::Decision<Machine>;
inline constexpr Machine table{"claim", nothing_due, states, timers, events, guards, actions, transitions};
static_assert(machine::proofs::sound<table>());

/// What a decision may depend on besides state and event.
struct Facts {
    bool something_accrued = false;
    bool claim_on_file = false;
    bool titular_on_file = false;
    bool filed_by_titular = false;
    bool reached_in_time = false;      ///< within be.comp.claim_within
    bool reached_before_lapse = false; ///< within be.comp.claim_review
    bool amount_final = false;
};

constexpr bool holds(Guard guard, Facts const& facts) {
    switch (guard) {
    case something_accrued: return facts.something_accrued;
    case claim_on_file: return facts.claim_on_file;
    case due_and_on_file: return facts.something_accrued && facts.claim_on_file;
    case due_and_titular_on_file: return facts.something_accrued && facts.titular_on_file;
    case filed_by_titular: return facts.filed_by_titular;
    case in_time_by_titular: return facts.filed_by_titular && facts.reached_in_time && facts.amount_final;
    case before_the_right_lapsed: return facts.reached_before_lapse;
    case always: return true;
    }
    return false;
}

} // namespace npod::claim
