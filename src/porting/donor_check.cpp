/// What may be answered without a person: what our own book gives against letting a number go refuses it, sufficient data lets it go.

#include "porting/examination.hpp"
#include "porting/handlers.hpp"
#include "porting/residue.hpp"

#include <algorithm>

namespace npod::porting {

namespace {

/// What the recipient must know to mend it, in the few characters that the wire has for it.
std::string note_for(Examination& examination, Line const& line) {
    if (std::ranges::find(line.grounds, Ground::incomplete_range) == line.grounds.end()) return {};
    std::string note;
    for (auto const& range : examination.unstated_around(line.numbers.first))
        note += (note.empty() ? "NO FATE STATED FOR " : " ") + to_string(range);
    return note;
}

/// The wire has no words for a service of ours, so its fate is for a person to find out.
bool services_have_fates(Step& step, Port const& port) {
    std::vector<Line> lines;
    for (Line const* const line : step.lines(port.id)) lines.push_back(*line);
    for (auto const& contract : contracts_of(port, lines, step.book))
        for (auto const& service : residue(port, lines, contract, step.book, step.law_of(port)).services)
            if (service.fate == "unstated") return false;
    return true;
}

bool machine_may_accept(Step& step, Port const& port) {
    if (!services_have_fates(step, port)) return false;
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

bool waits_for_our_answer(Line const& line) {
    return !line_settled(Role::port_out, line.state) && line.state != "awaiting_execution" && line.state != "disputed";
}

void answer_by_machine(Step& step, Port& port, std::vector<Line*> const& lines) {
    struct Part {
        NumberRange numbers;
        std::vector<Ground> grounds;
    };
    std::vector<Part> parts;
    Examination examination(step, port);
    for (Line const* const line : lines)
        for (Number n = line->numbers.first; n <= line->numbers.last; n = n.next()) {
            auto grounds = examination.given(n);
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
                line->first_possible = step.law_of(port).calendar().next_window_opening(step.now);
                drive(step, port, *line, port_out::acceptance_decided, "our data suffices");
            } else {
                line->grounds = part.grounds;
                line->note = note_for(examination, *line);
                std::string note;
                for (auto const ground : part.grounds) note += (note.empty() ? "" : ", ") + std::string(code_of(ground));
                drive(step, port, *line, port_out::refusal_decided, note);
            }
        }
    }
}

} // namespace npod::porting
