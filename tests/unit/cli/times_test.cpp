#include "cli/times.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::cli;

TEST_CASE("local times carry their offset, summer and winter") {
    Times const times(TimeStyle::local);
    // Brussels: +2 h from 29 March 2026, +1 h before.
    CHECK(times.brief("2026-04-07T16:00:00Z") == "2026-04-07 18:00+02");
    CHECK(times.brief("2026-01-05T16:00:30Z") == "2026-01-05 17:00:30+01");
    CHECK(times.full("2026-04-07T16:00:00Z") == "Tue 7 Apr 2026 18:00 (+02:00)");
}

TEST_CASE("UTC, and the form for programs") {
    CHECK(Times(TimeStyle::utc).brief("2026-04-07T16:00:00Z") == "2026-04-07 16:00Z");
    CHECK(Times(TimeStyle::utc).full("2026-04-07T16:00:00Z") == "Tue 7 Apr 2026 16:00 (UTC)");
    CHECK(Times(TimeStyle::rfc3339).brief("2026-04-07T18:00:00+02:00") == "2026-04-07T16:00:00Z");
}

TEST_CASE("relative times are relative to the daemon's clock") {
    auto const now = *parse_rfc3339("2026-04-07T12:55:00Z");
    Times const times(TimeStyle::relative, now);
    CHECK(times.brief("2026-04-07T16:00:00Z") == "in 3 h 5 min");
    CHECK(times.brief("2026-04-05T11:55:00Z") == "2 d 1 h ago");
    CHECK(times.brief("2026-04-07T12:55:00Z") == "now");
    // A sentence may be read later: it keeps the moment itself, too.
    CHECK(times.full("2026-04-07T16:00:00Z") == "Tue 7 Apr 2026 18:00 (+02:00), in 3 h 5 min");
}

TEST_CASE("what is no moment is shown as it is") {
    CHECK(Times(TimeStyle::local).brief("") == "");
    CHECK(Times(TimeStyle::local).full("soon") == "soon");
}

TEST_CASE("lengths name their two largest units") {
    using namespace std::chrono_literals;
    CHECK(length_text(0ms) == "0 s");
    CHECK(length_text(59s) == "59 s");
    CHECK(length_text(60s) == "1 min");
    CHECK(length_text(3h + 5min + 7s) == "3 h 5 min");
    CHECK(length_text(48h + 30min) == "2 d"); // no hours in between: minutes are below the two largest
    CHECK(length_text(-90s) == "1 min 30 s");
}

TEST_CASE("working time is told in hours, however many") {
    using namespace std::chrono_literals;
    CHECK(working_text(29h) == "29 h");
    CHECK(working_text(9h + 20min + 40s) == "9 h 20 min");
    CHECK(working_text(59min) == "59 min");
    CHECK(working_text(30s) == "30 s");
}

TEST_CASE("moments are read as people type them, but never without an offset") {
    CHECK(*parse_typed_moment("2026-04-03T16:59+02:00") == *parse_rfc3339("2026-04-03T14:59:00Z"));
    CHECK(*parse_typed_moment("2026-04-03T16:59:30Z") == *parse_rfc3339("2026-04-03T16:59:30Z"));
    CHECK(*parse_typed_moment("2026-04-03T16:59Z") == *parse_rfc3339("2026-04-03T16:59:00Z"));
    CHECK_FALSE(parse_typed_moment("2026-04-03T16:59"));
    CHECK_FALSE(parse_typed_moment("tomorrow"));
    CHECK_FALSE(parse_typed_moment(""));
}
