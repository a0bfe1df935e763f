#include "engine/inputs.hpp"

#include "base/json.hpp"
#include "protocol/business/decode.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>

namespace npod::engine {

namespace {

constexpr std::string_view message_prefix = "message.";
constexpr std::string_view delivery_prefix = "delivery.";

std::string_view word_for(porting::input::DeliveryReport::What what) {
    using enum porting::input::DeliveryReport::What;
    switch (what) {
    case taken: return "taken";
    case turned_away: return "turned_away";
    case attempt_failed: break;
    }
    return "attempt_failed";
}

/// "wire:BRAVO" or "parked:BRAVO" → BRAVO.
OperatorCode sender_of(std::string_view source) {
    auto const colon = source.find(':');
    return OperatorCode{std::string(colon == std::string_view::npos ? source : source.substr(colon + 1))};
}

Refusal unreadable(storage::LogRow const& row, std::string_view why) {
    return {RefusalCode::malformed, fmt::format("Row {} ({}) cannot be read: {}.", row.seq, row.kind, why), "", "Use the program version that wrote it.", ""};
}

std::string member(boost::json::object const& object, std::string_view key) {
    auto const* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Outcome<std::optional<porting::input::Any>> delivery_input(storage::LogRow const& row) {
    using enum porting::input::DeliveryReport::What;
    porting::input::DeliveryReport report;
    auto const [end, error] = std::from_chars(row.key.data(), row.key.data() + row.key.size(), report.delivery);
    if (error != std::errc{}) return unreadable(row, "its key is no delivery id");
    for (auto const what : {taken, turned_away, attempt_failed})
        if (row.kind.substr(delivery_prefix.size()) == word_for(what)) report.what = what;
    auto const body = parse_json(row.body);
    if (!body || !body->is_object()) return unreadable(row, "its body is no JSON object");
    report.receipt = member(body->get_object(), "receipt");
    report.trouble = member(body->get_object(), "trouble");
    return std::optional<porting::input::Any>{report};
}

} // namespace

std::string to_key(porting::Subject const& subject) { return std::string(name_of(subject.kind)) + ":" + subject.id; }

std::optional<porting::Subject> subject_of_key(std::string_view key) {
    auto const colon = key.find(':');
    if (colon == std::string_view::npos) return {};
    auto const kind = porting::subject_kind_of(key.substr(0, colon));
    if (!kind) return {};
    return porting::Subject{*kind, std::string(key.substr(colon + 1))};
}

Event law_event(rules::Rulebook const& rulebook) {
    Event event;
    event.kind = law_kind;
    event.source = "npod";
    event.key = rulebook.version();
    event.body = boost::json::serialize(boost::json::object{{"name", rulebook.name()}, {"version", rulebook.version()}});
    return event;
}

Event timer_event(porting::Timer const& timer) {
    Event event;
    event.kind = std::string(timer_prefix) + timer.name;
    event.source = "clock";
    event.key = to_key(timer.subject);
    event.happened_at = timer.due;
    event.input = porting::input::TimerDue{timer.subject, timer.name};
    return event;
}

Event delivery_event(porting::input::DeliveryReport const& report, OperatorCode const& peer) {
    Event event;
    event.kind = std::string(delivery_prefix) + std::string(word_for(report.what));
    event.source = "interchange:" + peer.text;
    event.key = std::to_string(report.delivery);
    event.body = boost::json::serialize(boost::json::object{{"receipt", report.receipt}, {"trouble", report.trouble}});
    event.input = report;
    return event;
}

std::optional<Moment> sent_at(porting::input::Any const& input, Moment now) {
    constexpr Duration worth_telling = std::chrono::minutes{1}, believed = std::chrono::days{30};
    auto const* const received = std::get_if<porting::input::Received>(&input);
    if (received == nullptr || !received->message.timestamp) return {};
    auto const under_way = now - *received->message.timestamp;
    if (under_way < worth_telling || under_way > believed) return {};
    return received->message.timestamp;
}

Event retried_event(storage::LogRow const& waiting, Interchange const& interchange, Moment now) {
    Event event;
    event.kind = waiting.kind;
    event.source = "parked:" + sender_of(waiting.source).text;
    event.key = std::to_string(waiting.seq);
    event.body = waiting.body;
    event.happened_at = waiting.happened_at;
    event.input = interchange.decode(sender_of(waiting.source), std::string_view(waiting.kind).substr(message_prefix.size()), waiting.body, now);
    return event;
}

Outcome<std::optional<porting::input::Any>> input_of(storage::LogRow const& row, Interchange const& interchange) {
    std::string_view const kind = row.kind;
    if (kind.starts_with(timer_prefix)) {
        auto const subject = subject_of_key(row.key);
        if (!subject) return unreadable(row, "its key names no subject");
        return std::optional<porting::input::Any>{porting::input::TimerDue{*subject, std::string(kind.substr(timer_prefix.size()))}};
    }
    if (kind.starts_with(delivery_prefix)) return delivery_input(row);
    if (kind.starts_with(message_prefix)) {
        if (row.key == for_mailboxes_only) return std::optional<porting::input::Any>{};
        auto input = interchange.decode(sender_of(row.source), kind.substr(message_prefix.size()), row.body, row.learned_at);
        if (auto* const received = std::get_if<porting::input::Received>(&input)) received->seq = row.seq;
        return std::optional<porting::input::Any>{std::move(input)};
    }
    if (kind.starts_with("interchange.") || kind.starts_with(house_prefix)) return std::optional<porting::input::Any>{};
    auto command = protocol::business::decode_command(kind, row.key, row.body);
    if (!command) return unreadable(row, command.refusal().text);
    return std::optional<porting::input::Any>{std::move(*command)};
}

} // namespace npod::engine
