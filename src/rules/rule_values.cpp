#include "rules/rule_values.hpp"

#include "base/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::rules {

namespace {

std::string_view trimmed(std::string_view text) {
    auto const begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

} // namespace

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = error == std::errc{} && end == text.data() + text.size() && text.front() != '-';
    if (!whole || value > term_amount_max) return std::nullopt;
    return value;
}

std::optional<Money> amount_of_money(std::string_view text) {
    auto const point = text.find('.');
    auto const euros = whole_number(text.substr(0, point));
    if (!euros) return std::nullopt;
    if (point == std::string_view::npos) return Money{*euros * std::int64_t{100}};
    auto const decimals = text.substr(point + 1);
    auto const cents = whole_number(decimals);
    if (!cents || decimals.size() > 2) return std::nullopt;
    return Money{*euros * std::int64_t{100} + (decimals.size() == 1 ? *cents * 10 : *cents)};
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    auto const hours = whole_number(text.substr(0, 2));
    auto const minutes = whole_number(text.substr(3));
    if (!hours || !minutes || *minutes > 59) return std::nullopt;
    auto const result = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    if (result > std::chrono::hours{24}) return std::nullopt;
    return result;
}

void unusable(std::string_view id, std::string_view value, std::string_view expected) {
    throw ConfigFault(
        fmt::format("Rule {} cannot be \"{}\": {}. Mend it in the configuration, or leave it out to keep the "
                    "shipped value.",
                    id, value.substr(0, 64), expected));
}

std::vector<Holiday> extra_holidays(std::string_view id, std::string_view text) {
    std::vector<Holiday> result;
    while (!text.empty()) {
        auto const end = text.find(';');
        auto const item = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (item.empty()) continue;
        auto const day = parse_day(item.substr(0, 10));
        auto const name = item.size() > 10 ? trimmed(item.substr(10)) : std::string_view{};
        if (!day) unusable(id, item, "a day is written YYYY-MM-DD, then its name; several are separated by \";\"");
        if (day->year() < calendar_first_year || day->year() > calendar_last_year)
            unusable(id, item, "the calendar holds the years 1990 to 2100, and no other day can be off");
        result.push_back({*day,
                          name.empty() ? std::string("day off by configuration") : std::string(name)});
    }
    return result;
}

namespace {

/// As the unit writes it; throws ConfigFault when it is of another form.
std::string well_formed(Rule const& rule, std::string_view value) {
    switch (rule.unit) {
    case Unit::working_days:
    case Unit::calendar_days:
    case Unit::months:
    case Unit::hours:
    case Unit::count:
        if (auto const number = whole_number(value)) return std::to_string(*number);
        unusable(rule.id, value, fmt::format("it takes a whole number from 0 to {}", term_amount_max));
    case Unit::eur:
        if (auto const money = amount_of_money(value)) {
            return fmt::format("{}.{:02}", money->cents / 100, money->cents % 100);
        }
        unusable(rule.id, value, "it takes an amount in EUR such as 3.00");
    case Unit::flag:
        if (value == "true" || value == "false") return std::string(value);
        unusable(rule.id, value, "it takes true or false");
    case Unit::text: break;
    }
    return std::string(value);
}

} // namespace

std::string usable_value(Rule const& rule, std::string_view value) {
    auto const usable = well_formed(rule, value);
    if (!rule.choices.empty() && std::ranges::find(rule.choices, usable) == rule.choices.end()) {
        unusable(rule.id, value, fmt::format("it can only be {}", fmt::join(rule.choices, " or ")));
    }
    if (rule.id.ends_with(".comp.cap") && value != "none" && !amount_of_money(value)) {
        unusable(rule.id, value, "it takes none or an amount in EUR such as 300.00");
    }
    return usable;
}

} // namespace npod::rules
