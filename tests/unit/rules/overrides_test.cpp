/// What an operator's configuration may say of the rules: values, authorities, periods; and how it is told when it may not.

#include "rules/overrides.hpp"

#include "base/fault.hpp"
#include "unit/rules/civil.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

TEST_CASE("a day off outside the calendar's years is refused, not forgotten") {
    for (auto const* const day : {"1989-12-31 Before", "2101-01-01 After"}) {
        CAPTURE(day);
        CHECK_THROWS_AS(Rulebook::shipped("be", {{"be.working_day.extra_holidays", day}}), ConfigFault);
    }
    CHECK_NOTHROW(Rulebook::shipped("be", {{"be.working_day.extra_holidays", "1990-01-02 First; 2100-12-31 Last"}}));
}

namespace {

constexpr auto rate = "be.comp.rate.simple";

Override decision(std::optional<Day> from, std::optional<Day> until, std::string value = "4.00") {
    return {.id = rate, .value = std::move(value), .source = "Decision of 1 October 2026", .standing = Standing::read, .from = from,
            .until = until, .where = "npod.toml:7: rulebook.overrides.be.comp.rate.simple"};
}

/// "until 2027-01-01 3.00 read; 2027-01-01 4.00 read; …": every period of the rate, in order.
std::string periods(Rulebook const& book) {
    auto const day = [](std::optional<Day> const& is) { return is ? to_rfc3339(sys_days{*is}).substr(0, 10) : std::string("ever"); };
    std::string all;
    for (auto const& rule : book.all())
        if (rule.id == rate) all += day(rule.valid_from) + ".." + day(rule.valid_until) + " " + rule.value + "; ";
    return all;
}

std::string fault_of(std::vector<Override> const& overrides) {
    try {
        configured_rulebook("be", overrides);
    } catch (ConfigFault const& fault) {
        return fault.what();
    }
    return "";
}

bool says(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a period cuts what was shipped around it, and carries its own authority") {
    auto const book = configured_rulebook("be", {decision(2027y / January / 1, 2028y / July / 1)});
    CHECK(periods(book) == "ever..2027-01-01 3.00; 2027-01-01..2028-07-01 4.00; 2028-07-01..ever 3.00; ");
    auto const before = book.rule(rate, moment("2026-12-31T23:59:59.999+01:00"));
    auto const during = book.rule(rate, moment("2027-01-01T00:00+01:00"));
    auto const after = book.rule(rate, moment("2028-07-01T00:00+02:00"));
    CHECK(before.value == "3.00");
    CHECK(during.value == "4.00");
    CHECK(during.standing == Standing::read);
    CHECK(during.source == "Decision of 1 October 2026");
    CHECK(after.value == "3.00");
    CHECK(after.source == before.source);
    CHECK(book.money(rate, moment("2028-06-30T23:59+02:00")) == Money{400});
}

TEST_CASE("open ends, neighbours and the plain value") {
    CHECK(periods(configured_rulebook("be", {decision(2027y / January / 1, {})})) == "ever..2027-01-01 3.00; 2027-01-01..ever 4.00; ");
    CHECK(periods(configured_rulebook("be", {decision({}, 2027y / January / 1)})) == "ever..2027-01-01 4.00; 2027-01-01..ever 3.00; ");
    CHECK(periods(configured_rulebook("be", {decision({}, {})})) == "ever..ever 4.00; ");
    // written in any order, one ends on the day on which the next begins
    CHECK(periods(configured_rulebook("be", {decision(2028y / January / 1, {}, "5.00"), decision(2027y / January / 1, 2028y / January / 1)})) ==
          "ever..2027-01-01 3.00; 2027-01-01..2028-01-01 4.00; 2028-01-01..ever 5.00; ");
    // a gap between two goes back to what was shipped
    CHECK(periods(configured_rulebook("be", {decision({}, 2027y / January / 1), decision(2028y / January / 1, {}, "5.00")})) ==
          "ever..2027-01-01 4.00; 2027-01-01..2028-01-01 3.00; 2028-01-01..ever 5.00; ");
}

TEST_CASE("standing and source are part of the law, and so of its version") {
    auto read = decision({}, {}), assumed = read;
    assumed.standing = Standing::assumed;
    CHECK(configured_rulebook("be", {read}).version() != configured_rulebook("be", {assumed}).version());
    auto const plain = configured_rulebook("be", {{.id = rate, .value = "4.00"}});
    CHECK(plain.version() == Rulebook::shipped("be", {{rate, "4.00"}}).version());
    CHECK(plain.rule(rate, moment("2026-04-01T00:00Z")).standing == Standing::configured);
}

TEST_CASE("what cannot be is refused with its place, its reason and what to do") {
    auto const unknown = fault_of({{.id = "be.comp.rate.simpel", .value = "4", .where = "npod.toml:3: rulebook.overrides"}});
    CHECK(says(unknown, "npod.toml:3: "));
    CHECK(says(unknown, "The nearest is \"be.comp.rate.simple\""));

    auto const value = fault_of({decision({}, {}, "four")});
    CHECK(says(value, "npod.toml:7: "));
    CHECK(says(value, "it takes an amount in EUR such as 3.00"));

    auto const backwards = fault_of({decision(2027y / January / 1, 2027y / January / 1)});
    CHECK(says(backwards, "npod.toml:7: "));
    CHECK(says(backwards, "would hold until Fri 1 Jan 2027, which is not after Fri 1 Jan 2027"));

    auto const twice = fault_of({decision(2027y / January / 1, 2028y / January / 1), decision(2027y / December / 31, {}, "5.00")});
    CHECK(says(twice, "is given twice for Fri 31 Dec 2027 and after"));
    CHECK(says(fault_of({decision({}, {}), decision({}, {})}), "is given twice"));
    CHECK(says(fault_of({decision(2027y / January / 1, {}), decision(2030y / January / 1, {})}), "is given twice"));

    auto const window = fault_of({{.id = "be.window.cut_off", .value = "16:30", .from = 2027y / January / 1}});
    CHECK(says(window, "shapes the calendar"));
    CHECK(says(window, "be.working_day.extra_holidays"));
    CHECK(fault_of({{.id = "be.window.cut_off", .value = "16:30"}}) == "");
}
