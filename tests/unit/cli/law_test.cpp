/// Two laws held against each other: rules, days, and what runs in a database.

#include "cli/run.hpp"
#include "unit/storage/things.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

struct Ended {
    int exit = -1;
    std::string out, err;
};

Ended npctl(std::vector<std::string> const& words, std::string const& typed = {}) {
    std::istringstream in(typed);
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, {80, false}};
    auto const exit = run(words, {}, terminal, connect);
    return {static_cast<int>(exit), out.str(), err.str()};
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

json::object object_of(Ended const& ended) {
    REQUIRE_MESSAGE(ended.exit == 0, ended.err);
    return json::parse(ended.out).as_object();
}

Moment at(std::string_view text) { return *parse_rfc3339(text); }

/// One number, asked on Monday 2 March 2026 10:00, planned for Wednesday 18:00; the file's last entry is of Monday the
/// 9th, 12:00. Compensation has run since Thursday 18:00: four days begun, 12.00 EUR.
struct LateDatabase {
    storage::test::Folder folder;
    /// `laws` were in force one after the other, the last still is; the port runs under the first. None: an old file.
    explicit LateDatabase(std::vector<rules::Rulebook> const& laws = {}) {
        using namespace porting;
        storage::Ledger ledger(storage::test::at(folder.file()));
        Effects effects;
        auto port = storage::test::a_port();
        port.network = Network::fixed;
        port.complex = false;
        port.customer.legal_person = false;
        port.wish = {};
        port.requested_at = at("2026-03-02T10:00:00+01:00");
        port.rulebook = laws.empty() ? std::string{} : laws.front().version();
        for (auto const& law : laws) {
            ledger.begin();
            ledger.put_law_in_force(law, port.requested_at);
            ledger.commit();
        }
        Line line;
        line.port = port.id;
        line.no = 1;
        line.numbers = {{3225501100}, {3225501100}};
        line.state = "awaiting_answer";
        line.since = port.requested_at;
        line.planned_at = at("2026-03-04T18:00:00+01:00");
        Claim claim;
        claim.id = ClaimId{"CL-000001"};
        claim.port = port.id;
        claim.state = "accruing";
        claim.since = at("2026-03-05T18:00:00+01:00");
        effects.ports = {port};
        effects.lines = {line};
        effects.claims = {claim};
        // Six months from 2 March end with 2 September.
        effects.arm = {{subject_of(claim), "claim_period", at("2026-09-03T00:00:00+02:00"), "be.comp.claim_within",
                        port.requested_at, "accruing"},
                       {subject_of(line), "reminder", at("2026-03-10T18:00:00+01:00"), "npod.reminder",
                        at("2026-03-09T10:00:00+01:00"), "awaiting_answer"}};
        auto row = storage::test::a_row();
        row.learned_at = at("2026-03-09T12:00:00+01:00");
        storage::test::carry_out(ledger, effects, {}, row);
    }
};

} // namespace

TEST_CASE("one rule changed is one line: old, new, standing") {
    auto const shown = npctl({"rule", "diff", "--set", "be.execute.within=2"});
    CHECK(shown.exit == 0);
    CHECK(says(shown.out, "be.execute.within  1 working day  2 working days  read -> configured"));
    CHECK(says(shown.out, ": 1 rule."));
    auto const view = object_of(npctl({"rule", "diff", "--set", "be.execute.within=2", "-o", "json"}));
    REQUIRE(view.at("rules").as_array().size() == 1);
    CHECK(view.at("rules").at(0).at("before").at("value") == "1");
    CHECK(view.at("rules").at(0).at("after").at("value") == "2");
    CHECK(view.at("days").as_array().empty());
    CHECK_FALSE(view.contains("deadlines"));
    CHECK(says(npctl({"rule", "diff", "--set", "be.execute.within=1"}).out, "no rule has another value"));
}

TEST_CASE("a day off shows among the days, within the years asked for") {
    auto const set = std::string("be.working_day.extra_holidays=2026-12-31 Stocktaking");
    auto const shown = npctl({"rule", "diff", "--set", set});
    CHECK(says(shown.out, "2026-12-31  Thu  working day  Stocktaking"));
    CHECK(object_of(npctl({"rule", "diff", "--set", set, "--years", "2026", "-o", "json"}))
              .at("days")
              .as_array()
              .size() == 1);
    CHECK(object_of(npctl({"rule", "diff", "--set", set, "--years", "2027..2028", "-o", "json"}))
              .at("days")
              .as_array()
              .empty());
}

TEST_CASE("two countries, rule by rule and day by day") {
    auto const shown = npctl({"rule", "diff", "--to", "nl", "--years", "2026"});
    CHECK(shown.exit == 0);
    CHECK(says(shown.out, "no such rule")); // of moving house, in the Dutch book
    CHECK(says(shown.out, "with the same value, known otherwise"));
    // King's Day, Labour Day, 21 July and 11 November 2026 fall on weekdays; the other differences on weekends.
    CHECK(npctl({"calendar", "diff", "2026", "--to", "nl", "-o", "name"}).out ==
          "2026-04-27\n2026-05-01\n2026-07-21\n2026-11-11\n");
    CHECK(npctl({"calendar", "diff", "2026", "--rulebook", "nl", "--to", "be", "-o", "csv"}).exit == 0);
    CHECK(says(npctl({"calendar", "diff", "2026", "--to", "be"}).err, "No days."));
    CHECK(npctl({"calendar", "show", "2026", "--rulebook", "nl"}).out.find("King's Day") != std::string::npos);
    CHECK(says(npctl({"rule", "show", "nl.approval.valid", "--rulebook", "nl"}).out, "90 calendar days"));
    CHECK(npctl({"calendar", "add", "2026-04-24T10:00+02:00", "1wd", "--rulebook", "nl"})
              .out.starts_with("2026-04-28T18:00:00+02:00\n"));
    std::istringstream lines(shown.out);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= 80);
    }
}

TEST_CASE("a file says the rules, before or after") {
    std::string const file = R"({"be.window.cut_off": "16:30", "be.execute.within": 2})";
    auto const after = object_of(npctl({"rule", "diff", "--config-overrides", "-", "-o", "json"}, file));
    CHECK(after.at("rules").as_array().size() == 2);
    auto const before =
        object_of(npctl({"rule", "diff", "--in-force", "-", "--set", "be.execute.within=1", "-o", "json"}, file));
    REQUIRE(before.at("rules").as_array().size() == 1); // the cut-off stays as it is in force
    CHECK(before.at("rules").at(0).at("before").at("value") == "2");
    CHECK(before.at("rules").at(0).at("after").at("value") == "1");

    auto const refused = [](std::string const& text) {
        return npctl({"rule", "diff", "--config-overrides", "-"}, text);
    };
    CHECK(refused("be.execute.within = 2").exit == 2);
    CHECK(refused("[]").exit == 2);
    CHECK(says(refused(R"({"be.comp.rate.simple": 3.5})").err, "decimals"));
    CHECK(says(refused(R"({"be.comp.rate.simple": [3]})").err, "in quotes"));
    CHECK(says(refused(R"({"be.grase": 2})").err, "be.grace"));
}

TEST_CASE("a list of rules, as it was printed, says which book and what of it was configured") {
    std::string const list = R"({"items": [{"id": "nl.grace", "value": "2", "standing": "configured"},
        {"id": "nl.fee", "value": "0.00", "standing": "secondary"},
        {"id": "npod.reminder", "value": "3", "standing": "configured"}]})";
    auto const view = object_of(npctl({"rule", "diff", "--in-force", "-", "--set", "nl.grace=1", "-o", "json"}, list));
    CHECK(view.at("before").at("name") == "nl");
    REQUIRE(view.at("rules").as_array().size() == 1); // the reminder is the same on both sides
    CHECK(view.at("rules").at(0).at("before").at("value") == "2");
    auto const printed = npctl({"rule", "list", "--rulebook", "nl", "-o", "json"}).out;
    auto const same = object_of(npctl({"rule", "diff", "--in-force", "-", "--to", "nl", "-o", "json"}, printed));
    CHECK(same.at("rules").as_array().empty());
}

TEST_CASE("what cannot be compared is usage, with a cure") {
    CHECK(npctl({"rule", "diff"}).exit == 2);
    CHECK(says(npctl({"rule", "diff"}).err, "--set ID=VALUE"));
    CHECK(npctl({"rule", "diff", "--set", "be.execute.within"}).exit == 2);
    CHECK(npctl({"rule", "diff", "--set", "=2"}).exit == 2);
    CHECK(says(npctl({"rule", "diff", "--set", "be.execute.witin=2"}).err, "be.execute.within"));
    CHECK(npctl({"rule", "diff", "--set", "be.execute.within=soon"}).exit == 2);
    CHECK(npctl({"rule", "diff", "--to", "fr"}).exit == 2);
    CHECK(npctl({"rule", "diff", "--to", "nl", "--years", "2101"}).exit == 2);
    CHECK(npctl({"calendar", "diff", "1989..1990", "--to", "nl"}).exit == 2);
    CHECK(npctl({"calendar", "diff", "2027..2026", "--to", "nl"}).exit == 2);
    CHECK(npctl({"calendar", "show", "2026..2027"}).exit == 2);
    CHECK(npctl({"rule", "diff", "--set", "be.execute.within=2", "--db", "/nowhere/npod.db"}).exit == 2);
}

TEST_CASE("the calendar does not add beyond its table of holidays") {
    // 0 days end with the last day of the table itself, written as 00:00 of the next.
    CHECK(npctl({"calendar", "add", "2100-12-31T12:00+01:00", "0d"}).out.starts_with("2101-01-01T00:00:00+01:00\n"));
    auto const beyond = npctl({"calendar", "add", "2100-12-31T12:00+01:00", "1d"});
    CHECK(beyond.exit == 2);
    CHECK(says(beyond.err, "The end, 2101-01-02T00:00:00+01:00,"));
    CHECK(says(beyond.err, "1990 to 2100"));
    CHECK(npctl({"calendar", "add", "2100-12-31T12:00+01:00", "1wd"}).exit == 2);
    CHECK(npctl({"calendar", "add", "2100-12-31T22:59Z", "0wd"}).exit == 2); // after the cut-off: counts in 2101
    CHECK(npctl({"calendar", "add", "2100-12-31T22:59Z", "0h"}).exit == 0);
    // 23:00 UTC is midnight of 2101 in Belgium, although the year of the instant is still 2100.
    auto const moment = npctl({"calendar", "add", "2100-12-31T23:00Z", "0h"});
    CHECK(moment.exit == 2);
    CHECK(says(moment.err, "The moment 2100-12-31T23:00:00Z"));
    CHECK(npctl({"calendar", "add", "2101-01-01T00:00Z", "0d"}).exit == 2);
    CHECK(npctl({"calendar", "add", "1990-01-01T00:00Z", "0d"}).exit == 0);
    CHECK(npctl({"calendar", "add", "1989-12-31T23:59Z", "1d"}).exit == 2);
}

TEST_CASE_FIXTURE(LateDatabase, "running deadlines move, and one falls into the past") {
    auto const file = folder.file();
    auto const view = object_of(npctl({"rule", "diff", "--db", file, "--set", "be.comp.claim_within=0", "--set",
                                       "be.comp.rate.simple=5", "-o", "json"}));
    CHECK(view.at("now") == "2026-03-09T11:00:00Z");
    auto const& deadlines = view.at("deadlines").as_array();
    REQUIRE(deadlines.size() == 1); // the reminder stays
    CHECK(deadlines[0].at("subject").at("id") == "CL-000001");
    CHECK(deadlines[0].at("old_due") == "2026-09-02T22:00:00Z");
    CHECK(deadlines[0].at("new_due") == "2026-03-02T23:00:00Z"); // with the day of the request
    CHECK(deadlines[0].at("turns_overdue") == true);
    // Four days of 3.00 are 12.00; of 5.00, 20.00.
    auto const& money = view.at("money").as_array();
    REQUIRE(money.size() == 1);
    CHECK(money[0].at("port") == "PI-000001");
    CHECK(money[0].at("claim") == "CL-000001");
    CHECK(money[0].at("before_cents") == 1200);
    CHECK(money[0].at("after_cents") == 2000);
    CHECK(money[0].at("turns_payable") == false);
    CHECK(view.at("change_cents") == 800);
}

TEST_CASE_FIXTURE(LateDatabase, "people read the same in words") {
    auto const shown =
        npctl({"rule", "diff", "--db", folder.file(), "--set", "be.comp.claim_within=0", "--set", "be.comp.start=3"});
    CHECK(shown.exit == 0);
    CHECK(says(shown.out, "1 deadline would move, 1 of them into the past."));
    CHECK(says(shown.out, "overdue"));
    // Three working days after Wednesday are over on Monday at 18:00, in six hours: nothing would be owed.
    CHECK(says(shown.out, "1 amount would change, by -12.00 EUR in all; 0 would turn payable."));
    CHECK(says(shown.out, "12.00 EUR"));
    std::istringstream lines(shown.out);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= 80);
    }
    auto const same = npctl({"rule", "diff", "--db", folder.file(), "--set", "be.grace=2"});
    CHECK(says(same.out, "0 deadlines would move, 0 of them into the past."));
}

TEST_CASE("money before is by the law that the port runs under, not by the one in force") {
    // Four days: under 4.00 of the request 16.00; under 5.00, if it were taken over, 20.00. The 3.00 in force concern it not.
    LateDatabase const late({rules::Rulebook::shipped("be", {{"be.comp.rate.simple", "4.00"}}), rules::Rulebook::shipped("be")});
    auto const view = object_of(npctl({"rule", "diff", "--db", late.folder.file(), "--set", "be.comp.rate.simple=5.00", "-o", "json"}));
    CHECK(std::string(view.at("before").at("version").as_string()) == rules::Rulebook::shipped("be").version());
    auto const& money = view.at("money").as_array();
    REQUIRE(money.size() == 1);
    CHECK(money[0].at("before_cents") == 1600);
    CHECK(money[0].at("after_cents") == 2000);
    CHECK(view.at("change_cents") == 400);
    // Into the law in force as it is: four days lose one euro each.
    auto const taken_over = object_of(npctl({"rule", "diff", "--db", late.folder.file(), "--set", "be.comp.rate.simple=3.00", "-o", "json"}));
    CHECK(taken_over.at("change_cents") == -400);
}

TEST_CASE("a calendar is shown as the file's operator has it") {
    // 2026 has 261 weekdays; eight holidays fall on them: 1 Jan, 6 Apr, 1 May, 14 May, 25 May, 21 Jul, 11 Nov, 25 Dec.
    auto const shipped = npctl({"calendar", "show", "2026"});
    CHECK(says(shipped.err, "253 working days in 2026; window 08:00 to 18:00, cut-off 17:00"));
    LateDatabase const late({rules::Rulebook::shipped("be", {{"be.working_day.extra_holidays", "2026-12-24 Christmas Eve"}, {"be.window.cut_off", "16:30"}})});
    auto const shown = npctl({"calendar", "show", "2026", "--db", late.folder.file()});
    CHECK(says(shown.out, "2026-12-24  Thu  Christmas Eve"));
    CHECK(says(shown.err, "252 working days in 2026; window 08:00 to 18:00, cut-off 16:30"));
    CHECK_FALSE(says(npctl({"calendar", "show", "2026", "--rulebook", "be", "--db", late.folder.file()}).out, "Christmas Eve"));
}

TEST_CASE("the beginning of several ids shows all of its rules") {
    auto const window = npctl({"rule", "show", "be.window"});
    CHECK(window.exit == 0);
    for (auto const* const id : {"be.window.opens", "be.window.closes", "be.window.cut_off", "be.window.zone"}) CHECK(says(window.out, id));
    CHECK_FALSE(says(window.out, "be.working_day"));
    CHECK(npctl({"rule", "show", "be.win"}).exit == 3);
}
