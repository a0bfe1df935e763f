/// Lines of port-outs: deadlines and actions.

#include "porting/lives.hpp"

namespace npod::porting {

namespace {

Timer deadline_of(Step const& step, Port const& port, Line const& line, port_out::Timer timer) {
    using enum port_out::Timer;
    auto const& law = step.law_of(port);
    switch (timer) {
    case answer_deadline:
        // after a postponement the recipient expects the answer by the same rule: the date was the donor's own
        if (line.postponed_until && *line.postponed_until > port.requested_at) return by_rule(law, "be.execute.within", *line.postponed_until);
        return by_rule(law, "be.answer.within." + class_of(port), port.requested_at);
    case announced_answer:
        if (line.announced_at && *line.announced_at > step.now) return at_agreed(*line.announced_at);
        return by_rule(law, "npod.delayed_answer.within", step.now);
    case reminder: return by_rule(law, "npod.reminder", step.now);
    case postponement_end: return at_agreed(line.postponed_until.value_or(step.now));
    case approval_expiry: return by_rule(law, "be.approval.valid", line.approved_at.value_or(step.now));
    case none: break;
    }
    NPOD_PROMISE(!"a state without a deadline arms none");
    return {};
}

void each_number(Step& step, Line const& line, number::Event event) {
    for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next())
        if (NumberRecord* const record = step.number(n)) drive(step, *record, event);
}

void carry_out(Step& step, Port& port, Line& line, port_out::Action action) {
    switch (action) {
    case port_out::send_acceptance:
        step.answer(port, {line.numbers, {}, {}, line.first_possible, line.note});
        break;
    case port_out::send_refusal: step.answer(port, {line.numbers, line.grounds, {}, {}, line.note}); break;
    case port_out::send_postponement:
        step.answer(port, {line.numbers, line.grounds, {}, line.postponed_until, line.note});
        break;
    case port_out::send_delay: step.announce_delay(port, line.announced_at.value_or(step.now)); break;
    case port_out::send_too_late:
        step.complain(port.recipient, port.dossier, "TOO_LATE",
                      "cancel refused: " + to_string(line.numbers) + " was transferred at " +
                          step.law_of(port).calendar().local_rfc3339(line.effective_at.value_or(step.now)), port.id);
        break;
    case port_out::hold_numbers: each_number(step, line, number::port_out_agreed); break;
    case port_out::free_numbers: each_number(step, line, number::port_out_dropped); break;
    case port_out::release_numbers: release_numbers(step, port, line); break;
    case port_out::tell_customer: // the record of the move is the order
    case port_out::call_a_person: break;
    }
}

void prepare(Step const& step, Line& line, port_out::Event event) {
    using enum port_out::Event;
    if (event == acceptance_decided) line.approved_at = step.now;
    if (event == acceptance_decided || event == refusal_decided || event == postponement_decided) line.answered_at = step.now;
    if ((event == performed_received && line.state == "awaiting_execution") || event == performance_recognised)
        if (!line.effective_at) line.effective_at = step.now;
}

} // namespace

port_out::Decision drive(Step& step, Port& port, Line& line, port_out::Event event, std::string note) {
    prepare(step, line, event);
    auto const decision = drive(
        step, port_out::table, line, subject_of(line), event, port_out::Facts{},
        [&](port_out::Timer timer) { return deadline_of(step, port, line, timer); }, std::move(note));
    for (auto const action : decision.actions) carry_out(step, port, line, action);
    return decision;
}

} // namespace npod::porting
