/// The donor's decision by a person or a system of ours.

#include "porting/examination.hpp"
#include "porting/handlers.hpp"
#include "porting/residue.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace npod::porting {

namespace {

std::string codes(std::vector<Ground> const& grounds) {
    std::string text;
    for (auto const ground : grounds) text += (text.empty() ? "" : ", ") + std::string(code_of(ground));
    return text;
}

/// What is wrong with a decision by itself, whatever the line.
void check(Step& step, input::Decision const& decision, std::size_t index) {
    using enum input::Decision::Kind;
    auto const pointer = fmt::format("/decisions/{}", index);
    auto const wrong = [&](std::string text, std::string_view member, std::string next) {
        step.refuse({RefusalCode::not_admissible, std::move(text), pointer + std::string(member), std::move(next), ""});
    };
    Moment const horizon = step.rulebook.due("npod.horizon", step.now);
    if (decision.kind == refuse && decision.grounds.empty())
        wrong("A refusal needs at least one ground; an unpaid bill or a running term is none.", "/refuse/grounds", "Name every ground at once.");
    if (decision.kind == postpone && decision.grounds.empty()) wrong("A postponement needs a ground.", "/postpone/ground", "Name the ground.");
    if (decision.kind == postpone && !decision.at) wrong("A postponement needs a date.", "/postpone/until", "Say until when.");
    if (decision.at && *decision.at < step.now) wrong("The date is in the past.", decision.kind == accept ? "/accept/at" : "/postpone/until", "Give a later one.");
    if (decision.at && *decision.at > horizon) wrong("The date is further away than npod.horizon allows.", decision.kind == accept ? "/accept/at" : "/postpone/until", "Give an earlier one.");
}

/// A ground that our own book speaks against is refused, with what it says; neighbours of which it says the same are named together.
void check_grounds(Step& step, Examination& examination, input::Decision const& decision, std::vector<Line*> const& lines, std::size_t index) {
    auto const pointer = fmt::format("/decisions/{}/{}", index, decision.kind == input::Decision::Kind::refuse ? "refuse/grounds" : "postpone/ground");
    auto const next = "See what may be used now with: npctl port answer " + (lines.empty() ? "ID" : lines.front()->port.text) + " --eligible";
    auto const wrong = [&](Ground ground, std::string text, std::string at, std::string mend) {
        step.refuse({RefusalCode::not_admissible, std::move(text), std::move(at), std::move(mend), std::string(code_of(ground))});
    };
    for (auto const ground : decision.grounds) {
        std::map<std::string, std::vector<NumberRange>> barred; // by why
        bool text_missing = false;
        for (Line const* const line : lines)
            for (Number n = line->numbers.first; n <= line->numbers.last; n = n.next()) {
                auto const judged = examination.of(n, ground);
                if (!judged.admissible()) barred[judged.why].push_back({n, n});
                text_missing |= judged.needs_text && decision.note.empty();
            }
        for (auto& [why, numbers] : barred)
            for (auto const& range : joined(std::move(numbers)))
                wrong(ground, fmt::format("{} is no ground for {}: {}.", code_of(ground), to_string(range), why), pointer, next);
        if (text_missing)
            wrong(ground, fmt::format("{} needs a text that the recipient can act on.", code_of(ground)), fmt::format("/decisions/{}/note", index),
                  "Say in the note what the matter is: --note TEXT.");
    }
}

void decide_line(Step& step, Port& port, Line& line, input::Decision const& decision) {
    using enum input::Decision::Kind;
    line.note = decision.note;
    line.grounds = decision.grounds;
    port_out::Event event = port_out::acceptance_decided;
    std::string note;
    switch (decision.kind) {
    case accept:
        line.first_possible = step.law_of(port).calendar().next_window_opening(decision.at.value_or(step.now));
        note = "first possible " + step.law_of(port).calendar().local_text(*line.first_possible);
        break;
    case refuse:
        event = port_out::refusal_decided;
        note = codes(decision.grounds);
        break;
    case postpone:
        event = port_out::postponement_decided;
        line.postponed_until = decision.at;
        note = codes(decision.grounds) + " until " + step.law_of(port).calendar().local_text(*decision.at);
        break;
    }
    if (drive(step, port, line, event, note).verdict == machine::Verdict::refused)
        step.refuse(not_now(port.role, line, port_out::table.about(event).name));
}

// ------------------------------------------------------------------------------------------------------ the residue gate

std::string name_of(RelatedNumber const& stated) { return stated.service.empty() ? to_string(stated.numbers) : "service \"" + stated.service + "\""; }

/// A fate is of something that is left of a contract of this port: not of what was asked for, nor of what is not there.
void check_fate(Step& step, RelatedNumber const& stated, std::vector<NumberRange> const& asked, std::vector<Contract> const& contracts, std::size_t index) {
    auto const wrong = [&](std::string text, std::string next) {
        step.refuse({RefusalCode::not_admissible, std::move(text), fmt::format("/fates/{}", index), std::move(next), ""});
    };
    if (stated.fate == Fate::port)
        return wrong(name_of(stated) + " was not asked for: a donor does not start a port-out (be.lead).", "Say keep or cancel.");
    std::vector<NumberRange> held;
    bool known = false, with_numbers = false;
    for (auto const& contract : contracts) {
        held.insert(held.end(), contract.numbers.begin(), contract.numbers.end());
        for (auto const& service : contract.related)
            if (same_text(service.name, stated.service)) known = true, with_numbers |= !service.numbers.empty();
    }
    if (stated.service.empty()) {
        for (auto const& range : in_both(asked, {stated.numbers}))
            wrong(to_string(range) + " is asked for by this very port.", "Answer it with a decision instead.");
        for (auto const& range : without(without({stated.numbers}, asked), held))
            wrong(to_string(range) + " is not of a contract of this port.", "See what is with: npctl port residue");
    } else if (!known) {
        wrong("No contract of this port has a " + name_of(stated) + ".", "See which there are with: npctl port residue");
    } else if (!with_numbers) {
        wrong(name_of(stated) + " goes with its whole contract: it ends with the last number, and stays while one stays.", "Leave it out.");
    }
}

/// What was said before of the same numbers or service is replaced.
void state(Port& port, RelatedNumber const& stated) {
    std::vector<RelatedNumber> kept;
    for (auto const& earlier : port.related) {
        if (!earlier.service.empty()) {
            if (!same_text(earlier.service, stated.service)) kept.push_back(earlier);
            continue;
        }
        auto const rest = stated.service.empty() ? without({earlier.numbers}, {stated.numbers}) : std::vector{earlier.numbers};
        for (auto const& range : rest) kept.push_back({range, earlier.fate});
    }
    kept.push_back(stated);
    port.related = std::move(kept);
}

std::vector<Line> copies(std::vector<Line*> const& lines) {
    std::vector<Line> all;
    for (Line const* const line : lines) all.push_back(*line);
    return all;
}

void state_fates(Step& step, Port& port, std::vector<RelatedNumber> const& fates) {
    if (fates.empty()) return;
    auto const lines = copies(step.lines(port.id));
    if (std::ranges::none_of(lines, waits_for_our_answer))
        return step.refuse({RefusalCode::illegal_now, "No line of " + port.id.text + " waits for our answer: the fates of what is related are fixed.", "/fates", "Look at them with: npctl port residue " + port.id.text, ""});
    auto const contracts = contracts_of(port, lines, step.book);
    std::vector<NumberRange> asked;
    for (auto const& line : lines) asked.push_back(line.numbers);
    for (std::size_t i = 0; i < fates.size(); ++i) check_fate(step, fates[i], asked, contracts, i);
    if (step.refused()) return;
    for (auto stated : fates) {
        for (auto const& contract : contracts)
            for (auto const& service : contract.related)
                if (same_text(service.name, stated.service)) stated.service = service.name; // as the contract writes it
        state(port, stated);
        step.note(fmt::format("{} of the contract: {}", name_of(stated), porting::name_of(stated.fate)));
    }
}

/// No acceptance while a number of an asked series or a service that loses numbers has no fate (INCOMPLETE_RANGE lists them).
void check_residue(Step& step, Port const& port, std::vector<Line*> const& lines) {
    auto const all = copies(step.lines(port.id));
    auto const accepted = copies(lines);
    std::vector<NumberRange> leaving;
    for (auto const& line : accepted) leaving.push_back(line.numbers);
    auto const next = "Say it with --keep RANGE, --cancel RANGE or --service NAME=keep|cancel; see: npctl port residue " + port.id.text;
    for (auto const& contract : contracts_of(port, accepted, step.book)) {
        if (in_both(contract.numbers, leaving).empty()) continue; // nothing of it was said yes to
        auto const left = residue(port, all, contract, step.book, step.law_of(port));
        std::string what;
        for (auto const& item : left.numbers)
            if (item.fate == "unstated") what += (what.empty() ? "" : ", ") + to_string(item.numbers);
        for (auto const& service : left.services)
            if (service.fate == "unstated") what += (what.empty() ? "" : ", ") + ("service \"" + service.name + "\"");
        if (!what.empty())
            step.refuse({RefusalCode::not_admissible, fmt::format("No fate is stated for {} of contract {}.", what, contract.id.text), "/fates", next,
                         std::string(code_of(Ground::incomplete_range))});
    }
}

void announce(Step& step, Port& port, Moment until) {
    if (until <= step.now)
        return step.refuse({RefusalCode::not_admissible, "The announced date is not in the future.", "/delay/until", "Give a later one.", ""});
    for (Line* const line : step.cover(port, {})) {
        if (!waits_for_our_answer(*line) || line->state == "postponed") continue;
        line->announced_at = until;
        if (drive(step, port, *line, port_out::delay_decided, "answer announced for " + step.law_of(port).calendar().local_text(until)).verdict ==
            machine::Verdict::refused)
            step.refuse(not_now(port.role, *line, "delay_decided"));
    }
}

} // namespace

void handle(Step& step, input::AnswerPort const& answer) {
    Port* const port = step.port(answer.port);
    if (port == nullptr) return step.refuse(no_such("port", answer.port.text));
    step.about(port->id.text);
    if (port->role != Role::port_out)
        return step.refuse({RefusalCode::not_admissible, answer.port.text + " is a port_in: its donor answers, not we.", "", "Wait for the donor.", ""});
    if (answer.decisions.empty() && !answer.delay_until && answer.fates.empty())
        return step.refuse({RefusalCode::malformed, "The answer decides nothing.", "/decisions", "Accept, refuse or postpone at least one line.", ""});
    for (std::size_t i = 0; i < answer.decisions.size(); ++i) check(step, answer.decisions[i], i);
    if (step.refused()) return;
    state_fates(step, *port, answer.fates);
    if (step.refused()) return;
    std::vector<NumberRange> decided;
    std::vector<Line*> accepted;
    Examination examination(step, *port);
    for (std::size_t i = 0; i < answer.decisions.size(); ++i) {
        auto const& decision = answer.decisions[i];
        if (!in_both(decided, decision.numbers).empty())
            return step.refuse({RefusalCode::malformed, "A number is decided twice in one answer.", "/decisions", "Decide each number once.", ""});
        decided.insert(decided.end(), decision.numbers.begin(), decision.numbers.end());
        auto lines = step.cover(*port, decision.numbers);
        if (decision.numbers.empty()) std::erase_if(lines, [](Line const* line) { return !waits_for_our_answer(*line); }); // "all" does not mean those
        std::vector<NumberRange> covered;
        for (Line const* const line : lines) covered.push_back(line->numbers);
        for (auto const& missing : without(decision.numbers, covered))
            step.refuse({RefusalCode::illegal_now, to_string(missing) + " is in no open line of " + port->id.text + ".", "/decisions", "Look at the lines with: npctl port show " + port->id.text, ""});
        if (lines.empty() && decision.numbers.empty())
            step.refuse({RefusalCode::illegal_now, "No line of " + port->id.text + " waits for our answer.", "", "Look at the lines with: npctl port show " + port->id.text, ""});
        check_grounds(step, examination, decision, lines, i);
        if (decision.kind == input::Decision::Kind::accept) accepted.insert(accepted.end(), lines.begin(), lines.end());
        for (Line* const line : lines) decide_line(step, *port, *line, decision);
    }
    check_residue(step, *port, accepted);
    if (answer.delay_until) announce(step, *port, *answer.delay_until);
    step.answered(port->id.text);
}

} // namespace npod::porting
