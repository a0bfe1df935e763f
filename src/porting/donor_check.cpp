/// The donor's own check: which grounds our data gives against letting a number go, and what may be answered without a person.

#include "porting/handlers.hpp"
#include "porting/wire_values.hpp"

#include <algorithm>

namespace npod::porting {

namespace {

bool mentions(std::string_view whole, std::string_view part) {
    return part.empty() || same_text(whole, part) || (whole.size() >= part.size() && same_text(whole.substr(whole.size() - part.size()), part));
}

void compare_customer(Port const& port, Customer const& titular, std::vector<Ground>& grounds) {
    auto const& asked = port.customer;
    if (!asked.customer_id.empty() && !titular.customer_id.empty() && !same_text(asked.customer_id, titular.customer_id))
        grounds.push_back(Ground::wrong_account);
    auto const differs = [](std::string const& a, std::string const& b) { return !a.empty() && !b.empty() && !same_text(a, b); };
    if (!mentions(titular.name, asked.name) || differs(asked.address.postcode, titular.address.postcode) ||
        differs(asked.address.house_number, titular.address.house_number))
        grounds.push_back(Ground::name_address_mismatch);
}

/// Numbers of the same installation range must all have a fate: asked for, leaving already, or stated in the request's note. Those
/// that have none; the first of them only, when that answers the question.
std::vector<NumberRange> without_fate(Step& step, Port const& port, Contract const& contract, Number number, bool first_only) {
    std::vector<NumberRange> open;
    for (auto const& range : contract.numbers) {
        if (!range.contains(number)) continue;
        std::vector<NumberRange> spoken_for;
        for (Line const* const line : step.lines(port.id)) spoken_for.push_back(line->numbers);
        for (auto const& fate : fates_in(port.note)) spoken_for.push_back(fate.numbers);
        for (auto const& rest : without({range}, spoken_for))
            for (Number n = rest.first; n <= rest.last && !(first_only && !open.empty()); n = n.next())
                if (!step.book.live_port(n, Role::port_out)) open.push_back({n, n});
    }
    return joined(std::move(open));
}

/// What the recipient must know to mend it, in the few characters that the wire has for it.
std::string note_for(Step& step, Port const& port, Line const& line) {
    if (std::ranges::find(line.grounds, Ground::incomplete_range) == line.grounds.end()) return {};
    std::string note;
    if (NumberRecord const* const record = step.number(line.numbers.first))
        if (Contract const* const contract = step.contract(record->contract))
            for (auto const& range : without_fate(step, port, *contract, line.numbers.first, false))
                note += (note.empty() ? "NO FATE STATED FOR " : " ") + to_string(range);
    return note;
}

bool machine_may_accept(Step const& step, Port const& port) {
    switch (step.settings.automatic) {
    case AutomaticAnswer::all: return true;
    case AutomaticAnswer::simple: return !port.complex;
    case AutomaticAnswer::none: return false;
    }
    return false;
}

/// Grounds that are facts of our own book, not matters of judgement: a machine may refuse on them without a person.
bool plain_fact(Ground ground) {
    return ground == Ground::ageing || ground == Ground::inactive || ground == Ground::not_assigned || ground == Ground::port_in_progress;
}

} // namespace

std::vector<Ground> grounds_against(Step& step, Port const& port, Number number) {
    NumberRecord const* const record = step.number(number);
    if (record == nullptr) return {Ground::not_assigned};
    std::vector<Ground> grounds;
    if (record->state == "ageing") return {Ground::ageing};
    if (record->state == "free" || record->state == "returned" || record->state == "ported_out") return {Ground::inactive};
    if (auto const live = step.book.live_port(number, Role::port_out); live && live->port != port.id) grounds.push_back(Ground::port_in_progress);
    Contract const* const contract = step.contract(record->contract ? record->contract : record->last_contract);
    if (contract == nullptr) return grounds;
    compare_customer(port, contract->customer, grounds);
    if (record->contract && !without_fate(step, port, *contract, number, true).empty()) grounds.push_back(Ground::incomplete_range);
    return grounds;
}

void answer_by_machine(Step& step, Port& port, std::vector<Line*> const& lines) {
    struct Part {
        NumberRange numbers;
        std::vector<Ground> grounds;
    };
    std::vector<Part> parts;
    for (Line const* const line : lines)
        for (Number n = line->numbers.first; n <= line->numbers.last; n = n.next()) {
            auto grounds = grounds_against(step, port, n);
            bool const extends = !parts.empty() && n != line->numbers.first && parts.back().grounds == grounds;
            if (extends) parts.back().numbers.last = n;
            else parts.push_back({{n, n}, std::move(grounds)});
        }
    bool const may_accept = machine_may_accept(step, port);
    for (auto const& part : parts) {
        bool const fact = std::ranges::any_of(part.grounds, plain_fact);
        if (!fact && !may_accept) continue; // a person answers
        for (Line* const line : step.cover(port, {part.numbers})) {
            if (part.grounds.empty()) {
                line->first_possible = step.rulebook.calendar().next_window_opening(step.now);
                drive(step, port, *line, port_out::acceptance_decided, "our data suffices");
            } else {
                line->grounds = part.grounds;
                line->note = note_for(step, port, *line);
                std::string note;
                for (auto const ground : part.grounds) note += (note.empty() ? "" : ", ") + std::string(code_of(ground));
                drive(step, port, *line, port_out::refusal_decided, note);
            }
        }
    }
}

} // namespace npod::porting
