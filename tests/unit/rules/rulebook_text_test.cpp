/// A rulebook written down and read back is the same law, whatever the program ships by then.

#include "base/fault.hpp"
#include "rules/laws.hpp"
#include "rules/overrides.hpp"
#include "unit/rules/civil.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

namespace {

void check_same(Rulebook const& book) {
    auto const text = book.to_text();
    auto const back = Rulebook::from_text(text);
    REQUIRE_MESSAGE(back, (back ? "" : back.refusal().text));
    CHECK(back->version() == book.version());
    CHECK(back->name() == book.name());
    CHECK(back->to_text() == text);
    REQUIRE(back->all().size() == book.all().size());
    for (std::size_t i = 0; i < book.all().size(); ++i) {
        auto const &was = book.all()[i], &is = back->all()[i];
        CAPTURE(was.id);
        CHECK(was.title == is.title);
        CHECK(was.text == is.text);
        CHECK(was.choices == is.choices);
        CHECK(was.anchor == is.anchor);
        CHECK(was.valid_from == is.valid_from);
        CHECK(was.valid_until == is.valid_until);
    }
}

} // namespace

TEST_CASE("both shipped books, configured ones, and rules with periods survive being written down") {
    check_same(Rulebook::shipped("be"));
    check_same(Rulebook::shipped("nl"));
    check_same(Rulebook::shipped("be", {{"be.window.cut_off", "16:30"},
                                        {"be.working_day.saturday", "true"},
                                        {"be.working_day.extra_holidays", "2026-12-24 Christmas Eve; 2027-05-07 \"Bridge\""}}));
    check_same(configured_rulebook("be", {{.id = "be.comp.rate.simple",
                                           .value = "4.00",
                                           .source = "Decision of 1 October 2026",
                                           .standing = Standing::read,
                                           .from = 2027y / January / 1,
                                           .until = 2028y / January / 1}}));
}

TEST_CASE("what is read back counts days as what was written, by its own holidays") {
    auto const book = Rulebook::shipped("be", {{"be.working_day.extra_holidays", "2026-04-07 Day after Easter Monday"}});
    auto const back = Rulebook::from_text(book.to_text());
    REQUIRE(back);
    // Thursday 2 April 2026, 1 working day: Friday the 3rd; 2: past the weekend, Easter Monday and the extra day, Wednesday the 8th
    auto const from = moment("2026-04-02T10:00+02:00");
    CHECK(back->calendar().add_working_days(from, 2).result == moment("2026-04-08T18:00+02:00"));
    CHECK(back->calendar().reason_off(2026y / April / 7) == "Day after Easter Monday");

    auto text = book.to_text(); // a later program knows another holiday; the law as it was kept does not
    auto const easter = text.find("\"2026-04-06 Easter Monday\",");
    REQUIRE(easter != std::string::npos);
    text.erase(easter, std::string_view("\"2026-04-06 Easter Monday\",").size());
    auto const other = Rulebook::from_text(text);
    REQUIRE(other);
    CHECK(other->calendar().is_working_day(2026y / April / 6));
    CHECK(other->version() != book.version());
}

TEST_CASE("what is no rulebook is refused, not guessed") {
    CHECK_FALSE(Rulebook::from_text(""));
    CHECK_FALSE(Rulebook::from_text("[]"));
    CHECK_FALSE(Rulebook::from_text("{}"));
    auto text = Rulebook::shipped("be").to_text();
    auto const unit = text.find("\"working_days\"");
    REQUIRE(unit != std::string::npos);
    CHECK_FALSE(Rulebook::from_text(text.replace(unit, 14, "\"moon_days\"")));
}

TEST_CASE("a law is found by its version; an unknown one gives the law in force") {
    auto const old = std::make_shared<Rulebook const>(Rulebook::shipped("be"));
    auto const now = std::make_shared<Rulebook const>(Rulebook::shipped("be", {{"be.grace", "2"}}));
    Laws laws(old);
    laws.put_in_force(now);
    CHECK(&laws.in_force() == now.get());
    CHECK(&laws.pinned(old->version()) == old.get());
    CHECK(&laws.pinned("") == now.get());
    CHECK(&laws.pinned("000000000000") == now.get());
    CHECK(laws.knows(old->version()));
    CHECK_FALSE(laws.knows("000000000000"));
}
