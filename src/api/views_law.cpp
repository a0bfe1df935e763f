#include "api/views.hpp"

namespace npod::api {

json::object view_of(rules::Rule const& rule) {
    json::object view{{"id", rule.id},
                      {"title", rule.title},
                      {"value", rule.value},
                      {"unit", rules::name_of(rule.unit)},
                      {"standing", rules::name_of(rule.standing)},
                      {"source", rule.source}};
    if (rule.valid_from) view["valid_from"] = iso_day(*rule.valid_from);
    if (rule.valid_until) view["valid_until"] = iso_day(*rule.valid_until);
    view["text"] = rule.text;
    return view;
}

json::array view_of(std::vector<rules::SkippedDay> const& skipped) {
    json::array items;
    for (auto const& day : skipped) items.push_back({{"day", iso_day(day.day)}, {"reason", day.reason}});
    return items;
}

json::object view_of_addition(Moment from, rules::Term term, rules::Rulebook const& rulebook) {
    auto const& calendar = rulebook.calendar();
    auto const derivation = rules::add(calendar, from, term);
    return {{"at", to_rfc3339(from)},
            {"term", rules::to_string(term)},
            {"result", to_rfc3339(derivation.result)},
            {"result_local", calendar.local_rfc3339(derivation.result)},
            {"counted_from", iso_day(derivation.counted_from)},
            {"skipped", view_of(derivation.skipped)},
            {"steps", view_of(derivation.steps)}};
}

// ------------------------------------------------------------------------------------------------------------ machines

json::object summary_of(machine::Outline const& outline) {
    return {{"name", outline.name},
            {"initial", outline.initial},
            {"states", outline.states.size()},
            {"events", outline.events.size()},
            {"rows", outline.rows.size()},
            {"fingerprint", machine::fingerprint_text(machine::fingerprint(outline))}};
}

namespace {

json::array names_view(std::vector<machine::Outline::Name> const& names) {
    json::array items;
    for (auto const& one : names) items.push_back({{"name", one.name}, {"meaning", one.meaning}});
    return items;
}

json::object row_view(machine::Outline::Row const& row) {
    return {{"in", row.in},       {"on", row.on},
            {"when", row.when},   {"go_to", row.go_to},
            {"stays", row.stays}, {"actions", json::array(row.actions.begin(), row.actions.end())}};
}

} // namespace

json::object view_of(machine::Outline const& outline) {
    json::array states, timers, events, rows;
    for (auto const& s : outline.states)
        states.push_back({{"name", s.name},
                          {"kind", machine::name_of(s.kind)},
                          {"owner", machine::name_of(s.owner)},
                          {"deadline", s.deadline},
                          {"meaning", s.meaning}});
    for (auto const& t : outline.timers)
        timers.push_back({{"name", t.name}, {"rule", t.rule}, {"event", t.event}, {"on_expiry", t.on_expiry}});
    for (auto const& e : outline.events)
        events.push_back({{"name", e.name}, {"otherwise", machine::name_of(e.otherwise)}, {"meaning", e.meaning}});
    for (auto const& row : outline.rows) rows.push_back(row_view(row));
    return {{"name", outline.name},
            {"initial", outline.initial},
            {"fingerprint", machine::fingerprint_text(machine::fingerprint(outline))},
            {"states", std::move(states)},
            {"timers", std::move(timers)},
            {"events", std::move(events)},
            {"guards", names_view(outline.guards)},
            {"actions", names_view(outline.actions)},
            {"rows", std::move(rows)}};
}

} // namespace npod::api
