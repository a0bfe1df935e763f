/// Deadlines in words, whose turn it is, what is legal next, what a port-out leaves behind.

#include "porting/explain.hpp"

#include "porting/wire_values.hpp"
#include "state_machines/outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace npod::porting {

namespace {

machine::Outline const& outline_of_subject(Timer const& timer) {
    char const* name = "port_in";
    switch (timer.subject.kind) {
    case SubjectKind::line: name = timer.subject.id.starts_with("PO-") ? "port_out" : "port_in"; break;
    case SubjectKind::number: name = "number"; break;
    case SubjectKind::contract: name = "contract"; break;
    case SubjectKind::claim: name = "claim"; break;
    case SubjectKind::delivery: name = "delivery"; break;
    case SubjectKind::parked: name = ""; break;
    }
    static machine::Outline const nothing{};
    auto const* found = machine::find_outline(name);
    return found ? *found : nothing;
}

std::string law_in_words(rules::Deadline const& law, rules::Calendar const& calendar) {
    auto const& rule = law.rule;
    auto const term = rules::to_string({std::atoi(rule.value.c_str()), rule.unit});
    auto const assumed = rule.standing == rules::Standing::assumed ? "an assumption of this product: " : std::string(name_of(rule.standing)) + ": ";
    return fmt::format("{} after {} (rule {}; {}{})", term, calendar.local_text(law.from), rule.id, assumed, rule.source);
}

/// One sentence that can be read to a customer.
std::string sentence_of(ExplainedDeadline const& deadline, rules::Calendar const& calendar) {
    auto const due = calendar.local_text(deadline.timer.due);
    auto const why = deadline.law ? law_in_words(*deadline.law, calendar) : std::string("the moment that was agreed");
    if (deadline.owner == "calendar") return fmt::format("Nobody needs to act before {}: {}.", due, why);
    if (deadline.owner == "customer") return fmt::format("The customer has until {}: {}.", due, why);
    return fmt::format("The {} must act by {}: {}.", deadline.owner, due, why);
}

/// What a person or a system of ours may cause, and the command that does it. What is not listed comes from elsewhere.
struct Verb {
    std::string_view event, verb;
};
constexpr Verb port_in_verbs[] = {{"submitted", "submit"},         {"hold_requested", "hold"},
                                  {"resume_requested", "resume"},  {"reschedule_requested", "reschedule"},
                                  {"activation_done", "activation --done"}, {"activation_failed", "activation --failed"},
                                  {"cancel_requested", "cancel"},  {"settled_by_person", "settle"}};
constexpr Verb port_out_verbs[] = {{"acceptance_decided", "answer --accept"},
                                   {"refusal_decided", "answer --refuse"},
                                   {"postponement_decided", "answer --postpone"},
                                   {"delay_decided", "answer --delay"},
                                   {"performance_recognised", "settle --recognise-transfer"},
                                   {"settled_by_person", "settle"}};

std::span<Verb const> verbs_of(Role role) {
    if (role == Role::port_in) return port_in_verbs;
    return port_out_verbs;
}

} // namespace

ExplainedDeadline explain(Timer const& timer, rules::Laws const& laws) {
    auto const& rulebook = laws.pinned(timer.rulebook);
    ExplainedDeadline deadline;
    deadline.timer = timer;
    auto const& outline = outline_of_subject(timer);
    for (auto const& state : outline.states)
        if (state.name == timer.armed_in) {
            deadline.owner = std::string(name_of(state.owner));
            deadline.waits_for = std::string(state.meaning);
        }
    for (auto const& row : outline.timers)
        if (row.name == timer.name) {
            deadline.on_expiry = std::string(row.on_expiry);
            deadline.on_expiry_event = std::string(row.event);
        }
    if (timer.subject.kind == SubjectKind::parked && timer.name == planned_day) {
        deadline.owner = "nobody";
        deadline.waits_for = "A block of numbers changes hands on the day that its message names.";
        deadline.on_expiry = "The routing table learns of it.";
    } else if (timer.subject.kind == SubjectKind::parked) {
        deadline.owner = "recipient";
        deadline.waits_for = "A message came before the request that it belongs to.";
        deadline.on_expiry = "Its sender is told that its dossier is unknown.";
    }
    if (timer.rule != "agreed") deadline.law = rulebook.deadline(timer.rule, timer.from);
    deadline.sentence = sentence_of(deadline, rulebook.calendar());
    return deadline;
}

std::vector<LegalNext> legal_next(Role role, std::string_view state) {
    if (line_settled(role, state)) return {}; // it may still answer, but there is nothing left to do with it
    std::vector<LegalNext> legal;
    auto const* outline = machine::find_outline(name_of(role));
    NPOD_PROMISE(outline != nullptr);
    for (auto const& verb : verbs_of(role)) {
        bool const leads_on = std::ranges::any_of(outline->rows, [&](auto const& row) { return row.in == state && row.on == verb.event; });
        if (!leads_on) continue;
        for (auto const& event : outline->events)
            if (event.name == verb.event) legal.push_back({std::string(event.name), std::string(verb.verb), std::string(event.meaning)});
    }
    return legal;
}

std::string next_expected(Port const& port, std::vector<Line> const&, std::vector<Timer> const& timers, rules::Laws const& laws) {
    if (port.settled || timers.empty()) return {};
    auto const& first = *std::ranges::min_element(timers, {}, &Timer::due);
    auto const deadline = explain(first, laws);
    return fmt::format("{}: by {}", deadline.owner, laws.pinned(first.rulebook).calendar().local_text(first.due));
}

} // namespace npod::porting
