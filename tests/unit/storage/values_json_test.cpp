/// Values of several parts in one column.

#include "storage/values_json.hpp"
#include "things.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using namespace npod::porting;

TEST_CASE("values come back from their JSON, and equal values are equal bytes") {
    auto const port = a_port();
    CHECK(customer_from_json(to_json(port.customer)) == port.customer);
    CHECK(location_from_json(to_json(port.location)) == port.location);
    CHECK(wish_from_json(to_json(port.wish)) == port.wish);
    CHECK(mandate_from_json(to_json(*port.mandate)) == *port.mandate);
    CHECK(related_from_json(to_json(port.related)) == port.related);
    auto const row = a_row();
    CHECK(moves_from_json(to_json(row.moves)) == row.moves);
    CHECK(refusals_from_json(to_json(row.refusals)) == row.refusals);
    CHECK(customer_from_json(to_json(Customer{})) == Customer{});
    Customer const reads_french{false, "An", "", {}, Language::fr};
    CHECK(customer_from_json(to_json(reads_french)) == reads_french);
    CHECK(wish_from_json(to_json(Wish{})) == Wish{});
    // The stored form is part of the file format.
    CHECK(to_json(std::vector{range(3225501100, 3225501109)}) == "[[3225501100,3225501109]]");
    CHECK(to_json(Wish{true, from_ms(1775224800000)}) == R"({"on_date":true,"at_ms":1775224800000})");
    CHECK(to_json(Customer{false, "An", "", {"", "1", "", "", "Gent"}}) ==
          R"({"name":"An","address":{"house_number":"1","city":"Gent"}})");
}

TEST_CASE("moves are lists without names; rows that an older npod wrote have them with names") {
    Move const move{{SubjectKind::line, "PI-000001/1"}, "port_in", "request_taken", "requested", "awaiting_answer", "moved", {}, "receipt \"7\""};
    CHECK(to_json(std::vector{move}) == R"([["line","PI-000001/1","port_in","request_taken","requested","awaiting_answer","moved",[],"receipt \"7\""]])");
    CHECK(moves_from_json(R"([{"kind":"line","id":"PI-000001/1","machine":"port_in","event":"request_taken","from":"requested",)"
                          R"("to":"awaiting_answer","verdict":"moved","note":"receipt \"7\""}])") == std::vector{move});
    LogRow row;
    read_brought(R"([[["line","PI-000001/1","port_in","request_taken","requested","awaiting_answer","moved",[],"receipt \"7\""]],["so"],[],["PI-000001"]])", row);
    CHECK(row.moves == std::vector{move});
    CHECK(row.notes == std::vector<std::string>{"so"});
    CHECK(row.refusals.empty());
}

TEST_CASE("every kind of refusal and every ground has a stored name") {
    for (int code = 0; code <= static_cast<int>(RefusalCode::read_only); ++code) {
        std::vector<Refusal> const refusals{{static_cast<RefusalCode>(code), "t", "", "", ""}};
        CHECK(refusals_from_json(to_json(refusals)) == refusals);
    }
    std::vector<Ground> grounds;
    for (auto const& entry : all_grounds()) grounds.push_back(entry.ground);
    CHECK(grounds_from_json(to_json(grounds)) == grounds);
}

TEST_CASE("what a peer wrote is kept even where it is no valid UTF-8; a damaged value is a fault") {
    std::vector<std::string> const texts{"\xff\xfe", "a\"b\\c\n", std::string("x\0y", 3)};
    CHECK(texts_from_json(to_json(texts)) == texts);
    CHECK_THROWS_AS(moves_from_json("[{\"kind\":\"dragon\"}]"), StorageFault);
    CHECK_THROWS_AS(customer_from_json("{"), StorageFault);
    CHECK_THROWS_AS(ranges_from_json("[[1]]"), StorageFault);
    CHECK_THROWS_AS(grounds_from_json("[\"NONSENSE\"]"), StorageFault);
    CHECK_THROWS_AS(mandate_from_json("{}"), StorageFault);
}
