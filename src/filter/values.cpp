#include "filter/values.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace npod::filter {

namespace {

using Unit = Distance::Unit;

struct UnitName {
    std::string_view name;
    Unit unit;
    std::int64_t most; ///< ten years: the calendar must hold it
};
constexpr std::array units{UnitName{"wd", Unit::working_days, 2'500}, UnitName{"wh", Unit::working_hours, 25'000},
                           UnitName{"d", Unit::days, 3'660}, UnitName{"h", Unit::hours, 87'840},
                           UnitName{"min", Unit::minutes, 5'270'400}};
constexpr std::array named{std::pair{std::string_view("now"), Named::now}, std::pair{std::string_view("today"), Named::today},
                           std::pair{std::string_view("tomorrow"), Named::tomorrow},
                           std::pair{std::string_view("yesterday"), Named::yesterday}};

Refusal wrong(std::string text, std::string next) {
    return {RefusalCode::malformed, std::move(text), {}, std::move(next), {}};
}

std::string shown(std::string_view text) { return fmt::format("\"{}\"", first_characters(text, 60)); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    constexpr std::size_t digits_max = 15; // far from overflow, for cents as well
    if (!all_digits(text) || text.size() > digits_max) return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Outcome<Value> word_value(std::string_view text, Field const& field) {
    auto const& words = field.words;
    if (words.empty() || std::find(words.begin(), words.end(), text) != words.end()) return Value{std::string(text)};
    auto const close = nearest(text, words);
    constexpr std::size_t few = 12; // more are not read
    auto const next = !close.empty()        ? fmt::format("Did you mean \"{}\"?", close)
                      : words.size() <= few ? fmt::format("Write one of: {}.", fmt::join(words, ", "))
                                            : fmt::format("See npctl help filter for what {} can be.", field.name);
    return wrong(fmt::format("{} is not a {}.", shown(text), field.name), next);
}

Outcome<Value> e164_value(std::string_view text) {
    std::string digits;
    for (char const c : text)
        if (is_digit(c) || (c == '+' && digits.empty())) digits += c;
        else if (c != ' ' && c != '/' && c != '.' && c != '-') return wrong(shown(text) + " is not a number.", "Write +3225501100.");
    if (digits.size() > 1 && digits.front() == '0' && digits[1] != '0') digits = "+32" + digits.substr(1);
    constexpr std::size_t longest = 16;
    if (digits.size() < 2 || digits.size() > longest || digits.front() != '+')
        return wrong(shown(text) + " is not a number with its country.", "Write +3225501100.");
    return Value{std::move(digits)};
}

Outcome<Value> money_value(std::string_view text) {
    auto const dot = text.find('.');
    auto const euros = whole_number(text.substr(0, dot));
    std::optional<std::int64_t> cents = 0;
    if (dot != std::string_view::npos) cents = text.size() == dot + 3 ? whole_number(text.substr(dot + 1)) : std::nullopt;
    constexpr std::int64_t most = 1'000'000'000'000;
    if (!euros || !cents || *euros > most) return wrong(shown(text) + " is no amount of money.", "Write 25 or 25.00.");
    return Value{Money{*euros * 100 + *cents}};
}

std::optional<Distance> distance_of(std::string_view text) {
    bool const ago = text.starts_with('-');
    if (ago) text.remove_prefix(1);
    auto const digits = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    auto const amount = whole_number(text.substr(0, digits));
    for (auto const& [name, unit, most] : units)
        if (amount && name == text.substr(digits) && *amount <= most) return Distance{ago ? -*amount : *amount, unit};
    return std::nullopt;
}

std::optional<std::chrono::year_month_day> day_of(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto const year = whole_number(text.substr(0, 4)), month = whole_number(text.substr(5, 2)),
               day = whole_number(text.substr(8));
    if (!year || !month || !day || *year < 1990 || *year > 2099) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

Outcome<Value> moment_value(std::string_view text) {
    for (auto const& [name, which] : named)
        if (name == text) return Value{When{which}};
    if (auto const day = day_of(text)) return Value{When{*day}};
    if (auto const distance = distance_of(text)) {
        bool const working = distance->unit == Unit::working_days || distance->unit == Unit::working_hours;
        if (!working || distance->amount >= 0) return Value{When{*distance}};
        return wrong(fmt::format("{} is working time in the past, and that is only counted forward.", shown(text)),
                     "Use days or hours by the clock: -3d, -12h.");
    }
    if (auto const instant = parse_rfc3339(text)) return Value{When{*instant}};
    return wrong(shown(text) + " is no moment.",
                 "Write a day (2026-04-03, today), an instant with its offset (2026-04-03T16:59:00+02:00), or a "
                 "distance from now: 2wd, 4wh, 3d, 12h, 30min; -3d is three days ago.");
}

Outcome<Value> flag_value(std::string_view text, Field const& field) {
    if (text == "yes" || text == "true") return Value{true};
    if (text == "no" || text == "false") return Value{false};
    return wrong(fmt::format("{} is {}, and can only be yes or no.", field.name, shown(text)),
                 fmt::format("Write {}=yes, or \"not {}\".", field.name, field.name));
}

std::string when_text(When const& when) {
    if (auto const* instant = std::get_if<Moment>(&when.said)) return to_rfc3339(*instant);
    if (auto const* day = std::get_if<std::chrono::year_month_day>(&when.said))
        return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day->year()), static_cast<unsigned>(day->month()),
                           static_cast<unsigned>(day->day()));
    if (auto const* which = std::get_if<Named>(&when.said))
        return std::string(std::find_if(named.begin(), named.end(), [&](auto const& one) { return one.second == *which; })->first);
    auto const& distance = std::get<Distance>(when.said);
    auto const* unit = std::find_if(units.begin(), units.end(), [&](auto const& one) { return one.unit == distance.unit; });
    return fmt::format("{}{}", distance.amount, unit->name);
}

} // namespace

Field const* find_field(std::vector<Field> const& fields, std::string_view name) {
    auto const found = std::find_if(fields.begin(), fields.end(), [&](Field const& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

Outcome<Value> value_of(std::string_view text, Field const& field) {
    switch (field.kind) {
    case Kind::word: return word_value(text, field);
    case Kind::text: return Value{std::string(text)};
    case Kind::e164: return e164_value(text);
    case Kind::money: return money_value(text);
    case Kind::moment: return moment_value(text);
    case Kind::flag: return flag_value(text, field);
    case Kind::count:
        if (auto const number = whole_number(text)) return Value{*number};
        return wrong(shown(text) + " is no whole number.", "Write digits only.");
    }
    return wrong("This field has no kind.", {});
}

std::string text_of(Value const& value) {
    if (auto const* text = std::get_if<std::string>(&value)) return *text;
    if (auto const* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (auto const* money = std::get_if<Money>(&value)) return fmt::format("{}.{:02}", money->cents / 100, money->cents % 100);
    if (auto const* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
    return when_text(std::get<When>(value));
}

} // namespace npod::filter
