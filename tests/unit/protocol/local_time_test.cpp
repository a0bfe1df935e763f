/// Wire times: 14 local digits. In Amsterdam and Brussels clocks went forward on 29 March 2026 at 02:00 (+1 → +2,
/// 01:00Z) and back on 25 October 2026 at 03:00 (+2 → +1, 01:00Z).
#include "protocol/coin_v3/local_time.hpp"

#include <doctest/doctest.h>

using namespace npod;
using protocol::coin_v3::LocalTime;

TEST_CASE("wire times are read in their zone") {
    LocalTime const amsterdam("Europe/Amsterdam");
    struct Row {
        std::string_view wire, utc;
    };
    for (auto const& [wire, utc] : {
             Row{"20260115120000", "2026-01-15T11:00:00Z"}, // winter, +1
             Row{"20260715120000", "2026-07-15T10:00:00Z"}, // summer, +2
             Row{"20260329015959", "2026-03-29T00:59:59Z"}, // last second before the gap
             Row{"20260329020000", "2026-03-29T01:00:00Z"}, // in the gap: the first instant after it
             Row{"20260329025959", "2026-03-29T01:00:00Z"}, // likewise
             Row{"20260329030000", "2026-03-29T01:00:00Z"}, // the first instant after the gap
             Row{"20261025015959", "2026-10-24T23:59:59Z"},
             Row{"20261025020000", "2026-10-25T00:00:00Z"}, // twice that night: the earlier, +2
             Row{"20261025025959", "2026-10-25T00:59:59Z"}, Row{"20261025030000", "2026-10-25T02:00:00Z"}, // +1 again
             Row{"20280229000000", "2028-02-28T23:00:00Z"},                                                // a leap day
         }) {
        CAPTURE(wire);
        auto const moment = amsterdam.read(wire);
        REQUIRE(moment);
        CHECK(to_rfc3339(*moment) == utc);
    }
}

TEST_CASE("instants are written in the zone, milliseconds cut") {
    LocalTime const brussels("Europe/Brussels");
    CHECK(brussels.write(*parse_rfc3339("2026-04-07T16:00:00Z")) == "20260407180000");
    CHECK(brussels.write(*parse_rfc3339("2026-04-07T16:00:00.999Z")) == "20260407180000");
    CHECK(brussels.write(*parse_rfc3339("2026-12-31T23:30:00Z")) == "20270101003000"); // the year turns earlier here
    CHECK(brussels.write(*parse_rfc3339("2026-10-25T00:30:00Z")) == "20261025023000");
    CHECK(brussels.write(*parse_rfc3339("2026-10-25T01:30:00Z")) ==
          "20261025023000"); // the wire cannot tell them apart
}

TEST_CASE("what no clock shows is refused, and why is said") {
    LocalTime const zone("Europe/Amsterdam");
    for (auto const wire : {"20260231120000", "20270229000000", "20261301000000", "20260100000000", "20260015000000",
                            "20260115240000", "20260115126000", "20260115120060", "00000000000000", "19891231235959",
                            "21010101000000", "2026011512000", "202601151200000", "2026011512000x", ""}) {
        CAPTURE(wire);
        auto const moment = zone.read(wire);
        REQUIRE_FALSE(moment);
        CHECK(moment.refusal().code == RefusalCode::not_admissible);
    }
}

TEST_CASE("an unknown zone is a fault of the configuration") {
    CHECK_THROWS_AS(LocalTime("Europe/Atlantis"), ConfigFault);
}
