#include "rules/calendar.hpp"

#include "base/fault.hpp"
#include "unit/rules/civil.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

namespace {

Calendar const& belgium() {
    static Calendar const calendar{CalendarRules{}};
    return calendar;
}

std::string working_days(std::string_view from, int n) {
    return belgium().local_rfc3339(belgium().add_working_days(moment(from), n).result);
}
std::string calendar_days(std::string_view from, int n) {
    return belgium().local_rfc3339(belgium().add_calendar_days(moment(from), n).result);
}
std::string months_after(std::string_view from, int n) {
    return belgium().local_rfc3339(belgium().add_months(moment(from), n).result);
}

} // namespace

TEST_CASE("the example of the contract: Good Friday works, Easter Monday does not") {
    CHECK(working_days("2026-04-03T16:59+02:00", 1) == "2026-04-07T18:00:00+02:00");
    CHECK(working_days("2026-04-03T17:01+02:00", 1) == "2026-04-08T18:00:00+02:00"); // received on Tuesday the 7th
    auto const in_time = belgium().add_working_days(moment("2026-04-03T16:59+02:00"), 1);
    CHECK(in_time.counted_from == 2026y / April / 3);
    REQUIRE(in_time.skipped.size() == 3);
    CHECK(in_time.skipped[0].day == 2026y / April / 4);
    CHECK(in_time.skipped[0].reason == "Saturday");
    CHECK(in_time.skipped[1].reason == "Sunday");
    CHECK(in_time.skipped[2].day == 2026y / April / 6);
    CHECK(in_time.skipped[2].reason == "Easter Monday");
    CHECK(
        in_time.steps ==
        std::vector<std::string>{
            "Happened on Fri 3 Apr 2026 16:59, a working day before the cut-off of 17:00: counts as received that day.",
            "1 working day after Fri 3 Apr 2026 is Tue 7 Apr 2026.",
            "Not counted: Sat 4 Apr 2026 (Saturday), Sun 5 Apr 2026 (Sunday), Mon 6 Apr 2026 (Easter Monday).",
            "It ends when the window of that day closes: Tue 7 Apr 2026 18:00."});
    auto const late = belgium().add_working_days(moment("2026-04-03T17:01+02:00"), 1);
    CHECK(late.counted_from == 2026y / April / 7);
    REQUIRE(late.skipped.size() == 4);
    CHECK(late.skipped[0].day == 2026y / April / 3);
    CHECK(late.skipped[0].reason == "arrived after the cut-off of 17:00");
    CHECK(late.steps[0] == "Happened on Fri 3 Apr 2026 17:01, not before the cut-off of 17:00: counts as received on "
                           "Tue 7 Apr 2026, the next working day.");
}

TEST_CASE("the cut-off of Christmas Eve 2026, a Thursday") {
    // Friday is Christmas, then comes the weekend: the next working day is Monday the 28th.
    for (auto const* text :
         {"2026-12-24T16:59:00+01:00", "2026-12-24T16:59:59.999+01:00", "2026-12-24T00:00:00+01:00"}) {
        CAPTURE(text);
        CHECK(belgium().received_on(moment(text)) == 2026y / December / 24);
        CHECK(working_days(text, 1) == "2026-12-28T18:00:00+01:00");
        CHECK(working_days(text, 0) == "2026-12-24T18:00:00+01:00");
    }
    for (auto const* text :
         {"2026-12-24T17:00:00+01:00", "2026-12-24T17:01:00+01:00", "2026-12-24T23:59:59.999+01:00",
          "2026-12-25T12:00:00+01:00", "2026-12-27T23:59:59.999+01:00", "2026-12-28T00:00:00+01:00"}) {
        CAPTURE(text);
        CHECK(belgium().received_on(moment(text)) == 2026y / December / 28);
        CHECK(working_days(text, 1) == "2026-12-29T18:00:00+01:00");
        CHECK(working_days(text, 0) == "2026-12-28T18:00:00+01:00");
    }
    CHECK(belgium().add_working_days(moment("2026-12-25T12:00:00+01:00"), 0).skipped[0].reason == "Christmas Day");
}

TEST_CASE("month terms keep the day, clamped to the end of the month, and end at 24:00") {
    CHECK(months_after("2026-01-31T12:00+01:00", 1) == "2026-03-01T00:00:00+01:00"); // until 28 Feb 24:00
    CHECK(months_after("2028-01-31T12:00+01:00", 1) == "2028-03-01T00:00:00+01:00"); // until 29 Feb 24:00
    CHECK(months_after("2028-01-29T12:00+01:00", 1) == "2028-03-01T00:00:00+01:00");
    CHECK(months_after("2028-01-28T12:00+01:00", 1) ==
          "2028-02-29T00:00:00+01:00"); // until 28 Feb 24:00, which is the 29th
    CHECK(months_after("2026-08-31T12:00+02:00", 6) == "2027-03-01T00:00:00+01:00");  // a claim until 28 Feb 2027 24:00
    CHECK(months_after("2027-08-31T12:00+02:00", 6) == "2028-03-01T00:00:00+01:00");  // until 29 Feb 2028 24:00
    CHECK(months_after("2028-02-29T12:00+01:00", 12) == "2029-03-01T00:00:00+01:00"); // 28 Feb 2029 24:00
    CHECK(months_after("2028-02-29T12:00+01:00", 48) == "2032-03-01T00:00:00+01:00"); // 29 Feb 2032 24:00
    CHECK(months_after("2026-12-15T12:00+01:00", 1) == "2027-01-16T00:00:00+01:00");  // over the year's end
    CHECK(months_after("2026-09-24T12:00+02:00", 1) ==
          "2026-10-25T00:00:00+02:00"); // ends as the day of 25 hours begins
    CHECK(months_after("2026-09-25T12:00+02:00", 1) == "2026-10-26T00:00:00+01:00");
    CHECK(months_after("2026-03-31T12:00+02:00", 0) == "2026-04-01T00:00:00+02:00");
    // The civil day decides: 23:59:59.999 on the 31st is the 31st, a millisecond later is February; UTC plays no part.
    CHECK(months_after("2026-01-31T23:59:59.999+01:00", 1) == "2026-03-01T00:00:00+01:00");
    CHECK(months_after("2026-01-31T23:00:00Z", 1) == "2026-03-02T00:00:00+01:00");
    auto const clamped = belgium().add_months(moment("2026-01-31T12:00+01:00"), 1);
    CHECK(clamped.counted_from == 2026y / January / 31);
    CHECK(clamped.skipped.empty());
    CHECK(clamped.steps ==
          std::vector<std::string>{
              "Counted from the day of Sat 31 Jan 2026 12:00.",
              "1 month after Sat 31 Jan 2026 falls in a month without a day 31: its last day, Sat 28 Feb 2026.",
              "It ends at 24:00 of that day, written Sun 1 Mar 2026 00:00 and exclusive."});
}

TEST_CASE("calendar days end at 24:00 too") {
    CHECK(calendar_days("2026-04-03T16:59+02:00", 90) ==
          "2026-07-03T00:00:00+02:00"); // 27 + 31 + 30 = 88 → 30 Jun, + 2
    CHECK(calendar_days("2026-04-03T23:59:59.999+02:00", 1) == "2026-04-05T00:00:00+02:00");
    CHECK(calendar_days("2026-04-03T22:00:00Z", 1) == "2026-04-06T00:00:00+02:00"); // already the 4th in Brussels
    CHECK(calendar_days("2026-03-28T12:00+01:00", 1) == "2026-03-30T00:00:00+02:00");
    CHECK(calendar_days("2026-02-28T12:00+01:00", 0) == "2026-03-01T00:00:00+01:00");
}

TEST_CASE("the days of daylight-saving change have 23 and 25 hours") {
    auto const length = [](Day day) { return belgium().start_of(sys_days{day} + days{1}) - belgium().start_of(day); };
    CHECK(length(2026y / March / 28) == 24h);
    CHECK(length(2026y / March / 29) == 23h);
    CHECK(length(2026y / October / 25) == 25h);
    CHECK(length(2050y / March / 27) == 23h); // beyond the list of the zone files; last Sunday of March
    CHECK(length(2050y / October / 30) == 25h);
    CHECK(length(2100y / March / 28) == 23h);
    // 02:30 does not exist on 29 March: the first instant after the gap, 03:00 = 01:00 UTC. On 25 October it is there
    // twice: the earlier one, still in summer time.
    CHECK(belgium().at(2026y / March / 29, 2h + 30min) == moment("2026-03-29T01:00:00Z"));
    CHECK(belgium().at(2026y / March / 29, 2h) == moment("2026-03-29T01:00:00Z"));
    CHECK(belgium().at(2026y / March / 29, 1h + 59min) == moment("2026-03-29T00:59:00Z"));
    CHECK(belgium().at(2026y / October / 25, 2h + 30min) == moment("2026-10-25T00:30:00Z"));
    CHECK(belgium().at(2026y / October / 25, 3h) == moment("2026-10-25T02:00:00Z"));
    CHECK(belgium().local_rfc3339(moment("2026-10-25T00:30:00Z")) == "2026-10-25T02:30:00+02:00");
    CHECK(belgium().local_rfc3339(moment("2026-10-25T01:30:00Z")) == "2026-10-25T02:30:00+01:00");
    // Terms over the change: Friday to Monday, one hour of UTC apart from the usual.
    CHECK(working_days("2026-03-27T12:00+01:00", 1) == "2026-03-30T18:00:00+02:00");
    CHECK(working_days("2026-10-23T12:00+02:00", 1) == "2026-10-26T18:00:00+01:00");
    CHECK(calendar_days("2026-10-24T12:00+02:00", 1) == "2026-10-26T00:00:00+01:00");
}

TEST_CASE("days off are told with their reason") {
    CHECK(belgium().reason_off(2026y / April / 4) == "Saturday");
    CHECK(belgium().reason_off(2026y / April / 5) == "Sunday");
    CHECK(belgium().reason_off(2026y / April / 6) == "Easter Monday");
    CHECK(belgium().reason_off(2008y / May / 1) ==
          "Labour Day and Ascension Day");                // both, in the year of the early Easter
    CHECK_FALSE(belgium().reason_off(2026y / April / 3)); // Good Friday
    CHECK_FALSE(belgium().reason_off(2026y / December / 24));
    int working = 0;
    for (auto day = sys_days{2026y / January / 1}; day < sys_days{2027y / January / 1}; day += days{1}) {
        working += belgium().is_working_day(day);
    }
    CHECK(working == 253); // 261 weekdays less eight holidays: 15 August is a Saturday, 1 November a Sunday
}

TEST_CASE("Saturday can be made a working day, and days off can be added") {
    CalendarRules rules;
    rules.saturday_works = true;
    rules.extra_holidays = {{2026y / April / 7, "Move of the office"}, {2026y / July / 21, "Parade"}};
    Calendar const calendar(rules);
    CHECK(calendar.is_working_day(2026y / April / 4));
    CHECK_FALSE(calendar.is_working_day(2026y / April / 5));
    CHECK(calendar.reason_off(2026y / August / 15) == "Assumption Day"); // a Saturday, and a holiday
    CHECK(calendar.reason_off(2026y / April / 7) == "Move of the office");
    CHECK(calendar.reason_off(2026y / July / 21) == "National Day"); // the law's name stays
    CHECK(calendar.holidays(2026y).size() == 11);
    CHECK(calendar.holidays(2027y).size() == 10);
    CHECK(calendar.local_rfc3339(calendar.add_working_days(moment("2026-04-03T16:59+02:00"), 1).result) ==
          "2026-04-04T18:00:00+02:00");
    CHECK(calendar.local_rfc3339(calendar.add_working_days(moment("2026-04-03T16:59+02:00"), 2).result) ==
          "2026-04-08T18:00:00+02:00");
}

TEST_CASE("a term that ends on a day off can be rolled on") {
    // One month after 4 March 2026 is Saturday 4 April, then come Easter Sunday and Monday: until Tuesday 7 April
    // 24:00.
    auto const rolled = belgium().rolled_to_working_day(belgium().add_months(moment("2026-03-04T12:00+01:00"), 1));
    CHECK(belgium().local_rfc3339(rolled.result) == "2026-04-08T00:00:00+02:00");
    REQUIRE(rolled.skipped.size() == 3);
    CHECK(rolled.skipped[0].day == 2026y / April / 4);
    CHECK(rolled.skipped[2].reason == "Easter Monday");
    // Thursday 3 April needs no rolling, and neither does a term of working days.
    auto const plain = belgium().add_months(moment("2026-03-03T12:00+01:00"), 1);
    CHECK(belgium().rolled_to_working_day(plain).result == plain.result);
    auto const working = belgium().add_working_days(moment("2026-04-03T12:00+02:00"), 1);
    CHECK(belgium().rolled_to_working_day(working).result == working.result);
}

TEST_CASE("working time counts the windows of working days only") {
    auto const friday_17 = moment("2026-04-03T17:00+02:00"), tuesday_9 = moment("2026-04-07T09:00+02:00");
    CHECK(belgium().working_time(friday_17, tuesday_9) == 2h); // 17–18 on Friday, 8–9 on Tuesday
    CHECK(belgium().working_time(tuesday_9, friday_17) == -2h);
    CHECK(belgium().working_time(friday_17, friday_17) == 0h);
    CHECK(belgium().working_time(moment("2026-04-04T00:00+02:00"), moment("2026-04-06T23:00+02:00")) == 0h);
    CHECK(belgium().working_time(moment("2026-04-07T09:15+02:00"), moment("2026-04-07T09:15:00.250+02:00")) == 250ms);
    CHECK(belgium().working_time(moment("2026-04-07T00:00+02:00"), moment("2026-04-08T00:00+02:00")) == 10h);
    CHECK(belgium().working_time(moment("2026-03-27T17:00+01:00"), moment("2026-03-30T09:00+02:00")) ==
          2h); // over the change
}

TEST_CASE("the next opening of the window") {
    auto const opening = [](std::string_view text) {
        return belgium().local_rfc3339(belgium().next_window_opening(moment(text)));
    };
    CHECK(opening("2026-04-03T12:00+02:00") == "2026-04-03T12:00:00+02:00"); // open now
    CHECK(opening("2026-04-03T07:59:59.999+02:00") == "2026-04-03T08:00:00+02:00");
    CHECK(opening("2026-04-03T17:59:59.999+02:00") == "2026-04-03T17:59:59.999+02:00");
    CHECK(opening("2026-04-03T18:00+02:00") == "2026-04-07T08:00:00+02:00"); // closed: over Easter
    CHECK(opening("2026-04-05T12:00+02:00") == "2026-04-07T08:00:00+02:00");
}

TEST_CASE("civil days begun") {
    auto const begun = [](std::string_view from, std::string_view until) {
        return belgium().civil_days_begun(moment(from), moment(until));
    };
    CHECK(begun("2026-04-03T18:00+02:00", "2026-04-03T23:59:59.999+02:00") == 0);
    CHECK(begun("2026-04-03T18:00+02:00", "2026-04-04T00:00+02:00") == 1); // the day has just begun
    CHECK(begun("2026-04-03T18:00+02:00", "2026-04-05T10:00+02:00") == 2);
    CHECK(begun("2026-04-03T18:00+02:00", "2026-04-03T18:00+02:00") == 0);
    CHECK(begun("2026-04-05T18:00+02:00", "2026-04-03T18:00+02:00") == 0);
    CHECK(begun("2026-10-24T23:59+02:00", "2026-10-26T00:01+01:00") == 2); // over the day of 25 hours
}

TEST_CASE("instants are shown in the zone") {
    CHECK(belgium().local_text(moment("2026-04-07T16:00:00Z")) == "Tue 7 Apr 2026 18:00");
    CHECK(belgium().local_text(moment("2026-12-31T23:30:00Z")) == "Fri 1 Jan 2027 00:30");
    CHECK(belgium().local_rfc3339(moment("2026-01-01T00:00:00.005Z")) == "2026-01-01T01:00:00.005+01:00");
    CHECK(belgium().day_of(moment("2026-12-31T22:59:59.999Z")) == 2026y / December / 31);
    CHECK(belgium().day_of(moment("2026-12-31T23:00:00Z")) == 2027y / January / 1);
    CalendarRules rules;
    rules.zone = "America/St_Johns"; // three and a half hours behind UTC in winter
    CHECK(Calendar(rules).local_rfc3339(moment("2026-01-01T12:00:00Z")) == "2026-01-01T08:30:00-03:30");
}

TEST_CASE("what cannot be a calendar is refused at the start") {
    auto const with = [](auto change) {
        CalendarRules rules;
        change(rules);
        return Calendar(rules);
    };
    CHECK_THROWS_AS(with([](auto& r) { r.zone = "Europe/Brusels"; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.zone = "../../etc/passwd"; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.zone = ""; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.country = "xx"; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.window_opens = 18h; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.window_closes = 25h; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.cut_off = 19h; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& r) { r.cut_off = 8h; }), ConfigFault);
    CHECK_THROWS_AS(belgium().holidays(1989y), ConfigFault);
    CHECK_THROWS_AS(belgium().holidays(2101y), ConfigFault);
    CHECK_NOTHROW(with([](auto& r) { r.window_opens = 0h, r.window_closes = 24h, r.cut_off = 24h; }));
}

TEST_CASE("a term of working days that runs past the table of holidays is an error, not a guess") {
    // 31 December 2100 is a Friday and the last day that anybody can speak of.
    CHECK(working_days("2100-12-30T12:00+01:00", 1) == "2100-12-31T18:00:00+01:00");
    CHECK(working_days("2100-12-31T16:59:59.999+01:00", 0) == "2100-12-31T18:00:00+01:00");
    CHECK_THROWS_AS(working_days("2100-12-31T17:00+01:00", 0), ConfigFault); // counts as received in 2101
    CHECK_THROWS_AS(working_days("2100-12-31T12:00+01:00", 1), ConfigFault);
    CHECK_THROWS_AS(working_days("2100-12-31T12:00+01:00", 9'999), ConfigFault);
    CHECK_THROWS_AS(belgium().next_window_opening(moment("2100-12-31T18:00+01:00")), ConfigFault);
    try {
        (void)belgium().is_working_day(2101y / January / 3);
        FAIL("nobody knows that");
    } catch (ConfigFault const& fault) {
        CHECK(std::string(fault.what()).find("1990 to 2100") != std::string::npos);
        CHECK(std::string(fault.what()).find("Mon 3 Jan 2101") != std::string::npos);
    }
    // months and calendar days ask for no holiday
    CHECK(months_after("2100-12-31T12:00+01:00", 9'999) ==
          "2934-04-01T00:00:00+02:00"); // 833 years and 3 months: 31 Mar 2934
}

TEST_CASE("the time-zone database says which one it is") { CHECK(time_zone_database_version() != "unknown"); }
