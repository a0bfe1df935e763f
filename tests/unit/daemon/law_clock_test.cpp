#include "daemon/law_clock.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace npod;
using namespace npod::daemon;

namespace {

Moment at(char const* text) { return *parse_rfc3339(text); }
auto const monday = at("2026-03-02T08:00:00Z");
auto const tuesday = at("2026-03-03T08:00:00Z");
auto const wednesday = at("2026-03-04T08:00:00Z");
auto const today = at("2026-11-23T20:00:00Z");

} // namespace

TEST_CASE("a manual clock starts where it was told, or where the database left it, whichever is later") {
    CHECK(manual_start({true, monday}, {}, today) == monday);
    CHECK(manual_start({true, monday}, {tuesday, std::nullopt}, today) == tuesday); // the log's last row
    CHECK(manual_start({true, monday}, {tuesday, wednesday}, today) == wednesday);  // it was moved after that row
    CHECK(manual_start({true, wednesday}, {monday, tuesday}, today) == wednesday);  // asked to move on
}

TEST_CASE("a manual clock that was told nothing starts now in a new database and stays where it was in an old one") {
    CHECK(manual_start({true, {}}, {}, today) == today);
    CHECK(manual_start({true, {}}, {monday, tuesday}, today) == tuesday);
}

TEST_CASE("the system's clock does not run a database whose manual clock is ahead of it") {
    ManualClock const clock(today);
    std::string said;
    Log log(clock, Level::info, [&](std::string_view line) { said += line; });
    CHECK_THROWS_AS(accept_system_clock({std::nullopt, today + std::chrono::hours{1}}, today, log), ConfigFault);
    accept_system_clock({monday, monday}, today, log);
    CHECK(said.empty());
    // A clock set back by an hour is no reason to stop serving, but must be seen.
    accept_system_clock({today + std::chrono::hours{1}, std::nullopt}, today, log);
    CHECK(said.find("NP_CLOCK_BEHIND") != std::string::npos);
}
