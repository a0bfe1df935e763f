/// The log told again from nothing: the same book, an earlier book, and a difference that is found.

#include "engine/replay.hpp"

#include "engine/inputs.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;

namespace {

/// BRAVO's customer left a month and a day before ALFA asks for his number.
struct Aged {
    Market market{"2026-01-31 12:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in;

    Aged() {
        bravo.has_contract({});
        bravo.does("contract.terminate", "C-1", "{}");
        market.wait_until("2026-03-01 09:00");
        in = alfa.orders({});
        market.carry();
    }
    engine::Replayed tell_again(World& world, std::shared_ptr<rules::Rulebook const> rulebook, std::optional<Moment> until = {}) const {
        return engine::replay(world.reader(), rulebook, world.settings(), world.interchange(), until);
    }
};

} // namespace

TEST_CASE_FIXTURE(Aged, "told until a moment, the log gives what we knew then") {
    auto const then = tell_again(bravo, bravo.first_law(), at("2026-02-28 23:59"));
    CHECK(then.difference == "");
    CHECK(then.ledger->book().number(number("+3225501100"))->state == "portable");
    auto const now = tell_again(bravo, bravo.first_law());
    CHECK(now.ledger->book().number(number("+3225501100"))->state == "ageing");
    CHECK(now.rows == bravo.reader().head_seq());
    CHECK(then.rows < now.rows);
}

TEST_CASE_FIXTURE(Aged, "the log is told by its own law, whatever the program is configured with today") {
    auto const longer = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be", {{"be.grace", "2"}}));
    CHECK(tell_again(bravo, longer).difference == "");
}

TEST_CASE_FIXTURE(Aged, "the law changes in the midst of the log, and each row is told by the law of its time") {
    bravo.has_contract({.id = "C-2", .numbers = "+3225502000"});
    bravo.law_becomes(rules::Rulebook::shipped("be", {{"be.grace", "2"}}));
    bravo.does("contract.terminate", "C-2", "{}");
    // ended on Sunday 1 March under a month of two: portable until 1 May, 24:00
    CHECK(text(bravo.number("+3225502000").portable_until) == "2026-05-02 00:00");
    auto const told = tell_again(bravo, bravo.first_law());
    CHECK(told.difference == "");
    CHECK(text(told.ledger->book().number(number("+3225502000"))->portable_until) == "2026-05-02 00:00");
    CHECK(told.laws.in_force().version() == bravo.rulebook().version());
    auto const before = tell_again(bravo, bravo.first_law(), at("2026-02-28 23:59"));
    CHECK(before.laws.in_force().version() == bravo.first_law()->version());
}

TEST_CASE_FIXTURE(Aged, "under other settings the telling differs, and the first row that does is named") {
    bravo.settings().automatic = porting::AutomaticAnswer::none; // a person would have answered
    market.wait_until("2026-03-02 09:00");
    bravo.has_contract({.id = "C-3", .numbers = "+3225503000"});
    alfa.orders({.numbers = "+3225503000"});
    market.carry();
    auto settings = bravo.settings();
    settings.automatic = porting::AutomaticAnswer::all;
    auto const told = engine::replay(bravo.reader(), bravo.first_law(), settings, bravo.interchange(), {});
    CHECK(contains(told.difference, "row "));
    settings.automatic = porting::AutomaticAnswer::none;
    bravo.settings() = settings;
}

TEST_CASE_FIXTURE(Aged, "every row becomes the very input that it was written for") {
    for (auto const& row : bravo.reader().log(0, 1000, true)) {
        CAPTURE(row.kind);
        auto const input = engine::input_of(row, bravo.interchange());
        REQUIRE(input);
        CHECK(input->has_value());
    }
}

TEST_CASE("a subject and its key are each other's reverse") {
    porting::Subject const line{porting::SubjectKind::line, "PI-000001/2"};
    CHECK(engine::to_key(line) == "line:PI-000001/2");
    CHECK(engine::subject_of_key("line:PI-000001/2") == line);
    CHECK_FALSE(engine::subject_of_key("PI-000001/2").has_value());
    CHECK_FALSE(engine::subject_of_key("thing:1").has_value());
}

TEST_CASE("a row that nobody can read is named, not skipped") {
    storage::LogRow row;
    row.seq = 7;
    row.kind = "port.teleport";
    auto const input = engine::input_of(row, by_hub());
    REQUIRE_FALSE(input);
    CHECK(contains(input.refusal().text, "Row 7"));
    row.kind = "port.submit";
    row.key = "PI-000001";
    row.body = "{";
    CHECK_FALSE(engine::input_of(row, by_hub()));
    row.kind = "timer.answer_deadline";
    row.key = "nonsense";
    CHECK_FALSE(engine::input_of(row, by_hub()));
    row.kind = "delivery.taken";
    row.key = "x";
    CHECK_FALSE(engine::input_of(row, by_hub()));
}
