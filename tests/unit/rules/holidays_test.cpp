#include "rules/holidays.hpp"

#include "base/fault.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

TEST_CASE("Easter falls on the Sundays that everybody knows") {
    for (Day const day :
         {2008y / March / 23, 2011y / April / 24, 2024y / March / 31, 2025y / April / 20, 2026y / April / 5,
          2027y / March / 28, 2028y / April / 16, 2029y / April / 1, 2030y / April / 21, 2035y / March / 25,
          2038y / April / 25, 2049y / April / 18, 2076y / April / 19, 2100y / March / 28}) {
        CAPTURE(static_cast<int>(day.year()));
        CHECK(easter(day.year()) == day);
    }
}

TEST_CASE("Easter agrees with the rule of Gauss, which is a different sum") {
    for (int y = 1990; y <= 2099; ++y) { // his constants 24 and 5 hold for 1900 to 2099
        int const a = y % 19, b = y % 4, c = y % 7;
        int const d = (19 * a + 24) % 30, e = (2 * b + 4 * c + 6 * d + 5) % 7;
        int days_after_22_march = d + e;
        if ((d == 29 && e == 6) || (d == 28 && e == 6 && a > 10)) days_after_22_march -= 7; // his two exceptions
        CAPTURE(y);
        CHECK(sys_days{easter(year{y})} == sys_days{year{y} / March / 22} + days{days_after_22_march});
        CHECK(weekday{sys_days{easter(year{y})}} == Sunday);
    }
}

TEST_CASE("Belgium has ten public holidays") {
    auto const list = public_holidays("be", 2026y);
    REQUIRE(list);
    std::vector<std::pair<Day, std::string>> const expected{
        {2026y / January / 1, "New Year's Day"},
        {2026y / April / 6, "Easter Monday"}, // Easter is 5 April
        {2026y / May / 1, "Labour Day"},
        {2026y / May / 14, "Ascension Day"}, // 39 days after Easter, a Thursday
        {2026y / May / 25, "Whit Monday"},   // 50 days after Easter
        {2026y / July / 21, "National Day"},
        {2026y / August / 15, "Assumption Day"},
        {2026y / November / 1, "All Saints' Day"},
        {2026y / November / 11, "Armistice Day"},
        {2026y / December / 25, "Christmas Day"},
    };
    REQUIRE(list->size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK((*list)[i].day == expected[i].first);
        CHECK((*list)[i].name == expected[i].second);
    }
    for (auto y = 1990y; y <= 2100y; ++y) {
        auto const each = public_holidays("be", y);
        REQUIRE(each->size() == 10);
        CHECK(std::ranges::is_sorted(*each, {}, &Holiday::day));
    }
}

TEST_CASE("the Dutch table moves the royal birthday off Sundays") {
    auto const day_named = [](year of, std::string_view name) -> std::optional<Day> {
        auto const list = public_holidays("nl", of);
        auto const found = std::ranges::find(*list, name, &Holiday::name);
        if (found == list->end()) return std::nullopt;
        return found->day;
    };
    CHECK(day_named(2026y, "King's Day") == 2026y / April / 27); // a Monday
    CHECK(day_named(2014y, "King's Day") == 2014y / April / 26); // the 27th was a Sunday
    CHECK(day_named(2025y, "King's Day") == 2025y / April / 26); // likewise
    CHECK(day_named(2013y, "Queen's Day") == 2013y / April / 30);
    CHECK(day_named(2006y, "Queen's Day") == 2006y / April / 29); // the 30th was a Sunday
    CHECK_FALSE(day_named(2013y, "King's Day"));
    CHECK_FALSE(day_named(2014y, "Queen's Day"));
    CHECK(day_named(2026y, "Second Christmas Day") == 2026y / December / 26);
    CHECK_FALSE(public_holidays("xx", 2026y));
}
