// What the radar says of the ways to counterparts: each kind of trouble appears when it begins and is gone when it ends.

#include "hub.hpp"

#include "engine/inputs.hpp"
#include "engine/peer_health.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

using namespace npod;
using namespace npod::test;

namespace {

/// "not_reached BRAVO: npctl operator check BRAVO", one line a trouble.
std::string troubles(Reply const& radar) {
    REQUIRE(radar.status() == 200);
    std::string lines;
    std::int64_t count = 0;
    for (auto const& item : radar.at("/items").as_array()) {
        if (item.at("kind").as_string() != "counterpart") continue;
        ++count;
        lines += fmt::format("{} {}: {}\n", item.at("trouble").as_string().c_str(), item.at("operator").as_string().c_str(),
                             item.at("next").as_string().c_str());
    }
    CHECK(radar.at("/troubles").as_int64() == count);
    return lines;
}

} // namespace

TEST_CASE("the radar tells a way that is broken from a stream that is, and forgets both when they are mended") {
    World world;
    engine::PeerHealth health(world.clock);
    auto context = world.context(&*world.engine);
    context.health = &health;
    api::Api watching(std::move(context));
    auto const radar = [&] { return ask(watching, {"GET", "/v1/radar", {}, {}, {}, {}}); };
    CHECK(troubles(radar()).empty());

    health.failed(bravo, "connection refused");
    CHECK(troubles(radar()) == "not_reached BRAVO: npctl operator check BRAVO\n");
    CHECK(boost::json::serialize(radar().body).find("connection refused") != std::string::npos);
    health.reached(bravo);
    CHECK(troubles(radar()).empty());

    health.stream_opened(bravo);
    CHECK(troubles(radar()).empty());
    health.stream_lost(bravo, "no heartbeat", std::chrono::seconds{1}); // nothing of it is reached, as far as we know
    CHECK(troubles(radar()) == "not_reached BRAVO: npctl operator check BRAVO\n");
    health.reached(bravo); // it takes what we send; what it says to us does not come
    CHECK(troubles(radar()) == "stream_broken BRAVO: npctl operator check BRAVO\n");
    CHECK(boost::json::serialize(radar().body).find("no heartbeat") != std::string::npos);
    health.stream_opened(bravo);
    CHECK(troubles(radar()).empty());
}

TEST_CASE("the radar names who is silent past a deadline") {
    World world;
    auto const order = world.post("/v1/port-ins", R"({"order_id": "o-1", "donor": "BRAVO", "network": "fixed",
  "numbers": [{"first": "+3225501100", "last": "+3225501109"}], "customer": {"kind": "natural", "name": "Acme NV"},
  "contract_id": "C-1", "location": {"zone": "2"}, "mandate": {"id": "M-1", "titular": "Acme NV", "signer": "Acme NV",
  "channel": "online", "signed_at": "2026-03-01T08:00:00Z"}})");
    REQUIRE(order.status() == 201);
    porting::input::DeliveryReport const report{1, porting::input::DeliveryReport::What::taken, "HUB-1", {}};
    REQUIRE(world.engine->ask(engine::delivery_event(report, OperatorCode{"HUB"})).answer.refusals.empty());
    auto const advance = [&](std::string_view to) {
        REQUIRE(world.post("/v1/clock/advance", fmt::format(R"({{"to":"{}"}})", to)).status() == 200);
    };
    advance("2026-03-04T17:00:00+01:00"); // its answer is due on Wednesday 18:00
    CHECK(troubles(world.get("/v1/radar")).find("silent") == std::string::npos);
    advance("2026-03-04T18:01:00+01:00");
    auto const told = troubles(world.get("/v1/radar"));
    CAPTURE(world.get("/v1/ports").response.body);
    CAPTURE(told);
    CHECK(told.find("silent BRAVO: npctl port list -q 'with=BRAVO and state=answer_overdue'\n") != std::string::npos);
    CHECK(told.find("silent CHARLY") == std::string::npos);
}

TEST_CASE("the radar names who does not fetch his mail") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly)).status() == 200);
    CHECK(troubles(hub.get("/v1/radar")).empty());
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-02T10:01:00+01:00"})").status() == 200); // an hour later
    CHECK(troubles(hub.get("/v1/radar")) == "not_fetching CHARLY: npctl operator health CHARLY\n");
    REQUIRE(hub.confirm("1", "CHARLY").status() == 200);
    CHECK(troubles(hub.get("/v1/radar")).empty());
}
