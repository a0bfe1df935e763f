/// The cells that matter, written down by hand from the law and the trade rather than from the tables: where a row is
/// changed by mistake, it is one of these that says what a porting person would have objected.

#include "state_machines/claim.hpp"
#include "state_machines/contract.hpp"
#include "state_machines/delivery.hpp"
#include "state_machines/number.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace npod;
using machine::Verdict;

namespace {

enum class How { enters, stays, refuses, ignores };

/// One hand-written cell of machine M under given facts.
template <class M, class Facts>
struct Cell {
    typename M::State in;
    typename M::Event on;
    Facts facts;
    How how;
    typename M::State next;
    std::vector<typename M::Action> actions{};
};

template <class M>
How how(machine::Decision<M> const& decision) {
    if (decision.verdict == Verdict::refused) return How::refuses;
    if (decision.verdict == Verdict::ignored) return How::ignores;
    return decision.entered ? How::enters : How::stays;
}

template <class M, class Facts>
void check(M const& m, std::vector<Cell<M, Facts>> const& cells) {
    for (auto const& cell : cells) {
        CAPTURE(std::string(m.about(cell.in).name));
        CAPTURE(std::string(m.about(cell.on).name));
        auto const decision = decide(m, cell.in, cell.on, cell.facts);
        CHECK(how(decision) == cell.how);
        CHECK(std::string(m.about(decision.next).name) == std::string(m.about(cell.next).name));
        CHECK(std::vector(decision.actions.begin(), decision.actions.end()) == cell.actions);
    }
}

using InCell = Cell<port_in::Machine, port_in::Facts>;
using OutCell = Cell<port_out::Machine, port_out::Facts>;
using NumberCell = Cell<number::Machine, number::Facts>;
using ContractCell = Cell<contract::Machine, contract::Facts>;
using ClaimCell = Cell<claim::Machine, claim::Facts>;
using DeliveryCell = Cell<delivery::Machine, delivery::Facts>;

} // namespace

// clang-format off: cells are read as tables.

// be.cancel.until: until the agreed moment we may withdraw; afterwards the answer is "too late", the port goes on.
TEST_CASE("port_in: a cancel leaves before the agreed moment and not after it") {
    using namespace port_in;
    Facts const in_time{.agreed_moment_passed = false};
    Facts const too_late{.agreed_moment_passed = true};
    check<Machine, Facts>(
        table,
        {
            InCell{awaiting_answer, cancel_requested, in_time, How::enters, cancelling, {send_cancel}},
            InCell{scheduled, cancel_requested, in_time, How::enters, cancelling, {send_cancel}},
            InCell{scheduled, cancel_requested, too_late, How::stays, scheduled},
            InCell{activating, cancel_requested, too_late, How::refuses, activating},
            InCell{completed, cancel_requested, too_late, How::refuses, completed},
            InCell{draft, cancel_requested, in_time, How::enters, cancelled, {tell_customer}}, // nothing was sent: no
                                                                                               // message
        });
}

// Our cancel and the donor's answer cross on the wire: neither side broke the protocol, so neither is told off.
TEST_CASE("port_in: an answer that crosses our cancel is harmless, and a refusal settles the line at once") {
    using namespace port_in;
    check<Machine, Facts>(
        table,
        {
            InCell{cancelling, acceptance_received, {}, How::stays, cancelling},
            InCell{cancelling, postponement_received, {}, How::stays, cancelling},
            InCell{cancelling, refusal_received, {}, How::enters, refused, {note_refusal, tell_customer}},
            InCell{cancelling, cancel_taken, {}, How::enters, cancelled, {tell_customer}},
            InCell{cancelled, acceptance_received, {}, How::stays, cancelled},
            InCell{cancelled, refusal_received, {}, How::stays, cancelled},
            InCell{
                cancelling, cancel_deadline_passed, {}, How::enters, cancelling, {send_cancel, call_a_person}}, // again
        });
}

// A peer that lost our receipt sends again; the second yes must neither move the date nor start the deadline afresh.
TEST_CASE("port_in: a repeated acceptance changes nothing wherever it arrives") {
    using namespace port_in;
    for (State state : {scheduled, on_hold, activating, activation_overdue, reactivating, completed})
        check<Machine, Facts>(table, {InCell{state, acceptance_received, {}, How::stays, state}});
}

// Silence is not consent: no deadline of the donor's leads to scheduled, and none of ours ends a live request unseen.
TEST_CASE("port_in: silence of the donor calls a person and never counts as yes") {
    using namespace port_in;
    for (State state : {requested, awaiting_answer, answer_announced_late, postponed})
        check<Machine, Facts>(
            table, {InCell{state, answer_deadline_passed, {}, How::enters, answer_overdue, {call_a_person}}});
    check<Machine, Facts>(
        table,
        {
            InCell{answer_overdue, reminder_due, {}, How::enters, answer_overdue, {call_a_person}},
            InCell{answer_overdue, acceptance_received, {}, How::enters, scheduled, {note_acceptance, tell_customer}},
        });
}

// be.approval.valid: an acceptance that lapsed may not be executed, not even at the agreed moment.
TEST_CASE("port_in: the agreed moment activates only while the donor's approval is valid") {
    using namespace port_in;
    Facts const valid{.agreed_moment_passed = true, .approval_lapsed = false};
    Facts const lapsed_by_then{.agreed_moment_passed = true, .approval_lapsed = true};
    check<Machine, Facts>(
        table,
        {
            InCell{scheduled, activation_time_reached, valid, How::enters, activating, {order_activation}},
            InCell{scheduled,
                   activation_time_reached,
                   lapsed_by_then,
                   How::enters,
                   lapsed,
                   {tell_customer, call_a_person}},
            InCell{on_hold, approval_expired, lapsed_by_then, How::enters, lapsed, {tell_customer, call_a_person}},
            InCell{lapsed, activation_done, lapsed_by_then, How::refuses, lapsed},
        });
}

// The broadcast says that we serve the numbers: it leaves when they work here, together with taking them into service.
TEST_CASE("port_in: the performed broadcast leaves with serving the numbers, in time or late, and only once") {
    using namespace port_in;
    std::vector<Action> const done{serve_numbers, send_performed, tell_customer};
    for (State state : {activating, activation_overdue, reactivating})
        check<Machine, Facts>(table, {InCell{state, activation_done, {}, How::enters, completed, done}});
    check<Machine, Facts>(table, {InCell{completed, activation_done, {}, How::stays, completed}});
    for (auto const& row : transitions)
        for (auto action : row.actions)
            if (action == send_performed) CHECK(row.on == activation_done);
}

// be.reactivate: execution failed, so the donor serves on until a new moment; nothing was broadcast.
TEST_CASE("port_in: a failed activation asks the donor to serve on, and may be rescheduled or withdrawn") {
    using namespace port_in;
    check<Machine, Facts>(
        table,
        {
            InCell{activating,
                   activation_failed,
                   {},
                   How::enters,
                   reactivating,
                   {ask_donor_to_reactivate, call_a_person, tell_customer}},
            InCell{reactivating, reschedule_requested, {}, How::enters, scheduled, {note_new_date, tell_customer}},
            InCell{reactivating, cancel_requested, {}, How::enters, cancelling, {send_cancel}},
            InCell{reactivating, outage_deadline_passed, {}, How::enters, reactivating, {call_a_person}},
        });
}

// The contract and its numbers go with the performed broadcast, never with our answer (be.end.full, be.end.partial).
TEST_CASE("port_out: only an effective transfer releases the numbers") {
    using namespace port_out;
    for (auto const& row : transitions)
        for (auto action : row.actions)
            if (action == release_numbers) {
                CHECK((row.on == performed_received || row.on == performance_recognised));
                CHECK(row.lands_in() == executed);
            }
    check<Machine, Facts>(
        table,
        {
            OutCell{validating,
                    acceptance_decided,
                    {},
                    How::enters,
                    awaiting_execution,
                    {send_acceptance, hold_numbers, tell_customer}},
            OutCell{
                awaiting_execution, performed_received, {}, How::enters, executed, {release_numbers, tell_customer}},
            OutCell{executed, performed_received, {}, How::stays, executed},
        });
}

// The broadcast may come when we did not (or no longer) agree: it is never refused as a message and never obeyed
// blindly.
TEST_CASE("port_out: a performed that comes without our yes, or after it ran out, goes to a person") {
    using namespace port_out;
    for (State state : {validating, answer_delayed, answer_overdue, postponed})
        check<Machine, Facts>(table, {OutCell{state, performed_received, {}, How::enters, disputed, {call_a_person}}});
    for (State state : {refused, cancelled, lapsed})
        check<Machine, Facts>(table, {OutCell{state, performed_received, {}, How::stays, state, {call_a_person}}});
    check<Machine, Facts>(
        table,
        {
            OutCell{disputed, performance_recognised, {}, How::enters, executed, {release_numbers, tell_customer}},
            OutCell{disputed, performed_received, {}, How::stays, disputed},
            // the recipient took the numbers after we had closed the matter: still only a person may say that it counts
            OutCell{refused, performance_recognised, {}, How::enters, executed, {release_numbers, tell_customer}},
            OutCell{cancelled, performance_recognised, {}, How::enters, executed, {release_numbers, tell_customer}},
            OutCell{lapsed, performance_recognised, {}, How::enters, executed, {release_numbers, tell_customer}},
            OutCell{closed, performance_recognised, {}, How::enters, executed, {release_numbers, tell_customer}},
            OutCell{executed, performance_recognised, {}, How::refuses, executed},
            OutCell{validating, performance_recognised, {}, How::refuses, validating},
        });
}

// be.approval.valid: when our yes lapses the numbers are what they were, and may be asked for again.
TEST_CASE("port_out: a lapsed or cancelled approval frees the numbers; a cancel after the fact is too late") {
    using namespace port_out;
    check<Machine, Facts>(
        table,
        {
            OutCell{awaiting_execution, approval_expired, {}, How::enters, lapsed, {free_numbers, tell_customer}},
            OutCell{awaiting_execution, cancel_received, {}, How::enters, cancelled, {free_numbers, tell_customer}},
            OutCell{awaiting_execution, settled_by_person, {}, How::enters, closed, {free_numbers}},
            OutCell{executed, cancel_received, {}, How::stays, executed, {send_too_late}},
            OutCell{validating, cancel_received, {}, How::enters, cancelled}, // nothing was held yet
        });
}

// Numbers are held exactly while we have agreed: every way out of awaiting_execution frees or releases them.
TEST_CASE("port_out: whoever leaves awaiting_execution frees or releases the numbers, and nobody else does") {
    using namespace port_out;
    for (auto const& row : transitions) {
        bool lets_go = false;
        for (auto action : row.actions) lets_go |= action == free_numbers || action == release_numbers;
        bool const leaves_agreement = row.in == awaiting_execution && row.lands_in() != awaiting_execution;
        CHECK(lets_go == (leaves_agreement || row.on == performance_recognised));
    }
}

TEST_CASE("port_out: our own lateness calls a person; a postponement that ended is checked afresh") {
    using namespace port_out;
    check<Machine, Facts>(
        table, {
                   OutCell{validating, answer_deadline_passed, {}, How::enters, answer_overdue, {call_a_person}},
                   OutCell{answer_delayed, answer_deadline_passed, {}, How::enters, answer_overdue, {call_a_person}},
                   OutCell{postponed, postponement_ended, {}, How::enters, validating},
                   OutCell{validating, request_received, {}, How::stays, validating}, // the recipient repeats itself
               });
}

// be.grace and be.ageing are two clocks: a number may be ported in the month, and not while it ages.
TEST_CASE("number: the month after the contract is portable, the ageing is not") {
    using namespace number;
    check<Machine, Facts>(
        table, {
                   NumberCell{in_service, contract_ended, {}, How::enters, portable, {leave_contract, tell_customer}},
                   NumberCell{portable, port_out_agreed, {}, How::enters, porting_out},
                   NumberCell{portable, grace_ended, {}, How::enters, ageing},
                   NumberCell{portable, portability_renounced, {}, How::enters, ageing},
                   NumberCell{portable, grace_ended, {.needs_no_ageing = true}, How::enters, State::free},
                   NumberCell{portable, portability_renounced, {.needs_no_ageing = true}, How::enters, State::free},
                   NumberCell{ageing, port_out_agreed, {}, How::refuses, ageing},
                   NumberCell{ageing, assigned, {}, How::refuses, ageing}, // its next user is protected
               });
}

// be.grace.after.own / .foreign: an own number may be given out again, a foreign one goes back with a deactivation.
TEST_CASE("number: after ageing an own number is free and a foreign one returned, which the others are told") {
    using namespace number;
    Facts const ours{.block_is_ours = true};
    Facts const foreign{.block_is_ours = false, .holder_is_known = true};
    check<Machine, Facts>(
        table,
        {
            NumberCell{ageing, ageing_ended, ours, How::enters, State::free},
            NumberCell{
                ageing, ageing_ended, foreign, How::enters, returned, {send_deactivation, note_serving_operator}},
            NumberCell{ageing, ageing_ended, {}, How::enters, ageing, {call_a_person}}, // nobody knows whose it is
        });
    for (auto const& row : transitions)
        for (auto action : row.actions)
            if (action == send_deactivation) CHECK(row.in == ageing);
}

// A port-out that came to nothing: the number is again what the clocks say it is, even if its month ran out meanwhile.
TEST_CASE("number: a dropped port-out goes back to service, to the rest of the month, or to ageing") {
    using namespace number;
    Facts const held{.contract_holds = true, .month_still_runs = true};
    Facts const in_month{.contract_holds = false, .month_still_runs = true};
    Facts const after_month{.contract_holds = false, .month_still_runs = false};
    check<Machine, Facts>(
        table,
        {
            NumberCell{porting_out, port_out_dropped, held, How::enters, in_service},
            NumberCell{porting_out, port_out_dropped, in_month, How::enters, portable},
            NumberCell{porting_out, port_out_dropped, after_month, How::enters, ageing},
            NumberCell{porting_out, contract_ended, in_month, How::stays, porting_out, {leave_contract}},
            NumberCell{
                porting_out, port_out_executed, held, How::enters, ported_out, {leave_contract, note_serving_operator}},
        });
}

// be.end.full / be.end.partial: wholly only with the last number, in part with every earlier one.
TEST_CASE("contract: it ends wholly only with its last number") {
    using namespace contract;
    Facts const some_left{.numbers_remain = true};
    Facts const none_left{.numbers_remain = false};
    check<Machine, Facts>(
        table,
        {
            ContractCell{active, number_left, some_left, How::enters, partly_ended, {end_in_part, tell_customer}},
            ContractCell{partly_ended, number_left, some_left, How::stays, partly_ended, {end_in_part, tell_customer}},
            ContractCell{active, number_left, none_left, How::enters, ended, {end_wholly, tell_customer}},
            ContractCell{partly_ended, number_left, none_left, How::enters, ended, {end_wholly, tell_customer}},
            ContractCell{ending, number_added, some_left, How::stays, ending}, // ordered before the termination
            ContractCell{ending, number_left, some_left, How::stays, ending, {end_in_part, tell_customer}},
            ContractCell{ended, number_left, none_left, How::ignores, ended},
        });
    for (auto const& row : transitions)
        for (auto action : row.actions)
            if (action == end_wholly) CHECK(row.on == number_left);
}

TEST_CASE("contract: a termination waits for its date and opens the month of what is left") {
    using namespace contract;
    Facts const today{.numbers_remain = true, .date_has_come = true};
    Facts const later{.numbers_remain = true, .date_has_come = false};
    check<Machine, Facts>(
        table,
        {
            ContractCell{active, termination_requested, today, How::enters, ended, {end_numbers, tell_customer}},
            ContractCell{active, termination_requested, later, How::enters, ending, {tell_customer}},
            ContractCell{ending, termination_date_reached, today, How::enters, ended, {end_numbers, tell_customer}},
            ContractCell{active, termination_date_reached, today, How::ignores, active}, // a stale deadline
        });
}

TEST_CASE("claim: what counts is when it reached us, however late it is written down") {
    using namespace claim;
    Facts in_time{.something_accrued = true, .filed_by_titular = true, .reached_in_time = true, .reached_before_lapse = true, .amount_final = true};
    Facts between = in_time, late = in_time, growing = in_time;
    between.reached_in_time = false;
    late.reached_in_time = late.reached_before_lapse = false;
    growing.amount_final = false;
    check<Machine, Facts>(table, {
                                     ClaimCell{review_only, filed, in_time, How::enters, claimed, {note_filing, call_a_person}},
                                     ClaimCell{review_only, filed, growing, How::enters, in_review, {note_filing, call_a_person}},
                                     ClaimCell{lapsed, filed, in_time, How::enters, claimed, {note_filing, call_a_person}},
                                     ClaimCell{lapsed, filed, between, How::enters, in_review, {note_filing, call_a_person}},
                                     ClaimCell{lapsed, filed, late, How::stays, lapsed, {tell_customer}},
                                     ClaimCell{not_due, filed, in_time, How::stays, not_due, {note_filing, tell_customer}},
                                 });
}

// be.comp.claim_within and be.comp.claim_review: between the two a claim goes to a person, never to a refusal.
TEST_CASE("claim: after six months since the request a claim goes to a person, the titular's too") {
    using namespace claim;
    for (bool titular : {false, true}) {
        Facts const facts{.something_accrued = true, .filed_by_titular = titular};
        check<Machine, Facts>(
            table, {
                       ClaimCell{fixed, claim_period_ended, facts, How::enters, review_only},
                       ClaimCell{review_only, filed, facts, How::enters, in_review, {note_filing, call_a_person}},
                       ClaimCell{review_only, review_period_ended, facts, How::enters, lapsed, {tell_customer}},
                   });
    }
}

// be.comp.claimant: nothing is paid by itself, and only the titular's claim is decided without review.
TEST_CASE("claim: nothing is paid unless somebody asks and a person approves") {
    using namespace claim;
    Facts const titular{.something_accrued = true, .filed_by_titular = true};
    Facts const somebody{.something_accrued = true, .filed_by_titular = false};
    check<Machine, Facts>(table,
                          {
                              ClaimCell{fixed, filed, titular, How::enters, claimed, {note_filing, call_a_person}},
                              ClaimCell{fixed, filed, somebody, How::enters, in_review, {note_filing, call_a_person}},
                              ClaimCell{fixed, approved_by_person, titular, How::refuses, fixed},
                              ClaimCell{claimed, decision_due, titular, How::enters, claimed, {call_a_person}},
                          });
    for (auto const& row : transitions)
        for (auto action : row.actions)
            if (action == order_payment) CHECK(row.on == approved_by_person);
}

TEST_CASE("claim: a port that ends without a compensable delay owes nothing; one that was late has a fixed amount") {
    using namespace claim;
    Facts const late{.something_accrued = true};
    Facts const late_and_filed{.something_accrued = true, .claim_on_file = true, .titular_on_file = true};
    Facts const filed_by_another{.something_accrued = true, .claim_on_file = true};
    check<Machine, Facts>(
        table,
        {
            ClaimCell{nothing_due, port_settled, {}, How::enters, not_due, {fix_amount}},
            ClaimCell{accruing, port_settled, late, How::enters, fixed, {fix_amount, tell_customer}},
            ClaimCell{accruing, port_settled, late_and_filed, How::enters, claimed, {fix_amount, call_a_person}},
            // be.comp.claimant: somebody else's claim needs a person, however early it came
            ClaimCell{accruing, port_settled, filed_by_another, How::enters, in_review, {fix_amount, call_a_person}},
            ClaimCell{nothing_due, plan_moved, {}, How::enters, nothing_due}, // the deadline counts from the new plan
            ClaimCell{accruing, claim_period_ended, late_and_filed, How::enters, in_review, {call_a_person}},
        });
}

// A delivery that failed is a message as well: its port hears of every end, good or bad, and of each once.
TEST_CASE("delivery: whatever settles it tells its port exactly once; a late receipt changes nothing") {
    using namespace delivery;
    for (auto const& row : transitions) {
        int reports = 0;
        for (auto action : row.actions) reports += action == report_taken || action == report_undeliverable;
        bool const settles = table.about(row.lands_in()).kind == machine::Kind::settled && row.lands_in() != row.in;
        CHECK(reports == (settles ? 1 : 0));
    }
    check<Machine, Facts>(
        table,
        {
            DeliveryCell{queued, taken, {}, How::enters, confirmed, {report_taken}},
            DeliveryCell{retrying, attempt_failed, {}, How::stays, retrying}, // the time it is worth sending runs on
            DeliveryCell{retrying, delivery_time_ended, {}, How::enters, expired, {report_undeliverable, call_a_person}},
            // a transfer is true whether heard or not: it is told until it is, and a person hears every time
            DeliveryCell{queued, delivery_time_ended, {.stays_true = true}, How::enters, retrying, {call_a_person}},
            DeliveryCell{retrying, delivery_time_ended, {.stays_true = true}, How::enters, retrying, {call_a_person}},
            DeliveryCell{expired, taken, {}, How::ignores, expired},
            DeliveryCell{confirmed, delivery_time_ended, {}, How::ignores, confirmed},
        });
}
