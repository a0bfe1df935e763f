/// Working time is counted by the calendar of the country whose law an answer names.

#include "cli/lookup.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace npod;
using namespace npod::cli;

TEST_CASE("working time follows the law that is named") {
    // Friday 24 April 2026 10:00 to Tuesday the 28th 18:00: 8 h of Friday, 10 h of Tuesday, and 10 h of Monday the
    // 27th where it is not King's Day.
    auto const hours = [](char const* why) {
        auto const from = *parse_rfc3339("2026-04-24T10:00:00+02:00"), to = *parse_rfc3339("2026-04-28T18:00:00+02:00");
        return working_time_of(json::parse(why).as_object())(from, to) / std::chrono::hours{1};
    };
    CHECK(hours(R"({"deadlines": [{"rule": {"id": "be.execute.within"}}]})") == 28);
    CHECK(hours(R"({"deadlines": [{"rule": {"id": "nl.execute.within"}}]})") == 18);
    CHECK(
        hours(
            R"({"deadlines": [{"timer": "activation_time"}], "compensation": {"rules": [{"id": "nl.comp.payer"}]}})") ==
        18);
    CHECK(hours(R"({"deadlines": [{"rule": {"id": "npod.reminder"}}]})") == 28);
    CHECK(hours("{}") == 28);
}
