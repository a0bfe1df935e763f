#include "record.hpp"

#include "fields.hpp"
#include "script.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <sstream>
#include <vector>

namespace npod::story {

namespace json = boost::json;

namespace {

/// What may differ without the story having ended otherwise: how often a row was written, and the places in the log.
void forget_the_way(json::value& value) {
    if (auto* array = value.if_array())
        for (auto& item : *array) forget_the_way(item);
    auto* object = value.if_object();
    if (object == nullptr) return;
    object->erase("version");
    object->erase("history");
    for (auto& member : *object) forget_the_way(member.value());
}

std::string told(Daemon& daemon, std::string const& target) {
    auto reply = daemon.get(target);
    if (reply.status == 404) return "";
    if (!reply.good())
        throw StoryError(fmt::format("{} GET {}: {} {}", daemon.code(), target, reply.status, reply.text));
    forget_the_way(reply.body);
    return fmt::format("{} {} {}\n", daemon.code(), target, json::serialize(reply.body));
}

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// The part of both texts around the first character that differs.
std::string around(std::string const& one, std::string const& other) {
    std::size_t at = 0;
    while (at < one.size() && at < other.size() && one[at] == other[at]) ++at;
    auto const from = at < 60 ? 0 : at - 60;
    return fmt::format("  {}\n    one   …{}…\n    other …{}…\n", one.substr(0, one.find(' ', one.find(' ') + 1)),
                       one.substr(from, 160), other.substr(std::min(from, other.size()), 160));
}

} // namespace

std::string record_of(Market& market, Memory const& memory) {
    std::string record;
    for (auto* const daemon : market.everybody()) {
        for (auto const& port : all_items(*daemon, "/v1/ports?limit=100"))
            record += told(*daemon, "/v1/ports/" + fact(port, "id"));
        for (auto const& claim : all_items(*daemon, "/v1/claims?limit=100"))
            record += told(*daemon, "/v1/claims/" + fact(claim, "id"));
        for (auto const& [code, id] : memory.contracts)
            if (code == daemon->code()) record += told(*daemon, "/v1/contracts/" + id);
        for (auto const& number : memory.numbers) record += told(*daemon, "/v1/numbers/" + number);
    }
    return record;
}

std::string difference(std::string const& one, std::string const& other) {
    auto const first = lines_of(one), second = lines_of(other);
    std::string text;
    int shown = 0;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()) && shown < 5; ++i) {
        auto const a = i < first.size() ? first[i] : "(nothing)", b = i < second.size() ? second[i] : "(nothing)";
        if (a == b) continue;
        text += around(a, b);
        ++shown;
    }
    return text;
}

} // namespace npod::story
