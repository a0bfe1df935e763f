// The letters to customers at the API. Whole letters stand in tests/unit/words/notices_test.cpp.

#include "world.hpp"

using namespace npod;
using namespace npod::test;

namespace {

/// Contract C-1 of one number of a natural person, terminated on Monday 2 March 2026 at 09:00: the number can be taken
/// along for a month, until Thursday 2 April at 24:00.
void terminate(World& world, std::string const& more = {}) {
    REQUIRE(world.put("/v1/contracts/C-1", R"({"customer":{"kind":"natural","name":"An Peeters")" + more +
                                               R"(},"network":"fixed","numbers":["+3225501100"]})").status() == 201);
    REQUIRE(world.post("/v1/contracts/C-1/terminate", R"({"reason":"moves abroad"})").status() == 200);
}

Reply get_with(World& world, std::string target, http::Headers headers) {
    return ask(*world.api, {"GET", std::move(target), std::move(headers), {}, {}, {}});
}

constexpr auto order = R"({
  "order_id": "o-1", "donor": "BRAVO", "network": "fixed", "numbers": ["+3225501100"],
  "customer": {"kind": "legal", "name": "Acme NV"}, "contract_id": "new-1", "location": {"zone": "2"},
  "mandate": {"id": "M-1", "titular": "Acme NV", "signer": "An Peeters", "channel": "online", "signed_at": "2026-03-01T08:00:00Z"}})";

} // namespace

TEST_CASE("the letter about a contract comes in parts, whole, and as text without the desk's footer") {
    World world;
    terminate(world);
    auto const letter = world.get("/v1/contracts/C-1/notice?lang=nl");
    REQUIRE(letter.status() == 200);
    CHECK(letter.header("Content-Language") == "nl");
    CHECK(letter.text("/contract") == "C-1");
    CHECK(letter.text("/kind") == "portable");
    CHECK(letter.text("/language") == "nl");
    CHECK(letter.text("/greeting") == "Beste An Peeters,");
    CHECK(letter.text("/paragraphs/1") ==
          "U kunt uw nummer +3225501100 nog laten overdragen naar een andere operator, tot en met donderdag 2 april 2026. "
          "Vraag het op tijd aan die operator; u hebt daarvoor geen contract bij ons nodig.");
    CHECK(letter.text("/closing") == "Met vriendelijke groeten,\nALFA");
    CHECK(letter.text("/rules/0/id") == "be.grace");
    CHECK(letter.text("/footer").starts_with("Voor de dienst: deze brief steunt op\nbe.grace: "));
    CHECK(letter.header("ETag").empty()); // it changes with the clock alone

    auto const text = get_with(world, "/v1/contracts/C-1/notice?lang=nl", {{"Accept", "text/plain"}});
    CHECK(text.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(text.response.body == letter.text("/text"));
    CHECK(text.response.body.find("be.grace") == std::string::npos);
}

TEST_CASE("the letter about a port is the one of its state, as of the moment that is asked for") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    auto const letter = world.get("/v1/ports/PI-000001/notice");
    REQUIRE(letter.status() == 200);
    CHECK(letter.header("Content-Language") == "en");
    CHECK(letter.text("/port") == "PI-000001");
    CHECK(letter.text("/kind") == "under_way");
    CHECK(letter.text("/subject") == "Your transfer is under way");
    REQUIRE(world.post("/v1/clock/advance", R"({"to":"2026-03-02T10:00:00+01:00"})").status() == 200);
    REQUIRE(world.post("/v1/ports/PI-000001/cancel", R"({"reason":"the customer stays"})").status() == 200);
    CHECK(world.get("/v1/ports/PI-000001/notice").text("/kind") == "cancelled");
    CHECK(world.get("/v1/ports/PI-000001/notice?as_of=2026-03-02T09:30:00%2B01:00").text("/kind") == "under_way");
}

TEST_CASE("a customer is written to in his own language, unless another one is asked for") {
    World world;
    terminate(world, R"(,"language":"fr")");
    auto const letter = world.get("/v1/contracts/C-1/notice");
    CHECK(letter.header("Content-Language") == "fr");
    CHECK(letter.text("/greeting") == "Bonjour An Peeters,");
    // A browser says what the clerk reads, not the customer.
    CHECK(get_with(world, "/v1/contracts/C-1/notice", {{"Accept-Language", "nl-BE"}}).header("Content-Language") == "fr");
    CHECK(world.get("/v1/contracts/C-1/notice?lang=nl").header("Content-Language") == "nl");
    CHECK(world.get("/v1/contracts/C-1").text("/customer/language") == "fr");

    auto const wrong = world.put("/v1/contracts/C-2", R"({"customer":{"kind":"natural","name":"An","language":"de"},
                                                          "network":"fixed","numbers":["+3225501101"]})");
    CHECK(wrong.status() == 400);
    CHECK(wrong.text("/problems/0/pointer") == "/customer/language");
}

TEST_CASE("nothing told of the customer's language: the one of whoever asks") {
    World world;
    terminate(world);
    CHECK(get_with(world, "/v1/contracts/C-1/notice", {{"Accept-Language", "nl-BE"}}).header("Content-Language") == "nl");
    CHECK(world.get("/v1/contracts/C-1/notice").header("Content-Language") == "en");
}

TEST_CASE("no letter about what is not there, and none in a language that nobody has") {
    World world;
    terminate(world);
    CHECK(world.get("/v1/contracts/C-2/notice").status() == 404);
    CHECK(world.get("/v1/ports/PI-000009/notice").status() == 404);
    auto const refused = world.get("/v1/contracts/C-1/notice?lang=de");
    CHECK(refused.status() == 400);
    CHECK(refused.text("/problems/0/next") == "Send en, nl or fr.");
    CHECK(world.get("/v1/contracts/C-1/notice?lang=").status() == 400);
}
