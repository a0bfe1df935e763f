#include "api/law_diff.hpp"

#include "api/problem.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "porting/law_change.hpp"
#include "rules/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace npod::api {

namespace {

// -------------------------------------------------------------------------------------------------------- the other law

/// One rule of a list: what it does not say is as in `known`.
void read_rule_into(std::vector<rules::Rule>& rules, JsonReader& reader, rules::Rulebook const& known) {
    auto const id = reader.text("id");
    auto const value = reader.text("value", Need::optional, limits::body_bytes_max); // a list of days off is long
    auto const standing = rules::standing_of(reader.text("standing"));
    auto const source = reader.text("source", Need::optional);
    auto const from = reader.text("valid_from", Need::optional), until = reader.text("valid_until", Need::optional);
    for (auto const told_besides : {"title", "unit", "text"}) reader.raw(told_besides);
    reader.unknown_keys();
    auto const shipped = std::ranges::find(known.all(), id, &rules::Rule::id);
    if (shipped == known.all().end() || !standing)
        return reader.refuse("id", fmt::format("There is no rule \"{}\" of that standing in rulebook {}.", first_characters(id, 64), known.name()),
                             "Send rules as GET /v1/rules lists them.");
    auto& rule = rules.emplace_back(*shipped);
    rule.value = value;
    rule.standing = *standing;
    rule.source = source;
    rule.valid_from = rules::parse_day(from);
    rule.valid_until = rules::parse_day(until);
}

std::map<std::string, std::string> settings_in(JsonReader& reader) {
    std::map<std::string, std::string> set;
    auto const* const given = reader.raw("set");
    if (given == nullptr) return set;
    if (!given->is_object()) reader.refuse("set", "set is no JSON object.", R"(Send {"be.execute.within":"2"}.)");
    else
        for (auto const& [id, value] : given->get_object()) {
            if (value.is_string()) set[id] = std::string(value.get_string());
            else reader.refuse("set", fmt::format("{} is no text.", std::string_view(id)), R"(Send values as text: "2", "3.00", "true".)");
        }
    return set;
}

/// The law in force, changed as the body says.
Outcome<rules::Rulebook> other_law(std::string_view bytes, rules::Rulebook const& in_force) {
    auto const value = parse_json(bytes);
    if (!value) return value.refusals();
    if (!value->is_object()) return Refusal{RefusalCode::malformed, "The body is not a JSON object.", {}, R"(Send {"set":{"be.execute.within":"2"}}.)", {}};
    std::vector<Refusal> problems;
    JsonReader reader(value->get_object(), problems);
    auto const name = reader.choice("rulebook", {"be", "nl"}, Need::optional);
    bool const other = !name.empty() && name != in_force.name();
    auto const known = other ? rules::Rulebook::shipped(name) : in_force;
    std::vector<rules::Rule> rules;
    for (auto& one : reader.objects("rules", Need::optional)) read_rule_into(rules, one, known);
    auto const set = settings_in(reader);
    reader.unknown_keys();
    if (problems.empty() && !other && rules.empty() && set.empty())
        reader.refuse("set", "Nothing says what the law shall be compared with.", R"(Send {"set":{"be.execute.within":"2"}}, or {"rulebook":"nl"}.)");
    if (!problems.empty()) return problems;
    try {
        return rules::Rulebook::made_of(known.name(), rules.empty() ? known.all() : rules, set);
    } catch (ConfigFault const& unusable) {
        return Refusal{RefusalCode::not_admissible, unusable.what(), rules.empty() ? "/set" : "/rules", "`npctl rule list` shows every rule with its value.", {}};
    }
}

// -------------------------------------------------------------------------------------------------------- what runs

json::array deadlines_view(Reading const& reading, rules::Rulebook const& after) {
    json::array items;
    auto const timers = reading.reader.timers(std::numeric_limits<int>::max());
    for (auto const& moved : porting::moved_deadlines(timers, reading.look.laws, after, reading.look.now)) {
        auto const& subject = moved.timer.subject;
        using enum porting::SubjectKind; // numbers and contracts keep the law that set their deadline
        if (subject.kind != line && subject.kind != claim) continue;
        json::object item{{"subject", {{"kind", porting::name_of(subject.kind)}, {"id", subject.id}}},
                          {"timer", moved.timer.name},
                          {"rule", moved.timer.rule},
                          {"from", to_rfc3339(moved.timer.from)},
                          {"old_due", to_rfc3339(moved.timer.due)}};
        item["new_due"] = moved.new_due ? json::value(to_rfc3339(*moved.new_due)) : json::value(nullptr);
        item["turns_overdue"] = moved.turns_overdue;
        items.push_back(std::move(item));
    }
    return items;
}

json::object view_of(porting::ChangedMoney const& money) {
    json::object item{{"port", money.port.text}};
    if (money.claim) item["claim"] = money.claim.text;
    item["before_cents"] = money.before.cents;
    item["after_cents"] = money.after.cents;
    item["change_cents"] = money.after.cents - money.before.cents;
    item["turns_payable"] = money.turns_payable;
    return item;
}

/// Each port by the law that it runs under: that of its request, until somebody takes it over.
json::array money_view(Reading const& reading, rules::Rulebook const& after) {
    constexpr int page = 500;
    json::array items;
    storage::PortFilter filter;
    filter.role = porting::Role::port_in;
    filter.limit = page;
    for (;;) {
        auto const ports = reading.reader.ports(filter);
        auto const& book = reading.look.book;
        for (auto const& port : ports)
            if (auto const changed = porting::changed_money(port, book.lines(port.id), book.claim_of(port.id), reading.look.law_of(port), after, reading.look.now))
                items.push_back(view_of(*changed));
        if (ports.size() < page) return items;
        filter.after = ports.back().id;
    }
}

json::object name_and_version(rules::Rulebook const& book) { return {{"name", book.name()}, {"version", book.version()}}; }

} // namespace

http::Response what_would_change(Reading const& reading) {
    auto const after = other_law(reading.request.body, reading.look.rulebook);
    if (!after) return problem(after.refusals());
    auto money = money_view(reading, *after);
    std::int64_t change = 0;
    for (auto const& one : money) change += one.at("change_cents").as_int64();
    json::object view{{"before", name_and_version(reading.look.rulebook)}, {"after", name_and_version(*after)}, {"now", to_rfc3339(reading.look.now)}};
    view["deadlines"] = deadlines_view(reading, *after);
    view["money"] = std::move(money);
    view["change_cents"] = change;
    return ok(view);
}

} // namespace npod::api
