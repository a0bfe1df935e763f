// Whole lives of ports and claims through every command of the API: each must be taken, and shown afterwards.

#include "hub.hpp"

#include "engine/inputs.hpp"

using namespace npod;
using namespace npod::test;

namespace {

std::string order_of(std::string const& id, std::string const& number, std::string const& more = {}) {
    return R"({"order_id":")" + id + R"(","donor":"BRAVO","network":"fixed","numbers":[")" + number +
           R"("],"customer":{"kind":"legal","name":"Acme NV"},"contract_id":"new-1","mandate":{"id":"M","titular":"Acme NV",
           "signer":"An","channel":"sms","signed_at":"2026-03-01T08:00:00Z"})" +
           more + "}";
}

/// BRAVO lets the numbers of a port of ours go from `date`.
void accept(Hub& hub, std::string const& port, Moment date) {
    auto const view = hub.get("/v1/ports/" + port);
    auto const number = *porting::parse_e164(view.text("/lines/0/first"));
    message::Answer const answer{DossierId{view.text("/dossier")}, {{{number, number}, {}, {}, date, {}}}};
    REQUIRE(hub.send("portingrequestanswer", bytes_of(bravo, alfa, answer)).status() == 200);
}

/// The interchange took the request of a port of ours: nobody here carries it there.
void taken(Hub& hub) {
    porting::input::DeliveryReport const report{1, porting::input::DeliveryReport::What::taken, "HUB-1", {}};
    REQUIRE(hub.engine->ask(engine::delivery_event(report, OperatorCode{"HUB"})).answer.refusals.empty());
}

/// Sends a command and checks that it was taken and leads to the state.
void expect(Hub& hub, std::string const& target, std::string const& body, std::string_view state,
            unsigned status = 200) {
    auto const reply = hub.post(target, body);
    CAPTURE(target);
    CAPTURE(reply.response.body);
    REQUIRE(reply.status() == status);
    CHECK(reply.text("/state") == state);
    CHECK_FALSE(reply.header("ETag").empty());
}

} // namespace

TEST_CASE("a port-in from draft to completion, with every act on the way") {
    Hub hub;
    expect(hub, "/v1/port-ins", order_of("o-1", "+3225501100", R"(,"draft":true)"), "draft", 201);
    expect(hub, "/v1/ports/PI-000001/submit", "", "requested");
    accept(hub, "PI-000001", at("2026-03-03T09:00:00+01:00"));
    CHECK(hub.get("/v1/ports/PI-000001").text("/state") == "scheduled");
    expect(hub, "/v1/ports/PI-000001/hold", R"({"reason":"the technician is ill"})", "on_hold");
    expect(hub, "/v1/ports/PI-000001/resume", R"({"reason":"he is well again"})", "scheduled");
    expect(hub, "/v1/ports/PI-000001/reschedule",
           R"({"at":"2026-03-04T10:00:00+01:00","agreed_by_customer":true,"reason":"he asked"})", "scheduled");
    CHECK(hub.get("/v1/ports/PI-000001").text("/lines/0/agreed_at") == "2026-03-04T09:00:00Z");
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-04T10:00:00+01:00"})").status() == 200);
    CHECK(hub.get("/v1/ports/PI-000001").text("/state") == "activating");
    auto const late = hub.post("/v1/ports/PI-000001/cancel", R"({"reason":"changed his mind"})");
    CHECK(late.status() == 409);
    CHECK(late.text("/type") == "urn:npod:problem:illegal_now");
    expect(hub, "/v1/ports/PI-000001/activation", R"({"failed":{"cause":"no route"},"reason":"tested"})",
           "reactivating");
    expect(hub, "/v1/ports/PI-000001/reschedule", R"({"at":"2026-03-05T10:00:00+01:00","reason":"again"})",
           "scheduled");
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-05T10:00:00+01:00"})").status() == 200);
    expect(hub, "/v1/ports/PI-000001/activation", R"({"done":true,"reason":"test call answered"})", "completed");
    CHECK(hub.get("/v1/ports/PI-000001").at("/settled").as_bool());
    CHECK(hub.get("/v1/numbers/+3225501100").text("/serving") == "ALFA");
    CHECK(hub.waiting(charly) == 0); // what we say ourselves goes out through the outbox, not by itself
}

TEST_CASE("a port-out by hand: a late answer is announced, then each range decided as it deserves") {
    Hub hub({{bravo, {}, belgian_profile()}}, porting::AutomaticAnswer::none);
    REQUIRE(hub.put("/v1/contracts/C-1", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed",
        "numbers":[{"first":"+3225501100","last":"+3225501110"}]})")
                .status() == 201);
    REQUIRE(hub.send("portingrequest", request_from(bravo, alfa)).status() == 200); // ten of the eleven numbers
    auto const port = "/v1/ports/" + hub.get("/v1/ports?role=port_out").text("/items/0/id");
    CHECK(hub.get(port).text("/contract_id") == "C-1");
    CHECK(hub.get(port).body.as_object().if_contains("compensation") == nullptr);
    CHECK(hub.get(port + "/compensation").status() == 422); // the recipient's affair
    CHECK(hub.get("/v1/contracts/C-1").at("/ports").as_array().size() == 1);

    auto const delayed = hub.post(
        port + "/answer", R"({"delay":{"until":"2026-03-06T12:00:00+01:00"},"reason":"the archive is closed"})");
    CAPTURE(delayed.response.body);
    REQUIRE(delayed.status() == 200);
    auto const eligible = hub.get(port + "/eligible"); // all ten numbers are alike
    REQUIRE(eligible.at("/items").as_array().size() == 1);
    CHECK(eligible.text("/items/0/last") == "+3225501109");
    REQUIRE(eligible.at("/items/0/grounds").as_array().size() == porting::all_grounds().size());
    CHECK(eligible.text("/items/0/grounds/2/code") == "AGEING");
    CHECK_FALSE(eligible.at("/items/0/grounds/2/admissible").as_bool());
    CHECK(eligible.text("/items/0/grounds/2/why") == "it is in_service");
    CHECK(eligible.text("/items/0/grounds/2/field") == "/numbers");
    CHECK(eligible.at("/items/0/grounds/4/given").as_bool()); // INCOMPLETE_RANGE: nobody spoke of the eleventh
    CHECK(eligible.at("/items/0/grounds/12/needs_text").as_bool()); // TECHNICAL
    auto const barred = hub.post(port + "/answer", R"({"decisions":[{"refuse":{"grounds":["AGEING"]}}]})");
    CHECK(barred.status() == 422);
    CHECK(barred.text("/problems/0/ground") == "AGEING");
    auto const debt = hub.post(port + "/answer", R"({"decisions":[{"refuse":{"grounds":["UNPAID_BILL"]}}]})");
    CHECK(debt.status() == 422);
    CHECK(debt.text("/problems/0/detail").find("does not block the port") != std::string::npos);

    auto const decided = hub.post(port + "/answer", R"({"decisions":[
        {"numbers":[{"first":"+3225501100","last":"+3225501106"}],"accept":{"at":"2026-03-04T09:00:00+01:00"}},
        {"numbers":["+3225501107"],"refuse":{"grounds":["MANDATE_INVALID"]}},
        {"numbers":[{"first":"+3225501108","last":"+3225501109"}],"postpone":{"until":"2026-03-20T09:00:00+01:00","ground":"TECHNICAL"},
         "note":"new exchange"}],
        "fates":[{"number":"+3225501110","fate":"keep"}]})");
    CAPTURE(decided.response.body);
    REQUIRE(decided.status() == 200);
    REQUIRE(decided.at("/lines").as_array().size() == 3);
    CHECK(decided.text("/lines/1/grounds/0/code") == "MANDATE_INVALID");
    CHECK_FALSE(decided.text("/lines/1/grounds/0/fix").empty());
    CHECK(decided.text("/lines/2/postponed_until") == "2026-03-20T08:00:00Z");

    // Seven numbers leave; the eleventh was never asked for and keeps the contract alive.
    auto const residue = hub.get(port + "/residue");
    CHECK(residue.text("/contract") == "C-1");
    CHECK_FALSE(residue.at("/ends_wholly").as_bool());
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-04T09:00:00+01:00"})").status() == 200);
    auto const allo = OperatorCode{std::string(message::everybody)};
    message::Performed const done{
        DossierId{"BRAVO-00000001"}, bravo, alfa, at("2026-03-04T09:00:00+01:00"), {{{3225501100}, {3225501106}}}};
    REQUIRE(hub.send("portingperformed", bytes_of(bravo, allo, done)).status() == 200);
    CHECK(hub.get(port).text("/lines/0/effective_at") == "2026-03-04T08:00:00Z");
    CHECK(hub.get("/v1/numbers/+3225501100").text("/serving") == "BRAVO");
    CHECK(hub.get("/v1/contracts/C-1").text("/numbers/0/first") == "+3225501107"); // 07 to 10 are left
    CHECK(hub.get("/v1/contracts/C-1").at("/original_numbers").as_array().size() == 1);
    CHECK(hub.post(port + "/settle",
                   R"({"reason":"BRAVO gave up the rest","numbers":[{"first":"+3225501108","last":"+3225501109"}]})")
              .at("/settled")
              .as_bool());
}

TEST_CASE("a claim that is granted and paid, and one that is turned down") {
    for (bool const granted : {true, false}) {
        CAPTURE(granted);
        Hub hub;
        expect(hub, "/v1/port-ins", order_of("o-1", "+3225501100"), "requested", 201);
        taken(hub);
        // Planned Wednesday 4 March 18:00 (fixed.simple: two working days); delay counts from Thursday 18:00. BRAVO is
        // silent until Monday 9 March; the port is done on Tuesday the 10th.
        REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-09T09:00:00+01:00"})").status() == 200);
        accept(hub, "PI-000001", at("2026-03-10T09:00:00+01:00"));
        REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-10T09:00:00+01:00"})").status() == 200);
        expect(hub, "/v1/ports/PI-000001/activation", R"({"done":{},"reason":"test call answered"})", "completed");
        auto const filed = hub.post("/v1/claims", R"({"port":"PI-000001","claimant":"Acme NV","channel":"mail"})");
        CAPTURE(filed.response.body);
        REQUIRE(filed.status() == 201);
        // Civil days begun after Thursday 5 March 18:00 until the 10th: 6, 7, 8, 9, 10; one number of a simple
        // port, 3.00 each.
        CHECK(filed.text("/amount/text") == "15.00 EUR");
        CHECK(filed.text("/state") == "claimed");
        CHECK(filed.header("Location") == "/v1/claims/" + filed.text("/id"));
        auto const claim = "/v1/claims/" + filed.text("/id");
        if (granted) {
            expect(hub, claim + "/approve", R"({"reason":"late indeed"})", "approved");
            expect(hub, claim + "/pay", R"({"by":"invoice"})", "paid");
            CHECK(hub.get(claim).text("/paid_by") == "invoice");
        } else {
            expect(hub, claim + "/reject", R"({"reason":"he asked for a later date by phone"})", "rejected");
            CHECK(hub.get(claim).text("/decision_reason") == "he asked for a later date by phone");
        }
        CHECK(hub.post(claim + "/approve", R"({"reason":"r"})").status() == 409); // settled either way
        CHECK(hub.get("/v1/claims?open=true").at("/items").as_array().empty());
    }
}

TEST_CASE("a port is closed by hand") {
    Hub hub;
    expect(hub, "/v1/port-ins", order_of("o-1", "+3225501100"), "requested", 201);
    expect(hub, "/v1/ports/PI-000001/settle", R"({"reason":"the customer died"})", "closed");
    CHECK(hub.get("/v1/ports?open=true").at("/total").as_int64() == 0);
}

TEST_CASE("between two ports: a number is changed, an installation moves, a termination is taken back") {
    Hub hub;
    REQUIRE(hub.put("/v1/contracts/C-1", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed","product":"Voice Pro Classic",
        "related":["PBX trunk",{"name":"Fax","numbers":["+3225501101"]}],"numbers":["+3225501100","+3225501101"]})")
                .status() == 201);
    auto const contract = hub.get("/v1/contracts/C-1");
    CHECK(contract.text("/related/0") == "PBX trunk");
    CHECK(contract.text("/related/1/name") == "Fax");
    CHECK(contract.at("/licence/licences").as_int64() == 2); // one for each number
    CHECK(contract.at("/licence/in_order").as_bool());

    // Monday 2 March 2026: two months' notice end on 2 May, 24:00, in Brussels
    auto const early = hub.post("/v1/numbers/+3225501100/change", R"({"at":"2026-05-02T12:00:00+02:00","reason":"exchange closes"})");
    CHECK(early.status() == 422);
    CHECK(early.text("/problems/0/pointer") == "/at");
    CHECK(hub.post("/v1/numbers/+3225501100/change", "{}").status() == 400); // no reason
    CHECK(hub.post("/v1/numbers/3225501100/change", R"({"reason":"x"})").status() == 400);
    auto const changed = hub.post("/v1/numbers/+3225501100/change", R"({"reason":"exchange closes"})");
    CAPTURE(changed.response.body);
    CHECK(changed.status() == 200);
    CHECK(changed.text("/state") == "change_announced");
    CHECK(changed.text("/changes_at") == "2026-05-02T22:00:00Z");
    CHECK(hub.get("/v1/numbers/+3225501100").text("/changes_at") == "2026-05-02T22:00:00Z");
    CHECK(hub.post("/v1/numbers/+3225501100/withdraw-change", R"({"reason":"it stays open"})").text("/state") == "in_service");

    auto const outside = hub.post("/v1/contracts/C-1/move", R"({"location":{"zone":"9"},"reason":"new office"})");
    CHECK(outside.status() == 422);
    CHECK(outside.text("/problems/0/ground") == "OUT_OF_ZONE");
    CHECK(hub.post("/v1/contracts/C-1/move", R"({"reason":"new office"})").status() == 400);
    CHECK(hub.post("/v1/contracts/C-1/move", R"({"location":{"zone":"2"},"reason":"new office"})").text("/location/zone") == "2");

    CHECK(hub.post("/v1/contracts/C-1/withdraw-termination", R"({"reason":"stays"})").status() == 409);
    CHECK(hub.post("/v1/contracts/C-1/terminate", R"({"at":"2026-04-01T12:00:00+02:00","reason":"leaves"})").text("/state") == "ending");
    CHECK(hub.post("/v1/contracts/C-1/withdraw-termination", R"({"reason":"stays"})").text("/state") == "active");

    // a service is of numbers of its contract, and named once
    auto const wrong = hub.put("/v1/contracts/C-2", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed",
        "related":[{"name":"Fax","numbers":["+3225501101"]},"fax",7],"numbers":["+3225501200"]})");
    CHECK(wrong.status() == 400);
    CHECK(wrong.text("/problems/0/pointer") == "/related/2");
}
