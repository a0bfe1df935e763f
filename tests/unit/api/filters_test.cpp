// q= of lists: what each field finds, by hand; that every field is known to the store; what is refused.

#include "world.hpp"

#include "api/filters.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace npod;
using namespace npod::test;

namespace {

std::string encoded(std::string_view text) {
    std::string out;
    for (unsigned char const c : text) out += fmt::format("%{:02X}", c);
    return out;
}

/// Ids that a filter finds, in the order of the list, with a blank between.
std::string found(World& world, std::string_view q, std::string_view list = "ports") {
    auto const reply = world.get(fmt::format("/v1/{}?q={}", list, encoded(q)));
    CAPTURE(reply.response.body);
    REQUIRE(reply.status() == 200);
    std::string ids;
    for (auto const& item : reply.at("/items").as_array()) {
        auto const* id = item.as_object().if_contains("id");
        ids += (ids.empty() ? "" : " ") + std::string(id ? id->as_string() : item.at_pointer("/subject/id").as_string());
    }
    CHECK(reply.at("/total").as_int64() == static_cast<std::int64_t>(reply.at("/items").as_array().size()));
    return ids;
}

void order(World& world, std::string_view id, std::string_view donor, std::string_view numbers, std::string_view customer) {
    auto const reply = world.post("/v1/port-ins", fmt::format(R"({{"order_id": "{}", "donor": "{}", "network": "fixed", "numbers": [{}],
  "customer": {{"kind": "natural", "name": "{}"}}, "contract_id": "C-{}", "donor_account": "A-{}", "location": {{"zone": "2"}},
  "mandate": {{"id": "M-1", "titular": "{}", "signer": "{}", "channel": "online", "signed_at": "2026-03-01T08:00:00Z"}}}})",
                                                      id, donor, numbers, customer, id, id, customer, customer));
    CAPTURE(reply.response.body);
    REQUIRE(reply.status() == 201);
}

/// PI-000001: one number, a Monday morning: simple, to be answered on the day, says be.total.simple less one. PI-000002: ten
/// numbers, complex: answer by Wednesday 18:00 (two working days), planned Thursday 18:00.
void two_ports(World& world) {
    order(world, "o-1", "CHARLY", R"("+3225502000")", "Maison Horta");
    order(world, "o-2", "BRAVO", R"({"first": "+3225501100", "last": "+3225501109"})", "Acme NV");
}

} // namespace

TEST_CASE("each field finds what it says") {
    World world;
    two_ports(world);
    CHECK(found(world, "state=requested") == "PI-000001 PI-000002");
    CHECK(found(world, "state!=requested") == "");
    CHECK(found(world, "state=completed|requested and order=o-2") == "PI-000002");
    CHECK(found(world, "donor=BRAVO or donor=DELTA") == "PI-000002");
    CHECK(found(world, "with=CHARLY") == "PI-000001");
    CHECK(found(world, "not with=CHARLY") == "PI-000002");
    CHECK(found(world, "customer~horta") == "PI-000001"); // letters of either case
    CHECK(found(world, "customer=\"Acme NV\"") == "PI-000002");
    CHECK(found(world, "number=+3225501105") == "PI-000002");
    CHECK(found(world, "number=+3225501110") == "");
    CHECK(found(world, "number~+32255011") == "PI-000002");
    CHECK(found(world, "number~025502") == "PI-000001");
    CHECK(found(world, "number~+322550110") == "PI-000002");
    CHECK(found(world, "count=10") == "PI-000002");
    CHECK(found(world, "count<10 and lines=1") == "PI-000001");
    CHECK(found(world, "role=in and open") == "PI-000001 PI-000002");
    CHECK(found(world, "role=port_out or settled") == "");
    CHECK(found(world, "class=complex and network=fixed") == "PI-000002");
    CHECK(found(world, "waiting_for=hub") == "PI-000001 PI-000002"); // requested: the interchange has not taken it
    CHECK(found(world, "waiting_for=donor|desk") == "");
    CHECK(found(world, "rule=be.answer.within.fixed.complex") == "PI-000002");
    CHECK(found(world, "account=A-o-1 and contract=C-o-1") == "PI-000001");
    CHECK(found(world, "claim=nothing_due") == "PI-000001 PI-000002");
    CHECK(found(world, "ground=AGEING or refused_for=AGEING or effective<today or agreed>now or answered<now") == "");
}

TEST_CASE("moments are days, instants and distances, in the zone and by the calendar of the law") {
    World world; // Monday 2 March 2026, 09:00 in Brussels
    two_ports(world);
    CHECK(found(world, "requested=today and requested=2026-03-02") == "PI-000001 PI-000002");
    CHECK(found(world, "requested<2026-03-02 or requested>2026-03-02") == "");
    CHECK(found(world, "requested<=2026-03-02 and requested>=2026-03-02") == "PI-000001 PI-000002");
    CHECK(found(world, "requested>-1h") == "PI-000001 PI-000002");
    CHECK(found(world, "requested=2026-03-02T08:00:00Z") == "PI-000001 PI-000002");
    // The answer about ten numbers is due on Wednesday 18:00: two working days, of which none is left over; from 09:00 on
    // Monday these are 9 + 10 + 10 = 29 hours of the window.
    CHECK(found(world, "donor=BRAVO and due<2wd") == "");
    CHECK(found(world, "donor=BRAVO and due<=2wd") == "PI-000002");
    CHECK(found(world, "donor=BRAVO and due<29wh") == "");
    CHECK(found(world, "donor=BRAVO and due<=29wh and due=2026-03-04") == "PI-000002");
    CHECK(found(world, "donor=BRAVO and due<30wh") == "PI-000002");
    CHECK(found(world, "planned=2026-03-05 and donor=BRAVO") == "PI-000002");
}

TEST_CASE("money and delay are computed when they are asked for") {
    World world;
    two_ports(world);
    CHECK(found(world, "money>0") == "");
    CHECK(found(world, "money=0 and delay_days=0") == "PI-000001 PI-000002");
    CHECK(found(world, "per_day>=50 and per_day<=50.00") == "PI-000002"); // ten numbers at 5.00 a day, complex
    CHECK(found(world, "per_day=3") == "PI-000001");                      // one at 3.00, simple
    // Planned Thursday the 5th 18:00; the right starts one working day later, Friday 18:00. On Tuesday the 10th at noon four civil
    // days have begun since: 7, 8, 9, 10. Ten numbers, four days, 5.00 EUR. The hub never took the request: its delay.
    REQUIRE(world.post("/v1/clock/advance", R"({"to":"2026-03-10T12:00:00+01:00"})").status() == 200);
    CHECK(found(world, "donor=BRAVO and money=200 and delay_days=4") == "PI-000002");
    CHECK(found(world, "donor=BRAVO and money>199.99 and not money>200.00") == "PI-000002");
    CHECK(found(world, "donor=BRAVO and delayed_by=subscriber") == "");
    // Nobody measures behind the list's back: the next question has its own figures.
    CHECK(found(world, "donor=BRAVO and money<200") == "");
}

TEST_CASE("every field of the lists is known to the store") {
    World world;
    two_ports(world);
    auto const ask_all = [&](std::string_view list, std::vector<filter::Field> const& fields) {
        for (auto const& field : fields) {
            std::string value = "1";
            switch (field.kind) {
            case filter::Kind::word: value = field.words.front(); break;
            case filter::Kind::e164: value = "+3225501100"; break;
            case filter::Kind::moment: value = "today"; break;
            case filter::Kind::flag: value = "yes"; break;
            case filter::Kind::text:
            case filter::Kind::count:
            case filter::Kind::money: break;
            }
            CAPTURE(field.name);
            found(world, fmt::format("{}={} or {}!={}", field.name, value, field.name, value), list);
        }
    };
    ask_all("ports", api::port_fields());
    ask_all("timers", api::timer_fields());
    ask_all("claims", api::claim_fields());
}

TEST_CASE("timers and claims take filters, too") {
    World world;
    two_ports(world);
    CHECK(found(world, "port=PI-000002 and kind=line", "timers") == "PI-000002/1");
    CHECK(found(world, "kind=line and due<=2wd and waiting_for=hub", "timers") == "PI-000001/1 PI-000002/1");
    CHECK(found(world, "state=nothing_due and port=PI-000001", "claims") == "CL-000001");
    CHECK(found(world, "settled or amount>0", "claims") == "");
}

TEST_CASE("pages of a filtered list follow each other, and the total is told") {
    World world;
    two_ports(world);
    auto const first = world.get("/v1/ports?limit=1&q=" + encoded("state=requested"));
    CHECK(first.at("/total").as_int64() == 2);
    CHECK(first.text("/items/0/id") == "PI-000001");
    auto const second = world.get("/v1/ports?limit=1&q=" + encoded("state=requested") + "&cursor=" + first.text("/next"));
    CHECK(second.text("/items/0/id") == "PI-000002");
    CHECK(second.at("/next").is_null());
    // The past is asked in the same language.
    CHECK(world.get("/v1/ports?as_of=2026-03-01T00:00:00Z&q=" + encoded("money=0")).at("/total").as_int64() == 0);
}

TEST_CASE("a wrong filter is refused with its place, and nothing outside becomes SQL") {
    World world;
    two_ports(world);
    auto const reply = world.get("/v1/ports?q=" + encoded("state=awaiting_anser"));
    CHECK(reply.status() == 400);
    CHECK(reply.text("/problems/0/pointer") == "q");
    CHECK(reply.text("/problems/0/detail") == "At character 7 of the filter: \"awaiting_anser\" is not a state.");
    CHECK(reply.text("/problems/0/next") == "Did you mean \"awaiting_answer\"?");
    CHECK(world.get("/v1/ports?q=" + encoded("due<2500wd and due<25000wh")).status() == 200);
    CHECK(world.get("/v1/ports?number=%2B3225501100&q=open").status() == 400);
    // Spaces as forms write them, and the plus of a number as it is typed.
    CHECK(world.get("/v1/ports?q=number%3D%2B3225501100+and+open").at("/total").as_int64() == 1);
    CHECK(world.get("/v1/ports?q=number=+3225501100%20and%20open").at("/total").as_int64() == 1);
    for (auto const text : {R"(customer="'; DROP TABLE port; --")", R"(customer~"%' OR 1=1 --")", R"(order="?1")"})
        CHECK(found(world, text) == "");
    CHECK(found(world, "open") == "PI-000001 PI-000002");
}
