#include "casefile/outcome.hpp"

#include "base/hash.hpp"
#include "porting/explain.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::casefile {

namespace json = boost::json;

namespace {

json::value moment(std::optional<Moment> const& at) { return at ? json::value(to_rfc3339(*at)) : json::value(nullptr); }

json::object view_of(porting::Port const& port) {
    return {{"id", port.id.text},           {"role", porting::name_of(port.role)}, {"state", port.state},
            {"settled", port.settled},      {"order", port.order.text},            {"dossier", port.dossier.text},
            {"recipient", port.recipient.text}, {"donor", port.donor.text},        {"contract", port.contract.text},
            {"requested_at", to_rfc3339(port.requested_at)}, {"rulebook", port.rulebook}, {"version", port.version}};
}

json::object view_of(porting::Line const& line) {
    json::array grounds, turns;
    for (auto const ground : line.grounds) grounds.push_back(json::value(porting::code_of(ground)));
    for (auto const& turn : line.turns)
        turns.push_back(json::object{{"since", to_rfc3339(turn.since)}, {"state", turn.state}, {"waits_for", porting::name_of(turn.causer)}});
    return {{"no", line.no},
            {"first", to_string(line.numbers.first)},
            {"last", to_string(line.numbers.last)},
            {"state", line.state},
            {"since", to_rfc3339(line.since)},
            {"planned_at", moment(line.planned_at)},
            {"answered_at", moment(line.answered_at)},
            {"first_possible", moment(line.first_possible)},
            {"postponed_until", moment(line.postponed_until)},
            {"agreed_at", moment(line.agreed_at)},
            {"effective_at", moment(line.effective_at)},
            {"grounds", std::move(grounds)},
            {"turns", std::move(turns)}};
}

json::object view_of(porting::Timer const& timer) {
    return {{"subject", timer.subject.id}, {"name", timer.name}, {"due", to_rfc3339(timer.due)}, {"rule", timer.rule},
            {"from", to_rfc3339(timer.from)}, {"armed_in", timer.armed_in}, {"rulebook", timer.rulebook}};
}

json::value view_of(std::optional<porting::Claim> const& claim) {
    if (!claim) return nullptr;
    return json::object{{"id", claim->id.text},
                        {"state", claim->state},
                        {"since", to_rfc3339(claim->since)},
                        {"filed_at", moment(claim->filed_at)},
                        {"by_titular", claim->by_titular},
                        {"amount", claim->amount ? json::value(to_string(*claim->amount)) : json::value(nullptr)},
                        {"paid_at", moment(claim->paid_at)}};
}

json::object view_of(porting::Compensation const& owed) {
    json::array lines, caused;
    for (auto const& line : owed.lines)
        lines.push_back(json::object{{"line", line.line}, {"days", line.days}, {"count", line.count}, {"amount", to_string(line.amount)},
                                     {"planned_at", to_rfc3339(line.planned_at)}, {"until", moment(line.until)}, {"final", line.final}});
    for (auto const& one : owed.caused)
        caused.push_back(json::object{{"by", porting::name_of(one.causer)}, {"days", one.days}, {"amount", to_string(one.amount)}, {"recourse", one.recourse}});
    return {{"total", to_string(owed.total)}, {"payer", owed.payer}, {"lines", std::move(lines)}, {"caused", std::move(caused)}};
}

json::object view_of(porting::Delivery const& delivery) {
    return {{"id", delivery.id}, {"type", delivery.type}, {"peer", delivery.peer.text}, {"receiver", delivery.receiver.text}, {"state", delivery.state},
            {"queued_at", to_rfc3339(delivery.queued_at)}, {"sha256", content_hash(delivery.bytes)}};
}

/// The first place in which the two differ.
std::string differ(json::value const& a, json::value const& b, std::string const& at) {
    if (a == b) return {};
    if (a.is_object() && b.is_object()) {
        for (auto const& [key, value] : a.as_object()) {
            auto const* const other = b.as_object().if_contains(key);
            auto const found = differ(value, other ? *other : json::value(nullptr), at + "/" + std::string(key));
            if (!found.empty()) return found;
        }
    } else if (a.is_array() && b.is_array()) {
        auto const& left = a.as_array();
        auto const& right = b.as_array();
        for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
            if (auto found = differ(left[i], right[i], fmt::format("{}/{}", at, i)); !found.empty()) return found;
        return fmt::format("{} has {} entries in the file and {} told again", at, left.size(), right.size());
    }
    return fmt::format("{} is {} in the file and {} told again", at, json::serialize(a).substr(0, 200), json::serialize(b).substr(0, 200));
}

} // namespace

std::string outcome_of(storage::Reader const& reader, rules::Laws const& laws, PortId const& id, Moment as_of) {
    auto const& book = reader.book();
    auto const port = book.port(id);
    if (!port) return {};
    auto const lines = book.lines(id);
    json::array line_views, deadlines, messages;
    for (auto const& line : lines) line_views.push_back(view_of(line));
    for (auto const& timer : reader.timers_of_port(id)) deadlines.push_back(view_of(timer));
    for (auto const& delivery : reader.deliveries_of(id)) messages.push_back(view_of(delivery));
    json::object outcome{{"port", view_of(*port)},
                         {"lines", std::move(line_views)},
                         {"deadlines", std::move(deadlines)},
                         {"claim", view_of(book.claim_of(id))}};
    if (port->role == porting::Role::port_in)
        outcome["compensation"] = view_of(porting::compensation(*port, lines, laws.pinned(port->rulebook), as_of, rules::Words::left_out));
    outcome["messages"] = std::move(messages);
    return json::serialize(outcome);
}

std::string difference_between_outcomes(std::string const& in_file, std::string const& told) {
    if (in_file == told) return {};
    boost::system::error_code error;
    auto const a = json::parse(in_file, error);
    auto const b = error ? json::value{} : json::parse(told.empty() ? "null" : told, error);
    auto found = error ? std::string{} : differ(a, b, "");
    return found.empty() ? std::string("it has other members than this program writes") : found;
}

std::string without_content(std::string const& outcome) {
    auto value = json::parse(outcome);
    for (auto& message : value.as_object().at("messages").as_array()) message.as_object().erase("sha256");
    return json::serialize(value);
}

} // namespace npod::casefile
