#include "rules/difference.hpp"

#include "base/fault.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

namespace {

Rulebook const& belgium() {
    static Rulebook const book = Rulebook::shipped("be");
    return book;
}

/// The difference that is about the rule, on either side.
RuleDifference const* about(std::vector<RuleDifference> const& all, std::string_view id) {
    auto const found = std::ranges::find_if(all, [&](RuleDifference const& one) {
        return (one.before && one.before->id == id) || (one.after && one.after->id == id);
    });
    return found == all.end() ? nullptr : &*found;
}

Rule period(std::string value, std::optional<Day> from, std::optional<Day> until) {
    return {"be.x", "A term", Unit::months, std::move(value), Standing::read, "a decree", from, until, "A term."};
}

} // namespace

TEST_CASE("a rulebook does not differ from itself") {
    CHECK(rule_differences(belgium(), belgium()).empty());
    CHECK(rule_differences(belgium(), Rulebook::shipped("be")).empty());
    CHECK(day_differences(belgium().calendar(), Rulebook::shipped("be").calendar(), 1990y, 2100y).empty());
}

TEST_CASE("a changed value is one difference; the same value configured is one of standing alone") {
    auto const changed = rule_differences(
        belgium(), Rulebook::shipped("be", {{"be.execute.within", "2"}, {"be.window.cut_off", "17:00"}}));
    REQUIRE(changed.size() == 2);
    CHECK(changed[0].before->id == "be.execute.within");
    CHECK(changed[0].before->value == "1");
    CHECK(changed[0].before->standing == Standing::read);
    CHECK(changed[0].after->value == "2");
    CHECK(changed[0].after->standing == Standing::configured);
    CHECK(changed[0].value_differs);
    CHECK(changed[1].before->id == "be.window.cut_off");
    CHECK_FALSE(changed[1].value_differs);
}

TEST_CASE("two countries are held against each other by the rest of the id") {
    auto const all = rule_differences(belgium(), Rulebook::shipped("nl"));
    REQUIRE(about(all, "be.grace"));
    CHECK(about(all, "be.grace")->after->id == "nl.grace");
    CHECK_FALSE(about(all, "be.grace")->value_differs);                 // one month in both; known from elsewhere
    CHECK(about(all, "be.answer.within.mobile.simple")->value_differs); // the same day, and one working day
    REQUIRE(about(all, "be.move"));
    CHECK_FALSE(about(all, "be.move")->after);
    REQUIRE(about(all, "nl.first_possible"));
    CHECK_FALSE(about(all, "nl.first_possible")->before);
    CHECK_FALSE(about(all, "npod.reminder")); // the house is the same
}

TEST_CASE("periods are compared period by period") {
    Day const day = 2027y / January / 1;
    auto const one = Rulebook::made_of("be", {period("1", {}, {})});
    auto const two = Rulebook::made_of("be", {period("1", {}, day), period("2", day, {})});
    auto const differences = rule_differences(one, two);
    REQUIRE(differences.size() == 2); // the first ends earlier, the second is new
    CHECK(differences[0].after->valid_until == day);
    CHECK(differences[0].value_differs);
    CHECK_FALSE(differences[1].before);
    CHECK(differences[1].after->value == "2");
    CHECK(rule_differences(two, one).size() == 2);
    CHECK(rule_differences(two, two).empty());
}

TEST_CASE("days that count in one calendar only") {
    auto const days = day_differences(belgium().calendar(), Rulebook::shipped("nl").calendar(), 2026y, 2026y);
    // King's Day is a Monday; 1 May a Friday, 21 July a Tuesday, 11 November a Wednesday. 15 August, 1 November and
    // 26 December 2026 fall on weekends and change nothing.
    REQUIRE(days.size() == 4);
    CHECK(days[0].day == 2026y / April / 27);
    CHECK_FALSE(days[0].off_before);
    CHECK(days[0].off_after == "King's Day");
    CHECK(days[1].day == 2026y / May / 1);
    CHECK(days[1].off_before == "Labour Day");
    CHECK_FALSE(days[1].off_after);
    CHECK(days[2].day == 2026y / July / 21);
    CHECK(days[3].day == 2026y / November / 11);
}

TEST_CASE("an extra day off changes its own day, within the years asked for") {
    auto const changed = Rulebook::shipped(
        "be", {{"be.working_day.extra_holidays", "2026-12-31 Stocktaking; 2027-01-04 Stocktaking; 2026-12-26 Rest"}});
    auto const in = [&](year first, year last) {
        return day_differences(belgium().calendar(), changed.calendar(), first, last).size();
    };
    CHECK(in(2026y, 2026y) == 1); // 26 December 2026 is a Saturday already
    CHECK(in(2027y, 2027y) == 1);
    CHECK(in(2026y, 2027y) == 2);
    CHECK(in(2025y, 2025y) == 0);
    CHECK(in(2027y, 2026y) == 0);
}

TEST_CASE("years outside the table are refused") {
    auto const& calendar = belgium().calendar();
    CHECK_THROWS_AS(day_differences(calendar, calendar, 1989y, 1990y), ConfigFault);
    CHECK_THROWS_AS(day_differences(calendar, calendar, 2100y, 2101y), ConfigFault);
    CHECK(day_differences(calendar, calendar, 2100y, 2100y).empty());
}
