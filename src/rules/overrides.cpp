#include "rules/overrides.hpp"

#include "base/fault.hpp"
#include "base/nearest.hpp"
#include "rules/rule_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::rules {

namespace {

using Days = std::optional<Day>;

bool before(Days const& a, Days const& b) { return a && b && *a < *b; }

/// "npod.toml:12: " in front of what is wrong.
[[noreturn]] void wrong(Override const& what, std::string const& text) {
    throw ConfigFault(what.where.empty() ? text : what.where + ": " + text);
}

void check_known(std::vector<Rule> const& rules, Override const& one) {
    if (std::ranges::find(rules, one.id, &Rule::id) != rules.end()) return;
    std::vector<std::string_view> known;
    for (auto const& rule : rules) known.push_back(rule.id);
    auto const near = nearest(one.id, known);
    wrong(one, fmt::format("There is no rule \"{}\".{} `npctl rule list` shows all.", one.id.substr(0, 64),
                           near.empty() ? "" : fmt::format(" The nearest is \"{}\".", near)));
}

/// The window, the zone and the days off are asked for every day at once.
bool shapes_calendar(std::string_view book, std::string_view id) {
    return id.starts_with(fmt::format("{}.window.", book)) || id.starts_with(fmt::format("{}.working_day.", book));
}

void check_days(std::string_view book, Override const& one) {
    if (!one.from && !one.until) return;
    if (shapes_calendar(book, one.id))
        wrong(one, fmt::format("Rule {} shapes the calendar, which is one for all days: it takes no \"from\" and no \"until\". "
                               "Leave them out; single days off go into {}.working_day.extra_holidays.",
                               one.id, book));
    if (one.from && one.until && *one.until <= *one.from)
        wrong(one, fmt::format("Rule {} would hold until {}, which is not after {}. Give a later \"until\": the first day on which "
                               "it holds no more.",
                               one.id, day_text(*one.until), day_text(*one.from)));
}

void check_apart(Override const& earlier, Override const& later) {
    bool const apart = earlier.until && later.from && *earlier.until <= *later.from;
    if (apart) return;
    wrong(later, fmt::format("Rule {} is given twice for {}. Let one period end on the day on which the next begins: \"until\" is "
                             "the first day on which it holds no more.",
                             later.id, later.from ? day_text(*later.from) + " and after" : std::string("the same days")));
}

/// What is left of a shipped period in front of the override and behind it.
std::vector<Rule> around(Rule const& shipped, Override const& one) {
    std::vector<Rule> left;
    if (one.from && (!shipped.valid_from || before(shipped.valid_from, one.from))) {
        left.push_back(shipped);
        if (!shipped.valid_until || before(one.from, shipped.valid_until)) left.back().valid_until = one.from;
    }
    if (one.until && (!shipped.valid_until || before(one.until, shipped.valid_until))) {
        left.push_back(shipped);
        if (!shipped.valid_from || before(shipped.valid_from, one.until)) left.back().valid_from = one.until;
    }
    return left;
}

Rule made_of(Rule const& shipped, Override const& one) {
    Rule rule = shipped;
    try {
        rule.value = usable_value(shipped, one.value);
    } catch (ConfigFault const& fault) {
        wrong(one, fault.what());
    }
    rule.standing = one.standing;
    rule.source = one.source;
    rule.valid_from = one.from;
    rule.valid_until = one.until;
    return rule;
}

void apply(std::vector<Rule>& rules, Override const& one) {
    auto const first = std::ranges::find(rules, one.id, &Rule::id);
    auto const place = first - rules.begin();
    std::vector<Rule> periods{made_of(*first, one)};
    for (auto const& rule : rules)
        if (rule.id == one.id) std::ranges::copy(around(rule, one), std::back_inserter(periods));
    std::ranges::sort(periods, [](Rule const& a, Rule const& b) { return (!a.valid_from && b.valid_from) || before(a.valid_from, b.valid_from); });
    std::erase_if(rules, [&](Rule const& rule) { return rule.id == one.id; });
    rules.insert(rules.begin() + place, periods.begin(), periods.end());
}

} // namespace

std::optional<Standing> standing_of(std::string_view name) {
    using enum Standing;
    for (auto const standing : {contract, read, secondary, assumed, configured})
        if (name_of(standing) == name) return standing;
    return std::nullopt;
}

std::vector<Override> overrides_of(std::map<std::string, std::string> const& values) {
    std::vector<Override> overrides;
    for (auto const& [id, value] : values) overrides.push_back({.id = id, .value = value});
    return overrides;
}

void apply_overrides(std::string_view book, std::vector<Rule>& rules, std::vector<Override> const& overrides) {
    auto sorted = overrides;
    std::ranges::stable_sort(sorted, [](Override const& a, Override const& b) {
        if (a.id != b.id) return a.id < b.id;
        return (!a.from && b.from) || before(a.from, b.from);
    });
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        check_known(rules, sorted[i]);
        check_days(book, sorted[i]);
        if (i > 0 && sorted[i - 1].id == sorted[i].id) check_apart(sorted[i - 1], sorted[i]);
    }
    for (auto const& one : sorted) apply(rules, one);
}

Rulebook configured_rulebook(std::string_view name, std::vector<Override> const& overrides) {
    auto rules = Rulebook::shipped(name).all();
    apply_overrides(name, rules, overrides);
    return Rulebook::made_of(name, std::move(rules));
}

} // namespace npod::rules
