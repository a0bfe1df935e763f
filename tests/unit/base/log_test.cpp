#include "base/log.hpp"
#include "base/log_catalogue.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

using namespace npod;
using namespace std::chrono;

namespace {

struct Written {
    ManualClock clock{sys_days{April / 3 / 2026} + 14h};
    std::vector<std::string> lines;
    Log log{clock, Level::info, [this](std::string_view line) { lines.emplace_back(line); }};
};

constexpr LogMessage example{"NP_EXAMPLE", Level::info, "Only here."};

} // namespace

TEST_CASE("a line is logfmt: time, level, name, fields") {
    Written w;
    w.log.write(example, {{"peer", "BETA"}, {"count", 3}, {"late", false}, {"due", w.clock.now()}});
    CHECK(
        w.lines ==
        std::vector<std::string>{
            "2026-04-03T14:00:00Z level=info msg=NP_EXAMPLE peer=BETA count=3 late=false due=2026-04-03T14:00:00Z\n"});
}

TEST_CASE("a value can neither end the line nor pose as another key") {
    Written w;
    w.log.write(example, {{"a", ""},
                          {"b", "two words"},
                          {"c", "x\nmsg=NP_FORGED"},
                          {"d", "say \"no\" \\"},
                          {"e", "\x01"},
                          {"f", "+3247•••56"}});
    REQUIRE(w.lines.size() == 1);
    CHECK(w.lines[0] == "2026-04-03T14:00:00Z level=info msg=NP_EXAMPLE a=\"\" b=\"two words\" c=\"x\\nmsg=NP_FORGED\" "
                        "d=\"say \\\"no\\\" \\\\\" e=\"\\u0001\" f=+3247•••56\n");
}

TEST_CASE("less grave messages are left out") {
    Written w;
    w.log.write({"NP_DETAIL", Level::debug, "Left out."});
    CHECK(w.lines.empty());
    CHECK_FALSE(w.log.writes(Level::debug));
    CHECK(w.log.writes(Level::error));
}

TEST_CASE("level names go both ways") {
    for (auto const level : {Level::debug, Level::info, Level::warning, Level::error})
        CHECK(level_of(name_of(level)) == level);
    CHECK_FALSE(level_of("verbose"));
}

TEST_CASE("numbers are masked") {
    CHECK(masked("+32471234556") == "+3247•••56");
    CHECK(masked("+3225501100") == "+3225•••00");
    CHECK(masked("112") == "•••");
    CHECK(masked("+32255011") == "•••"); // nine characters: seven shown would leave only two hidden
    CHECK(masked("") == "•••");
}

TEST_CASE("no value of a line holds a whole number, whoever put it there") {
    Written w;
    w.log.write(example, {{"why", "+3225501100 and +32471234556 are refused, 1+1 and +32255 are not"}, {"key", "+3225501100"}, {"to", "2026-04-03T14:00:00+02:00"}, {"end", "a+"}});
    CHECK(w.lines.at(0) == "2026-04-03T14:00:00Z level=info msg=NP_EXAMPLE why=\"+3225•••00 and +3247•••56 are refused, 1+1 and +32255 are not\" "
                           "key=+3225•••00 to=2026-04-03T14:00:00+02:00 end=a+\n");
}

TEST_CASE("lines of several threads do not mix") {
    Written w;
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&w] {
            for (int n = 0; n < 250; ++n) w.log.write(example, {{"n", n}});
        });
    }
    writers.clear(); // joins
    CHECK(w.lines.size() == 1000);
}

TEST_CASE("every message of the catalogue has its own name and explains itself") {
    std::set<std::string_view> names;
    for (auto const& message : log_catalogue::all) {
        CAPTURE(message.name);
        CHECK(message.name.starts_with("NP_"));
        CHECK(names.insert(message.name).second);
        CHECK(message.meaning.size() > 20);
        CHECK(message.meaning.ends_with('.'));
    }
}
