/// The wire between operators: counterparts and what is agreed with them, how they are, and whose a number is.

#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/nearest.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::api {

namespace coin = protocol::coin_v3;

// ------------------------------------------------------------------------------------------------------ counterparts

namespace {

Counterpart const* counterpart(Context const& context, OperatorCode const& code) {
    auto const& all = context.counterparts;
    auto const found = std::find_if(all.begin(), all.end(), [&](Counterpart const& one) { return one.code == code; });
    return found == all.end() ? nullptr : &*found;
}

std::string_view standing_of(coin::Profile const& profile) { return profile.codes_assumed ? "assumed" : "configured"; }

/// Figures in memory are of this process and of now: not told of the past.
engine::PeerState const* present_state(Reading const& reading, OperatorCode const& code, engine::PeerState& place) {
    if (!reading.context.health || reading.request.query("as_of")) return nullptr;
    place = reading.context.health->of(code);
    return &place;
}

json::object summary_of(OperatorCode const& code, Reading const& reading) {
    bool const own = code == reading.context.settings.own;
    json::object view{{"code", code.text}, {"own", own}};
    if (own) return view;
    auto const* agreed = counterpart(reading.context, code);
    view["hub"] = agreed && agreed->is_hub;
    if (agreed) {
        view["way"] = agreed->way;
        view["codes"] = standing_of(agreed->profile);
    }
    put(view, "last_heard_at", reading.reader.figures_of(code).last_heard);
    auto const waiting = reading.reader.outbox_of(code);
    view["queued"] = waiting.count;
    engine::PeerState place;
    auto const* state = present_state(reading, code, place);
    if (state && state->failing_since) put(view, "failing_since", *state->failing_since);
    return view;
}

} // namespace

std::vector<OperatorCode> known_operators(Context const& context) {
    std::vector<OperatorCode> codes{context.settings.own};
    auto const add = [&](OperatorCode const& code) {
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    };
    for (auto const& one : context.counterparts) add(one.code);
    for (auto const& code : context.settings.operators) add(code);
    return codes;
}

std::optional<Refusal> unknown_operator(OperatorCode const& code, Context const& context) {
    auto const known = known_operators(context);
    if (std::find(known.begin(), known.end(), code) != known.end()) return std::nullopt;
    std::vector<std::string_view> codes;
    for (auto const& one : known) codes.push_back(one.text);
    auto const close = nearest(code.text, codes);
    return Refusal{RefusalCode::not_found,
                   fmt::format("There is no operator \"{}\".", first_characters(code.text, 80)),
                   {},
                   close.empty() ? "List them: GET /v1/operators." : fmt::format("Did you mean \"{}\"?", close),
                   {}};
}

http::Response read_operators(Reading const& reading) {
    json::array items;
    for (auto const& code : known_operators(reading.context)) items.push_back(summary_of(code, reading));
    return ok(page(std::move(items), "", std::nullopt));
}

http::Response read_operator(Reading const& reading) {
    OperatorCode const code{reading.ids.at(0)};
    if (auto unknown = unknown_operator(code, reading.context)) return problem(std::move(*unknown));
    auto view = summary_of(code, reading);
    auto const* agreed = counterpart(reading.context, code);
    if (!agreed) return ok(view);
    view["username"] = agreed->username;
    view["secrets"] = agreed->secrets;
    view["keys"] = agreed->keys;
    put(view, "certificate", agreed->certificate);
    put(view, "our_username", agreed->our_username);
    auto const& profile = agreed->profile;
    view["zone"] = profile.time.zone();
    json::array blocking, delay, error;
    for (auto const& [ground, wire] : profile.blocking_codes)
        blocking.push_back({{"wire", wire},
                            {"ground", porting::code_of(ground)},
                            {"meaning", porting::about(ground).meaning},
                            {"standing", standing_of(profile)}});
    for (auto const& [wire, meaning] : profile.delay_codes) delay.push_back({{"wire", wire}, {"meaning", meaning}});
    for (auto const& [word, wire] : profile.error_codes) error.push_back({{"wire", wire}, {"word", word}});
    json::array quirks;
    for (auto const quirk : profile.quirks)
        quirks.push_back({{"name", coin::about(quirk).name}, {"meaning", coin::about(quirk).meaning}});
    view["quirks"] = std::move(quirks);
    view["blocking_codes"] = std::move(blocking);
    view["delay_codes"] = std::move(delay);
    view["error_codes"] = std::move(error);
    return ok(view);
}

// ------------------------------------------------------------------------------------------------------------- health

namespace {

/// How far the clock in its messages is from ours: the median of its last messages. It holds their way to us, too.
void put_clock_offset(json::object& view, OperatorCode const& code, Reading const& reading) {
    auto const* agreed = counterpart(reading.context, code);
    if (!agreed) return;
    std::vector<std::int64_t> offsets;
    for (auto const& type : {"portingrequest", "portingrequestanswer", "pradelayed", "portingperformed", "cancel"})
        for (auto const& row : reading.reader.last_said("wire:" + code.text, "message." + std::string(type),
                                                        limits::clock_samples)) {
            auto const envelope = coin::read_envelope(row.body);
            if (!envelope) continue;
            auto const said = agreed->profile.time.read(envelope->timestamp);
            if (said) offsets.push_back((*said - row.learned_at).count());
        }
    if (offsets.empty()) return;
    auto const middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
    std::nth_element(offsets.begin(), middle, offsets.end());
    view["clock_offset_ms"] = *middle;
    view["clock_samples"] = offsets.size();
}

void put_connection(json::object& view, engine::PeerState const& state) {
    if (state.has_stream) view["stream"] = state.stream_since ? "open" : "broken";
    put(view, "stream_since", state.stream_since);
    put(view, "stream_again_at", state.stream_again_at);
    put(view, "reached_at", state.reached_at);
    put(view, "failing_since", state.failing_since);
    view["failed_attempts"] = state.failures;
    put(view, "last_error", state.last_error);
    put(view, "last_error_at", state.last_error_at);
    view["duplicates"] = state.duplicates;
    view["refused"] = state.refused;
}

} // namespace

http::Response read_operator_health(Reading const& reading) {
    OperatorCode const code{reading.ids.at(0)};
    if (auto unknown = unknown_operator(code, reading.context)) return problem(std::move(*unknown));
    json::object view{{"code", code.text}};
    auto const figures = reading.reader.figures_of(code);
    put(view, "last_heard_at", figures.last_heard);
    if (figures.last_heard) view["silent_ms"] = (reading.look.now - *figures.last_heard).count();
    view["messages"] = figures.messages;
    auto const waiting = reading.reader.outbox_of(code);
    view["queued"] = waiting.count;
    put(view, "oldest_queued_at", waiting.oldest);
    put(view, "trouble", waiting.trouble);
    auto const mailbox = reading.reader.mailbox_of(code);
    view["unconfirmed"] = mailbox.count;
    put(view, "oldest_unconfirmed_at", mailbox.oldest);
    view["late_answers"] = figures.late_answers;
    view["errors_received"] = figures.errors_received;
    view["turned_away"] = figures.turned_away;
    view["contradictions"] = figures.contradictions;
    put_clock_offset(view, code, reading);
    engine::PeerState place;
    if (auto const* state = present_state(reading, code, place)) put_connection(view, *state);
    return ok(view);
}

json::object view_of_check(std::string const& code, std::vector<CheckStep> const& steps) {
    bool passed = true;
    json::array items;
    for (auto const& step : steps) {
        passed = passed && step.passed;
        items.push_back({{"step", step.name}, {"passed", step.passed}, {"said", step.said}});
    }
    return {{"code", code}, {"passed", passed}, {"steps", std::move(items)}};
}

// ------------------------------------------------------------------------------------------------ routing and blocks

namespace {

using Entries = std::vector<porting::RoutingEntry>;
using ReadEntries = Entries (storage::Reader::*)(porting::Number, int) const;

constexpr std::string_view csv_head = "first,last,operator,since\n";

std::string csv_of(Entries const& entries) {
    std::string text;
    for (auto const& entry : entries)
        text += fmt::format("{},{},{},{}\n", porting::to_string(entry.numbers.first),
                            porting::to_string(entry.numbers.last), entry.operator_code.text, to_rfc3339(entry.since));
    return text;
}

/// Everything, page by page on a connection of its own: whoever takes it slowly holds up nobody.
class CsvExport final : public http::StreamSource {
public:
    CsvExport(std::unique_ptr<storage::Reader> reader, ReadEntries read) : reader_(std::move(reader)), read_(read) {}

    std::string pull(std::size_t) override {
        auto bytes = std::exchange(head_, {});
        if (done_) return bytes;
        auto const entries = ((*reader_).*read_)(after_, limits::page_items_max);
        done_ = entries.empty();
        if (!done_) after_ = entries.back().numbers.last;
        return bytes + csv_of(entries);
    }
    bool ended() const override { return done_; }
    std::string heartbeat() const override { return {}; }

private:
    std::unique_ptr<storage::Reader> reader_;
    ReadEntries read_;
    porting::Number after_{};
    std::string head_{csv_head};
    bool done_ = false;
};

/// After this number; the cursor is the last number of the page before.
Outcome<porting::Number> place_of(http::Request const& request) {
    auto const cursor = request.query("cursor");
    if (!cursor) return porting::Number{};
    return porting::parse_e164(*cursor);
}

http::Response read_entries(Reading const& reading, ReadEntries read) {
    bool const csv = http::header(reading.request.headers, "Accept").find("text/csv") != std::string_view::npos;
    http::Headers const as_csv{{"Content-Type", "text/csv; charset=utf-8"}};
    bool const whole = !reading.request.query("limit") && !reading.request.query("cursor");
    if (csv && whole && !reading.request.query("as_of"))
        return {200, as_csv, {}, std::make_shared<CsvExport>(reading.context.open_reader(), read)};

    auto const limit = limit_of(reading.request, csv ? limits::page_items_max : limits::page_items_default);
    auto const after = place_of(reading.request);
    if (!limit) return problem(limit.refusals());
    if (!after) return problem(after.refusals());
    auto entries = (reading.reader.*read)(*after, *limit + 1);
    bool const more = entries.size() > static_cast<std::size_t>(*limit);
    if (more) entries.pop_back();
    if (csv) return {200, as_csv, std::string(csv_head) + csv_of(entries), {}};
    json::array items;
    for (auto const& entry : entries)
        items.push_back({{"first", porting::to_string(entry.numbers.first)},
                         {"last", porting::to_string(entry.numbers.last)},
                         {"operator", entry.operator_code.text},
                         {"since", to_rfc3339(entry.since)}});
    return ok(page(std::move(items), more ? porting::to_string(entries.back().numbers.last) : "", std::nullopt));
}

} // namespace

http::Response read_routing(Reading const& reading) { return read_entries(reading, &storage::Reader::routing); }
http::Response read_blocks(Reading const& reading) { return read_entries(reading, &storage::Reader::blocks); }

} // namespace npod::api
