#include "news.hpp"

#include "fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace npod::story {

namespace json = boost::json;

namespace {

/// What moved together: many numbers of one port go the same way at once.
struct Step {
    json::value move;
    std::vector<std::string> subjects;
};

std::string names_of(std::vector<std::string> const& subjects) {
    if (subjects.size() == 1) return subjects.front();
    return fmt::format("{} to {} ({})", subjects.front(), subjects.back(), subjects.size());
}

/// The meaning of that row of a machine's table ("states", "events").
std::string meaning_in(json::value const& machine, std::string_view table, std::string const& name, std::string_view member = "meaning") {
    for (auto const& row : machine.at(table).as_array())
        if (fact(row, "name") == name) return fact(row, member);
    return name;
}

} // namespace

void News::tell() {
    if (!narrator_.loud()) return;
    narrator_.at(market_.now());
    for (std::string const code : {"ALFA", "BRAVO"}) tell(market_.at(code)); // the hub only carries
}

News::Meaning News::meaning_of(Daemon& daemon, json::value const& move) {
    auto const name = fact(move, "machine");
    if (!machines_.contains(name)) machines_[name] = daemon.get("/v1/machines/" + name).body;
    auto const& machine = machines_[name];
    auto const to = fact(move, "to");
    return {meaning_in(machine, "states", to, "owner"), meaning_in(machine, "states", to), meaning_in(machine, "events", fact(move, "event"))};
}

void News::tell(Daemon& daemon) {
    std::vector<Step> steps;
    auto& seen = seen_.try_emplace(daemon.code(), "0").first->second;
    for (bool more = true; more;) {
        auto const page = daemon.get("/v1/events?limit=500&after=" + seen).body;
        for (auto const& event : page.at("items").as_array()) {
            seen = fact(event, "id");
            auto const* move = event.at("data").as_object().if_contains("move");
            if (move == nullptr || fact(*move, "verdict") != "moved" || fact(*move, "machine") == "delivery") continue;
            if (fact(*move, "from") == fact(*move, "to") && fact(*move, "machine") != "port_in" && fact(*move, "machine") != "port_out") continue;
            auto const same = std::ranges::find_if(steps, [&](Step const& step) {
                return fact(step.move, "machine") == fact(*move, "machine") && fact(step.move, "event") == fact(*move, "event") &&
                       fact(step.move, "from") == fact(*move, "from") && fact(step.move, "to") == fact(*move, "to");
            });
            auto const subject = memory_.story_name(market_, daemon.code(), fact(*move, "subject"));
            if (same != steps.end()) same->subjects.push_back(subject);
            else steps.push_back({*move, {subject}});
        }
        more = fact(page, "next") != "none";
    }
    for (auto const& step : steps) {
        auto const meaning = meaning_of(daemon, step.move);
        narrator_.says(daemon.code(), fmt::format("{} {}: {}", fact(step.move, "machine") == "port_in" || fact(step.move, "machine") == "port_out" ? "line" : fact(step.move, "machine"), names_of(step.subjects), meaning.event));
        auto const note = fact(step.move, "note");
        narrator_.detail(fmt::format("{} -> {}{}", fact(step.move, "from"), fact(step.move, "to"), note == "none" || note.empty() ? "" : " (" + note + ")"));
        if (meaning.owner != "nobody") narrator_.detail(fmt::format("{} (it is for: {})", meaning.state, meaning.owner));
    }
}

} // namespace npod::story
