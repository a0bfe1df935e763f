/// What our own people and systems ask of a port-in, and of ports in general.

#include "base/limits.hpp"
#include "porting/decide.hpp"
#include "porting/explain.hpp"
#include "porting/handlers.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

void open_claim(Step& step, Port const& port) {
    Claim claim;
    claim.id = ClaimId{fmt::format("CL-{:06}", step.next("claim"))};
    claim.port = port.id;
    claim.state = claim::table.about(claim::table.initial).name;
    claim.since = step.now;
    Claim& added = step.add(std::move(claim));
    drive(step, added, claim::plan_moved, "the port's plan is known"); // arms the first deadline
}

/// The order leaves: the legal clock starts, each line gets its plan, the claim its first deadline.
void submit(Step& step, Port& port) {
    port.requested_at = step.now;
    port.rulebook = step.rulebook.version();
    Moment const plan = planned_moment(port, step.rulebook);
    for (Line* const line : step.lines(port.id)) {
        // asked again after it came back undelivered: our trouble with the wire does not move what the customer was promised
        line->planned_at = line->planned_at ? std::min(*line->planned_at, plan) : plan;
        drive(step, port, *line, port_in::submitted);
    }
    if (step.claim_of(port.id) == nullptr) open_claim(step, port);
}

/// The port and its open lines that the command is about; refuses when there is none.
std::vector<Line*> find_lines(Step& step, PortId const& id, std::vector<NumberRange> const& numbers, Port*& port) {
    port = step.port(id);
    if (port == nullptr) {
        step.refuse(no_such("port", id.text));
        return {};
    }
    step.about(id.text);
    auto const covered = step.cover(*port, numbers);
    if (covered.empty())
        step.refuse({RefusalCode::illegal_now, numbers.empty() ? "Every line of " + id.text + " is settled." : "None of these numbers is in an open line of " + id.text + ".",
                     numbers.empty() ? "" : "/numbers", "Look at the lines with: npctl port show " + id.text, ""});
    return covered;
}

bool wrong_role(Step& step, Port const& port, Role role, std::string_view verb) {
    if (port.role == role) return false;
    step.refuse({RefusalCode::not_admissible, fmt::format("{} is a {}; \"{}\" is for a {}.", port.id.text, name_of(port.role), verb, name_of(role)), "", "Use another command for it.", ""});
    return true;
}

/// Drives every line or refuses all: a command is never half done.
void drive_all(Step& step, Port& port, std::vector<Line*> const& lines, port_in::Event event, std::string const& note) {
    for (Line* const line : lines) {
        auto const decision = drive(step, port, *line, event, note);
        if (decision.verdict == machine::Verdict::refused) step.refuse(not_now(port.role, *line, port_in::table.about(event).name));
    }
    if (!step.refused()) step.answered(port.id.text);
}

/// When the donor's acceptance runs out; nothing while there is none.
std::optional<Moment> lapse_of(Step const& step, Port const& port, Line const& line) {
    if (!line.approved_at || line.state == "postponed") return {};
    return step.law_of(port).due("be.approval.valid", *line.approved_at);
}

void cancel(Step& step, Port& port, input::ActOnPort const& act, std::vector<Line*> const& lines) {
    if (!act.numbers.empty()) {
        step.refuse({RefusalCode::not_admissible, "The wire's cancel withdraws a whole dossier, not some of its numbers.", "/numbers", "Leave the numbers out to withdraw every open line.", ""});
        return;
    }
    for (Line const* const line : lines) {
        auto const decision = preview(step, port, *line, port_in::cancel_requested);
        bool const withdraws = decision.verdict == machine::Verdict::moved && (decision.entered || line->state == "cancelling");
        if (withdraws) continue;
        auto const safe = line->agreed_at ? "the last safe moment to cancel was " + step.law_of(port).calendar().local_rfc3339(*line->agreed_at) +
                                                ", when activation began (be.cancel.until)"
                                          : std::string("activation has begun (be.cancel.until)");
        step.refuse(not_now(port.role, *line, "cancel_requested", safe));
    }
    if (!step.refused()) drive_all(step, port, lines, port_in::cancel_requested, act.text);
}

} // namespace

Refusal no_such(std::string_view what, std::string_view id) {
    return {RefusalCode::not_found, fmt::format("There is no {} {}.", what, id), "", fmt::format("Find it by another key with: npctl status {}", id), ""};
}

Refusal not_now(Role role, Line const& line, std::string_view event, std::string_view because) {
    std::string legal;
    for (auto const& next : legal_next(role, line.state)) legal += (legal.empty() ? "" : ", ") + next.verb;
    auto const why = because.empty() ? fmt::format("its state {} does not take {}", line.state, event) : std::string(because);
    return {RefusalCode::illegal_now, fmt::format("Line {} ({}) of {} cannot do that now: {}.", line.no, to_string(line.numbers), line.port.text, why), "",
            legal.empty() ? "Nothing can be done with this line any more." : fmt::format("Now possible: {}.", legal), ""};
}

void handle(Step& step, input::OrderPortIn const& order) {
    auto problems = problems_of(order, step.book, step.rulebook, step.settings, step.now);
    if (!problems.empty()) return step.refuse(std::move(problems));
    Port port;
    port.id = PortId{fmt::format("PI-{:06}", step.next("port_in"))};
    port.role = Role::port_in;
    port.dossier = DossierId{fmt::format("{}-{:08}", step.settings.dossier_prefix, step.next("dossier"))};
    port.order = order.order;
    port.recipient = step.settings.own;
    port.donor = order.donor;
    port.network = order.network;
    port.complex = count(order.numbers) > 1;
    port.contract = order.contract;
    port.customer = order.customer;
    port.donor_account = order.donor_account;
    port.location = order.location;
    port.wish = order.wish;
    port.mandate = order.mandate;
    port.related = order.related;
    port.note = order.note;
    port.requested_at = step.now;
    port.rulebook = step.rulebook.version(); // a draft is asked again under the law of the day on which it leaves
    Port& added = step.add(std::move(port));
    for (auto const& range : joined(order.numbers)) {
        Line line;
        line.numbers = range;
        line.state = port_in::table.about(port_in::table.initial).name;
        line.since = step.now;
        line.turns = {{step.now, line.state, waits_for(line.state, {}), {}}};
        Line& placed = step.add_line(added, std::move(line));
        Timer expiry = by_rule(step, "npod.draft.expires", step.now); // replaced at once when the order leaves
        expiry.subject = subject_of(placed);
        expiry.name = port_in::table.about(port_in::Timer::draft_expiry).name;
        expiry.armed_in = placed.state;
        step.arm(std::move(expiry));
    }
    if (!order.draft) submit(step, added);
    for (auto const& text : {order.order.text, order.contract.text})
        if (!text.empty()) step.about(text);
    step.answered(added.id.text, true);
}

void handle(Step& step, input::ActOnPort const& act) {
    using enum input::ActOnPort::Act;
    Port* port = nullptr;
    if (act.act == note) {
        if (step.port(act.port) == nullptr) return step.refuse(no_such("port", act.port.text));
        step.about(act.port.text);
        step.note(act.text);
        return step.answered(act.port.text);
    }
    auto const lines = find_lines(step, act.port, act.numbers, port);
    if (step.refused() || wrong_role(step, *port, Role::port_in, "submit, cancel, hold and resume")) return;
    switch (act.act) {
    case submit:
        for (Line const* const line : lines)
            if (line->state != "draft") step.refuse(not_now(port->role, *line, "submitted"));
        if (!step.refused()) npod::porting::submit(step, *port);
        return step.answered(port->id.text);
    case input::ActOnPort::Act::cancel: return npod::porting::cancel(step, *port, act, lines);
    case hold: return drive_all(step, *port, lines, port_in::hold_requested, act.text);
    case resume:
        for (Line const* const line : lines)
            if (auto const decision = preview(step, *port, *line, port_in::resume_requested); decision.verdict == machine::Verdict::moved && !decision.entered)
                step.refuse(not_now(port->role, *line, "resume_requested", "its agreed moment is over; it needs a new one"));
        if (step.refused()) return;
        return drive_all(step, *port, lines, port_in::resume_requested, act.text);
    case note: return;
    }
}

void handle(Step& step, input::Reschedule const& reschedule) {
    Port* port = nullptr;
    auto const lines = find_lines(step, reschedule.port, reschedule.numbers, port);
    if (step.refused() || wrong_role(step, *port, Role::port_in, "reschedule")) return;
    if (reschedule.at < step.now)
        return step.refuse({RefusalCode::not_admissible, "The new moment is in the past.", "/at", "Choose a later one.", ""});
    auto const& law = step.law_of(*port);
    if (reschedule.at > law.due("npod.horizon", step.now))
        return step.refuse({RefusalCode::not_admissible, "The new moment is further away than npod.horizon allows.", "/at", "Choose an earlier one.", ""});
    Moment const at = law.calendar().next_window_opening(reschedule.at);
    for (Line* const line : lines) {
        if (line->first_possible && at < *line->first_possible)
            return step.refuse({RefusalCode::not_admissible, "The donor's first possible moment is " + law.calendar().local_rfc3339(*line->first_possible) + ".", "/at", "Choose that or a later one.", ""});
        if (auto const lapses = lapse_of(step, *port, *line); lapses && at >= *lapses)
            return step.refuse({RefusalCode::not_admissible, "The donor's acceptance lapses at " + law.calendar().local_rfc3339(*lapses) + " (be.approval.valid).", "/at", "Choose an earlier moment, or withdraw and ask again.", ""});
        if (line->state != "postponed") line->agreed_at = at;
        if (!reschedule.agreed_by_customer) continue;
        bool const late_already = line->planned_at && *line->planned_at < step.now;
        if (late_already) line->earlier_plans.push_back({*line->planned_at, step.now}); // his patience gives up nothing
        line->planned_at = at;
    }
    drive_all(step, *port, lines, port_in::reschedule_requested,
              "new moment " + law.calendar().local_text(at) + (reschedule.agreed_by_customer ? ", agreed by the customer" : ""));
}

void handle(Step& step, input::ActivationReport const& report) {
    Port* port = nullptr;
    auto const lines = find_lines(step, report.port, report.numbers, port);
    if (step.refused() || wrong_role(step, *port, Role::port_in, "activation")) return;
    Moment const at = report.at.value_or(step.now);
    if (at > step.now) return step.refuse({RefusalCode::not_admissible, "The network cannot report the future.", "/done/at", "Report it when it has happened.", ""});
    for (Line* const line : lines)
        if (report.done && preview(step, *port, *line, port_in::activation_done).verdict == machine::Verdict::moved)
            line->effective_at = std::max(at, line->agreed_at.value_or(at)); // never before the agreed moment
    drive_all(step, *port, lines, report.done ? port_in::activation_done : port_in::activation_failed, report.cause);
}

namespace {

/// Whether the recipient has told that it serves every one of these numbers, and no other port has let them go already: the
/// same two operators may have had more than one dossier about them.
bool told_as_taken(Step& step, Port const& port, NumberRange numbers) {
    for (Number n = numbers.first; n <= numbers.last; n = n.next()) {
        NumberRecord const* const record = step.number(n);
        bool const gone = record != nullptr && record->state == "ported_out";
        if (gone || step.book.serving(n) != port.recipient) return false;
    }
    return true;
}

/// Numbers that another customer of ours has by now are not taken from him by recognising an old transfer.
void refuse_re_used(Step& step, Port const& port, Line const& line) {
    Contract const* const then = step.contract(port.contract);
    for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next()) {
        NumberRecord const* const record = step.number(n);
        Contract const* const now = record ? step.contract(record->contract) : nullptr;
        if (now == nullptr || now == then || (then && same_text(now->customer.name, then->customer.name))) continue;
        step.refuse({RefusalCode::conflict, fmt::format("{} is held by contract {} of another customer now.", to_string(n), now->id.text), "/numbers", "Find out with " + port.recipient.text + " who serves it.", ""});
    }
}

/// A transfer that the recipient told of without our yes, or after we had closed the matter: a person says that it did happen.
void recognise(Step& step, Port& port, input::SettlePort const& settle) {
    std::vector<Line*> taken;
    for (Line* const line : step.cover(port, settle.numbers, Step::Lines::all)) {
        if (line->state == "executed") continue;
        bool const settled = line_settled(port.role, line->state);
        bool const told = !settled || told_as_taken(step, port, line->numbers);
        if (told) taken.push_back(line);
        else if (!settle.numbers.empty())
            step.refuse({RefusalCode::illegal_now, fmt::format("{} has not told that it serves {} (portingperformed).", port.recipient.text, to_string(line->numbers)), "/numbers", "Have it tell; a transfer is recognised, not made.", ""});
    }
    if (taken.empty() && !step.refused())
        step.refuse({RefusalCode::illegal_now, "No transfer of " + port.id.text + " waits to be recognised.", "", "If " + port.recipient.text + " told of a part of a line, name that part with --numbers; look at the lines with: npctl port show " + port.id.text, ""});
    if (settle.at && (*settle.at > step.now || *settle.at < port.requested_at))
        step.refuse({RefusalCode::not_admissible, "A transfer is effective after its request and not in the future.", "/at", "Give the moment that the recipient told.", ""});
    for (Line* const line : taken) {
        refuse_re_used(step, port, *line);
        if (step.refused()) return;
        if (settle.at) line->effective_at = settle.at;
        if (drive(step, port, *line, port_out::performance_recognised).verdict == machine::Verdict::refused)
            step.refuse(not_now(port.role, *line, "performance_recognised"));
    }
    if (!step.refused()) step.answered(port.id.text);
}

} // namespace

void handle(Step& step, input::SettlePort const& settle) {
    if (Port* const known = step.port(settle.port); known != nullptr && settle.recognise_transfer) {
        step.about(known->id.text);
        if (!wrong_role(step, *known, Role::port_out, "settle --recognise-transfer")) recognise(step, *known, settle);
        return;
    }
    Port* port = nullptr;
    auto const lines = find_lines(step, settle.port, settle.numbers, port);
    if (step.refused()) return;
    if (port->role == Role::port_in) return drive_all(step, *port, lines, port_in::settled_by_person, {});
    auto const event = port_out::settled_by_person;
    for (Line* const line : lines)
        if (drive(step, *port, *line, event).verdict == machine::Verdict::refused)
            step.refuse(not_now(port->role, *line, port_out::table.about(event).name));
    if (!step.refused()) step.answered(port->id.text);
}

} // namespace npod::porting
