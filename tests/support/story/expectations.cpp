/// What a story says is true, compared with what the daemons say.

#include "player.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::story {

namespace json = boost::json;

namespace {

/// Collects what differs, so that one failure tells everything about one thing.
class Differences {
public:
    explicit Differences(Statement const& statement) : statement_(statement) {}

    void compare(std::string_view what, std::string const& expected, std::string const& found) {
        if (!same_fact(expected, found)) add(fmt::format("{} is {}, not {}", what, found, expected));
    }
    void add(std::string const& difference) { text_ += "\n    " + difference; }
    /// Fails the statement when anything differs; `whole` is what was looked at.
    void judge(std::string const& whole) const {
        if (!text_.empty()) statement_.fail(fmt::format("it is otherwise:{}\n  {}", text_, whole));
    }

private:
    Statement const& statement_;
    std::string text_;
};

/// "NAME value NAME value …" from word `from` on, each compared with that member of `thing`.
void compare_pairs(Differences& differences, std::string const& about, json::value const& thing, Words const& line,
                   std::size_t from) {
    for (auto i = from; i + 1 < line.size(); i += 2)
        differences.compare(about + " " + line.at(i), line.at(i + 1), fact(thing, line.at(i)));
    if ((line.size() - from) % 2 != 0) differences.add("the last fact of this line has no value: " + line.text);
}

/// A line of a port with the members of its deadline beside its own.
json::value with_deadline(json::value line, json::value const& port) {
    for (auto const& deadline : port.at("deadlines").as_array())
        if (deadline.at("line") == line.at("no"))
            for (auto const& member : deadline.as_object())
                if (!line.as_object().contains(member.key())) line.as_object()[member.key()] = member.value();
    return line;
}

json::value const* with_range(json::array const& lines, std::string const& range) {
    auto const found =
        std::ranges::find_if(lines, [&](json::value const& line) { return range == fact(json::array{line}, "0"); });
    return found == lines.end() ? nullptr : &*found;
}

bool is_range(std::string const& word) { return word.starts_with('+'); }

/// Compares two lists, line by line, in words that a person can mend a story with.
void compare_lists(Differences& differences, std::vector<std::string> const& expected,
                   std::vector<std::string> const& found) {
    for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
        auto const wanted = i < expected.size() ? expected[i] : "(nothing)",
                   told = i < found.size() ? found[i] : "(nothing)";
        if (wanted != told) differences.add(fmt::format("{}: expected  {}\n       found     {}", i + 1, wanted, told));
    }
}

std::string joined(std::vector<std::string> const& lines) {
    std::string all = "all of it:";
    for (auto const& line : lines) all += "\n    " + line;
    return all;
}

} // namespace

void Player::expect(Statement const& statement) {
    using Expect = void (Player::*)(Daemon&, Statement const&);
    static constexpr std::array<std::pair<std::string_view, Expect>, 9> kinds{
        {{"port", &Player::expect_port},
         {"compensation", &Player::expect_compensation},
         {"contract", &Player::expect_thing},
         {"number", &Player::expect_thing},
         {"claim", &Player::expect_thing},
         {"residue", &Player::expect_thing},
         {"GET", &Player::expect_thing},
         {"timers", &Player::expect_timers},
         {"moves", &Player::expect_moves}}};
    if (statement.head.at(1) == "wire") return expect_wire(statement);
    auto const found =
        std::ranges::find_if(kinds, [&](auto const& kind) { return kind.first == statement.head.at(2); });
    if (found == kinds.end())
        statement.fail(fmt::format("\"{}\" is nothing that a story can expect of an operator", statement.head.at(2)));
    (this->*found->second)(market_.at(statement.head.at(1)), statement);
}

void Player::expect_port(Daemon& daemon, Statement const& statement) {
    auto const port =
        asked(daemon, "/v1/ports/" + memory_.port_of(market_, daemon.code(), statement.head.at(3)), statement);
    auto const& lines = port.at("lines").as_array();
    Differences differences(statement);
    if (statement.head.size() > 4) differences.compare("the port", statement.head.at(4), fact(port, "state"));
    std::size_t described = 0;
    for (auto const& detail : statement.details) {
        if (!is_range(detail.at(0))) {
            differences.compare(detail.at(0), detail.from(1), fact(port, detail.at(0)));
            continue;
        }
        ++described;
        auto const* line = with_range(lines, detail.at(0));
        if (line == nullptr) {
            differences.add("there is no line " + detail.at(0));
            continue;
        }
        differences.compare(detail.at(0), detail.at(1), fact(*line, "state"));
        compare_pairs(differences, detail.at(0), with_deadline(*line, port), detail, 2);
    }
    if (described != 0 && described != lines.size())
        differences.add(fmt::format("it has {} lines, the story describes {}", lines.size(), described));
    differences.judge(json::serialize(port));
}

void Player::expect_compensation(Daemon& daemon, Statement const& statement) {
    auto const owed =
        asked(daemon, "/v1/ports/" + memory_.port_of(market_, daemon.code(), statement.head.at(3)) + "/compensation",
              statement);
    Differences differences(statement);
    differences.compare("the total", statement.head.at(4), fact(owed, "total"));
    for (auto const& detail : statement.details) {
        auto const* line = is_range(detail.at(0)) ? with_range(owed.at("lines").as_array(), detail.at(0)) : nullptr;
        if (line != nullptr)
            compare_pairs(differences, detail.at(0), *line, detail, 1);
        else if (is_range(detail.at(0)))
            differences.add("there is no line " + detail.at(0));
        else
            differences.compare(detail.at(0), detail.from(1), fact(owed, detail.at(0)));
    }
    differences.judge(json::serialize(owed));
}

/// Contracts, numbers, claims, residues, and anything that GET answers: "NAME value" lines.
void Player::expect_thing(Daemon& daemon, Statement const& statement) {
    auto const& kind = statement.head.at(2);
    auto const& id = statement.head.at(3);
    std::string target;
    if (kind == "contract")
        target = "/v1/contracts/" + id;
    else if (kind == "number")
        target = "/v1/numbers/" + id;
    else if (kind == "claim")
        target = "/v1/claims/" + memory_.claim_of(market_, daemon.code(), id);
    else if (kind == "residue")
        target = "/v1/ports/" + memory_.port_of(market_, daemon.code(), id) + "/residue";
    else
        target = id;
    auto const thing = asked(daemon, target, statement);
    Differences differences(statement);
    if (statement.head.size() > 4) differences.compare(kind + " " + id, statement.head.at(4), fact(thing, "state"));
    for (auto const& detail : statement.details) {
        auto const expected = detail.size() == 2 ? detail.at(1) : detail.from(1);
        differences.compare(detail.at(0), expected, fact(thing, detail.at(0)));
    }
    differences.judge(json::serialize(thing));
}

/// Deliveries are left out: between two statements of a story there are none.
void Player::expect_timers(Daemon& daemon, Statement const& statement) {
    auto const timers = asked(daemon, "/v1/timers?limit=500", statement);
    std::vector<std::string> expected, found;
    for (auto const& detail : statement.details) {
        auto const due = parse_rfc3339(full_moment(detail.at(0)));
        if (!due) statement.fail(detail, "write: DUE TIMER OF RULE");
        expected.push_back(to_rfc3339(*due) + " " + detail.from(1));
    }
    for (auto const& timer : timers.at("items").as_array())
        found.push_back(fmt::format("{} {} {} {}", fact(timer, "due"), fact(timer, "timer"),
                                    memory_.story_name(market_, daemon.code(), fact(timer, "subject/id")),
                                    fact(timer, "rule")));
    for (auto* const list : {&expected, &found}) {
        for (auto& line : *list) line.resize(line.find_last_not_of(' ') + 1);
        std::ranges::sort(*list);
    }
    Differences differences(statement);
    compare_lists(differences, expected, found);
    differences.judge(joined(found));
}

void Player::expect_moves(Daemon& daemon, Statement const& statement) {
    auto const id = memory_.port_of(market_, daemon.code(), statement.head.at(3));
    std::vector<std::string> expected, found;
    for (auto const& detail : statement.details) {
        std::string words;
        for (auto const& word : detail.words) words += (words.empty() ? "" : " ") + word;
        expected.push_back(words);
    }
    for (auto const& item : all_items(daemon, "/v1/ports/" + id + "/timeline?limit=500"))
        for (auto const& move : item.at("moves").as_array()) {
            auto const subject = fact(move, "subject");
            if (!subject.starts_with(id + "/") || fact(move, "verdict") != "moved") continue;
            found.push_back(fmt::format("{} {} {} {}", subject.substr(id.size() + 1), fact(move, "event"),
                                        fact(move, "from"), fact(move, "to")));
        }
    Differences differences(statement);
    compare_lists(differences, expected, found);
    differences.judge(joined(found));
}

void Player::expect_wire(Statement const& statement) {
    auto& hub = market_.at("HUB");
    std::vector<std::string> expected, found;
    for (auto const& detail : statement.details) expected.push_back(detail.at(0) + " " + detail.at(1));
    auto after = std::to_string(memory_.wire_seen);
    std::int64_t last_row = 0;
    for (bool more = true; more;) {
        auto const page = asked(hub, "/v1/events?limit=500&after=" + after, statement);
        for (auto const& event : page.at("items").as_array()) {
            auto const row = event.at("data").at("seq").to_number<std::int64_t>();
            auto const kind = fact(event, "data/kind"), source = fact(event, "data/source");
            memory_.wire_seen = std::max(memory_.wire_seen, row);
            if (row == last_row || !kind.starts_with("message.") || !source.starts_with("wire:"))
                continue; // one line for all events of a row
            last_row = row;
            found.push_back(source.substr(5) + " " + kind.substr(8));
        }
        after = fact(page, "next");
        more = after != "none";
    }
    Differences differences(statement);
    compare_lists(differences, expected, found);
    differences.judge(joined(found));
}

} // namespace npod::story
