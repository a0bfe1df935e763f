// The radar and the reports: what is late or will be, what is owed, and that every figure is the list behind it.

#include "world.hpp"

#include "api/reports.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

using namespace npod;
using namespace npod::test;

namespace {

std::string encoded(std::string_view text) {
    std::string out;
    for (unsigned char const c : text) out += fmt::format("%{:02X}", c);
    return out;
}

void order(World& world, std::string_view id, std::string_view donor, std::string_view numbers) {
    auto const reply = world.post("/v1/port-ins", fmt::format(R"({{"order_id": "{}", "donor": "{}", "network": "fixed", "numbers": [{}],
  "customer": {{"kind": "natural", "name": "Acme NV"}}, "contract_id": "C-{}", "location": {{"zone": "2"}},
  "mandate": {{"id": "M-1", "titular": "Acme NV", "signer": "Acme NV", "channel": "online", "signed_at": "2026-03-01T08:00:00Z"}}}})",
                                                      id, donor, numbers, id));
    CAPTURE(reply.response.body);
    REQUIRE(reply.status() == 201);
}

/// One simple number from CHARLY and ten complex ones from BRAVO, on Monday 2 March 2026 at 09:00.
void two_ports(World& world) {
    order(world, "o-1", "CHARLY", R"("+3225502000")");
    order(world, "o-2", "BRAVO", R"({"first": "+3225501100", "last": "+3225501109"})");
}

void go_to(World& world, std::string_view moment) {
    REQUIRE(world.post("/v1/clock/advance", fmt::format(R"({{"to":"{}"}})", moment)).status() == 200);
}

} // namespace

TEST_CASE("the radar lists what is near by working time, with the money of a day") {
    World world;
    two_ports(world);
    // BRAVO's answer is due on Wednesday 18:00: 29 hours of the window away.
    auto const near = world.get("/v1/radar?within=29wh");
    CAPTURE(near.response.body);
    REQUIRE(near.status() == 200);
    bool found = false;
    for (auto const& item : near.at("/items").as_array()) {
        auto const& one = item.as_object();
        if (!one.contains("port") || one.at("port").as_string() != "PI-000002") continue;
        found = true;
        CHECK(one.at("severity").as_string() == "soon");
        CHECK(one.at("working_left_ms").as_int64() == 29 * 3'600'000);
        CHECK(one.at("per_day").at("cents").as_int64() == 5'000); // ten numbers at 5.00 EUR
        CHECK(one.at("owed").at("cents").as_int64() == 0);
        CHECK(one.at("costs_from").as_string() == "2026-03-06T17:00:00Z"); // a working day after the plan of Thursday 18:00
    }
    CHECK(found);
    CHECK(near.at("/late").as_int64() == 0);
    auto const nearer = world.get("/v1/radar?within=28wh");
    for (auto const& item : nearer.at("/items").as_array())
        CHECK((!item.as_object().contains("port") || item.at("port").as_string() != "PI-000002"));
}

TEST_CASE("what is late stands first, and a wrong horizon is refused") {
    World world;
    two_ports(world);
    go_to(world, "2026-03-10T12:00:00+01:00");
    auto const radar = world.get("/v1/radar?within=1wh");
    CAPTURE(radar.response.body);
    CHECK(radar.at("/late").as_int64() >= 1);
    std::int64_t before = INT64_MIN;
    for (auto const& item : radar.at("/items").as_array()) {
        if (item.at("kind").as_string() != "deadline") continue;
        CHECK(item.at("working_left_ms").as_int64() >= before);
        before = item.at("working_left_ms").as_int64();
    }
    // Four days (7 to 10 March) for ten numbers at 5.00 EUR; the simple port's days come on top of the 200.00 EUR.
    CHECK(radar.at("/owed/cents").as_int64() >= 20'000);
    auto const wrong = world.get("/v1/radar?within=4wk");
    CHECK(wrong.status() == 400);
    CHECK(wrong.text("/problems/0/pointer") == "within");
    CHECK(wrong.text("/problems/0/next").find("4wh, 2wd, 12h") != std::string::npos);
    CHECK(world.get("/v1/radar?within=" + encoded("1h or open")).status() == 400);
}

TEST_CASE("periods are years, quarters, months and days") {
    using namespace std::chrono;
    auto const is = [](std::string_view text, rules::Day from, rules::Day until) {
        auto const period = api::parse_period(text);
        return period && period->from == from && period->until == until && period->name == text;
    };
    CHECK(is("2026", 2026y / 1 / 1, 2027y / 1 / 1));
    CHECK(is("2026-Q1", 2026y / 1 / 1, 2026y / 4 / 1));
    CHECK(is("2026-Q4", 2026y / 10 / 1, 2027y / 1 / 1));
    CHECK(is("2026-12", 2026y / 12 / 1, 2027y / 1 / 1));
    CHECK(is("2026-01-15..2026-02-28", 2026y / 1 / 15, 2026y / 3 / 1));
    for (auto const text : {"", "2026-Q5", "2026-13", "26", "2026-00", "2026-02-30..2026-03-01", "2026-03-01..2026-02-01", "0000", "9999", "2026-1", "-026"})
        CHECK_FALSE(api::parse_period(text));
}

TEST_CASE("every figure of ports is the list behind it, and outcomes add up") {
    World world;
    two_ports(world);
    go_to(world, "2026-03-10T12:00:00+01:00");
    for (auto const& info : api::all_reports()) {
        auto const report = world.get(fmt::format("/v1/reports/{}?period=2026-Q1", info.name));
        CAPTURE(report.response.body);
        REQUIRE(report.status() == 200);
        for (auto const& row : report.at("/rows").as_array())
            for (auto const& column : report.at("/columns").as_array()) {
                if (column.at("unit").as_string() != "ports") continue;
                auto const& cell = row.at("cells").at(column.at("name").as_string());
                auto const list = world.get("/v1/ports?q=" + encoded(std::string(cell.at("q").as_string())));
                CHECK(list.at("/total").as_int64() == cell.at("value").as_int64());
            }
    }
    auto const requests = world.get("/v1/reports/requests?period=2026-03");
    for (auto const& row : requests.at("/rows").as_array()) {
        auto const value = [&](char const* name) { return row.at("cells").at(name).at("value").as_int64(); };
        CHECK(value("running") + value("completed") + value("partly") + value("refused") + value("cancelled") + value("lapsed") + value("closed") ==
              value("requested"));
    }
    CHECK(requests.at("/rows/0/cells/requested/value").as_int64() == 2);
    CHECK(requests.at("/rows/0/cells/numbers/value").as_int64() == 11);
    CHECK(requests.at("/rows/1/name").as_string() == "in.BRAVO");
    CHECK(world.get("/v1/reports/requests?period=2026-02").at("/rows/0/cells/requested/value").as_int64() == 0);
    // Ten numbers for four days: 200.00 EUR, and 40 number-days, whoever caused them.
    auto const delays = world.get("/v1/reports/delays?period=2026-Q1");
    std::int64_t days = 0, cents = 0;
    for (auto const& row : delays.at("/rows").as_array()) {
        if (row.at("name").as_string() == "all") continue;
        days += row.at("cells").at("number_days").at("value").as_int64();
        cents += row.at("cells").at("amount").at("value").as_int64();
    }
    CHECK(delays.at("/rows/0/cells/number_days/value").as_int64() == days);
    CHECK(delays.at("/rows/0/cells/amount/value").as_int64() == cents);
    CHECK(days >= 40);
    auto const complex = world.get("/v1/reports/compensation?period=2026-Q1");
    CHECK(complex.at("/rows/2/name").as_string() == "complex");
    CHECK(complex.at("/rows/2/cells/owed/value").as_int64() == 20'000);
}

TEST_CASE("the same as_of gives the same bytes, whatever came later") {
    World world;
    two_ports(world);
    go_to(world, "2026-03-10T12:00:00+01:00");
    auto const now = world.get("/v1/reports/compensation?period=2026-Q1");
    auto const csv = [&] {
        http::Request request{"GET", "/v1/reports/delays?period=2026-Q1&as_of=2026-03-10T11:00:00Z", {}, {}, {}, {}};
        request.headers.emplace_back("Accept", "text/csv");
        return ask(*world.api, request).response;
    };
    auto const sheet = csv();
    CHECK(sheet.status == 200);
    CHECK(sheet.body.starts_with("report,operator,period,from,until,as_of,row,column,value,unit,q\n"
                                 "delays,ALFA,2026-Q1,2026-01-01,2026-04-01,2026-03-10T11:00:00Z,all,ports,"));
    go_to(world, "2026-03-20T12:00:00+01:00");
    order(world, "o-3", "BRAVO", R"("+3225503000")");
    CHECK(world.get("/v1/reports/compensation?period=2026-Q1&as_of=2026-03-10T11:00:00Z").response.body == now.response.body);
    CHECK(csv().body == sheet.body);
    CHECK(world.get("/v1/reports/compensation?period=2026-Q1").response.body != now.response.body);
}

TEST_CASE("a wrong report or period is refused with what was meant") {
    World world;
    CHECK(world.get("/v1/reports/request?period=2026").text("/problems/0/next") == "Did you mean \"requests\"?");
    CHECK(world.get("/v1/reports/request?period=2026").status() == 404);
    CHECK(world.get("/v1/reports/requests?period=2026Q1").status() == 400);
    CHECK(world.get("/v1/reports/requests").status() == 400);
    CHECK(world.get("/v1/reports").at("/total").as_int64() == 4);
}
