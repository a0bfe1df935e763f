/// Running ports go over to the law in force, because a person says so.

#include "porting/handlers.hpp"
#include "porting/law_change.hpp"

#include <fmt/format.h>

#include <set>

namespace npod::porting {

namespace {

/// The record is the report: what is noted is told to whoever asked, too.
void tell(Step& step, std::vector<std::string>& told, std::string sentence) {
    step.note(sentence);
    told.push_back(std::move(sentence));
}

/// Everything armed for the port that a rule set: its lines' deadlines, and its claim's until the amount is fixed.
std::vector<Timer> deadlines_of(Step& step, Port const& port) {
    std::vector<Timer> armed;
    auto const add = [&](Subject const& subject) {
        if (auto timer = step.timer(subject)) armed.push_back(std::move(*timer));
    };
    for (Line const* const line : step.lines(port.id)) add(subject_of(*line));
    if (Claim const* const claim = step.claim_of(port.id); claim != nullptr && !claim->amount) add(subject_of(*claim));
    return armed;
}

/// Deadlines that the new law sets at the same moment are set by it all the same: they are explained by it from now on.
void arm_again(Step& step, std::vector<Timer> const& armed, rules::Rulebook const& law) {
    for (auto timer : armed) {
        auto const rule = law.find(timer.rule, timer.from);
        if (!rule || !is_term(*rule)) continue; // agreed, which no rule moves; or the new law has no such term
        auto const again = by_rule(law, timer.rule, timer.from);
        timer.due = again.due;
        timer.rule = again.rule;
        timer.rulebook = again.rulebook;
        step.arm(std::move(timer));
    }
}

void tell_moved(Step& step, std::vector<std::string>& told, std::vector<MovedDeadline> const& moved, rules::Rulebook const& law) {
    for (auto const& one : moved) {
        if (!one.new_due) continue;
        tell(step, told, fmt::format("{} {}: {} -> {} (rule {}){}", one.timer.subject.id, one.timer.name, law.calendar().local_text(one.timer.due),
                               law.calendar().local_text(*one.new_due), one.rule.id, one.turns_overdue ? "; overdue, it is heard at once" : ""));
    }
}

void adopt(Step& step, std::vector<std::string>& told, Port& port) {
    auto const& law = step.rulebook;
    auto const armed = deadlines_of(step, port);
    std::vector<Line> lines;
    for (Line const* const line : step.lines(port.id)) lines.push_back(*line);
    std::optional<Claim> claim;
    if (Claim const* const found = step.claim_of(port.id)) claim = *found;

    step.about(port.id.text);
    tell(step, told, fmt::format("{} runs under rulebook {} {} from now on, before under {}", port.id.text, law.name(), law.version(),
                           port.rulebook.empty() ? "none" : port.rulebook));
    tell_moved(step, told, moved_deadlines(armed, step.laws, law, step.now), law);
    if (auto const money = changed_money(port, lines, claim, step.law_of(port), law, step.now))
        tell(step, told, fmt::format("{}: {} -> {} owed so far", port.id.text, to_string(money->before), to_string(money->after)));
    arm_again(step, armed, law);
    port.rulebook = law.version();
}

} // namespace

void handle(Step& step, input::AdoptLaw const& command) {
    std::set<PortId> named;
    std::vector<Port*> ports;
    for (auto const& id : command.ports.empty() ? step.book.running_ports() : command.ports) {
        Port* const port = step.port(id);
        if (port == nullptr) step.refuse(no_such("port", id.text));
        else if (port->settled)
            step.refuse({RefusalCode::illegal_now, id.text + " is settled; what was owed and done under its law stays.", "/ports", "Leave it out.", ""});
        else if (port->rulebook != step.rulebook.version() && named.insert(id).second) ports.push_back(port);
    }
    if (step.refused()) return;
    std::vector<std::string> told;
    for (Port* const port : ports) adopt(step, told, *port);
    if (ports.empty()) tell(step, told, "every port named runs under the law in force already");
    step.answered(step.rulebook.version());
    step.told(std::move(told));
}

} // namespace npod::porting
