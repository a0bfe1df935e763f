/// The calendar against a second one that shares nothing with it: holidays from a list of Easter dates, daylight-saving
/// time from the rule of the European directive (2000/84/EC), terms by walking day by day.

#include "rules/calendar.hpp"
#include "rules/rulebook.hpp"
#include "rules/working_days.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <vector>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

namespace {

/// One o'clock UTC on the last Sunday of March to one o'clock UTC on the last Sunday of October.
hours summer_offset(Moment moment) {
    auto const in = year_month_day{floor<days>(moment)}.year();
    bool const summer =
        moment >= sys_days{in / March / Sunday[last]} + 1h && moment < sys_days{in / October / Sunday[last]} + 1h;
    return summer ? 2h : 1h;
}

sys_days local_day(Moment moment) { return floor<days>(moment + summer_offset(moment)); }

/// Local times that exist once, which midnight, 17:00 and 18:00 always do.
Moment local(sys_days day, hours time) {
    Moment const winter = day + time - 1h;
    return summer_offset(winter) == 1h ? winter : winter - 1h;
}

std::map<int, sys_days> const easter_sundays{
    {2024, 2024y / March / 31}, {2025, 2025y / April / 20}, {2026, 2026y / April / 5},  {2027, 2027y / March / 28},
    {2028, 2028y / April / 16}, {2029, 2029y / April / 1},  {2030, 2030y / April / 21}, {2031, 2031y / April / 13},
    {2032, 2032y / March / 28}, {2033, 2033y / April / 17}, {2034, 2034y / April / 9},  {2035, 2035y / March / 25},
};

/// How a year may differ from the shipped one.
struct Habits {
    bool saturday_works = false;
    std::vector<sys_days> extra_days_off = {};
    bool dutch = false;
};

/// 27 April, or the Saturday before when that is a Sunday.
sys_days kings_day(year in) {
    sys_days const born{in / April / 27};
    return weekday{born} == Sunday ? born - days{1} : born;
}

bool works(sys_days day, Habits const& habits) {
    year_month_day const date{day};
    auto const name = weekday{day};
    if (name == Sunday || (name == Saturday && !habits.saturday_works)) return false;
    if (std::ranges::find(habits.extra_days_off, day) != habits.extra_days_off.end()) return false;
    auto const after_easter = (day - easter_sundays.at(static_cast<int>(date.year()))).count();
    if (after_easter == 1 || after_easter == 39 || after_easter == 50) return false;
    auto const md = date.month() / date.day();
    if (habits.dutch) return md != January / 1 && md != December / 25 && md != December / 26 && day != kings_day(date.year());
    for (auto const fixed :
         {January / 1, May / 1, July / 21, August / 15, November / 1, November / 11, December / 25}) {
        if (md == fixed) return false;
    }
    return true;
}

sys_days next_working(sys_days day, Habits const& habits) {
    do day += days{1};
    while (!works(day, habits));
    return day;
}

Moment working_days_after(Moment from, int n, Habits const& habits = {}) {
    auto day = local_day(from);
    if (!works(day, habits) || from >= local(day, 17h)) day = next_working(day, habits);
    for (; n > 0; --n) day = next_working(day, habits);
    return local(day, 18h);
}

/// From the day of a plan itself: no cut-off, whatever the hour. n > 0.
Moment working_days_after_plan(Moment from, int n, Habits const& habits = {}) {
    auto day = local_day(from);
    for (; n > 0; --n) day = next_working(day, habits);
    return local(day, 18h);
}

/// A term that ends at 24:00 of a day off runs to 24:00 of the next working day.
Moment rolled(Moment exclusive_end, Habits const& habits = {}) {
    auto day = local_day(exclusive_end - 1ms);
    while (!works(day, habits)) day += days{1};
    return local(day + days{1}, 0h);
}

Moment months_after(Moment from, int n) {
    year_month_day const date{local_day(from)};
    int const month_index = static_cast<int>(static_cast<unsigned>(date.month())) - 1 + n;
    auto const in = date.year() + years{month_index / 12};
    month const of{static_cast<unsigned>(month_index % 12 + 1)};
    unsigned number = static_cast<unsigned>(date.day());
    while (!(in / of / number).ok()) --number;
    return local(sys_days{in / of / number} + days{1}, 0h);
}

/// Instants of 2024 to 2033, half of them placed close to where mistakes live: midnight, cut-off, end of window.
class Instants {
public:
    Moment next() {
        auto const start = to_ms(sys_days{2024y / January / 2});
        auto const end = to_ms(sys_days{2033y / December / 31});
        auto const any = from_ms(std::uniform_int_distribution<std::int64_t>(start, end)(random_));
        if (random_() % 2) return any;
        constexpr std::array edges{0h, 8h, 17h, 18h};
        return local(local_day(any), edges[random_() % edges.size()]) + Duration{static_cast<int>(random_() % 3) - 1};
    }
    int upto(unsigned most) { return static_cast<int>(random_() % (most + 1)); }

private:
    std::mt19937_64 random_{20'260'403};
};

Calendar const calendar{CalendarRules{}};

} // namespace

TEST_CASE("terms agree with a calendar that walks day by day") {
    Instants instants;
    for (int i = 0; i < 15'000; ++i) {
        auto const from = instants.next();
        auto const n = instants.upto(i % 10 == 0 ? 120 : 6);
        CAPTURE(to_rfc3339(from));
        CAPTURE(n);
        auto const working = calendar.add_working_days(from, n);
        REQUIRE(working.result == working_days_after(from, n));
        REQUIRE(calendar.add_months(from, n % 19).result == months_after(from, n % 19));
        REQUIRE(calendar.add_calendar_days(from, n).result == local(local_day(from) + days{n + 1}, 0h));
        REQUIRE(calendar.add_working_days_to_plan(from, n + 1).result == working_days_after_plan(from, n + 1));
        if (works(local_day(from), {})) REQUIRE(calendar.add_working_days_to_plan(from, 0).result == local(local_day(from), 18h));
        for (auto const& term : {calendar.add_months(from, n % 19), calendar.add_calendar_days(from, n)})
            REQUIRE(calendar.rolled_to_working_day(term).result == rolled(term.result));
        auto const until = instants.next();
        if (i % 20 == 0 && from < until) {
            std::int64_t walked = 0;
            for (auto day = local_day(from) + days{1}; day <= local_day(until); day += days{1}) walked += works(day, {}) ? 1 : 0;
            REQUIRE(working_days_begun(calendar, from, until) == walked);
        }
        REQUIRE(calendar.civil_days_begun(from, until) == std::max<std::int64_t>(0, (local_day(until) - local_day(from)).count()));
        // From the day of the event to the last day, every day was either counted or skipped.
        auto const span = (sys_days{calendar.day_of(working.result)} - local_day(from)).count();
        REQUIRE(span == n + static_cast<int>(working.skipped.size()));
    }
}

TEST_CASE("with Saturdays worked and further days off, terms agree with the walking calendar, too") {
    Instants instants;
    for (int round = 0; round < 40; ++round) {
        Habits habits{round % 2 == 1, {}};
        CalendarRules rules;
        rules.saturday_works = habits.saturday_works;
        for (int i = 0; i < 25; ++i) { // on any day: a weekend, a public holiday, the same day twice
            habits.extra_days_off.push_back(local_day(instants.next()));
            rules.extra_holidays.push_back({Day{habits.extra_days_off.back()}, "Works outing"});
        }
        Calendar const varied{rules};
        for (int i = 0; i < 400; ++i) {
            auto const from = i % 2 == 0 ? instants.next() // half of them beside a day off
                                         : local(habits.extra_days_off[instants.upto(24)] - days{instants.upto(2)}, 17h) + Duration{instants.upto(2) - 1};
            auto const n = instants.upto(i % 10 == 0 ? 120 : 6);
            if (local_day(from) < sys_days{2024y / January / 2}) continue; // the list of Easter dates begins there
            CAPTURE(to_rfc3339(from));
            CAPTURE(n);
            REQUIRE(varied.add_working_days(from, n).result == working_days_after(from, n, habits));
            REQUIRE(varied.is_working_day(varied.day_of(from)) == works(local_day(from), habits));
        }
    }
}

TEST_CASE("the Dutch calendar agrees with a walking one of its own") {
    CalendarRules rules;
    rules.country = "nl";
    rules.zone = "Europe/Amsterdam"; // the same directive
    Calendar const dutch{rules};
    Instants instants;
    for (int i = 0; i < 4'000; ++i) {
        auto const from = instants.next();
        auto const n = instants.upto(i % 10 == 0 ? 120 : 6);
        CAPTURE(to_rfc3339(from));
        CAPTURE(n);
        Habits const habits{.dutch = true};
        REQUIRE(dutch.is_working_day(local_day(from)) == works(local_day(from), habits));
        REQUIRE(dutch.add_working_days(from, n).result == working_days_after(from, n, habits));
        REQUIRE(dutch.add_working_days_to_plan(from, n + 1).result == working_days_after_plan(from, n + 1, habits));
        auto const term = dutch.add_months(from, n % 19);
        REQUIRE(term.result == months_after(from, n % 19));
        REQUIRE(dutch.rolled_to_working_day(term).result == rolled(term.result, habits));
    }
}

TEST_CASE("by no rule of any book does a later event have an earlier deadline") {
    std::vector<Rulebook> books{Rulebook::shipped("be"), Rulebook::shipped("nl")};
    // the switches turned: Saturdays worked, terms run on to working days, a bridge day more
    books.push_back(Rulebook::shipped("be", {{"be.working_day.saturday", "true"}, {"be.grace.rolls", "true"},
                                             {"be.comp.claim_within.rolls", "true"}, {"be.approval.valid.rolls", "true"},
                                             {"be.working_day.extra_holidays", "2027-05-07 Bridge day; 2028-12-26 Stocktaking"}}));
    Instants instants;
    for (auto const& book : books) {
        CAPTURE(book.version());
        int terms = 0;
        for (auto const& rule : book.all()) {
            bool const is_time = rule.unit == Unit::working_days || rule.unit == Unit::calendar_days || rule.unit == Unit::months || rule.unit == Unit::hours;
            if (!is_time) continue;
            ++terms;
            CAPTURE(rule.id);
            for (int i = 0; i < 150; ++i) {
                auto const early = instants.next();
                auto const late = early + Duration{instants.upto(4 * 86'400'000)};
                CAPTURE(to_rfc3339(early));
                CAPTURE(to_rfc3339(late));
                REQUIRE(book.due(rule.id, early) <= book.due(rule.id, late));
                REQUIRE(book.deadline(rule.id, early).due == book.due(rule.id, early)); // with and without words
            }
        }
        CHECK(terms > 20);
    }
}

TEST_CASE("a later trigger never gives an earlier deadline") {
    Instants instants;
    for (int i = 0; i < 10'000; ++i) {
        auto const early = instants.next();
        auto const late = early + Duration{instants.upto(4 * 86'400'000)};
        auto const n = instants.upto(13);
        CAPTURE(to_rfc3339(early));
        CAPTURE(to_rfc3339(late));
        REQUIRE(calendar.add_working_days(early, n).result <= calendar.add_working_days(late, n).result);
        REQUIRE(calendar.add_calendar_days(early, n).result <= calendar.add_calendar_days(late, n).result);
        REQUIRE(calendar.add_months(early, n).result <= calendar.add_months(late, n).result);
        REQUIRE(calendar.next_window_opening(early) <= calendar.next_window_opening(late));
        REQUIRE(calendar.working_time(early, late) >= 0ms);
        REQUIRE(calendar.add_working_days(early, n).result > early); // and a deadline is never in the past
    }
}

TEST_CASE("local time follows the directive from 1996 to 2100, beyond the list of the zone files too") {
    std::mt19937_64 random{29'03'2026};
    std::uniform_int_distribution<std::int64_t> any(to_ms(sys_days{1996y / January / 1}),
                                                    to_ms(sys_days{2100y / December / 31}));
    for (int i = 0; i < 20'000; ++i) {
        auto const moment = from_ms(any(random));
        CAPTURE(to_rfc3339(moment));
        REQUIRE(sys_days{calendar.day_of(moment)} == local_day(moment));
        auto const day = local_day(moment);
        REQUIRE(calendar.start_of(day) == local(day, 0h));
        REQUIRE(calendar.at(day, 18h) == local(day, 18h));
    }
    for (auto y = 1996y; y <= 2100y; ++y) {
        CAPTURE(static_cast<int>(y));
        auto const spring = sys_days{y / March / Sunday[last]} + 1h, autumn = sys_days{y / October / Sunday[last]} + 1h;
        for (auto const change : {spring, autumn}) {
            for (auto const moment : {Moment{change} - 1ms, Moment{change}}) {
                REQUIRE(calendar.local_rfc3339(moment).ends_with(summer_offset(moment) == 2h ? "+02:00" : "+01:00"));
            }
        }
    }
}

TEST_CASE("working time adds up") {
    Instants instants;
    for (int i = 0; i < 5'000; ++i) {
        auto const a = instants.next();
        auto const b = a + Duration{std::int64_t{instants.upto(20)} * 86'400'000 + instants.upto(86'400'000)};
        auto const between = a + (b - a) / 3;
        CAPTURE(to_rfc3339(a));
        REQUIRE(calendar.working_time(a, b) == calendar.working_time(a, between) + calendar.working_time(between, b));
        Duration walked{0}; // minute by minute would be slow: hour by hour from midnight, windows being whole hours
        for (auto day = local_day(a); day <= local_day(b); day += days{1}) {
            if (!works(day, {})) continue;
            walked += std::max(Duration{0}, std::min(b, local(day, 18h)) - std::max(a, local(day, 8h)));
        }
        REQUIRE(calendar.working_time(a, b) == walked);
    }
}

TEST_CASE("working time is told as far as the table of holidays reaches") {
    // Friday 31 December 2100, 10:00 (09:00 UTC): eight hours of the window are left, and nobody knows whether people work on the morrow.
    Moment const friday{sys_days{2100y / December / 31} + 9h}, saturday{sys_days{2101y / January / 1} + 17h};
    CHECK(known_working_time(calendar, friday, saturday) == 8h);
    CHECK(known_working_time(calendar, saturday, saturday + 24h) == 0h);
    CHECK_THROWS(calendar.working_time(friday, saturday));
}
