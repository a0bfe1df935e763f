/// Lines of port-ins: facts, deadlines, actions.

#include "porting/explain.hpp"
#include "porting/lives.hpp"

#include <algorithm>

namespace npod::porting {

namespace {

port_in::Facts facts_of(Step const& step, Port const& port, Line const& line) {
    port_in::Facts facts;
    facts.agreed_moment_passed = line.agreed_at && *line.agreed_at <= step.now;
    facts.approval_lapsed =
        line.approved_at && step.law_of(port).due("be.approval.valid", *line.approved_at) <= step.now;
    facts.possible_only_later = line.agreed_at && line.first_possible && *line.first_possible > *line.agreed_at;
    return facts;
}

Timer deadline_of(Step const& step, Port const& port, Line const& line, port_in::Timer timer) {
    using enum port_in::Timer;
    auto const& law = step.law_of(port);
    switch (timer) {
    case draft_expiry: return by_rule(law, "npod.draft.expires", step.now);
    case answer_deadline: return by_rule(law, "be.answer.within." + class_of(port), port.requested_at);
    case announced_answer:
        if (line.announced_at && *line.announced_at > step.now) return at_agreed(*line.announced_at);
        return by_rule(law, "npod.delayed_answer.within", step.now);
    case reminder: return by_rule(law, "npod.reminder", step.now);
    case postponed_answer: return by_rule(law, "be.execute.within", line.postponed_until.value_or(step.now));
    case activation_time: return at_agreed(line.agreed_at.value_or(step.now));
    case approval_expiry: return by_rule(law, "be.approval.valid", line.approved_at.value_or(step.now));
    case execution_deadline: return by_rule(law, "be.execute.within", line.agreed_at.value_or(step.now));
    case outage_deadline: return by_rule(law, "be.outage.max", step.now);
    case cancel_deadline: return by_rule(law, "npod.cancel.confirm", step.now);
    case none: break;
    }
    NPOD_PROMISE(!"a state without a deadline arms none");
    return {};
}

/// The agreed moment: not before the donor's first possible one, not before the customer's date, inside the porting window.
Moment agreed_moment(Step const& step, Port const& port, Line const& line) {
    Moment earliest = std::max(step.now, line.first_possible.value_or(step.now));
    if (port.wish.on_date && port.wish.at) earliest = std::max(earliest, *port.wish.at);
    return step.law_of(port).calendar().next_window_opening(earliest);
}

/// What must be known before the state is entered, because its deadline is counted from it.
void prepare(Step const& step, Port const& port, Line& line, port_in::Decision const& decision) {
    for (auto const action : decision.actions)
        if (action == port_in::note_acceptance) {
            line.answered_at = line.approved_at = step.now;
            line.postponed_until.reset();
            line.agreed_at = agreed_moment(step, port, line);
        } else if (action == port_in::note_refusal || action == port_in::note_postponement) {
            line.answered_at = step.now;
            line.agreed_at.reset();
        }
    if (decision.next == port_in::completed && !line.effective_at) line.effective_at = step.now;
}

/// When the party that the line waits for has used up its own legal time.
std::optional<Moment> own_time_until(Step const& step, Port const& port, Line const& line, Causer causer) {
    switch (blame(line.state, causer).own_time) {
    case OwnTime::none: return {};
    case OwnTime::used_up: return step.now;
    case OwnTime::term: break;
    }
    bool const answers = causer == Causer::donor;
    return deadline_of(step, port, line, answers ? port_in::Timer::answer_deadline : port_in::Timer::execution_deadline).due;
}

/// Keeps from when on the line waits for whom; a settled line waits for nobody.
void keep_turn(Step const& step, Port const& port, Line& line, port_in::Event event, port_in::Decision const& decision) {
    auto const last = line.turns.empty() ? std::optional<Causer>{} : line.turns.back().causer;
    bool const at_last_taken = event == port_in::request_taken && decision.verdict == machine::Verdict::moved && last == Causer::hub;
    if (at_last_taken && !decision.entered) { // silent so far because it knew of nothing: its legal time begins now
        auto const term = by_rule(step.law_of(port), "be.answer.within." + class_of(port), step.now);
        return take_turns(line, step.now, {{step.now, "awaiting_answer", Causer::donor, term.due}});
    }
    if (!decision.entered || event == port_in::reminder_due) return; // a reminder makes nobody new wait
    if (line_settled(Role::port_in, line.state)) return take_turns(line, step.now, {});
    if (line.state == "scheduled") return take_turns(line, step.now, turns_of_schedule(port, line, step.now, step.law_of(port).calendar()));
    auto const causer = waits_for(line.state, last);
    take_turns(line, step.now, {{step.now, line.state, causer, own_time_until(step, port, line, causer)}});
}

void carry_out(Step& step, Port& port, Line& line, port_in::Action action) {
    switch (action) {
    case port_in::send_request: step.request(port, line.numbers); break;
    case port_in::send_cancel: step.withdraw(port); break;
    case port_in::send_performed: step.performed(port, line.numbers, line.effective_at.value_or(step.now)); break;
    case port_in::serve_numbers: serve_numbers(step, port, line); break;
    // kept by prepare(), before the deadline was armed
    case port_in::note_acceptance:
    case port_in::note_refusal:
    case port_in::note_postponement:
    case port_in::note_delay:
    case port_in::note_new_date:
    // the record of the move is the order: the feed and the webhooks carry it to network, billing, customer care and desk
    case port_in::order_activation:
    case port_in::ask_donor_to_reactivate:
    case port_in::tell_customer:
    case port_in::call_a_person: break;
    }
}

} // namespace

port_in::Decision preview(Step const& step, Port const& port, Line const& line, port_in::Event event) {
    port_in::State state{};
    NPOD_PROMISE(machine::find_state(port_in::table, line.state, state));
    return machine::decide(port_in::table, state, event, facts_of(step, port, line));
}

port_in::Decision drive(Step& step, Port& port, Line& line, port_in::Event event, std::string note) {
    auto const facts = facts_of(step, port, line); // as they are before the event changes them
    prepare(step, port, line, preview(step, port, line, event));
    auto const decision = drive(
        step, port_in::table, line, subject_of(line), event, facts,
        [&](port_in::Timer timer) { return deadline_of(step, port, line, timer); }, std::move(note));
    keep_turn(step, port, line, event, decision);
    for (auto const action : decision.actions) carry_out(step, port, line, action);
    return decision;
}

} // namespace npod::porting
