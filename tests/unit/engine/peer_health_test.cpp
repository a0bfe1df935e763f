/// What is kept of counterparts is bounded: senders can be invented without end.

#include "base/limits.hpp"
#include "engine/peer_health.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace npod;

TEST_CASE("beyond the bound only counterparts that are known already are watched") {
    ManualClock const clock(*parse_rfc3339("2026-03-02T09:00:00+01:00"));
    engine::PeerHealth health(clock);
    for (std::size_t i = 0; i < limits::peers_watched_max; ++i) health.refused(OperatorCode{"P" + std::to_string(i)});
    CHECK(health.all().size() == limits::peers_watched_max);
    health.refused(OperatorCode{"ONE MORE"});
    health.failed(OperatorCode{"ANOTHER"}, "invented");
    CHECK(health.all().size() == limits::peers_watched_max);
    CHECK(health.of(OperatorCode{"ONE MORE"}).refused == 0);
    CHECK_FALSE(health.of(OperatorCode{"ANOTHER"}).failing_since);
    health.failed(OperatorCode{"P0"}, "of the first");
    CHECK(health.of(OperatorCode{"P0"}).last_error == "of the first");
    CHECK(health.of(OperatorCode{"P0"}).refused == 1);
}
