#include "porting/decide.hpp"

#include "porting/handlers.hpp"

#include <charconv>

namespace npod::porting {

namespace {

std::int64_t to_number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The event by which a machine hears that its deadline passed.
template <class M>
std::optional<typename M::Event> expiry_event(M const& table, std::string_view timer) {
    for (auto const& row : table.timers)
        if (row.name == timer && row.timer != M::Timer::none) return row.when_it_expires;
    return {};
}

void line_timer_due(Step& step, Subject const& subject, std::string_view name) {
    auto const id = parse_line_id(subject.id);
    Port* const port = id ? step.port(id->first) : nullptr;
    Line* const line = port ? step.line(id->first, id->second) : nullptr;
    if (line == nullptr) return step.note("a timer fired for a line that does not exist: " + subject.id);
    if (port->role == Role::port_in) {
        if (auto const event = expiry_event(port_in::table, name)) drive(step, *port, *line, *event);
        return;
    }
    auto const event = expiry_event(port_out::table, name);
    if (event) drive(step, *port, *line, *event);
    if (event == port_out::postponement_ended && line->state == "validating") answer_by_machine(step, *port, {line});
}

void number_timer_due(Step& step, Subject const& subject, std::string_view name) {
    auto const number = parse_e164(subject.id);
    NumberRecord* const record = number ? step.number(*number) : nullptr;
    auto const event = expiry_event(number::table, name);
    if (record == nullptr || !event) return;
    Contract* const contract = step.contract(record->contract);
    drive(step, *record, *event);
    if (event != number::change_date_reached || contract == nullptr || record->contract) return;
    number_has_left(step, *contract, step.now, to_string(*number) + " was changed");
    trim_services(step, *contract);
}

void parked_timer_due(Step& step, Subject const& subject, std::string_view name) {
    auto const waiting = step.book.parked_one(to_number(subject.id));
    if (!waiting) return;
    step.unpark(waiting->seq, name == planned_day);
    if (name == planned_day) return;
    if (step.port_of(waiting->dossier, Role::port_out) != nullptr)
        return step.complain(waiting->sender, waiting->dossier, "NOT_YOUR_NUMBER",
                             waiting->type + " for numbers that leave by dossier " + waiting->dossier.text + ": nobody told that this was performed");
    step.complain(waiting->sender, waiting->dossier, "UNKNOWN_DOSSIER",
                  waiting->type + " for dossier " + waiting->dossier.text + ": no request came for it");
}

} // namespace

void handle(Step& step, input::TimerDue const& due) {
    // old news is looked at again before it counts: the world may have moved on
    auto const armed = step.timer(due.subject);
    if (!armed || armed->name != due.name || armed->due > step.now) return step.note("a timer that no longer counts: " + due.name);
    step.cancel(due.subject);
    switch (due.subject.kind) {
    case SubjectKind::line: return line_timer_due(step, due.subject, due.name);
    case SubjectKind::parked: return parked_timer_due(step, due.subject, due.name);
    case SubjectKind::number:
        return number_timer_due(step, due.subject, due.name);
    case SubjectKind::contract:
        if (Contract* const contract = step.contract(ContractId{due.subject.id}))
            if (auto const event = expiry_event(contract::table, due.name)) drive(step, *contract, *event);
        return;
    case SubjectKind::claim:
        if (Claim* const claim = step.claim(ClaimId{due.subject.id}))
            if (auto const event = expiry_event(claim::table, due.name)) drive(step, *claim, *event);
        return;
    case SubjectKind::delivery:
        if (Delivery* const delivery = step.delivery(to_number(due.subject.id))) drive(step, *delivery, delivery::delivery_time_ended);
        return;
    }
}

void handle(Step& step, input::DeliveryReport const& report) {
    using enum input::DeliveryReport::What;
    Delivery* const delivery = step.delivery(report.delivery);
    if (delivery == nullptr) return step.refuse(no_such("delivery", std::to_string(report.delivery)));
    if (!report.receipt.empty()) delivery->receipt = report.receipt;
    delivery->trouble = report.trouble;
    auto const event = report.what == taken ? delivery::taken : report.what == turned_away ? delivery::turned_away : delivery::attempt_failed;
    drive(step, *delivery, event, report.what == taken ? "receipt " + report.receipt : report.trouble);
    if (delivery->port) step.about(delivery->port.text);
}

Effects decide(input::Any const& input, Book const& book, rules::Laws const& laws, Settings const& settings, Moment now) {
    Step step(book, laws, settings, now);
    std::visit([&](auto const& one) { handle(step, one); }, input);
    if (!step.refused()) settle_accounts(step);
    return step.finish();
}

} // namespace npod::porting
