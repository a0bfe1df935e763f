#include "base/moment.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace std::chrono;

TEST_CASE("an instant is written in UTC, with milliseconds only when there are some") {
    CHECK(to_rfc3339(from_ms(0)) == "1970-01-01T00:00:00Z");
    CHECK(to_rfc3339(sys_days{April / 3 / 2026} + 14h + 59min) == "2026-04-03T14:59:00Z");
    CHECK(to_rfc3339(sys_days{December / 31 / 2026} + 23h + 59min + 59s + 7ms) == "2026-12-31T23:59:59.007Z");
    CHECK(to_rfc3339(from_ms(-1)) == "1969-12-31T23:59:59.999Z"); // floor, not towards zero
}

TEST_CASE("an instant is read with its offset") {
    Moment const expected = sys_days{April / 3 / 2026} + 14h + 59min;
    for (auto const* text : {"2026-04-03T14:59:00Z", "2026-04-03T16:59:00+02:00", "2026-04-03T16:59+02:00",
                             "2026-04-03t14:59:00z", "2026-04-03T09:29:00-05:30", "2026-04-04T00:59:00+10:00",
                             "2026-04-03T14:59:00.0Z", "2026-04-03T14:59:00.000999999Z"}) {
        CAPTURE(text);
        auto const read = parse_rfc3339(text);
        REQUIRE(read);
        CHECK(*read == expected);
    }
    CHECK(*parse_rfc3339("2026-04-03T14:59:00.5Z") == expected + 500ms);
    CHECK(*parse_rfc3339("2026-04-03T14:59:00.12Z") == expected + 120ms);
    CHECK(*parse_rfc3339("2026-04-03T14:59:00.1239Z") == expected + 123ms); // cut, not rounded
    CHECK(*parse_rfc3339("2028-02-29T00:00:00Z") == Moment{sys_days{February / 29 / 2028}});
}

TEST_CASE("what is not an instant is refused, and the refusal says why") {
    struct Example {
        char const* text;
        char const* why;
    };
    for (auto const& [text, why] : {
             Example{"", "does not begin with a day"},
             Example{"3 April 2026", "does not begin with a day"},
             Example{"2026-4-3T14:59:00Z", "does not begin with a day"},
             Example{"2027-02-29T00:00:00Z", "no such day"},
             Example{"2026-13-01T00:00:00Z", "no such day"},
             Example{"2026-00-01T00:00:00Z", "no such day"},
             Example{"2026-04-03", "\"T\""},
             Example{"2026-04-03 14:59:00Z", "\"T\""},
             Example{"2026-04-03T1459Z", "HH:MM"},
             Example{"2026-04-03T24:00:00Z", "no such time"},
             Example{"2026-04-03T23:60:00Z", "no such time"},
             Example{"2026-04-03T23:59:60Z", "leap seconds"},
             Example{"2026-04-03T23:59:61Z", "no such time"},
             Example{"2026-04-03T14:59:00", "no offset"},
             Example{"2026-04-03T14:59", "no offset"},
             Example{"2026-04-03T14:59:00.Z", "one to nine digits"},
             Example{"2026-04-03T14:59:00.1234567890Z", "one to nine digits"},
             Example{"2026-04-03T14:59:00+2", "offset is not"},
             Example{"2026-04-03T14:59:00+0200", "offset is not"},
             Example{"2026-04-03T14:59:00+24:00", "offset is not"},
             Example{"2026-04-03T14:59:00Z ", "something follows"},
             Example{"1989-12-31T23:59:59Z", "outside 1990 to 2100"},
             Example{"2101-01-01T00:00:00Z", "outside 1990 to 2100"},
             Example{"1990-01-01T00:00:00+00:01", "outside 1990 to 2100"}, // one minute before 1990 in UTC
         }) {
        CAPTURE(text);
        auto const read = parse_rfc3339(text);
        REQUIRE_FALSE(read);
        CHECK(read.refusal().code == RefusalCode::malformed);
        CHECK(read.refusal().text.find(why) != std::string::npos);
        CHECK_FALSE(read.refusal().next.empty());
    }
    CHECK(parse_rfc3339("1990-01-01T00:00:00Z"));
    CHECK(parse_rfc3339("2100-12-31T23:59:59.999Z"));
}

TEST_CASE("what was written is read back") {
    for (std::int64_t ms = 631'152'000'000; ms < 4'133'980'800'000;
         ms += 86'399'999'777 / 7) { // 1990 … 2100, odd steps
        auto const moment = from_ms(ms);
        REQUIRE(*parse_rfc3339(to_rfc3339(moment)) == moment);
    }
}
