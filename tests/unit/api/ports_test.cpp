// From an order to the JSON that clerks and programs read, through the real engine and database.

#include "world.hpp"

#include "api/commands.hpp"

#include <boost/json/serialize.hpp>

using namespace npod;
using namespace npod::test;

namespace {

constexpr auto order = R"({
  "order_id": "o-1", "donor": "BRAVO", "network": "fixed", "numbers": [{"first": "+3225501100", "last": "+3225501109"}],
  "customer": {"kind": "legal", "name": "Acme NV"}, "contract_id": "new-1", "location": {"zone": "2"},
  "mandate": {"id": "M-1", "titular": "Acme NV", "signer": "An Peeters", "channel": "online", "signed_at": "2026-03-01T08:00:00Z"}})";

constexpr auto contract =
    R"({"customer": {"kind": "legal", "name": "Beta BV"}, "network": "fixed", "product": "Voice Pro",
  "numbers": [{"first": "+3225502000", "last": "+3225502004"}, "+3225502010"], "related": ["PBX trunk"]})";

} // namespace

TEST_CASE("an order becomes a port, with its law") {
    World world;
    auto const reply = world.post("/v1/port-ins", order);
    CAPTURE(reply.response.body);
    REQUIRE(reply.status() == 201);
    auto const id = reply.text("/id");
    CHECK(id == "PI-000001");
    CHECK(reply.header("Location") == "/v1/ports/PI-000001");
    CHECK(reply.header("X-Npod-Clock") == "manual");
    CHECK(reply.text("/role") == "port_in");
    CHECK(reply.text("/state") == "requested");
    CHECK(reply.text("/class") == "complex"); // ten numbers
    CHECK(reply.text("/recipient") == "ALFA");
    CHECK(reply.text("/requested_at") == "2026-03-02T08:00:00Z");
    CHECK(reply.at("/lines").as_array().size() == 1);
    CHECK(reply.at("/lines/0/count").as_int64() == 10);
    CHECK(reply.text("/lines/0/first") == "+3225501100");
    // Planned: asap, three working days for fixed.complex after Monday, end of the window: Thursday 18:00 in Brussels.
    CHECK(reply.text("/lines/0/planned_at") == "2026-03-05T17:00:00Z");
    // The answer: three less one working day: Wednesday 18:00.
    CHECK(reply.text("/deadlines/0/timer") == "answer_deadline");
    CHECK(reply.text("/deadlines/0/due") == "2026-03-04T17:00:00Z");
    CHECK(reply.text("/deadlines/0/rule") == "be.answer.within.fixed.complex");
    CHECK(reply.text("/deadlines/0/standing") == "assumed");
    CHECK(reply.at("/compensation/total/cents").as_int64() == 0);
    CHECK(reply.at("/compensation/final").as_bool() == false);
    CHECK(reply.at("/legal_next").as_array().size() > 0);
    CHECK(reply.text("/claim_id").starts_with("CL-"));

    auto const again = world.get("/v1/ports/" + id);
    CHECK(again.response.body == reply.response.body); // nothing moved since
    CHECK(again.header("ETag") == reply.header("ETag"));
    CHECK(again.header("ETag") == "\"v" + std::to_string(again.at("/version").as_int64()) + "\"");
}

TEST_CASE("the same question gets the same bytes, another one under its key a conflict") {
    World world;
    CHECK(ask(*world.api, {"POST", "/v1/port-ins", {}, order, {}, {}}).status() == 400); // no key
    auto const first = world.post("/v1/port-ins", order, {{"Idempotency-Key", "one"}});
    auto const second = world.post("/v1/port-ins", order, {{"Idempotency-Key", "one"}});
    CHECK(first.status() == 201);
    CHECK(second.status() == 201);
    CHECK(second.response.body == first.response.body);
    CHECK(second.header("Location") == first.header("Location"));
    CHECK(first.header("Idempotent-Replayed").empty());
    CHECK(second.header("Idempotent-Replayed") == "true");
    auto const other =
        world.post("/v1/ports/PI-000001/note", R"({"reason":"he called"})", {{"Idempotency-Key", "one"}});
    CHECK(other.status() == 409);
    CHECK(other.header("Idempotent-Replayed").empty());
    CHECK(world.post("/v1/port-ins", order).status() == 409); // the order id is taken
    CHECK(world.get("/v1/ports").at("/total").as_int64() == 1);
}

TEST_CASE("a change is made only to the version that was looked at") {
    World world;
    auto const etag = world.post("/v1/port-ins", order).header("ETag");
    auto const target = "/v1/ports/PI-000001/cancel";
    auto const stale = world.post(target, R"({"reason":"r"})", {{"If-Match", "\"v999\""}});
    CHECK(stale.status() == 412);
    CHECK(world.post(target, R"({"reason":"r"})", {{"If-Match", "yesterday"}}).status() == 400);
    auto const fresh = world.post(target, R"({"reason":"changed his mind"})", {{"If-Match", etag}});
    CHECK(fresh.status() == 200);
    CHECK(fresh.text("/state") == "cancelling");
    CHECK(fresh.header("ETag") != etag);
    CHECK(fresh.header("Location").empty());
}

TEST_CASE("a dry run decides and changes nothing") {
    World world;
    auto const reply = world.post("/v1/port-ins", order, {{"Dry-Run", "true"}});
    CHECK(reply.status() == 201);
    CHECK(reply.header("Dry-Run") == "true");
    CHECK(reply.text("/id") == "PI-000001");
    CHECK(world.get("/v1/ports/PI-000001").status() == 404);
    CHECK(world.get("/v1/status").at("/head_seq").as_int64() == 0);
    CHECK(world.post("/v1/port-ins", order, {{"Dry-Run", "yes"}}).status() == 400);
}

TEST_CASE("a check says what is wrong with which number, and keeps nothing") {
    World world;
    CHECK(world.post("/v1/port-ins/check", order).at("/ok").as_bool());
    // Zone 2 is where the installation is; 03 is Antwerp: that number may not leave, the other may.
    auto const mixed = world.post("/v1/port-ins/check", R"({"order_id":"o-2","donor":"BRAVO","network":"fixed",
        "numbers":["+3225501100","+3232345678"],"customer":{"kind":"legal","name":"Acme NV"},"contract_id":"c","location":{"zone":"2"},
        "mandate":{"id":"M","titular":"Acme NV","signer":"An","channel":"sms","signed_at":"2026-03-01T08:00:00Z"}})");
    CHECK(mixed.status() == 200);
    CHECK_FALSE(mixed.at("/ok").as_bool());
    CHECK(mixed.text("/numbers/0/number") == "+3225501100");
    CHECK(mixed.text("/numbers/0/verdict") == "may_leave");
    CHECK(mixed.text("/numbers/1/verdict") == "refused");
    CHECK(mixed.text("/numbers/1/problems/0/ground") == "OUT_OF_ZONE");
    // Without a mandate nothing may leave.
    auto const none = world.post("/v1/port-ins/check",
                                 R"({"order_id":"o-2","donor":"BRAVO","network":"fixed","numbers":["+3225501100"],
        "customer":{"kind":"legal","name":"Acme NV"},"contract_id":"c"})");
    CHECK(none.text("/numbers/0/verdict") == "refused");
    CHECK(none.text("/problems/0/ground") == "MANDATE_MISSING");
    CHECK(world.get("/v1/status").at("/head_seq").as_int64() == 0);
}

TEST_CASE("what is not admissible is told whole, as a problem") {
    World world;
    auto const reply =
        world.post("/v1/port-ins", R"({"order_id":"o-2","donor":"NOBODY","network":"fixed","numbers":["+3232345678"],
        "customer":{"kind":"legal","name":"Acme NV"},"contract_id":"c","location":{"zone":"2"}})");
    CHECK(reply.status() == 422);
    CHECK(reply.header("Content-Type") == "application/problem+json");
    CHECK(reply.at("/problems").as_array().size() == 3); // the donor, the zone, the mandate
    CHECK(reply.text("/problems/0/pointer") == "/donor");
    CHECK(world.get("/v1/ports").at("/total").as_int64() == 0);
}

TEST_CASE("ports are listed, filtered and found by any key") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    auto second = std::string(order);
    second.replace(second.find("o-1"), 3, "o-2");
    for (auto at = second.find("+32255011"); at != std::string::npos; at = second.find("+32255011"))
        second.replace(at, 9, "+32255033");
    REQUIRE(world.post("/v1/port-ins", second).status() == 201);

    auto const first_page = world.get("/v1/ports?limit=1&open=true");
    CHECK(first_page.at("/total").as_int64() == 2);
    CHECK(first_page.at("/items").as_array().size() == 1);
    auto const next_page = world.get("/v1/ports?limit=1&open=true&cursor=" + first_page.text("/next"));
    CHECK(next_page.at("/items").as_array().size() == 1);
    CHECK(next_page.text("/items/0/id") != first_page.text("/items/0/id"));
    CHECK(next_page.at("/next").is_null());
    CHECK(first_page.text("/items/0/numbers").ends_with(" (10)"));
    CHECK(first_page.body.at_pointer("/items/0").as_object().if_contains("lines") == nullptr);
    // Of the customer the name only; whose turn it is, and what a day of delay costs once it counts: 10 numbers at 5 EUR.
    CHECK(first_page.at("/items/0/customer").is_string());
    CHECK(first_page.text("/items/0/owner") == "hub");
    CHECK(first_page.at("/items/0/compensation/per_day/cents").as_int64() == 5000);
    CHECK(first_page.at("/items/0/working_left_ms").as_int64() < first_page.at("/items/0/left_ms").as_int64());

    CHECK(world.get("/v1/ports?order=o-2").text("/items/0/id") == "PI-000002");
    CHECK(world.get("/v1/ports?number=%2B3225503305").text("/items/0/id") == "PI-000002");
    CHECK(world.get("/v1/ports?number=+3225503305&role=port_out").at("/total").as_int64() == 0);
    CHECK(world.get("/v1/ports?dossier=" + world.get("/v1/ports/PI-000001").text("/dossier")).text("/items/0/id") ==
          "PI-000001");
    CHECK(world.get("/v1/ports?counterpart=CHARLY").at("/total").as_int64() == 0);
    CHECK(world.get("/v1/ports?counterpart=BRAVO&state=requested").at("/total").as_int64() == 2);
    CHECK(world.get("/v1/find/o-2").text("/items/0/id") == "PI-000002");
    CHECK(world.get("/v1/find/nonsense").status() == 404);
}

TEST_CASE("a port explains itself") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    REQUIRE(world.post("/v1/ports/PI-000001/note", R"({"reason":"he called"})").status() == 200);

    auto const timeline = world.get("/v1/ports/PI-000001/timeline");
    REQUIRE(timeline.at("/items").as_array().size() == 2);
    CHECK(timeline.text("/items/0/kind") == "port.order");
    CHECK(timeline.text("/items/0/source") == "api:admin:local");
    CHECK(timeline.text("/items/0/moves/0/machine") == "port_in");
    CHECK(timeline.text("/items/1/reason") == "he called");
    auto const page = world.get("/v1/ports/PI-000001/timeline?limit=1");
    CHECK(world.get("/v1/ports/PI-000001/timeline?cursor=" + page.text("/next")).text("/items/0/kind") == "port.note");

    auto const why = world.get("/v1/ports/PI-000001/why");
    CHECK(why.text("/deadlines/0/due_local") == "2026-03-04T18:00:00+01:00");
    CHECK(why.text("/deadlines/0/counted_from") == "2026-03-02");
    CHECK(why.text("/deadlines/0/rule/id") == "be.answer.within.fixed.complex");
    CHECK(why.at("/deadlines/0/steps").as_array().size() > 0);
    CHECK_FALSE(why.text("/deadlines/0/sentence").empty());

    // Planned Thursday 5 March 18:00, compensated from Friday 18:00. By Monday 9 March 10:00 three civil days have
    // begun after it: Saturday, Sunday, Monday. Ten numbers of a complex port: 3 x 10 x 5.00.
    auto const advanced = world.post("/v1/clock/advance", R"({"to":"2026-03-09T10:00:00+01:00"})");
    REQUIRE(advanced.status() == 200);
    CHECK(advanced.text("/now") == "2026-03-09T09:00:00Z");
    auto const owed = world.get("/v1/ports/PI-000001/compensation");
    CHECK(owed.text("/total/text") == "150.00 EUR");
    CHECK(owed.at("/lines/0/days").as_int64() == 3);
    CHECK(owed.text("/payer") == "recipient");
    CHECK(owed.text("/claim_until") ==
          "2026-09-02T22:00:00Z"); // six months after 2 March, 24:00 in Brussels summer time
    CHECK(world.get("/v1/ports/PI-000001/residue").status() == 200);
    CHECK(world.get("/v1/ports/PI-999999/why").status() == 404);

    auto const claim = world.get("/v1/claims/" + world.get("/v1/ports/PI-000001").text("/claim_id"));
    CHECK(claim.text("/state") == "accruing");
    CHECK(claim.text("/compensation/total/text") == "150.00 EUR");
    auto const filed = world.post("/v1/claims", R"({"port":"PI-000001","claimant":"Acme NV"})");
    CHECK(filed.status() == 201);
    CHECK(filed.text("/filed_by") == "Acme NV");
    CHECK(world.get("/v1/claims?open=true").at("/items").as_array().size() == 1);
}

TEST_CASE("what was known then can be asked for") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    REQUIRE(world.post("/v1/clock/advance", R"({"by":"PT3H"})").status() == 200);
    REQUIRE(world.post("/v1/ports/PI-000001/cancel", R"({"reason":"r"})").status() == 200);
    CHECK(world.get("/v1/ports/PI-000001").text("/state") == "cancelling");
    auto const then = world.get("/v1/ports/PI-000001?as_of=2026-03-02T10:00:00%2B01:00");
    CHECK(then.text("/state") == "requested");
    CHECK(world.get("/v1/ports/PI-000001?as_of=2026-03-02T10:00:00+01:00").response.body == then.response.body);
    CHECK(world.get("/v1/ports/PI-000001?as_of=2026-03-02T08:00:00%2B01:00").status() == 404); // before the order
    CHECK(world.get("/v1/ports?as_of=2030-01-01T00:00:00Z").status() == 400);                  // the future
    CHECK(world.get("/v1/ports?as_of=yesterday").status() == 400);
}

TEST_CASE("a contract and its numbers") {
    World world;
    auto const made = world.put("/v1/contracts/C-1", contract);
    CAPTURE(made.response.body);
    REQUIRE(made.status() == 201);
    CHECK(made.header("Location") == "/v1/contracts/C-1");
    CHECK(made.text("/state") == "active");
    CHECK(made.at("/numbers").as_array().size() == 2);
    CHECK(world.put("/v1/contracts/C-1", contract).status() == 200); // there already
    CHECK(world.put("/v1/contracts/C-1", contract, {{"If-Match", "\"v999\""}}).status() == 412);

    auto const number = world.get("/v1/numbers/+3225502004");
    CHECK(number.text("/state") == "in_service");
    CHECK(number.text("/serving") == "ALFA");
    CHECK(number.text("/contract_id") == "C-1");
    CHECK(number.text("/plan/zone_name") == "Brussels");
    CHECK(number.at("/history").as_array().size() > 0);
    CHECK(world.get("/v1/numbers?contract=C-1").at("/items").as_array().size() == 6);

    auto const ended = world.post("/v1/contracts/C-1/terminate", R"({"reason":"moves abroad"})");
    CHECK(ended.status() == 200);
    CHECK(world.get("/v1/contracts/C-1").at("/ports").as_array().empty());
    CHECK(world.get("/v1/contracts/C-2").status() == 404);
    CHECK(world.get("/v1/contracts?limit=1").text("/items/0/id") == "C-1");
}

TEST_CASE("a number of which nothing is kept") {
    World world;
    world.put("/v1/blocks", R"({"first":"+3225500000","last":"+3225509999","holder":"BRAVO"})");
    auto const number = world.get("/v1/numbers/%2B3225501100");
    CHECK(number.status() == 200);
    CHECK(number.text("/state") == "unknown");
    CHECK(number.text("/block_holder") == "BRAVO");
    CHECK(world.get("/v1/numbers/025501100").status() == 400);
    CHECK(world.get("/v1/numbers/+3299999999").status() == 404); // 99 is no zone
}

TEST_CASE("the feed tells every move once, as a page and as a stream") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    world.put("/v1/blocks", R"({"first":"+3225500000","last":"+3225509999","holder":"BRAVO"})");
    auto const all = world.get("/v1/events?limit=500");
    auto const& items = all.at("/items").as_array();
    REQUIRE(items.size() >= 2);
    CHECK(all.text("/items/0/specversion") == "1.0");
    CHECK(all.text("/items/0/id") == "1.1");
    CHECK(all.text("/items/0/source") == "urn:np:be:op:ALFA");
    CHECK(all.text("/items/0/type") == "be.np.port_in.submitted.v1");
    CHECK(all.text("/items/0/subject") == "PI-000001/1");
    CHECK(items.back().at("type").as_string() == "be.np.log.block.put.v1"); // a row without moves
    CHECK(world.get("/v1/events?after=1").at("/items").as_array().size() == 1);
    CHECK(world.get("/v1/events?after=1.1").at("/items").as_array().size() == items.size() - 1);
    CHECK(world.get("/v1/events?after=x").status() == 400);
    auto const page = world.get("/v1/events?limit=1");
    CHECK(world.get("/v1/events?limit=1&after=" + page.text("/next")).text("/items/0/id") != page.text("/items/0/id"));

    auto const stream =
        ask(*world.api, {"GET", "/v1/events", {{"Accept", "text/event-stream"}, {"Last-Event-ID", "1"}}, {}, {}, {}});
    REQUIRE(stream.response.stream);
    auto const bytes = stream.response.stream->pull(65'536);
    CHECK(bytes.find("id: 2.1\nevent: be.np.log.block.put.v1\ndata: {") != std::string::npos);
    CHECK(bytes.find("id: 1.") == std::string::npos);
    CHECK(stream.response.stream->pull(65'536).empty());
    world.put("/v1/blocks", R"({"first":"+3225600000","last":"+3225609999","holder":"BRAVO"})");
    CHECK(stream.response.stream->pull(65'536).find("id: 3.1\n") == 0);
}

TEST_CASE("a stream with little room sends the same events in smaller pieces") {
    World world;
    REQUIRE(world.put("/v1/contracts/C-1", contract).status() == 201); // many moves in one row
    auto const all = world.get("/v1/events?limit=500").at("/items").as_array().size();
    auto const stream =
        ask(*world.api, {"GET", "/v1/events", {{"Accept", "text/event-stream"}}, {}, {}, {}}).response.stream;
    std::size_t events = 0;
    for (auto bytes = stream->pull(1); !bytes.empty(); bytes = stream->pull(1))
        for (auto at = bytes.find("id: "); at != std::string::npos; at = bytes.find("\nid: ", at + 1)) ++events;
    CHECK(events == all);
}

TEST_CASE("timers, rules, calendar, machines, operators, status") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    auto const timer = world.get("/v1/timers");
    CHECK(timer.text("/items/0/due_local").starts_with("2026-03-"));
    CHECK(timer.at("/items/0/left_ms").as_int64() > 0);
    for (auto const& item : timer.at("/items").as_array()) { // the law stands beside every deadline that a rule set
        CAPTURE(item.at("rule").as_string());
        bool const agreed = item.at("rule") == "agreed";
        for (auto const* const member : {"value", "unit", "standing", "source"}) CHECK((item.as_object().if_contains(member) == nullptr) == agreed);
    }
    CHECK(world.get("/v1/rules/be.comp.rate.complex").text("/value") == "5.00");
    CHECK(world.get("/v1/rules/be.comp.rate.complexx").status() == 404);
    // Friday 3 April 2026 16:59 and a working day: Monday is Easter Monday, so Tuesday 18:00.
    auto const added = world.get("/v1/calendar/add?at=2026-04-03T16:59%2B02:00&term=1wd");
    CHECK(added.text("/result_local") == "2026-04-07T18:00:00+02:00");
    CHECK(added.at("/skipped").as_array().size() == 3); // Saturday, Sunday, Easter Monday
    CHECK(world.get("/v1/calendar/add?term=1zz").status() == 400);
    for (auto const* const term : {"1wd", "1d", "1mo"}) { // beyond the table of holidays nobody can say
        CAPTURE(term);
        auto const beyond = world.get(std::string("/v1/calendar/add?at=2100-12-31T12:00:00Z&term=") + term);
        CHECK(beyond.status() == 422);
        CHECK(beyond.text("/problems/0/pointer") == "term");
        CHECK(beyond.text("/problems/0/detail").find("1990 to 2100") != std::string::npos);
    }
    CHECK(world.get("/v1/calendar/add?at=2100-12-31T11:00:00Z&term=0d").text("/result_local") == "2101-01-01T00:00:00+01:00");
    CHECK(world.get("/v1/machines").at("/items").as_array().size() == 6);
    CHECK(world.get("/v1/machines/port_in").text("/initial") == "draft");
    CHECK(world.get("/v1/machines/port").status() == 404);
    CHECK(world.get("/v1/operators").at("/items").as_array().size() == 3);
    CHECK(world.get("/v1/operators/BRAV0/health").text("/problems/0/next") == "Did you mean \"BRAVO\"?");
    CHECK(world.get("/v1/operators/BRAVO/health").at("/queued").as_int64() == 1); // the request, although the hub carries it
    auto const status = world.get("/v1/status");
    CHECK(status.at("/clock/manual").as_bool());
    CHECK(status.text("/clock/local") == "2026-03-02T09:00:00+01:00");
    CHECK(status.at("/outbox").as_int64() == 1); // the request
    CHECK(status.at("/ports/requested").as_int64() == 1);
    CHECK(world.get("/readyz").status() == 200);
    CHECK(world.get("/healthz").response.body == "ok\n");
    auto const metrics = world.get("/metrics").response.body;
    CHECK(metrics.find("npod_ports{state=\"requested\"} 1\n") != std::string::npos);
    CHECK(metrics.find("npod_outbox_undelivered 1\n") != std::string::npos);
}

TEST_CASE("how far a clock is moved") {
    auto const rulebook = rules::Rulebook::shipped("be");
    auto const now = at("2026-03-02T09:00:00+01:00");
    struct Case {
        std::string_view text, result;
    };
    for (auto const& one :
         {Case{"PT3H", "2026-03-02T11:00:00Z"}, Case{"PT1H30M", "2026-03-02T09:30:00Z"},
          Case{"PT45S", "2026-03-02T08:00:45Z"}, Case{"2wd", "2026-03-04T17:00:00Z"}, // Wednesday, end of the window
          Case{"3d", "2026-03-05T23:00:00Z"}}) {                                      // 24:00 of Thursday
        CAPTURE(one.text);
        auto const moment = api::after_term(one.text, now, rulebook);
        REQUIRE(moment);
        CHECK(to_rfc3339(*moment) == one.result);
    }
    for (auto const* wrong : {"", "PT", "PTH", "PT3", "PT3M2H", "P3D", "PT-3H", "3", "wd", "PT99999999999999999999H"}) {
        CAPTURE(wrong);
        CHECK_FALSE(api::after_term(wrong, now, rulebook));
    }
    World world;
    CHECK(world.post("/v1/clock/advance", R"({"by":"1wd","to":"2026-03-05T00:00:00Z"})").status() == 400);
    CHECK(world.post("/v1/clock/advance", R"({"by":"soon"})").text("/problems/0/pointer") == "/by");
    CHECK(world.post("/v1/clock/advance", R"({"to":"2026-01-01T00:00:00Z"})").status() == 422); // it never goes back
}

TEST_CASE("a rehearsed advance says what would fire and leaves the clock; a key moves it once") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201); // Monday 9:00; its answer is due on Wednesday at 18:00
    auto const before = world.get("/v1/status").text("/clock/now");
    CHECK(before == "2026-03-02T08:00:00Z");

    auto const rehearsed = world.post("/v1/clock/advance", R"({"by":"2wd"})", {{"Dry-Run", "true"}});
    REQUIRE(rehearsed.status() == 200);
    CHECK(rehearsed.header("Dry-Run") == "true");
    CHECK(rehearsed.text("/now") == before);
    CHECK(rehearsed.text("/would/to") == "2026-03-04T17:00:00Z");
    CHECK(rehearsed.text("/would/first") == rehearsed.text("/next_due"));
    auto const would_fire = rehearsed.at("/would/fire").as_int64();
    std::int64_t due = 0;
    auto const timers = world.get("/v1/timers?limit=100");
    for (auto const& timer : timers.at("/items").as_array()) due += timer.at("due").as_string() <= "2026-03-04T17:00:00Z";
    CHECK(due >= 1);
    CHECK(would_fire == due);
    CHECK(world.get("/v1/status").text("/clock/now") == before); // it stands where it stood
    CHECK(world.post("/v1/clock/advance", R"({"to":"2026-01-01T00:00:00Z"})", {{"Dry-Run", "true"}}).status() == 422);
    CHECK(world.post("/v1/clock/advance", R"({"by":"2wd"})", {{"If-Match", "\"v1\""}}).text("/problems/0/pointer") == "If-Match");
    CHECK(world.get("/v1/status").text("/clock/now") == before);

    auto const first = world.post("/v1/clock/advance", R"({"by":"PT1H"})", {{"Idempotency-Key", "tick"}});
    CHECK(first.text("/now") == "2026-03-02T09:00:00Z");
    auto const again = world.post("/v1/clock/advance", R"({"by":"PT1H"})", {{"Idempotency-Key", "tick"}});
    CHECK(again.response.body == first.response.body);
    CHECK(again.header("Idempotent-Replayed") == "true");
    CHECK(first.header("Idempotent-Replayed").empty());
    CHECK(world.get("/v1/status").text("/clock/now") == "2026-03-02T09:00:00Z"); // moved once
    CHECK(world.post("/v1/clock/advance", R"({"by":"PT2H"})", {{"Idempotency-Key", "tick"}}).status() == 409);
    CHECK(world.post("/v1/clock/advance", R"({"by":"PT1H"})", {{"Idempotency-Key", "tock"}}).text("/now") == "2026-03-02T10:00:00Z");
}

TEST_CASE("an id without its noughts is no guess: what was meant is asked") {
    World world;
    REQUIRE(world.post("/v1/port-ins", order).status() == 201);
    CHECK(world.get("/v1/find/PI-1").text("/problems/0/next") == "Did you mean PI-000001?");
    CHECK(world.get("/v1/find/pi-000001").text("/problems/0/next") == "Did you mean PI-000001?");
    CHECK(world.get("/v1/find/PI-2").text("/problems/0/next") == "List what there is: npctl port list --all.");
    CHECK(world.get("/v1/find/PI-x").status() == 404);
    CHECK(world.get("/v1/find/PI-1").status() == 404); // nothing is opened by a guess
}

TEST_CASE("the dates of a number stand beside their law") {
    World world;
    REQUIRE(world.put("/v1/contracts/C-1", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed","numbers":["+3225501100","+3225501101"]})").status() == 201);
    REQUIRE(world.post("/v1/numbers/%2B3225501101/change", R"({"reason":"new exchange"})").status() == 200);
    auto const changes = world.get("/v1/numbers/%2B3225501101");
    CHECK(changes.text("/changes_at") == "2026-05-02T22:00:00Z"); // two months after 2 March, 24:00
    CHECK(changes.text("/changes_rule/id") == "be.number_change.notice");
    REQUIRE(world.post("/v1/contracts/C-1/terminate", "{}").status() == 200);
    auto const portable = world.get("/v1/numbers/%2B3225501100");
    CAPTURE(portable.response.body);
    CHECK(portable.text("/portable_until") == "2026-04-02T22:00:00Z"); // one month after 2 March, 24:00
    CHECK(portable.text("/portable_rule/id") == "be.grace");
    CHECK(portable.text("/portable_rule/value") == "1");
    CHECK(portable.text("/portable_rule/standing") == "contract");
    REQUIRE(world.post("/v1/clock/advance", R"({"to":"2026-04-03T12:00:00+02:00"})").status() == 200);
    auto const ageing = world.get("/v1/numbers/%2B3225501100");
    CHECK(ageing.text("/ageing_until") == "2026-09-02T22:00:00Z"); // six months after 2 March, 24:00
    CHECK(ageing.text("/ageing_rule/id") == "be.ageing.min");
    CHECK(ageing.text("/ageing_rule/standing") == "secondary");
}
