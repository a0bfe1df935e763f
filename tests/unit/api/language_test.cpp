// Texts for people in their language; members and codes stay English.

#include "world.hpp"

using namespace npod;
using namespace npod::test;

namespace {

constexpr auto order = R"({
  "order_id": "o-1", "donor": "BRAVO", "network": "fixed", "numbers": ["+3225501100"],
  "customer": {"kind": "legal", "name": "Acme NV"}, "contract_id": "new-1", "location": {"zone": "2"},
  "mandate": {"id": "M-1", "titular": "Acme NV", "signer": "An Peeters", "channel": "online", "signed_at": "2026-03-01T08:00:00Z"}})";

// Asked on Monday 2 March 09:00; the request still waits for the interchange. One working day: Tuesday 3 March 18:00.
constexpr auto in_dutch = "Het uitwisselingsplatform moet uiterlijk di 3 mrt 2026 18:00 handelen: 1 werkdag na ma 2 mrt 2026 "
                          "09:00 (regel be.answer.within.fixed.simple; een aanname van dit product: be.total.fixed.simple "
                          "min be.execute.within).";

} // namespace

TEST_CASE("why is told in the language that is asked for, by parameter or by header") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    auto const english = world.get("/v1/ports/PI-000001/why");
    auto const dutch = world.get("/v1/ports/PI-000001/why?lang=nl");
    CHECK(english.header("Content-Language") == "en");
    CHECK(english.text("/deadlines/0/sentence").starts_with("The hub must act by Tue 3 Mar 2026 18:00"));
    CHECK(dutch.header("Content-Language") == "nl");
    CHECK(dutch.text("/deadlines/0/sentence") == in_dutch);
    CHECK(dutch.text("/deadlines/0/rule/title") == "Antwoord van de overdragende operator, één vast nummer");
    CHECK(dutch.text("/deadlines/0/owner") == "hub"); // a code
    CHECK(dutch.text("/deadlines/0/due") == english.text("/deadlines/0/due"));

    auto const by_header = [&](std::string languages) {
        return ask(*world.api, {"GET", "/v1/ports/PI-000001/why", {{"Accept-Language", std::move(languages)}}, {}, {}, {}});
    };
    CHECK(by_header("nl-BE,nl;q=0.9,en;q=0.5").text("/deadlines/0/sentence") == in_dutch);
    CHECK(by_header("de, nl;q=0.9").text("/deadlines/0/sentence") == in_dutch);
    CHECK(by_header("de").header("Content-Language") == "en");
    CHECK(by_header("*").header("Content-Language") == "en");
}

TEST_CASE("a parameter comes before the header, and a language that nobody has is refused with those that there are") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    auto const reply =
        ask(*world.api, {"GET", "/v1/ports/PI-000001/compensation?lang=fr", {{"Accept-Language", "nl"}}, {}, {}, {}});
    CHECK(reply.header("Content-Language") == "fr");
    // Planned: two working days, Wednesday 4 March 18:00; the right begins a working day later.
    CHECK(reply.text("/lines/0/sentence") ==
          "+3225501100\u00a0: rien n'est dû\u00a0; prévu le mer 4 mars 2026 18:00, l'indemnité commence à compter après le jeu "
          "5 mars 2026 18:00, nous sommes le lun 2 mars 2026 09:00.");
    for (auto const* part : {"", "/why", "/compensation", "/residue", "/timeline"}) {
        auto const refused = world.get("/v1/ports/PI-000001" + std::string(part) + "?lang=de");
        CHECK(refused.status() == 400);
        CHECK(refused.text("/problems/0/pointer") == "lang");
        CHECK(refused.text("/problems/0/next") == "Send en, nl or fr.");
    }
}

TEST_CASE("a refusal's grounds are told in the language, its codes are not touched") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    auto const dutch = world.get("/v1/ports/PI-000001?lang=nl");
    CHECK(dutch.text("/state") == "requested");
    CHECK(dutch.text("/next_expected") == "het uitwisselingsplatform: uiterlijk di 3 mrt 2026 18:00");
    CHECK(dutch.text("/customer/name") == "Acme NV");
    CHECK(dutch.header("ETag") == world.get("/v1/ports/PI-000001").header("ETag"));
}
