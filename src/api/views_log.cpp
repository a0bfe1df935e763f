#include "api/views.hpp"

#include "api/problem.hpp"

#include <fmt/format.h>

#include <charconv>

namespace npod::api {

json::object view_of(Refusal const& refusal) {
    json::object view{{"code", name_of(refusal.code)}, {"detail", refusal.text}};
    put(view, "pointer", refusal.pointer);
    put(view, "next", refusal.next);
    put(view, "ground", refusal.ground);
    return view;
}

json::object view_of(porting::Move const& move) {
    return {{"subject", move.subject.id},
            {"machine", move.machine},
            {"event", move.event},
            {"from", move.from},
            {"to", move.to},
            {"verdict", move.verdict},
            {"actions", view_of(move.actions)},
            {"note", move.note}};
}

json::array view_of(std::vector<Refusal> const& refusals) {
    json::array items;
    for (auto const& refusal : refusals) items.push_back(view_of(refusal));
    return items;
}

json::object view_of(storage::LogRow const& row) {
    json::object view{{"seq", row.seq},
                      {"learned_at", to_rfc3339(row.learned_at)},
                      {"happened_at", to_rfc3339(row.happened_at)},
                      {"source", row.source},
                      {"kind", row.kind}};
    put(view, "reason", row.reason);
    json::array moves;
    for (auto const& move : row.moves) moves.push_back(view_of(move));
    view["moves"] = std::move(moves);
    view["notes"] = view_of(row.notes);
    view["refusals"] = view_of(row.refusals);
    return view;
}

// ------------------------------------------------------------------------------------------------------------ the feed

namespace {

FeedEvent feed_event(storage::LogRow const& row, std::size_t place, std::string type, std::string const& subject,
                     OperatorCode const& own) {
    FeedEvent event{fmt::format("{}.{}", row.seq, place), std::move(type), {}};
    event.view = {
        {"specversion", "1.0"}, {"id", event.id}, {"source", "urn:np:be:op:" + own.text}, {"type", event.type}};
    put(event.view, "subject", subject);
    event.view["time"] = to_rfc3339(row.learned_at);
    event.view["datacontenttype"] = "application/json";
    json::object data{
        {"seq", row.seq}, {"source", row.source}, {"kind", row.kind}, {"happened_at", to_rfc3339(row.happened_at)}};
    put(data, "reason", row.reason);
    event.view["data"] = std::move(data);
    return event;
}

/// What a row without moves is about: its first id, else what it was addressed to.
std::string subject_of_row(storage::LogRow const& row) { return row.about.empty() ? row.key : row.about.front(); }

} // namespace

std::vector<FeedEvent> feed_events(storage::LogRow const& row, OperatorCode const& own) {
    std::vector<FeedEvent> events;
    for (auto const& move : row.moves) {
        auto type = fmt::format("be.np.{}.{}.v1", move.machine, move.event);
        events.push_back(feed_event(row, events.size() + 1, std::move(type), move.subject.id, own));
        events.back().view["data"].as_object()["move"] = view_of(move);
    }
    if (!events.empty()) return events;
    events.push_back(feed_event(row, 1, fmt::format("be.np.log.{}.v1", row.kind), subject_of_row(row), own));
    auto& data = events.back().view["data"].as_object();
    if (!row.notes.empty()) data["notes"] = view_of(row.notes);
    if (!row.refusals.empty()) data["refusals"] = view_of(row.refusals);
    return events;
}

namespace {
std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}
} // namespace

std::optional<FeedPlace> parse_feed_place(std::string_view text) {
    auto const dot = text.find('.');
    auto const seq = whole_number(text.substr(0, dot));
    if (!seq) return std::nullopt;
    if (dot == std::string_view::npos) return FeedPlace{*seq, 0, true};
    auto const within = whole_number(text.substr(dot + 1));
    if (!within) return std::nullopt;
    return FeedPlace{*seq, *within, false};
}

bool is_after(FeedPlace const& place, std::int64_t seq, std::int64_t index) {
    if (seq != place.seq) return seq > place.seq;
    return !place.whole_row && index > place.within;
}

} // namespace npod::api
