/// What other operators say to us. A message is never refused here: what cannot be done with it is told by a message of ours
/// (errorfound) and kept in the record.

#include "base/json.hpp"
#include "base/limits.hpp"
#include "porting/explain.hpp"
#include "porting/handlers.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

struct Incoming {
    input::Received const& received;
    OperatorCode const& sender() const { return received.message.sender; }
};

/// It came before its request: keep it until that comes or its deadline passes.
void park(Step& step, Incoming const& in, DossierId const& dossier) {
    step.note(fmt::format("{} of {} came before its request; it waits for it", message::type_of(in.received.message.body), dossier.text));
    step.park({in.received.seq, dossier, in.sender(), std::string(message::type_of(in.received.message.body)), step.now});
}

bool speaks_for(Step& step, Incoming const& in, OperatorCode const& party, DossierId const& dossier) {
    if (in.sender() == party) return true;
    step.complain(in.sender(), dossier, "NOT_YOUR_DOSSIER", "dossier " + dossier.text + " is not yours to speak of");
    return false;
}

/// Whoever carries our messages (the hub) is no counterpart of ours and may speak of everybody's.
bool is_counterpart(Step const& step, OperatorCode const& party) { return step.settings.operators.contains(party); }

/// What others say of numbers whose contract is with us, and which no dossier of ours lets go, cannot be.
/// Returns the numbers that may be as they say; complains about the others.
std::vector<NumberRange> without_ours(Step& step, Incoming const& in, DossierId const& dossier, std::vector<NumberRange> const& numbers) {
    std::vector<NumberRange> ours;
    for (auto const& range : numbers)
        for (Number n = range.first; n <= range.last; n = n.next())
            if (NumberRecord const* const record = step.number(n); record && record->contract && record->serving == step.settings.own) ours.push_back({n, n});
    for (auto const& range : joined(ours))
        step.complain(in.sender(), dossier, "NOT_YOUR_NUMBER", to_string(range) + " is served by " + step.settings.own.text + ", which let it go in no such dossier");
    return without(numbers, ours);
}

void hear(Step& step, Port& port, std::vector<Line*> const& lines, port_out::Event event, std::string const& note = {}) {
    for (Line* const line : lines)
        if (drive(step, port, *line, event, note).verdict == machine::Verdict::refused)
            step.complain(port.recipient, port.dossier, "OUT_OF_SEQUENCE",
                          fmt::format("{} for {} does not fit its state {}", port_out::table.about(event).name, to_string(line->numbers), line->state), port.id);
}

// ------------------------------------------------------------------------------------------------------- as the donor

void hear_request(Step& step, Incoming const& in, message::PortRequest const& request) {
    if (Port* const known = step.port_of(request.dossier, Role::port_out)) {
        step.about(known->id.text);
        std::vector<NumberRange> before;
        for (Line const* const line : step.lines(known->id)) before.push_back(line->numbers);
        bool const same = known->recipient == request.recipient && joined(before) == joined(request.numbers) &&
                          known->customer == customer_from(request.customer) && known->note == request.note;
        if (!same)
            return step.complain(in.sender(), request.dossier, "DUPLICATE_DOSSIER", "dossier " + request.dossier.text + " exists with other content", known->id);
        return hear(step, *known, step.lines(known->id), port_out::request_received, "repeated");
    }
    if (request.donor && request.donor != step.settings.own)
        return step.complain(in.sender(), request.dossier, "NOT_DONOR", "the request names " + request.donor.text + " as donor");
    if (!speaks_for(step, in, request.recipient, request.dossier)) return;
    Port port;
    port.id = PortId{fmt::format("PO-{:06}", step.next("port_out"))};
    port.role = Role::port_out;
    port.dossier = request.dossier;
    port.recipient = request.recipient;
    port.donor = step.settings.own;
    auto const plan = belgian_plan(request.numbers.front().first);
    port.network = plan && plan->kind == Kind::mobile ? Network::mobile : Network::fixed;
    port.complex = count(request.numbers) > 1;
    port.customer = customer_from(request.customer);
    port.donor_account = request.customer.customerid;
    port.note = request.note;
    port.requested_at = step.now;
    port.rulebook = step.rulebook.version();
    if (NumberRecord const* const record = step.number(request.numbers.front().first))
        port.contract = record->contract ? record->contract : record->last_contract;
    Port& added = step.add(std::move(port));
    step.about(added.id.text);
    for (auto const& range : joined(request.numbers)) {
        Line line;
        line.numbers = range;
        line.state = port_out::table.about(port_out::table.initial).name;
        line.since = step.now;
        Line& placed = step.add_line(added, std::move(line));
        Timer timer = by_rule(step, "be.answer.within." + class_of(added), step.now);
        timer.subject = subject_of(placed);
        timer.name = port_out::table.about(port_out::Timer::answer_deadline).name;
        timer.armed_in = placed.state;
        step.arm(std::move(timer));
    }
    step.note(fmt::format("{} asks for {} number{}: {}", request.recipient.text, count(request.numbers), count(request.numbers) == 1 ? "" : "s", added.id.text));
    answer_by_machine(step, added, step.lines(added.id));
    for (auto const& waiting : step.book.parked(request.dossier)) step.unpark(waiting.seq, true);
}

void hear_cancel(Step& step, Incoming const& in, message::Cancel const& cancel) {
    Port* const port = step.port_of(cancel.dossier, Role::port_out);
    if (port == nullptr) return park(step, in, cancel.dossier);
    step.about(port->id.text);
    if (speaks_for(step, in, port->recipient, cancel.dossier)) hear(step, *port, step.lines(port->id), port_out::cancel_received, cancel.note);
}

/// By this news numbers went on from a recipient of ours; that he took them is still on its way to us. The dossier by which they leave.
std::optional<DossierId> still_leaving_by(Step& step, message::Performed const& performed) {
    if (!step.book.routes_by_moment()) return {}; // told again: an older npod did not wait
    for (auto const& range : performed.numbers)
        for (Number n = range.first; n <= range.last; n = n.next()) {
            auto const live = step.book.live_port(n, Role::port_out);
            if (!live || step.line(live->port, live->line)->state != "awaiting_execution") continue;
            if (Port const* const port = step.port(live->port); port->recipient == performed.donor) return port->dossier;
        }
    return {};
}

void hear_performed(Step& step, Incoming const& in, message::Performed const& performed) {
    if (in.sender() != performed.recipient)
        return step.complain(in.sender(), performed.dossier, "NOT_YOUR_DOSSIER", "only the recipient says that a port was performed");
    Port* const port = step.port_of(performed.dossier, Role::port_out);
    if (port == nullptr && performed.donor == step.settings.own) return park(step, in, performed.dossier);
    if (port != nullptr) step.about(port->id.text);
    if (port != nullptr && !speaks_for(step, in, port->recipient, performed.dossier)) return;
    if (auto const before = port == nullptr ? still_leaving_by(step, performed) : std::nullopt) {
        step.note(fmt::format("by {} the numbers went on before we heard that they had left us by {}; it waits for that", performed.dossier.text, before->text));
        return step.park({in.received.seq, *before, in.sender(), std::string(message::type_of(in.received.message.body)), step.now});
    }
    if (port == nullptr) { // a port between others: only the routing table learns of it
        Moment const effective = performed.at && *performed.at <= step.now ? *performed.at : step.now;
        for (auto const& range : without_ours(step, in, performed.dossier, performed.numbers)) step.route_as_told(range, performed.recipient, effective);
        return;
    }
    bool const plausible = performed.at && *performed.at <= step.now && *performed.at >= port->requested_at;
    std::vector<NumberRange> asked;
    for (Line const* const line : step.lines(port->id)) asked.push_back(line->numbers);
    for (auto const& range : in_both(performed.numbers, asked)) step.route_as_told(range, performed.recipient, plausible ? *performed.at : step.now);
    for (auto const& unknown : without(performed.numbers, asked))
        step.complain(in.sender(), performed.dossier, "NOT_IN_DOSSIER", to_string(unknown) + " is not of this dossier", port->id);
    std::vector<Line*> touched;
    for (auto const& range : performed.numbers)
        for (Line* const line : step.lines(port->id)) {
            if (!line->numbers.overlaps(range)) continue;
            if (line_settled(port->role, line->state)) {
                touched.push_back(line);
                continue;
            }
            for (Line* const part : step.cover(*port, in_both({line->numbers}, {range}))) touched.push_back(part);
        }
    if (performed.at && !plausible) step.note("the message says it was performed at " + to_rfc3339(*performed.at) + ", which cannot be; our own time counts");
    for (Line* const line : touched)
        if (plausible && !line_settled(port->role, line->state)) line->effective_at = performed.at;
    hear(step, *port, touched, port_out::performed_received);
    for (auto const& waiting : step.book.parked(port->dossier)) step.unpark(waiting.seq, true); // where they went on to
}

// --------------------------------------------------------------------------------------------------- as the recipient

/// A date that nobody can mean: past the planning horizon, or a "not before" of a day gone by.
bool implausible(Step const& step, Port const& port, Moment date, bool must_lie_ahead) {
    auto const& law = step.law_of(port);
    bool const gone_by = law.calendar().day_of(date) < law.calendar().day_of(step.now);
    return date > law.due("npod.horizon", step.now) || (must_lie_ahead && gone_by);
}

void complain_of_date(Step& step, Port const& port, Moment date, std::string const& what) {
    step.complain(port.donor, port.dossier, "IMPLAUSIBLE_DATE", fmt::format("{} cannot be {}; answer again", to_rfc3339(date), what), port.id);
}

void hear_answered_range(Step& step, Port& port, message::AnsweredRange const& range) {
    bool const blocked = !range.grounds.empty() || !range.unknown_codes.empty();
    // A yes from a day gone by is a yes from now on.
    if (range.first_possible && implausible(step, port, *range.first_possible, blocked))
        return complain_of_date(step, port, *range.first_possible, "a first possible date for " + to_string(range.numbers));
    auto const event = !blocked ? port_in::acceptance_received : range.first_possible ? port_in::postponement_received : port_in::refusal_received;
    std::vector<Line*> covered = step.cover(port, {range.numbers});
    for (Line* const settled : step.lines(port.id)) // a repeated answer about a settled line is heard by its machine too
        if (line_settled(port.role, settled->state) && settled->numbers.overlaps(range.numbers) && std::ranges::find(covered, settled) == covered.end())
            covered.push_back(settled);
    std::string said;
    for (auto const ground : range.grounds) said += (said.empty() ? "" : ", ") + std::string(code_of(ground));
    for (auto const& code : range.unknown_codes) said += (said.empty() ? "" : ", ") + ("wire code " + code);
    if (range.first_possible) said += (said.empty() ? "from " : " until ") + step.law_of(port).calendar().local_text(*range.first_possible);
    for (Line* const line : covered) {
        Line heard = *line; // whether a second yes counts depends on its date
        if (event == port_in::acceptance_received) heard.first_possible = range.first_possible;
        bool const counts = preview(step, port, heard, event).entered;
        if (counts) {
            line->grounds = range.grounds;
            line->note = range.note;
            (event == port_in::postponement_received ? line->postponed_until : line->first_possible) = range.first_possible;
        }
        if (drive(step, port, *line, event, said).verdict == machine::Verdict::refused)
            step.complain(port.donor, port.dossier, "OUT_OF_SEQUENCE", fmt::format("an answer for {} does not fit its state {}", to_string(line->numbers), line->state), port.id);
    }
}

void hear_answer(Step& step, Incoming const& in, message::Answer const& answer) {
    Port* const port = step.port_of(answer.dossier, Role::port_in);
    if (port == nullptr) return step.complain(in.sender(), answer.dossier, "UNKNOWN_DOSSIER", "dossier " + answer.dossier.text + " is not known here");
    step.about(port->id.text);
    if (!speaks_for(step, in, port->donor, answer.dossier)) return;
    std::vector<NumberRange> asked;
    for (Line const* const line : step.lines(port->id)) asked.push_back(line->numbers);
    asked = joined(std::move(asked)); // once, not for each of a thousand ranges
    for (auto const& range : answer.ranges) {
        for (auto const& unknown : without({range.numbers}, asked))
            step.complain(in.sender(), answer.dossier, "NOT_IN_DOSSIER", to_string(unknown) + " is not of this dossier", port->id);
        if (!in_both({range.numbers}, asked).empty()) hear_answered_range(step, *port, range);
    }
}

void hear_delay(Step& step, Incoming const& in, message::AnswerDelayed const& delayed) {
    Port* const port = step.port_of(delayed.dossier, Role::port_in);
    if (port == nullptr) return step.complain(in.sender(), delayed.dossier, "UNKNOWN_DOSSIER", "dossier " + delayed.dossier.text + " is not known here");
    step.about(port->id.text);
    if (!speaks_for(step, in, port->donor, delayed.dossier)) return;
    auto due = delayed.answer_due;
    if (due && implausible(step, *port, *due, true)) { // trusted, it would hide the donor's silence until then
        complain_of_date(step, *port, *due, "the date of an answer");
        due.reset();
    }
    for (Line* const line : step.lines(port->id)) {
        if (preview(step, *port, *line, port_in::delay_announced).entered) line->announced_at = due;
        drive(step, *port, *line, port_in::delay_announced,
              due ? "answer announced for " + step.law_of(*port).calendar().local_text(*due) : "no date given");
    }
}

// ------------------------------------------------------------------------------------------------------- as anybody

/// The counterpart of the dossier and whoever carries our messages may; another operator's complaint moves nothing.
bool may_complain(Step const& step, Incoming const& in, OperatorCode const& counterpart) {
    return in.sender() == counterpart || !is_counterpart(step, in.sender());
}

void hear_error(Step& step, Incoming const& in, message::ErrorFound const& error) {
    std::string said = in.sender().text + " says:";
    for (auto const& item : error.items) said += fmt::format(" {} {}{}{};", item.code, item.description, item.phone_number.empty() ? "" : " ", item.phone_number);
    // The whole of it is in the record anyhow; each line of a large port would repeat it.
    said = std::string(first_characters(said, limits::text_bytes_max));
    step.note(said);
    if (Port* const port = step.port_of(error.dossier, Role::port_in); port && may_complain(step, in, port->donor)) {
        step.about(port->id.text);
        for (Line* const line : step.lines(port->id)) {
            if (preview(step, *port, *line, port_in::error_received).next == port_in::refused) {
                line->grounds = {Ground::technical};
                line->note = std::string(first_characters(said, 200));
            }
            drive(step, *port, *line, port_in::error_received, said);
        }
    }
    if (Port* const port = step.port_of(error.dossier, Role::port_out); port && may_complain(step, in, port->recipient)) {
        step.about(port->id.text);
        for (Line* const line : step.lines(port->id)) drive(step, *port, *line, port_out::error_received, said);
    }
    // A deactivation went to everybody: whoever cannot use it may say so.
    if (auto const id = step.book.deactivation_sent(error.dossier))
        if (Delivery* const sent = step.delivery(*id)) drive(step, *sent, delivery::error_received, said);
}

/// The message has no date of its own: its header says when it was sent, and may be wrong. Whom the table knows as serving the number
/// gives it back after all that the table knows.
Moment given_back_at(Step const& step, Incoming const& in, OperatorCode const& by, Number number) {
    auto const sent = in.received.message.timestamp;
    if (!sent || *sent > step.now) return step.now;
    bool const serves = step.book.serving(number) == by;
    return serves && !step.book.routed_after({number, number}, *sent).empty() ? step.now : *sent;
}

void hear_deactivation(Step& step, Incoming const& in, message::Deactivation const& deactivation) {
    if (!speaks_for(step, in, deactivation.current, deactivation.dossier)) return;
    for (auto const& range : without_ours(step, in, deactivation.dossier, deactivation.numbers))
        for (Number n = range.first; n <= range.last; n = n.next()) {
            auto const holder = step.book.block_holder(n).value_or(deactivation.original);
            auto const at = given_back_at(step, in, deactivation.current, n);
            if (!holder || step.route_as_told({n, n}, holder, at).empty()) continue;
            if (holder != step.settings.own) continue;
            if (NumberRecord* const record = step.number(n)) {
                record->serving = step.settings.own;
                drive(step, *record, number::came_back, "given back by " + deactivation.current.text, at);
            }
        }
}

/// A block is taken by who has none there yet, and given back by its holder. What is ours, no message takes or gives.
void hear_range_change(Step& step, Incoming const& in, message::RangeChange const& change) {
    if (is_counterpart(step, in.sender()) && !speaks_for(step, in, change.current, change.dossier)) return;
    bool const plausible = change.planned && *change.planned <= step.rulebook.due("npod.horizon", step.now);
    if (plausible && *change.planned > step.now) {
        step.note("the block changes hands on the day that the message names, " + to_rfc3339(*change.planned));
        return step.park_until({in.received.seq, change.dossier, in.sender(), std::string(message::type_of(in.received.message.body)), step.now}, *change.planned);
    }
    for (auto const& range : change.numbers) {
        auto const known = step.book.blocks_within(range);
        bool const touches_ours = std::ranges::any_of(known, [&](auto const& block) { return block.operator_code == step.settings.own; });
        if (touches_ours && (change.current != step.settings.own || !change.activation))
            step.complain(in.sender(), change.dossier, "NOT_YOUR_NUMBER", to_string(range) + " touches a block of " + step.settings.own.text);
        else if (change.activation)
            step.block(range, change.current);
        else
            for (auto const& block : known)
                if (block.operator_code == change.current) step.block(block.numbers, {});
    }
}

} // namespace

void handle(Step& step, input::Received const& received) {
    Incoming const in{received};
    for (auto const& flag : received.message.flags) step.note(flag);
    std::visit(
        [&](auto const& body) {
            using Body = std::decay_t<decltype(body)>;
            if constexpr (std::is_same_v<Body, message::PortRequest>) hear_request(step, in, body);
            else if constexpr (std::is_same_v<Body, message::AnswerDelayed>) hear_delay(step, in, body);
            else if constexpr (std::is_same_v<Body, message::Answer>) hear_answer(step, in, body);
            else if constexpr (std::is_same_v<Body, message::Performed>) hear_performed(step, in, body);
            else if constexpr (std::is_same_v<Body, message::Cancel>) hear_cancel(step, in, body);
            else if constexpr (std::is_same_v<Body, message::Deactivation>) hear_deactivation(step, in, body);
            else if constexpr (std::is_same_v<Body, message::ErrorFound>) hear_error(step, in, body);
            else if constexpr (std::is_same_v<Body, message::RangeChange>) hear_range_change(step, in, body);
            else step.note("carries no port: " + body.type + " is kept and not interpreted");
        },
        received.message.body);
}

void handle(Step& step, input::ReceivedBroken const& broken) {
    std::string what;
    for (auto const& problem : broken.problems) what += (what.empty() ? "" : "; ") + problem.pointer + " " + problem.text;
    step.note(broken.type + " of " + broken.sender.text + " cannot be read: " + what);
    if (broken.type == "errorfound") return; // never complain about a complaint
    step.complain(broken.sender, broken.dossier ? broken.dossier : DossierId{"UNKNOWN"}, "FORM", std::string(first_characters(what, 900)));
}

} // namespace npod::porting
