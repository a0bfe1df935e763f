#include "rules/rulebook.hpp"

#include "base/hash.hpp"
#include "base/nearest.hpp"
#include "rules/overrides.hpp"
#include "rules/rule_values.hpp"
#include "rules/rulebook_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace npod::rules {

namespace {

constexpr std::string_view rolls_suffix = ".rolls";

/// The countries whose rules are shipped.
struct ShippedBook {
    std::string_view name;
    std::span<RuleRow const> (*rows)();
};
constexpr std::array shipped_books{ShippedBook{"be", belgian_rules}, ShippedBook{"nl", dutch_rules}};

// ------------------------------------------------------------------------------------------------ making a rulebook

std::vector<std::string> choices_of(RuleRow const& row) {
    if (row.choices == principle) return {std::string(row.value)};
    std::vector<std::string> result;
    for (auto rest = row.choices; !rest.empty();) {
        auto const end = std::min(rest.find('|'), rest.size());
        result.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return result;
}

Rule rule_of(RuleRow const& row) {
    return {std::string(row.id),     std::string(row.title), row.unit,     std::string(row.value), row.standing,
            std::string(row.source), parse_day(row.from),    parse_day(row.until), std::string(row.text),  choices_of(row), row.anchor};
}

/// The switch of a legal term of months or calendar days (RULES-BE section 2): does it run on to the next working day?
Rule rolling_switch(Rule const& term) {
    return {term.id + std::string(rolls_suffix),
            term.title + ": runs on to a working day",
            Unit::flag,
            "false",
            Standing::assumed,
            "our reading",
            std::nullopt,
            std::nullopt,
            "Whether this term, when its last day is no working day, runs to the end of the next working day.",
            {},
            Anchor::message};
}

/// What be.window and be.working_day say, as the calendar takes it. Rulebooks without these rules get the defaults.
CalendarRules calendar_rules(std::string_view name, std::vector<Rule> const& rules) {
    CalendarRules result;
    auto const value = [&](std::string_view tail) -> Rule const* {
        auto const found = std::ranges::find(rules, fmt::format("{}.{}", name, tail), &Rule::id);
        return found == rules.end() ? nullptr : &*found;
    };
    auto const set_time = [&](std::string_view tail, std::chrono::minutes& time) {
        auto const* rule = value(tail);
        if (!rule) return;
        auto const read = time_of_day(rule->value);
        if (!read) unusable(rule->id, rule->value, "it takes a local time such as 17:00");
        time = *read;
    };
    result.country = name;
    set_time("window.opens", result.window_opens);
    set_time("window.closes", result.window_closes);
    set_time("window.cut_off", result.cut_off);
    if (auto const* rule = value("window.zone")) result.zone = rule->value;
    if (auto const* rule = value("working_day.saturday")) result.saturday_works = rule->value == "true";
    if (auto const* rule = value("working_day.extra_holidays"))
        result.extra_holidays = extra_holidays(rule->id, rule->value);
    return result;
}

std::string iso_day(std::optional<Day> const& day) {
    return day ? to_rfc3339(std::chrono::sys_days{*day}).substr(0, 10) : "";
}

/// Twelve hexadecimal digits of SHA-256 over all that can change a deadline or an amount, and how we know it. Wording
/// is left out: a mended sentence is no new law.
std::string version_of(std::vector<Rule> const& rules, Calendar const& calendar) {
    std::string all;
    for (auto const& rule : rules) {
        all += fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", rule.id, name_of(rule.unit), rule.value,
                           name_of(rule.standing), rule.source, iso_day(rule.valid_from), iso_day(rule.valid_until));
    }
    auto const& r = calendar.rules();
    all += fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", r.country, r.zone, r.window_opens.count(),
                       r.window_closes.count(), r.cut_off.count(), r.saturday_works);
    for (std::chrono::year year{1990}; year <= std::chrono::year{2100}; ++year) {
        for (auto const& [day, name] : calendar.holidays(year)) all += fmt::format("{}\x1f{}\n", iso_day(day), name);
    }
    return content_hash(all).substr(0, 12);
}

bool in_force(Rule const& rule, Day day) {
    return (!rule.valid_from || *rule.valid_from <= day) && (!rule.valid_until || day < *rule.valid_until);
}

} // namespace

std::string_view name_of(Standing standing) {
    switch (standing) {
    case Standing::contract: return "contract";
    case Standing::read: return "read";
    case Standing::secondary: return "secondary";
    case Standing::assumed: return "assumed";
    case Standing::configured: break;
    }
    return "configured";
}

std::string_view name_of(Unit unit) {
    switch (unit) {
    case Unit::working_days: return "working_days";
    case Unit::calendar_days: return "calendar_days";
    case Unit::months: return "months";
    case Unit::hours: return "hours";
    case Unit::eur: return "eur";
    case Unit::flag: return "flag";
    case Unit::count: return "count";
    case Unit::text: break;
    }
    return "text";
}

Rulebook::Rulebook(std::string name, std::vector<Rule> rules, Calendar calendar)
    : name_(std::move(name)), version_(version_of(rules, calendar)), rules_(std::move(rules)), by_id_(rules_.size()),
      calendar_(std::move(calendar)) {
    std::iota(by_id_.begin(), by_id_.end(), std::size_t{0});
    std::ranges::stable_sort(by_id_, {}, [this](std::size_t place) { return std::string_view(rules_[place].id); });
}

Calendar Rulebook::calendar_of(std::string_view name, std::vector<Rule> const& rules, std::vector<Holiday> holidays) {
    auto how = calendar_rules(name, rules);
    how.holidays = std::move(holidays);
    return Calendar(std::move(how));
}

Rulebook Rulebook::made_of(std::string_view name, std::vector<Rule> rules,
                           std::map<std::string, std::string> const& overrides) {
    for (auto& rule : rules) rule.value = usable_value(rule, rule.value);
    apply_overrides(name, rules, overrides_of(overrides));
    auto calendar = calendar_of(name, rules, {});
    return Rulebook(std::string(name), std::move(rules), std::move(calendar));
}

Rulebook Rulebook::shipped(std::string_view name, std::map<std::string, std::string> const& overrides) {
    auto const shipped = std::ranges::find(shipped_books, name, &ShippedBook::name);
    if (shipped == shipped_books.end()) {
        throw ConfigFault(fmt::format("There is no rulebook \"{}\". Shipped are \"be\" and \"nl\".", name.substr(0, 64)));
    }
    std::vector<Rule> rules;
    for (auto const& row : shipped->rows()) {
        rules.push_back(rule_of(row));
        if (row.unit == Unit::months || row.unit == Unit::calendar_days) rules.push_back(rolling_switch(rules.back()));
    }
    for (auto const& row : house_rules()) rules.push_back(rule_of(row));
    return made_of(name, std::move(rules), overrides);
}

// ---------------------------------------------------------------------------------------------------------- asking

std::string Rulebook::own_id(std::string_view id) const {
    auto const dot = std::min(id.find('.'), id.size());
    auto const country = id.substr(0, dot);
    bool const foreign = country != name_ && std::ranges::find(shipped_books, country, &ShippedBook::name) !=
                                                 shipped_books.end();
    return foreign ? name_ + std::string(id.substr(dot)) : std::string(id);
}

Rule const* Rulebook::in_force_at(std::string_view id, Moment at) const {
    auto const named = [&](std::string_view name) -> Rule const* {
        auto const id_of = [this](std::size_t place) { return std::string_view(rules_[place].id); };
        for (auto const place : std::ranges::equal_range(by_id_, name, {}, id_of)) {
            auto const& rule = rules_[place];
            bool const always = !rule.valid_from && !rule.valid_until; // most are: the civil day need not be found out
            if (always || in_force(rule, calendar_.day_of(at))) return &rule;
        }
        return nullptr;
    };
    if (auto const* rule = named(id)) return rule;
    return named(own_id(id));
}

Outcome<Rule> Rulebook::find(std::string_view id, Moment at) const {
    if (auto const* rule = in_force_at(id, at)) return *rule;
    std::vector<std::string_view> known;
    for (auto const& rule : rules_) known.push_back(rule.id);
    if (std::ranges::find(known, id) != known.end()) {
        return Refusal{RefusalCode::not_found,
                       fmt::format("Rule {} was not in force on {}.", id, day_text(calendar_.day_of(at))), "",
                       "Ask for another day.", ""};
    }
    auto const near = nearest(id, known);
    return Refusal{RefusalCode::not_found, fmt::format("There is no rule \"{}\".", id.substr(0, 64)), "",
                   near.empty() ? "`npctl rule list` shows all." : fmt::format("Did you mean \"{}\"?", near), ""};
}

Rule const& Rulebook::rule(std::string_view id, Moment at) const {
    auto const* found = in_force_at(id, at);
    NPOD_PROMISE(found != nullptr);
    return *found;
}

Term Rulebook::term(std::string_view id, Moment at) const {
    auto const& found = rule(id, at);
    bool const is_time = found.unit == Unit::working_days || found.unit == Unit::calendar_days ||
                         found.unit == Unit::months || found.unit == Unit::hours;
    NPOD_PROMISE(is_time);
    return {whole_number(found.value).value(), found.unit};
}

Money Rulebook::money(std::string_view id, Moment at) const {
    auto const& found = rule(id, at);
    NPOD_PROMISE(found.unit == Unit::eur);
    return amount_of_money(found.value).value();
}

std::optional<Money> Rulebook::cap(std::string_view id, Moment at) const {
    return amount_of_money(rule(id, at).value); // "none" is no amount
}

bool Rulebook::flag(std::string_view id, Moment at) const {
    auto const& found = rule(id, at);
    NPOD_PROMISE(found.unit == Unit::flag);
    return found.value == "true";
}

int Rulebook::count(std::string_view id, Moment at) const {
    auto const& found = rule(id, at);
    NPOD_PROMISE(found.unit == Unit::count);
    return whole_number(found.value).value();
}

Derivation Rulebook::derive(std::string_view id, Moment from, Words words) const {
    auto const term = this->term(id, from);
    auto derivation = add(calendar_, from, term, rule(id, from).anchor, words);
    if (term.unit != Unit::months && term.unit != Unit::calendar_days) return derivation; // no such term ends on a day off
    auto const* rolls = in_force_at(std::string(id).append(rolls_suffix), from);
    if (rolls && rolls->value == "true") derivation = calendar_.rolled_to_working_day(std::move(derivation), words);
    return derivation;
}

Deadline Rulebook::deadline(std::string_view id, Moment from) const {
    auto derivation = derive(id, from, Words::told);
    return {derivation.result, rule(id, from), from, std::move(derivation)};
}

Moment Rulebook::due(std::string_view id, Moment from) const { return derive(id, from, Words::left_out).result; }

} // namespace npod::rules
