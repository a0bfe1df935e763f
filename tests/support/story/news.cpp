#include "news.hpp"

#include "fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace npod::story {

namespace json = boost::json;

namespace {

/// What moved together: many numbers go the same way at once.
struct Step {
    std::string of; ///< "order horta-1", "number", "contract"
    json::value move;
    std::vector<std::string> names;
};

/// "+3225501100..+3225501109 +3225502000 (11)" for many single numbers; other things one after the other.
std::string names_of(std::vector<std::string> names) {
    bool const numbers = std::ranges::all_of(
        names, [](std::string const& name) { return name.starts_with('+') && name.find("..") == std::string::npos; });
    auto const count = names.size();
    if (numbers) std::ranges::sort(names);
    std::string all, last_of_run;
    for (std::size_t i = 0; i < names.size(); ++i) {
        bool const follows =
            numbers && i > 0 && std::stoll(names[i].substr(1)) == std::stoll(names[i - 1].substr(1)) + 1;
        if (follows) {
            last_of_run = names[i];
            continue;
        }
        if (!last_of_run.empty()) all += ".." + std::exchange(last_of_run, "");
        all += (all.empty() ? "" : " ") + names[i];
    }
    if (!last_of_run.empty()) all += ".." + last_of_run;
    return numbers && count > 1 ? fmt::format("{} ({})", all, count) : all;
}

/// The meaning of that row of a machine's table ("states", "events").
std::string meaning_in(json::value const& machine, std::string_view table, std::string const& name,
                       std::string_view member = "meaning") {
    for (auto const& row : machine.at(table).as_array())
        if (fact(row, "name") == name) return fact(row, member);
    return name;
}

} // namespace

/// ("order horta-1", "+3225501100..+3225501107") for a line, ("claim", "for order nova-1"), ("number", "+3225501100").
std::pair<std::string, std::string> News::names_of_subject(Daemon& daemon, json::value const& move) {
    auto const subject = fact(move, "subject"), name = memory_.story_name(market_, daemon.code(), subject);
    auto const order = name.substr(0, name.find('/'));
    if (name.ends_with("/claim")) return {"claim", "for order " + order};
    auto const slash = subject.find('/');
    if (slash == std::string::npos) return {fact(move, "machine"), name};
    auto const port = daemon.get("/v1/ports/" + subject.substr(0, slash)).body;
    for (auto const& line : port.at("lines").as_array())
        if (fact(line, "no") == subject.substr(slash + 1)) return {"order " + order, fact(json::array{line}, "0")};
    return {"order " + order, subject};
}

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
    return {meaning_in(machine, "states", to, "owner"), meaning_in(machine, "states", to),
            meaning_in(machine, "events", fact(move, "event"))};
}

void News::tell(Daemon& daemon) {
    std::vector<Step> steps;
    auto& seen = seen_.try_emplace(daemon.code(), "0").first->second;
    for (bool more = true; more;) {
        auto const page = daemon.get("/v1/events?limit=500&after=" + seen).body;
        for (auto const& event : page.at("items").as_array()) {
            seen = fact(event, "id");
            auto const* move = event.at("data").as_object().if_contains("move");
            if (move == nullptr && fact(event, "data/kind").starts_with("message.") &&
                fact(event, "data/notes") != "none") {
                narrator_.says(daemon.code(), "hears on the wire: " + fact(event, "data/notes"));
                continue;
            }
            if (move == nullptr || fact(*move, "verdict") != "moved" || fact(*move, "machine") == "delivery") continue;
            if (fact(*move, "from") == fact(*move, "to") && fact(*move, "machine") != "port_in" &&
                fact(*move, "machine") != "port_out")
                continue;
            auto const [of, name] = names_of_subject(daemon, *move);
            auto const same = std::ranges::find_if(steps, [&, &label = of](Step const& step) {
                return step.of == label && fact(step.move, "event") == fact(*move, "event") &&
                       fact(step.move, "from") == fact(*move, "from") && fact(step.move, "to") == fact(*move, "to");
            });
            if (same != steps.end())
                same->names.push_back(name);
            else
                steps.push_back({of, *move, {name}});
        }
        more = fact(page, "next") != "none";
    }
    for (auto const& step : steps) {
        auto const meaning = meaning_of(daemon, step.move);
        auto const note = fact(step.move, "note");
        narrator_.says(daemon.code(), step.of + " " + names_of(step.names));
        narrator_.detail(meaning.event + (note == "none" || note.empty() ? "" : " [" + note + "]"));
        narrator_.detail(
            fmt::format("{} -> {}{}", fact(step.move, "from"), fact(step.move, "to"),
                        meaning.owner == "nobody" ? "" : fmt::format(": {} Turn: {}.", meaning.state, meaning.owner)));
    }
}

} // namespace npod::story
