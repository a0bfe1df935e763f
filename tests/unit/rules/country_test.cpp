/// A second country is data: the same questions, asked by the same house names, get another country's answers.

#include "base/fault.hpp"
#include "rules/rulebook.hpp"
#include "unit/rules/civil.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::rules;
using namespace std::chrono;

namespace {

Rulebook const& belgium() {
    static Rulebook const book = Rulebook::shipped("be");
    return book;
}

Rulebook const& netherlands() {
    static Rulebook const book = Rulebook::shipped("nl");
    return book;
}

std::string due(Rulebook const& book, std::string_view id, std::string_view from) {
    return book.calendar().local_rfc3339(book.deadline(id, moment(from)).due);
}

Moment const some_day = sys_days{2026y / April / 24} + 10h;

} // namespace

TEST_CASE("the Dutch book has every rule that the program names, in a unit that it can use") {
    for (std::string const tail : {"execute.within",
                                   "outage.max",
                                   "approval.valid",
                                   "grace",
                                   "ageing.min",
                                   "number_change.notice",
                                   "total.mobile.simple",
                                   "total.mobile.complex",
                                   "total.fixed.simple",
                                   "total.fixed.complex",
                                   "answer.within.mobile.simple",
                                   "answer.within.mobile.complex",
                                   "answer.within.fixed.simple",
                                   "answer.within.fixed.complex",
                                   "comp.payer",
                                   "comp.claimant",
                                   "comp.rate.simple",
                                   "comp.rate.complex",
                                   "comp.planned.natural.date",
                                   "comp.planned.natural.asap",
                                   "comp.planned.legal.date",
                                   "comp.planned.legal.asap",
                                   "comp.start",
                                   "comp.days",
                                   "comp.cap",
                                   "comp.claim_within",
                                   "comp.claim_review"}) {
        CAPTURE(tail);
        auto const house = belgium().find("be." + tail, some_day);
        auto const dutch = netherlands().find("be." + tail, some_day);
        REQUIRE(house);
        REQUIRE(dutch);
        CHECK(dutch->id == "nl." + tail); // what is shown is the real id
        CHECK(dutch->unit == house->unit);
        CHECK(dutch->anchor == house->anchor);
    }
    // An answer and an execution make the whole process, as in the Belgian book.
    for (std::string const cls : {"mobile.simple", "mobile.complex", "fixed.simple", "fixed.complex"})
        CHECK(netherlands().term("be.answer.within." + cls, some_day).amount +
                  netherlands().term("be.execute.within", some_day).amount ==
              netherlands().term("be.total." + cls, some_day).amount);
}

TEST_CASE("every Dutch rule explains itself, and claims no more than we know") {
    for (auto const& rule : netherlands().all()) {
        CAPTURE(rule.id);
        CHECK((rule.id.starts_with("nl.") || rule.id.starts_with("npod.")));
        CHECK_FALSE(rule.source.empty());
        CHECK(rule.text.size() > 15);
        CHECK((rule.standing == Standing::assumed || rule.source.starts_with("Directive")));
    }
}

TEST_CASE("King's Day is off in one country, Labour Day in the other") {
    // Friday 24 April 2026, one working day. Monday the 27th is King's Day: Tuesday. In Belgium Monday itself.
    CHECK(due(netherlands(), "be.answer.within.fixed.simple", "2026-04-24T10:00+02:00") == "2026-04-28T18:00:00+02:00");
    CHECK(due(belgium(), "be.answer.within.fixed.simple", "2026-04-24T10:00+02:00") == "2026-04-27T18:00:00+02:00");
    auto const skipped = netherlands().deadline("be.answer.within.fixed.simple", some_day).derivation.skipped;
    CHECK(std::ranges::any_of(skipped, [](SkippedDay const& day) { return day.reason == "King's Day"; }));
    // Thursday 30 April, one working day: Friday 1 May works there; in Belgium it is Labour Day, so Monday the 4th.
    CHECK(due(netherlands(), "be.answer.within.fixed.simple", "2026-04-30T10:00+02:00") == "2026-05-01T18:00:00+02:00");
    CHECK(due(belgium(), "be.answer.within.fixed.simple", "2026-04-30T10:00+02:00") == "2026-05-04T18:00:00+02:00");
    // The 27th of 2025 was a Sunday: King's Day was Saturday the 26th and took no working day.
    CHECK(netherlands().calendar().is_working_day(2025y / April / 28));
}

TEST_CASE("the answer to one mobile number takes a working day there, none here") {
    // Monday 2 March 2026, 16:59:59.999 is before the cut-off: here the same day, there Tuesday.
    CHECK(due(belgium(), "be.answer.within.mobile.simple", "2026-03-02T16:59:59.999+01:00") ==
          "2026-03-02T18:00:00+01:00");
    CHECK(due(netherlands(), "be.answer.within.mobile.simple", "2026-03-02T16:59:59.999+01:00") ==
          "2026-03-03T18:00:00+01:00");
    CHECK(due(netherlands(), "be.answer.within.mobile.simple", "2026-03-02T17:00+01:00") ==
          "2026-03-04T18:00:00+01:00");
}

TEST_CASE("an approval is the book's own: set there, it moves there alone") {
    // 24 April and 90 days: 6 to the end of April, 31, 30, 23: 23 July, until 24:00.
    auto const shipped = netherlands().deadline("be.approval.valid", some_day);
    CHECK(shipped.rule.id == "nl.approval.valid");
    CHECK(netherlands().calendar().local_rfc3339(shipped.due) == "2026-07-24T00:00:00+02:00");
    // 60 days: 6, 31, 23: 23 June.
    auto const changed = Rulebook::shipped("nl", {{"nl.approval.valid", "60"}});
    CHECK(due(changed, "be.approval.valid", "2026-04-24T10:00+02:00") == "2026-06-24T00:00:00+02:00");
    CHECK(due(belgium(), "be.approval.valid", "2026-04-24T10:00+02:00") == "2026-07-24T00:00:00+02:00");
    CHECK(changed.version() != netherlands().version());
    // 21 June 2026 is a Sunday: 58 days end there, and with the switch on they run to the end of Monday.
    auto const rolled = Rulebook::shipped("nl", {{"nl.approval.valid", "58"}, {"nl.approval.valid.rolls", "true"}});
    CHECK(due(rolled, "be.approval.valid", "2026-04-24T10:00+02:00") == "2026-06-23T00:00:00+02:00");
}

TEST_CASE("the zone and the holidays come with the book") {
    CHECK(netherlands().calendar().rules().zone == "Europe/Amsterdam");
    CHECK(netherlands().calendar().rules().country == "nl");
    auto const late = Rulebook::shipped("nl", {{"nl.window.cut_off", "17:30"}});
    // 17:00 is in time now: Monday 2 March, one working day.
    CHECK(due(late, "be.answer.within.mobile.simple", "2026-03-02T17:00+01:00") == "2026-03-03T18:00:00+01:00");
}

TEST_CASE("a house name stands only for rules of shipped books") {
    CHECK(netherlands().own_id("be.grace") == "nl.grace");
    CHECK(belgium().own_id("nl.grace") == "be.grace");
    CHECK(netherlands().own_id("nl.grace") == "nl.grace");
    CHECK(netherlands().own_id("npod.reminder") == "npod.reminder");
    CHECK(netherlands().own_id("fr.grace") == "fr.grace");
    CHECK(netherlands().own_id("be") == "nl");
    CHECK_FALSE(netherlands().find("be", some_day));
    CHECK_FALSE(netherlands().find("fr.grace", some_day));
    CHECK_FALSE(netherlands().find("be.move", some_day)); // the Belgian terms alone say it
    CHECK(belgium().find("nl.grace", some_day)->id == "be.grace");
}

TEST_CASE("configuration names rules by their real ids, and texts do so too") {
    auto const fault = [](std::map<std::string, std::string> const& overrides) -> std::string {
        try {
            Rulebook::shipped("nl", overrides);
        } catch (ConfigFault const& trouble) {
            return trouble.what();
        }
        return "";
    };
    CHECK(fault({{"be.comp.cap", "300.00"}}).find("nl.comp.cap") != std::string::npos); // the nearest
    CHECK(fault({{"nl.comp.cap", "much"}}).find("nl.comp.cap") != std::string::npos);
    CHECK(fault({{"nl.comp.cap", "300.00"}}).empty());
    CHECK(fault({{"nl.window.opens", "19:00"}}).find("nl.window.opens") != std::string::npos);
    CHECK(fault({{"nl.window.cut_off", "08:00"}}).find("nl.window.cut_off") != std::string::npos);
    CHECK_THROWS_AS(Rulebook::shipped("fr"), ConfigFault);
}

TEST_CASE("a time-zone database is old when its whole year lies more than a year back") {
    CHECK_FALSE(zone_database_is_old("2025b", 2025y / March / 1));
    CHECK_FALSE(zone_database_is_old("2025b", 2026y / December / 31)); // it may be of 31 December 2025
    CHECK(zone_database_is_old("2025b", 2027y / January / 1));
    CHECK(zone_database_is_old("2024a", 2026y / January / 1));
    CHECK_FALSE(zone_database_is_old("2027a", 2026y / January / 1)); // our clock is behind: not the database's fault
    CHECK(zone_database_is_old("unknown", 2026y / January / 1));
    CHECK(zone_database_is_old("", 2026y / January / 1));
}

TEST_CASE("the program names no rule that one of its countries lacks") {
    // A rule that is asked for and missing is a bug that stops the daemon, so the sources themselves are looked through.
    // Ids that end in a dot are beginnings, put together with a class or a product; those of licences are asked for
    // with find(), which may find nothing.
    std::regex const named("\"(be\\.[a-z_.]*[a-z_])\"");
    int found = 0;
    for (auto const* room : {"/src/porting", "/src/api", "/src/engine"})
        for (auto const& entry : std::filesystem::recursive_directory_iterator(NPOD_SOURCE_DIR + std::string(room))) {
            if (!entry.is_regular_file()) continue;
            std::ostringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            auto const source = text.str();
            for (std::sregex_iterator at(source.begin(), source.end(), named), end; at != end; ++at) {
                auto const id = (*at)[1].str();
                if (id.find("be.np.") == 0) continue; // type of an event in the feed
                CAPTURE(id);
                CHECK(belgium().find(id, moment("2026-04-01T10:00:00+02:00")));
                CHECK(netherlands().find(id, moment("2026-04-01T10:00:00+02:00")));
                ++found;
            }
        }
    CHECK(found > 10);
}

TEST_CASE("every rule that configuration may set is asked for somewhere") {
    // The reverse of the case above: a value that nothing reads would be shown as configured and change nothing. The sources are looked
    // through for each id, whole or as the beginning that a class or a product is put behind; the calendar's are read by the book itself.
    std::regex const named("\"((be|npod)\\.[a-z_.]*)");
    std::set<std::string> asked;
    for (auto const* room : {"/src/porting", "/src/api", "/src/engine", "/state_machines"})
        for (auto const& entry : std::filesystem::recursive_directory_iterator(NPOD_SOURCE_DIR + std::string(room))) {
            if (!entry.is_regular_file()) continue;
            std::ostringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            auto const source = text.str();
            for (std::sregex_iterator at(source.begin(), source.end(), named), end; at != end; ++at) asked.insert((*at)[1].str());
        }
    auto const is_asked = [&](std::string const& id) {
        return asked.contains(id) || std::ranges::any_of(asked, [&](std::string const& begin) { return begin.size() > 4 && begin.ends_with('.') && id.starts_with(begin); });
    };
    for (auto const* book : {&belgium(), &netherlands()})
        for (auto const& rule : book->all()) {
            auto id = rule.id.starts_with("nl.") ? "be." + rule.id.substr(3) : rule.id;
            if (id.ends_with(".rolls")) id.resize(id.size() - std::string_view(".rolls").size()); // read with its term
            bool const built_in = rule.choices.size() == 1;
            bool const of_the_calendar = id.starts_with("be.window.") || id.starts_with("be.working_day.");
            bool const told_to_people = id == "be.missed_visit"; // its text says so: appointments are not kept here
            CAPTURE(rule.id);
            CHECK((built_in || of_the_calendar || told_to_people || is_asked(id)));
        }
}
