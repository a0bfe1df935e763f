/// W3C Trace Context: what is taken, what counts as absent, and the next step.

#include "base/trace.hpp"

#include <doctest/doctest.h>

using namespace npod;

static std::string const good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"; // of the recommendation

TEST_CASE("a traceparent of the form is taken as it is") {
    CHECK(parse_traceparent(good) == good);
    CHECK(trace_id(good) == "0af7651916cd43dd8448eb211c80319c");
}

TEST_CASE("of a later version the four parts that are known count") {
    CHECK(parse_traceparent("cc" + good.substr(2)) == good);
    CHECK(parse_traceparent("cc" + good.substr(2) + "-what-comes-then") == good);
    CHECK_FALSE(parse_traceparent("cc" + good.substr(2) + "x"));
}

TEST_CASE("what is malformed counts as absent") {
    for (std::string const bad : {"", "00", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                  "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                                  "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
        CHECK_MESSAGE(!parse_traceparent(bad), bad);
}

TEST_CASE("the next step is of the same trace, with a span of its own that is the same when it is taken again") {
    auto const next = next_span(good, "delivery 17");
    CHECK(parse_traceparent(next) == next);
    CHECK(trace_id(next) == trace_id(good));
    CHECK(next != good);
    CHECK(next == next_span(good, "delivery 17"));
    CHECK(next != next_span(good, "delivery 18"));
    CHECK(next_span("", "delivery 17").empty());
}
