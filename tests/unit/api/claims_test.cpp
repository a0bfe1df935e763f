// Claims at the API: the answer to whoever claims, the statement, and the file for the billing system.

#include "hub.hpp"

#include "engine/inputs.hpp"

using namespace npod;
using namespace npod::test;

namespace {

/// Port PI-000001 of one number, five days late: asked for on Monday 2 March 09:00, planned for Wednesday the 4th
/// 18:00, right from Thursday the 5th 18:00, effective on Tuesday the 10th 09:00: the 6th to the 10th at 3.00 EUR.
struct Late : Hub {
    explicit Late(std::string const& customer = "Acme NV", std::string const& network = "fixed", std::int64_t digits = 3225501100) {
        post("/v1/port-ins", R"({"order_id":"o-1","donor":"BRAVO","network":")" + network + R"(","numbers":["+)" + std::to_string(digits) + R"("],
             "customer":{"kind":"legal","name":")" +
                                 customer + R"(","customer_id":"K-7"},"contract_id":"new-1","mandate":{"id":"M",
             "titular":")" + customer +
                                 R"(","signer":"An","channel":"sms","signed_at":"2026-03-01T08:00:00Z"}})");
        porting::input::DeliveryReport const report{1, porting::input::DeliveryReport::What::taken, "HUB-1", {}};
        engine->ask(engine::delivery_event(report, OperatorCode{"HUB"}));
        advance("2026-03-09T09:00:00+01:00");
        porting::Number const number{digits};
        message::Answer const answer{DossierId{get("/v1/ports/PI-000001").text("/dossier")},
                                     {{{number, number}, {}, {}, test::at("2026-03-10T09:00:00+01:00"), {}}}};
        send("portingrequestanswer", bytes_of(bravo, alfa, answer));
        advance("2026-03-10T09:00:00+01:00");
        REQUIRE(post("/v1/ports/PI-000001/activation", R"({"done":true,"reason":"test call"})").status() == 200);
    }
    void advance(std::string const& to) {
        REQUIRE(post("/v1/clock/advance", R"({"to":")" + to + "\"}").status() == 200);
    }
    Reply get_as(std::string target, std::string type) {
        return ask(*api, {"GET", std::move(target), {{"Accept", std::move(type)}}, {}, {}, {}});
    }
};

} // namespace

TEST_CASE("a claim is answered, and its statement says all that it stands on, in both forms") {
    Late hub;
    auto const filed = hub.post("/v1/claims", R"({"port":"PI-000001","claimant":"Acme NV","channel":"mail"})");
    REQUIRE(filed.status() == 201);
    CHECK(filed.text("/answer") == "15.00 EUR was claimed in time by the titular; a person decides.");
    auto const claim = "/v1/claims/" + filed.text("/id");
    CHECK(filed.text("/deadline/rule/id") == "npod.claim.decide_within");
    CHECK(filed.text("/deadline/rule/standing") == "assumed");
    // Filed on Tuesday 10 March: twenty working days later, without Easter Monday 6 April, is Wednesday 8 April, 18:00 (+02:00).
    CHECK(filed.text("/deadline/due") == "2026-04-08T16:00:00Z");
    CHECK(hub.get(claim + "?lang=nl").text("/answer") ==
          "15,00 EUR werd op tijd gevraagd door de titularis; een medewerker beslist.");
    CHECK(hub.get(claim + "?lang=fr").text("/compensation/lines/0/segments/0/reason") ==
          "L'opérateur donneur est resté silencieux après son délai.");
    REQUIRE(hub.post(claim + "/approve", R"({"reason":"late indeed"})").status() == 200);

    auto const statement = hub.get(claim + "/statement");
    CHECK(statement.text("/amount/text") == "15.00 EUR");
    CHECK(statement.text("/customer/customer_id") == "K-7");
    CHECK(statement.text("/steps/0/event") == "filed");
    CHECK(statement.text("/steps/1/event") == "approved_by_person");
    // BRAVO was silent from the plan until Monday the 9th 09:00 (the 6th, 7th, 8th, 9th), then named Tuesday
    CHECK(statement.text("/compensation/lines/0/segments/0/causer") == "donor");
    CHECK(statement.text("/compensation/lines/0/segments/0/amount/text") == "12.00 EUR");
    CHECK(statement.text("/compensation/lines/0/segments/1/amount/text") == "3.00 EUR");
    CHECK(statement.at("/compensation/caused/0/recourse").as_bool());

    auto const text = hub.get_as(claim + "/statement", "text/plain");
    CHECK(text.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(text.response.body == statement.text("/text"));
    CHECK(hub.get("/v1/claims/CL-000099/statement").status() == 404);
}

TEST_CASE("what is approved and not yet paid is a list and a file; what was paid is in neither") {
    Late hub("=Acme, NV");
    CHECK(hub.get("/v1/claims/payments").at("/items").as_array().empty());
    REQUIRE(hub.post("/v1/claims", R"({"port":"PI-000001","claimant":"=Acme, NV"})").status() == 201);
    CHECK(hub.get("/v1/claims/payments").at("/items").as_array().empty()); // claimed is not approved
    REQUIRE(hub.post("/v1/claims/CL-000001/approve", R"({"reason":"late indeed"})").status() == 200);

    auto const list = hub.get("/v1/claims/payments");
    CHECK(list.at("/total").as_int64() == 1);
    CHECK(list.at("/items/0/amount/cents").as_int64() == 1500);
    CHECK(list.text("/items/0/method") == "invoice");
    auto const file = hub.get_as("/v1/claims/payments", "text/csv");
    CHECK(file.header("Content-Type") == "text/csv; charset=utf-8");
    CHECK(file.response.body ==
          "claim,port,order,contract,customer_id,customer,amount_cents,currency,method,approved_at\r\n"
          "CL-000001,PI-000001,o-1,new-1,K-7,\"'=Acme, NV\",1500,EUR,invoice,2026-03-10T08:00:00Z\r\n");

    REQUIRE(hub.post("/v1/claims/CL-000001/pay", R"({"by":"invoice"})").status() == 200);
    CHECK(hub.get("/v1/claims/payments").at("/items").as_array().empty());
    CHECK(hub.get("/v1/claims/payments?as_of=2026-03-09T09:00:00Z").at("/items").as_array().empty());
}

TEST_CASE("a prepaid mobile customer is paid in call credit, as the list and the file say") {
    // One mobile number: planned for Tuesday 3 March, right from Wednesday the 4th 18:00: the 5th to the 10th, six days at 3.00.
    Late hub("Acme NV", "mobile", 32470112233);
    auto const put = [&](std::string const& product) {
        return hub.put("/v1/contracts/new-1", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"mobile","product":")" + product + R"(","numbers":["+32470112233"]})").status();
    };
    REQUIRE(hub.post("/v1/claims", R"({"port":"PI-000001","claimant":"Acme NV"})").status() == 201);
    REQUIRE(hub.post("/v1/claims/CL-000001/approve", R"({"reason":"late indeed"})").status() == 200);
    REQUIRE(put("Mobile Business") == 200);
    CHECK(hub.get("/v1/claims/payments").text("/items/0/method") == "invoice");
    REQUIRE(put("Prepaid 15") == 200);
    auto const list = hub.get("/v1/claims/payments");
    CHECK(list.at("/items/0/amount/cents").as_int64() == 1800);
    CHECK(list.text("/items/0/method") == "call_credit");
    CHECK(hub.get_as("/v1/claims/payments", "text/csv").response.body.find(",1800,EUR,call_credit,") != std::string::npos);
    REQUIRE(hub.post("/v1/claims/CL-000001/pay", R"({"by":"call_credit"})").status() == 200);
}

TEST_CASE("what another law would do to what runs is told by the daemon, before it is in force") {
    Hub hub;
    hub.post("/v1/port-ins", R"({"order_id":"o-1","donor":"BRAVO","network":"fixed","numbers":["+3225501100"],
        "customer":{"kind":"legal","name":"Acme NV"},"contract_id":"new-1","mandate":{"id":"M","titular":"Acme NV","signer":"An",
        "channel":"sms","signed_at":"2026-03-01T08:00:00Z"}})");
    hub.engine->ask(engine::delivery_event({1, porting::input::DeliveryReport::What::taken, "HUB-1", {}}, OperatorCode{"HUB"}));
    // Asked on Monday 2 March, right from Thursday the 5th 18:00; on Monday the 9th 12:00 that is four days begun.
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-09T12:00:00+01:00"})").status() == 200);
    auto const head = hub.get("/v1/status").at("/head_seq").as_int64();
    auto const told = hub.post("/v1/rules/diff", R"({"set":{"be.comp.rate.simple":"5.00","be.comp.claim_within":"0"}})");
    CAPTURE(told.response.body);
    REQUIRE(told.status() == 200);
    CHECK(told.text("/money/0/port") == "PI-000001");
    CHECK(told.at("/money/0/before_cents").as_int64() == 1200);
    CHECK(told.at("/money/0/after_cents").as_int64() == 2000);
    CHECK(told.at("/change_cents").as_int64() == 800);
    CHECK(told.text("/deadlines/0/subject/id") == "CL-000001");
    CHECK(told.text("/deadlines/0/new_due") == "2026-03-02T23:00:00Z"); // 24:00 on the day of the request
    CHECK(told.at("/deadlines/0/turns_overdue").as_bool());
    CHECK(told.text("/before/version") == hub.get("/v1/status").text("/rulebook/version"));
    CHECK(hub.get("/v1/status").at("/head_seq").as_int64() == head); // nothing was stored

    auto const none = hub.post("/v1/rules/diff", R"({"rulebook":"be","set":{"be.grace":"2"}})");
    CHECK(none.at("/deadlines").as_array().empty());
    CHECK(none.at("/money").as_array().empty());
    CHECK(hub.post("/v1/rules/diff", R"({"rulebook":"nl"})").text("/after/name") == "nl");

    CHECK(hub.post("/v1/rules/diff", "{}").status() == 400);
    auto const unknown = hub.post("/v1/rules/diff", R"({"set":{"be.grase":"2"}})");
    CHECK(unknown.status() == 422);
    CHECK(unknown.text("/problems/0/pointer") == "/set");
    CHECK(unknown.text("/problems/0/detail").find("be.grace") != std::string::npos);
    CHECK(hub.post("/v1/rules/diff", R"({"set":{"be.grace":2}})").status() == 400);
    CHECK(hub.post("/v1/rules/diff", R"({"rules":[{"id":"be.nothing","standing":"read"}]})").status() == 400);
    CHECK(hub.post("/v1/rules/diff", R"({"ruls":[]})").status() == 400);
}
