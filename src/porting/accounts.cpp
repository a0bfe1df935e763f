/// Claims and deliveries at work, and what follows for a port when its lines have moved.

#include "porting/explain.hpp"
#include "porting/lives.hpp"
#include "porting/wire_values.hpp"

#include <algorithm>

namespace npod::porting {

namespace {

/// Copies of the lines as the step sees them now.
std::vector<Line> lines_now(Step& step, PortId const& id) {
    std::vector<Line> copies;
    for (Line const* const line : step.lines(id)) copies.push_back(*line);
    return copies;
}

/// In figures only.
Compensation compensation_now(Step& step, PortId const& id) {
    return compensation(*step.port(id), lines_now(step, id), step.law_of(*step.port(id)), step.now, rules::Words::left_out);
}

/// The plan that runs out first among the open lines; delay starts to count from it.
std::optional<Moment> first_plan(Step& step, PortId const& id) {
    std::optional<Moment> first;
    for (Line const* const line : step.lines(id))
        if (!line_settled(Role::port_in, line->state) && line->planned_at && (!first || *line->planned_at < *first))
            first = line->planned_at;
    return first;
}

std::optional<Moment> last_effective(Step& step, PortId const& id) {
    std::optional<Moment> last;
    for (Line const* const line : step.lines(id))
        if (line->effective_at && (!last || *last < *line->effective_at)) last = line->effective_at;
    return last;
}

Timer deadline_of(Step& step, Claim const& claim, claim::Timer timer) {
    using enum claim::Timer;
    auto const& law = step.law_of(*step.port(claim.port));
    switch (timer) {
    case delay_start: return by_rule(law, "be.comp.start", first_plan(step, claim.port).value_or(step.now));
    case claim_period: return by_rule(law, "be.comp.claim_within", step.port(claim.port)->requested_at);
    case review_period: return by_rule(law, "be.comp.claim_review", claim.port_done_at.value_or(step.now));
    case decision: return by_rule(law, "npod.claim.decide_within", claim.filed_at.value_or(step.now));
    case payment: return by_rule(law, "npod.claim.decide_within", step.now);
    case none: break;
    }
    NPOD_PROMISE(!"a state without a deadline arms none");
    return {};
}

/// What counts is when the claim reached us, whenever it was written down.
claim::Facts facts_of(Step& step, Claim const& claim) {
    claim::Facts facts;
    facts.something_accrued = compensation_now(step, claim.port).total.cents > 0;
    facts.claim_on_file = claim.filed_at.has_value();
    facts.titular_on_file = facts.claim_on_file && claim.by_titular;
    facts.filed_by_titular = claim.by_titular;
    facts.amount_final = claim.amount.has_value();
    if (!claim.filed_at) return facts;
    facts.reached_in_time = *claim.filed_at < deadline_of(step, claim, claim::Timer::claim_period).due;
    facts.reached_before_lapse = *claim.filed_at < deadline_of(step, claim, claim::Timer::review_period).due;
    return facts;
}

void carry_out(Step& step, Claim& claim, claim::Action action) {
    switch (action) {
    case claim::fix_amount: claim.amount = compensation_now(step, claim.port).total; break;
    case claim::note_filing: // kept by the command before the machine ran
    case claim::order_payment:
    case claim::tell_customer:
    case claim::call_a_person: break; // the record of the move is the order
    }
}

/// A reminder must lie ahead even when the state's own rule counts from long ago.
Timer ahead(Step const& step, Timer timer) {
    return timer.due > step.now ? timer : by_rule(step.laws.pinned(timer.rulebook), timer.rule, step.now);
}

/// Lines that have long moved on need not hear what became of the message.
void tell_lines(Step& step, Port& port, port_in::Event event, std::string const& note) {
    for (Line* const line : step.lines(port.id))
        if (preview(step, port, *line, event).verdict == machine::Verdict::moved) drive(step, port, *line, event, note);
}

void settle_claim(Step& step, Port const& port) {
    Claim* const claim = step.claim_of(port.id);
    if (claim == nullptr) return;
    if (port.settled) {
        bool const first_time = !claim->port_done_at;
        if (first_time) claim->port_done_at = last_effective(step, port.id).value_or(step.now);
        if (first_time) drive(step, *claim, claim::port_settled);
        return;
    }
    if (claim->state != "nothing_due") return;
    auto const armed = step.timer(subject_of(*claim));
    auto const plan = first_plan(step, port.id);
    if (plan && (!armed || armed->from != *plan)) drive(step, *claim, claim::plan_moved);
}

} // namespace

claim::Decision drive(Step& step, Claim& claim, claim::Event event, std::string note) {
    auto const decision = drive(
        step, claim::table, claim, subject_of(claim), event, facts_of(step, claim),
        [&](claim::Timer timer) {
            Timer const armed = deadline_of(step, claim, timer);
            bool const reminds = timer == claim::Timer::decision || timer == claim::Timer::payment;
            return reminds ? ahead(step, armed) : armed;
        },
        std::move(note));
    for (auto const action : decision.actions) carry_out(step, claim, action);
    return decision;
}

delivery::Decision drive(Step& step, Delivery& delivery, delivery::Event event, std::string note) {
    Subject const subject{SubjectKind::delivery, std::to_string(delivery.id)};
    struct WithSince { // a delivery has no "since" column: its life is short and its log is its port's
        std::string state;
        Moment since;
    } entity{delivery.state, {}};
    bool const requests = delivery.type == "portingrequest", cancels = delivery.type == "cancel";
    bool const asked_anew = requests || cancels; // the port waits for it; nobody waits for the rest
    auto const decision = drive(
        step, delivery::table, entity, subject, event, delivery::Facts{.stays_true = !asked_anew},
        [&](delivery::Timer) { return ahead(step, by_rule(step, "npod.delivery.expires", delivery.queued_at)); },
        delivery.type + (note.empty() ? "" : ": " + note));
    delivery.state = entity.state;
    for (auto const action : decision.actions) {
        if (action == delivery::call_a_person || !delivery.port || !asked_anew) continue;
        Port* const port = step.port(delivery.port);
        if (port == nullptr || port->role != Role::port_in) continue;
        bool const arrived = action == delivery::report_taken;
        if (requests) tell_lines(step, *port, arrived ? port_in::request_taken : port_in::request_undeliverable, note);
        if (cancels) tell_lines(step, *port, arrived ? port_in::cancel_taken : port_in::cancel_undeliverable, note);
    }
    return decision;
}

void settle_accounts(Step& step) {
    for (Port* const port : step.touched_ports()) {
        auto const lines = lines_now(step, port->id);
        port->state = roll_up(port->role, lines);
        port->settled = all_settled(port->role, lines);
        if (port->role == Role::port_in) settle_claim(step, *port);
        else if (port->settled) end_cancelled(step, *port);
    }
}

std::string class_of(Port const& port) {
    return std::string(name_of(port.network)) + (port.complex ? ".complex" : ".simple");
}

} // namespace npod::porting
