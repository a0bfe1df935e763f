#include "rules/difference.hpp"

#include <algorithm>

namespace npod::rules {

namespace {

using namespace std::chrono;

bool same_effect(Rule const& a, Rule const& b) {
    return a.unit == b.unit && a.value == b.value && a.anchor == b.anchor && a.valid_from == b.valid_from &&
           a.valid_until == b.valid_until;
}

/// The rule of `book` that stands for `rule` of another: the same id and first day, or the only one of that id.
Rule const* counterpart(Rulebook const& book, Rule const& rule) {
    auto const id = book.own_id(rule.id);
    Rule const* found = nullptr;
    std::size_t periods = 0;
    for (auto const& candidate : book.all()) {
        if (candidate.id != id) continue;
        if (candidate.valid_from == rule.valid_from) return &candidate;
        found = &candidate;
        ++periods;
    }
    return periods == 1 ? found : nullptr;
}

} // namespace

std::vector<RuleDifference> rule_differences(Rulebook const& before, Rulebook const& after) {
    std::vector<RuleDifference> differences;
    std::vector<Rule const*> seen;
    for (auto const& rule : before.all()) {
        auto const* other = counterpart(after, rule);
        if (other) seen.push_back(other);
        bool const alike = other && same_effect(rule, *other);
        if (alike && rule.standing == other->standing && rule.source == other->source) continue;
        differences.push_back({rule, other ? std::optional(*other) : std::nullopt, !alike});
    }
    for (auto const& rule : after.all())
        if (std::ranges::find(seen, &rule) == seen.end()) differences.push_back({std::nullopt, rule, true});
    return differences;
}

std::vector<DayDifference> day_differences(Calendar const& before, Calendar const& after, year first, year last) {
    for (auto const of : {first, last}) { // both tables must know the years
        before.holidays(of);
        after.holidays(of);
    }
    std::vector<DayDifference> differences;
    for (sys_days day = first / January / 1; day <= sys_days{last / December / 31}; day += days{1}) {
        DayDifference one{Day{day}, before.reason_off(day), after.reason_off(day)};
        if (one.off_before.has_value() != one.off_after.has_value()) differences.push_back(std::move(one));
    }
    return differences;
}

} // namespace npod::rules
