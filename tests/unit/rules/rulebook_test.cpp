#include "rules/rulebook.hpp"

#include "base/fault.hpp"
#include "unit/rules/civil.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <tuple>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

namespace {

Rulebook const& belgium() {
    static Rulebook const book = Rulebook::shipped("be");
    return book;
}

Moment const some_day = sys_days{2026y / April / 3} + 10h;

std::string due(std::string_view id, std::string_view from) {
    return belgium().calendar().local_rfc3339(belgium().deadline(id, moment(from)).due);
}

std::string config_fault(std::map<std::string, std::string> const& overrides) {
    try {
        Rulebook::shipped("be", overrides);
    } catch (ConfigFault const& fault) {
        return fault.what();
    }
    return "";
}

} // namespace

TEST_CASE("the values of RULES-BE, rule by rule") {
    struct Example {
        char const* id;
        Unit unit;
        char const* value;
        Standing standing;
    };
    using enum Unit;
    using enum Standing;
    for (auto const& [id, unit, value, standing] : {
             Example{"be.fee", eur, "0.00", secondary},
             Example{"be.execute.within", working_days, "1", read},
             Example{"be.total.mobile.simple", working_days, "1", secondary},
             Example{"be.total.mobile.complex", working_days, "3", secondary},
             Example{"be.total.fixed.simple", working_days, "2", secondary},
             Example{"be.total.fixed.complex", working_days, "3", secondary},
             Example{"be.answer.within.mobile.simple", working_days, "0", assumed},
             Example{"be.answer.within.mobile.complex", working_days, "2", assumed},
             Example{"be.answer.within.fixed.simple", working_days, "1", assumed},
             Example{"be.answer.within.fixed.complex", working_days, "2", assumed},
             Example{"be.window.opens", text, "08:00", assumed},
             Example{"be.window.closes", text, "18:00", assumed},
             Example{"be.window.cut_off", text, "17:00", assumed},
             Example{"be.outage.max", working_days, "1", secondary},
             Example{"be.approval.valid", calendar_days, "90", assumed},
             Example{"be.working_day.saturday", flag, "false", assumed},
             Example{"be.grace", months, "1", contract},
             Example{"be.ageing.min", months, "6", secondary},
             Example{"be.ageing.max", months, "12", secondary},
             Example{"be.number_change.notice", months, "2", contract},
             Example{"be.licence.multi.extra_numbers", count, "2", contract},
             Example{"be.licence.multi.end_users_max", count, "10", contract},
             Example{"be.licence.2go.end_users_max", count, "10", contract},
             Example{"be.comp.rate.simple", eur, "3.00", assumed},
             Example{"be.comp.rate.complex", eur, "5.00", assumed},
             Example{"be.comp.start", working_days, "1", read},
             Example{"be.comp.planned.natural.date", text, "chosen_date", assumed},
             Example{"be.comp.planned.natural.asap", text, "request_plus_total", assumed},
             Example{"be.comp.planned.legal.date", text, "chosen_date", assumed},
             Example{"be.comp.planned.legal.asap", text, "request_plus_total", assumed},
             Example{"be.comp.days", text, "calendar_days", assumed},
             Example{"be.comp.cap", text, "none", assumed},
             Example{"be.comp.claim_within", months, "6", contract},
             Example{"be.comp.claim_review", months, "6", read},
             Example{"be.missed_visit", eur, "30.00", read},
             Example{"npod.delivery.expires", working_days, "1", assumed},
             Example{"npod.draft.expires", calendar_days, "30", assumed},
             Example{"npod.reminder", working_days, "1", assumed},
             Example{"npod.parked.expires", working_days, "1", assumed},
             Example{"npod.delayed_answer.within", working_days, "1", assumed},
             Example{"npod.claim.decide_within", working_days, "20", assumed},
             Example{"npod.cancel.confirm", working_days, "1", assumed},
             Example{"npod.deadline.retry", hours, "24", assumed},
             Example{"npod.horizon", calendar_days, "365", assumed},
         }) {
        CAPTURE(id);
        auto const rule = belgium().find(id, some_day);
        REQUIRE(rule);
        CHECK(name_of(rule->unit) == name_of(unit));
        CHECK(rule->value == value);
        CHECK(name_of(rule->standing) == name_of(standing));
    }
}

TEST_CASE("sections 1 to 6 of RULES-BE: nothing in the book that is not in the table, nothing missing") {
    // Principles are built into the process; their value is what the table says in a word or two.
    struct Principle {
        char const *id, *value;
        Standing standing;
    };
    using enum Standing;
    std::set<std::string> told;
    for (auto const& [id, value, standing] : {
             Principle{"be.lead", "recipient", contract},
             Principle{"be.titular", "titular", contract},
             Principle{"be.mandate", "required", read},
             Principle{"be.mandate.channels", "paper, online, sms", read},
             Principle{"be.mandate.statement", "stated", secondary},
             Principle{"be.easyswitch.default", "stays", read},
             Principle{"be.reactivate", "donor", secondary},
             Principle{"be.cancel.until", "validation", secondary},
             Principle{"be.working_day", "Monday to Friday less ten public holidays", secondary},
             Principle{"be.working_day.extra_holidays", "", assumed},
             Principle{"be.window.zone", "Europe/Brussels", assumed},
             Principle{"be.refuse.all_grounds", "all", secondary},
             Principle{"be.end.full", "last effective transfer", contract},
             Principle{"be.end.partial", "effective transfer", contract},
             Principle{"be.grace.after.own", "reassignable", contract},
             Principle{"be.grace.after.foreign", "returned", contract},
             Principle{"be.move", "same zone", contract},
             Principle{"be.licence.multi", "numbers per product", contract},
             Principle{"be.comp.payer", "recipient", read},
             Principle{"be.comp.claimant", "titular, on request", read},
             Principle{"be.comp.paid_by", "invoice; call credit for mobile prepaid", read},
         }) {
        CAPTURE(id);
        told.insert(id);
        auto const rule = belgium().find(id, some_day);
        REQUIRE(rule);
        CHECK(name_of(rule->unit) == name_of(Unit::text));
        CHECK(rule->value == value);
        CHECK(name_of(rule->standing) == name_of(standing));
    }
    // with a value of their own: in the case above, or here
    for (auto const* id : {"be.fee", "be.execute.within", "be.total.mobile.simple", "be.total.mobile.complex", "be.total.fixed.simple",
                           "be.total.fixed.complex", "be.answer.within.mobile.simple", "be.answer.within.mobile.complex",
                           "be.answer.within.fixed.simple", "be.answer.within.fixed.complex", "be.window.opens", "be.window.closes",
                           "be.window.cut_off", "be.outage.max", "be.approval.valid", "be.working_day.saturday", "be.reserve.portable", "be.grace",
                           "be.grace.renounceable", "be.ageing.min", "be.ageing.max", "be.ageing.own", "be.number_change.notice",
                           "be.licence.multi.extra_numbers", "be.licence.multi.end_users_max", "be.licence.2go.end_users_max",
                           "be.licence.2go.numbers_per_licence", "be.licence.classic.numbers_per_licence", "be.comp.rate.simple",
                           "be.comp.rate.complex", "be.comp.start", "be.comp.planned.natural.date", "be.comp.planned.natural.asap",
                           "be.comp.planned.legal.date", "be.comp.planned.legal.asap", "be.comp.days", "be.comp.cap", "be.comp.claim_within",
                           "be.comp.claim_review", "be.missed_visit"})
        told.insert(id);
    for (auto const& [id, unit, value, standing] : {
             std::tuple{"be.reserve.portable", Unit::flag, "true", secondary},
             std::tuple{"be.grace.renounceable", Unit::flag, "true", secondary},
             std::tuple{"be.ageing.own", Unit::flag, "true", assumed},
             std::tuple{"be.licence.2go.numbers_per_licence", Unit::count, "1", contract},
             std::tuple{"be.licence.classic.numbers_per_licence", Unit::count, "1", contract},
         }) {
        CAPTURE(id);
        auto const& rule = belgium().rule(id, some_day);
        CHECK(name_of(rule.unit) == name_of(unit));
        CHECK(rule.value == value);
        CHECK(name_of(rule.standing) == name_of(standing));
    }
    std::set<std::string> in_book;
    for (auto const& rule : belgium().all())
        if (rule.id.starts_with("be.") && !rule.id.ends_with(".rolls")) in_book.insert(rule.id);
    CHECK(in_book == told);
}

TEST_CASE("every rule explains itself, stands once, and an answer plus an execution is the whole process") {
    std::set<std::pair<std::string, std::optional<Day>>> ids;
    for (auto const& rule : belgium().all()) {
        CAPTURE(rule.id);
        CHECK(ids.emplace(rule.id, rule.valid_from).second); // once in a period
        auto const elsewhere = std::ranges::count_if(belgium().all(), [&](Rule const& other) { return other.id == rule.id; });
        CHECK((elsewhere == 1) == (!rule.valid_from && !rule.valid_until));
        CHECK_FALSE(rule.title.empty());
        CHECK_FALSE(rule.source.empty());
        CHECK(rule.text.size() > 15);
        CHECK((rule.id.starts_with("be.") || rule.id.starts_with("npod.")));
        if (rule.id.starts_with("npod.")) CHECK(rule.source == "house practice");
        CHECK(rule.standing != Standing::configured);
    }
    for (std::string const cls : {"mobile.simple", "mobile.complex", "fixed.simple", "fixed.complex"}) {
        CHECK(belgium().term("be.total." + cls, some_day).amount ==
              belgium().term("be.answer.within." + cls, some_day).amount +
                  belgium().term("be.execute.within", some_day).amount);
    }
}

TEST_CASE("deadlines come from the rule and the calendar") {
    CHECK(due("be.answer.within.mobile.simple", "2026-04-03T16:59+02:00") == "2026-04-03T18:00:00+02:00");
    CHECK(due("be.answer.within.mobile.simple", "2026-04-03T17:00+02:00") == "2026-04-07T18:00:00+02:00");
    CHECK(due("be.total.fixed.complex", "2026-04-03T16:59+02:00") ==
          "2026-04-09T18:00:00+02:00"); // Tue 7, Wed 8, Thu 9
    CHECK(due("be.grace", "2026-01-31T10:00+01:00") == "2026-03-01T00:00:00+01:00");
    CHECK(due("be.comp.claim_within", "2026-08-31T10:00+02:00") == "2027-03-01T00:00:00+01:00");
    CHECK(due("be.approval.valid", "2026-04-03T16:59+02:00") == "2026-07-03T00:00:00+02:00");
    auto const deadline = belgium().deadline("be.execute.within", some_day);
    CHECK(deadline.rule.id == "be.execute.within");
    CHECK(deadline.from == some_day);
    CHECK(deadline.due == deadline.derivation.result);
    CHECK_FALSE(deadline.derivation.steps.empty());
}

TEST_CASE("a legal term rolls on only where its switch is on") {
    // One month after 4 March 2026 ends on Saturday 4 April; the next working day is Tuesday the 7th.
    auto const from = moment("2026-03-04T12:00+01:00");
    CHECK(belgium().calendar().local_rfc3339(belgium().deadline("be.grace", from).due) == "2026-04-05T00:00:00+02:00");
    auto const rolling = Rulebook::shipped("be", {{"be.grace.rolls", "true"}});
    CHECK(rolling.calendar().local_rfc3339(rolling.deadline("be.grace", from).due) == "2026-04-08T00:00:00+02:00");
    CHECK(rolling.deadline("be.ageing.min", from).due == belgium().deadline("be.ageing.min", from).due);
    CHECK_FALSE(belgium().find("be.execute.within.rolls", some_day)); // a working-day term always ends on one
}

TEST_CASE("configuration changes values, and says so") {
    auto const book =
        Rulebook::shipped("be", {{"be.answer.within.fixed.simple", "3"},
                                 {"be.comp.rate.simple", "3.5"},
                                 {"be.window.cut_off", "16:00"},
                                 {"be.working_day.saturday", "true"},
                                 {"be.working_day.extra_holidays", "2026-04-07 Move of the office; 2026-12-24"}});
    auto const& rule = book.rule("be.answer.within.fixed.simple", some_day);
    CHECK(rule.value == "3");
    CHECK(rule.standing == Standing::configured);
    CHECK(rule.source == "operator's configuration");
    CHECK(book.money("be.comp.rate.simple", some_day) == Money{350});
    CHECK(book.rule("be.comp.rate.simple", some_day).value == "3.50");
    CHECK(book.calendar().rules().cut_off == 16h);
    CHECK(book.calendar().is_working_day(2026y / April / 4));
    CHECK(book.calendar().reason_off(2026y / April / 7) == "Move of the office");
    CHECK(book.calendar().reason_off(2026y / December / 24) == "day off by configuration");
    CHECK(book.all().size() == belgium().all().size());
}

TEST_CASE("unusable configuration is refused with the reason") {
    CHECK(config_fault({{"be.execute.withn", "2"}}).find("be.execute.within") != std::string::npos); // the nearest
    for (auto const& [id, value] : std::map<std::string, std::string>{
             {"be.execute.within", "-1"},
             {"be.grace", "one"},
             {"be.approval.valid", "10000"},
             {"be.ageing.min", ""},
             {"be.comp.rate.simple", "3.005"},
             {"be.comp.rate.complex", "-3"},
             {"be.missed_visit", "3,00"},
             {"be.working_day.saturday", "yes"},
             {"be.window.cut_off", "16:75"},
             {"be.window.opens", "8:00"},
             {"be.window.closes", "07:00"},
             {"be.window.zone", "Europe/Brusels"},
             {"be.lead", "donor"},
             {"be.comp.planned.legal.date", "whenever"},
             {"be.comp.cap", "much"},
             {"be.working_day.extra_holidays", "24 December"},
         }) {
        CAPTURE(id);
        CHECK_FALSE(config_fault({{id, value}}).empty());
    }
    CHECK(config_fault({{"be.comp.cap", "300.00"}}).empty());
    CHECK(config_fault({{"be.comp.planned.legal.date", "request_plus_total"}}).empty());
    CHECK_THROWS_AS(Rulebook::shipped("xx"), ConfigFault);
}

TEST_CASE("the version is short, repeatable, and moves with every value") {
    auto const version = belgium().version();
    CHECK(version.size() == 12);
    CHECK(version.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(Rulebook::shipped("be").version() == version);
    std::set<std::string> versions{version};
    for (auto const& [id, value] :
         std::map<std::string, std::string>{{"be.grace", "2"},
                                            {"be.comp.rate.simple", "4.00"},
                                            {"be.window.cut_off", "16:00"},
                                            {"be.working_day.saturday", "true"},
                                            {"be.working_day.extra_holidays", "2026-12-24"}}) {
        CAPTURE(id);
        CHECK(versions.insert(Rulebook::shipped("be", {{id, value}}).version()).second);
    }
}

TEST_CASE("a rule can have periods, by civil days of the zone") {
    Rule before{"be.missed_visit", "Missed appointment", Unit::eur, "10", Standing::read, "old", {}, 2024y / March / 1,
                "Before."};
    Rule after{"be.missed_visit", "Missed appointment", Unit::eur, "30", Standing::read, "new", 2024y / March / 1, {},
               "After."};
    auto const book = Rulebook::made_of("be", {before, after});
    CHECK(book.money("be.missed_visit", moment("2024-02-29T22:59:59.999Z")) == Money{1000}); // 23:59:59.999 in Brussels
    CHECK(book.money("be.missed_visit", moment("2024-02-29T23:00:00Z")) == Money{3000});     // 1 March there
    CHECK(book.rule("be.missed_visit", some_day).value == "30.00");
    // Configuration means always.
    auto const configured = Rulebook::made_of("be", {before, after}, {{"be.missed_visit", "25"}});
    CHECK(configured.all().size() == 1);
    CHECK(configured.money("be.missed_visit", moment("2020-01-01T00:00:00Z")) == Money{2500});
    auto const only_later = Rulebook::made_of("be", {after}, {{"be.missed_visit", "25"}});
    CHECK(only_later.money("be.missed_visit", moment("2020-01-01T00:00:00Z")) == Money{2500});
    before.valid_from = 2020y / January / 1;
    auto const dated = Rulebook::made_of("be", {before, after});
    auto const too_early = dated.find("be.missed_visit", moment("2019-12-31T22:59:59Z"));
    REQUIRE_FALSE(too_early);
    CHECK(too_early.refusal().code == RefusalCode::not_found);
    CHECK(too_early.refusal().text.find("not in force on Tue 31 Dec 2019") != std::string::npos);
}

TEST_CASE("an unknown rule is answered with the nearest") {
    auto const found = belgium().find("be.execute.witin", some_day);
    REQUIRE_FALSE(found);
    CHECK(found.refusal().code == RefusalCode::not_found);
    CHECK(found.refusal().next.find("be.execute.within") != std::string::npos);
    CHECK_FALSE(belgium().find("", some_day));
}

TEST_CASE("typed questions") {
    CHECK(belgium().term("be.grace", some_day) == Term{1, Unit::months});
    CHECK(belgium().money("be.comp.rate.complex", some_day) == Money{500});
    CHECK_FALSE(belgium().flag("be.working_day.saturday", some_day));
    CHECK(belgium().flag("be.grace.renounceable", some_day));
    CHECK(belgium().count("be.licence.multi.extra_numbers", some_day) == 2);
}

TEST_CASE("terms are read and written") {
    CHECK(*parse_term("1wd") == Term{1, Unit::working_days});
    CHECK(*parse_term("30d") == Term{30, Unit::calendar_days});
    CHECK(*parse_term("6mo") == Term{6, Unit::months});
    CHECK(*parse_term("4h") == Term{4, Unit::hours});
    CHECK(*parse_term("0wd") == Term{0, Unit::working_days});
    CHECK(*parse_term("9999d") == Term{9999, Unit::calendar_days});
    for (auto const* text :
         {"", "wd", "1", "-1wd", "-0d", "+1d", "1.5h", "10000d", "99999999999999d", "1 wd", "1WD", "1m", "1wdx"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_term(text));
    }
    CHECK(to_string(Term{1, Unit::working_days}) == "1 working day");
    CHECK(to_string(Term{90, Unit::calendar_days}) == "90 calendar days");
    CHECK(to_string(Term{6, Unit::months}) == "6 months");
    CHECK(to_string(Term{0, Unit::hours}) == "0 hours");
}

TEST_CASE("hours are counted by the clock") {
    auto const& calendar = belgium().calendar();
    // Over the change of 29 March: 01:30 plus four hours shows 06:30 on the wall.
    auto const four = add(calendar, moment("2026-03-29T01:30+01:00"), {4, Unit::hours});
    CHECK(calendar.local_rfc3339(four.result) == "2026-03-29T06:30:00+02:00");
    CHECK(add(calendar, some_day, {1, Unit::working_days}).result == calendar.add_working_days(some_day, 1).result);
}

TEST_CASE("an amount that changed has its periods in the shipped book") {
    // RULES-BE section 5: 30 EUR, 10 EUR before; the day is assumed, and says so.
    auto const before = belgium().rule("be.missed_visit", moment("2022-01-09T23:59:59+01:00"));
    auto const after = belgium().rule("be.missed_visit", moment("2022-01-10T00:00:00+01:00"));
    CHECK(before.value == "10.00");
    CHECK(name_of(before.standing) == name_of(Standing::assumed));
    CHECK(after.value == "30.00");
    CHECK(name_of(after.standing) == name_of(Standing::read));
    CHECK(before.valid_until == after.valid_from);
}

TEST_CASE("what is built into the process cannot be configured, whatever its unit") {
    for (auto const& [id, value] : {std::pair{"be.fee", "10.00"}, std::pair{"be.reserve.portable", "false"}, std::pair{"be.comp.payer", "donor"}}) {
        CAPTURE(id);
        CHECK_THROWS_AS(Rulebook::shipped("be", {{id, value}}), ConfigFault);
    }
    CHECK(Rulebook::shipped("be", {{"be.fee", "0"}}).rule("be.fee", some_day).value == "0.00"); // as it is
}
