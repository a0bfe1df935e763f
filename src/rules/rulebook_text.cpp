/// A rulebook as text, complete: rules, and every holiday of its calendar, so that a later program that knows other
/// holidays still reads the law as it was.

#include "base/json.hpp"
#include "rules/rulebook.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <initializer_list>

namespace npod::rules {

namespace json = boost::json;

namespace {

constexpr auto units = {Unit::working_days, Unit::calendar_days, Unit::months, Unit::hours,
                        Unit::eur,          Unit::flag,          Unit::count,  Unit::text};
constexpr auto standings = {Standing::contract, Standing::read, Standing::secondary, Standing::assumed,
                            Standing::configured};

std::string iso_day(Day day) { return to_rfc3339(std::chrono::sys_days{day}).substr(0, 10); }

json::object to_json(Rule const& rule) {
    json::object object{{"id", rule.id},
                        {"title", rule.title},
                        {"unit", name_of(rule.unit)},
                        {"value", rule.value},
                        {"standing", name_of(rule.standing)},
                        {"source", rule.source},
                        {"text", rule.text}};
    if (rule.valid_from) object["from"] = iso_day(*rule.valid_from);
    if (rule.valid_until) object["until"] = iso_day(*rule.valid_until);
    if (rule.anchor == Anchor::moment) object["anchor"] = "moment";
    if (!rule.choices.empty()) object["choices"] = json::array(rule.choices.begin(), rule.choices.end());
    return object;
}

/// The value whose name stands in the member.
template <class T>
T named(JsonReader& reader, std::string_view member, std::initializer_list<T> values) {
    auto const name = reader.text(member);
    for (auto const value : values)
        if (name_of(value) == name) return value;
    reader.refuse(member, fmt::format("\"{}\" is no {} of a rule.", name, member));
    return *values.begin();
}

std::optional<Day> day_in(JsonReader& reader, std::string_view member) {
    auto const text = reader.text(member, Need::optional);
    if (text.empty()) return std::nullopt;
    if (auto const day = parse_day(text)) return day;
    reader.refuse(member, fmt::format("\"{}\" is no day.", text));
    return std::nullopt;
}

Rule rule_in(JsonReader& reader) {
    Rule rule;
    constexpr auto any_length = limits::body_bytes_max;
    rule.id = reader.text("id");
    rule.title = reader.text("title", Need::optional, any_length);
    rule.unit = named(reader, "unit", units);
    rule.value = reader.text("value", Need::optional, any_length);
    rule.standing = named(reader, "standing", standings);
    rule.source = reader.text("source", Need::optional, any_length);
    rule.text = reader.text("text", Need::optional, any_length);
    rule.valid_from = day_in(reader, "from");
    rule.valid_until = day_in(reader, "until");
    if (reader.choice("anchor", {"moment"}, Need::optional) == "moment") rule.anchor = Anchor::moment;
    rule.choices = reader.texts("choices", Need::optional);
    reader.unknown_keys();
    return rule;
}

/// "2026-04-06 Easter Monday"
std::vector<Holiday> holidays_in(JsonReader& reader) {
    constexpr std::size_t of_all_years = 10'000;
    std::vector<Holiday> holidays;
    for (auto const& text : reader.texts("holidays", Need::optional, of_all_years)) {
        auto const day = parse_day(std::string_view(text).substr(0, 10));
        if (day && text.size() > 11)
            holidays.push_back({*day, text.substr(11)});
        else
            reader.refuse("holidays", fmt::format("\"{}\" is no holiday.", text));
    }
    return holidays;
}

} // namespace

std::optional<Day> parse_day(std::string_view text) {
    auto const midnight = parse_rfc3339(std::string(text) + "T00:00:00Z");
    if (text.size() != 10 || !midnight) return std::nullopt;
    return Day{std::chrono::floor<std::chrono::days>(*midnight)};
}

std::string Rulebook::to_text() const {
    json::array rules, holidays;
    for (auto const& rule : rules_) rules.push_back(to_json(rule));
    for (auto year = calendar_first_year; year <= calendar_last_year; ++year)
        for (auto const& [day, name] : calendar_.holidays(year))
            holidays.emplace_back(fmt::format("{} {}", iso_day(day), name));
    return json::serialize(
        json::object{{"rulebook", name_}, {"rules", std::move(rules)}, {"holidays", std::move(holidays)}});
}

Outcome<Rulebook> Rulebook::from_text(std::string_view text) {
    auto const value = parse_json(text);
    if (!value) return value.refusals();
    auto const* const object = value->if_object();
    if (!object) return Refusal{RefusalCode::malformed, "A rulebook is a JSON object.", {}, {}, {}};
    std::vector<Refusal> problems;
    JsonReader reader(*object, problems);
    auto const name = reader.text("rulebook");
    std::vector<Rule> rules;
    for (auto& one : reader.objects("rules", Need::required, 10'000)) rules.push_back(rule_in(one));
    auto holidays = holidays_in(reader);
    reader.unknown_keys();
    if (!problems.empty()) return problems;
    try {
        auto calendar = calendar_of(name, rules, std::move(holidays));
        return Rulebook(name, std::move(rules), std::move(calendar));
    } catch (ConfigFault const& fault) {
        return Refusal{RefusalCode::malformed, fault.what(), {}, {}, {}};
    }
}

} // namespace npod::rules
