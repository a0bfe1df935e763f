/// The donor's decision by a person or a system of ours.

#include "porting/examination.hpp"
#include "porting/handlers.hpp"

#include <fmt/format.h>

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
    Moment const horizon = step.rulebook.deadline("npod.horizon", step.now).due;
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
        line.first_possible = step.rulebook.calendar().next_window_opening(decision.at.value_or(step.now));
        note = "first possible " + step.rulebook.calendar().local_text(*line.first_possible);
        break;
    case refuse:
        event = port_out::refusal_decided;
        note = codes(decision.grounds);
        break;
    case postpone:
        event = port_out::postponement_decided;
        line.postponed_until = decision.at;
        note = codes(decision.grounds) + " until " + step.rulebook.calendar().local_text(*decision.at);
        break;
    }
    if (drive(step, port, line, event, note).verdict == machine::Verdict::refused)
        step.refuse(not_now(port.role, line, port_out::table.about(event).name));
}

void announce(Step& step, Port& port, Moment until) {
    if (until <= step.now)
        return step.refuse({RefusalCode::not_admissible, "The announced date is not in the future.", "/delay/until", "Give a later one.", ""});
    for (Line* const line : step.cover(port, {})) {
        if (!waits_for_our_answer(*line) || line->state == "postponed") continue;
        line->announced_at = until;
        if (drive(step, port, *line, port_out::delay_decided, "answer announced for " + step.rulebook.calendar().local_text(until)).verdict ==
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
    if (answer.decisions.empty() && !answer.delay_until)
        return step.refuse({RefusalCode::malformed, "The answer decides nothing.", "/decisions", "Accept, refuse or postpone at least one line.", ""});
    for (std::size_t i = 0; i < answer.decisions.size(); ++i) check(step, answer.decisions[i], i);
    if (step.refused()) return;
    std::vector<NumberRange> decided;
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
        for (Line* const line : lines) decide_line(step, *port, *line, decision);
    }
    if (answer.delay_until) announce(step, *port, *answer.delay_until);
    step.answered(port->id.text);
}

} // namespace npod::porting
