/// The law changes while ports run: each keeps the law of its request until somebody takes it over, and the record says
/// what that moved. Every book is told again from its log when a story ends.

#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
using rules::Rulebook;

namespace {

constexpr auto answer_rule = "be.answer.within.fixed.simple";

/// One number, asked for on Monday 2 March 2026 10:00; the donor answers by hand.
///   answer due      1 working day:  Tuesday 3 March 18:00
///   planned         2 working days: Wednesday 4 March 18:00
///   right begins    1 working day after the plan: Thursday 5 March 18:00
struct Running {
    Market market{"2026-03-02 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in;

    Running() {
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = "+3225501100..+3225501101"});
        in = alfa.orders({});
        market.carry();
    }
    void law(std::map<std::string, std::string> const& overrides) { alfa.law_becomes(Rulebook::shipped("be", overrides)); }
    std::string adopts(std::string const& ports = "[]") {
        return alfa.does("law.adopt", "", R"({"reason":"the new law is meant for all","ports":)" + ports + "}");
    }
    porting::ExplainedDeadline explained() const {
        return porting::explain(*alfa.book().timer(subject_of(alfa.line(in, "+3225501100"))), alfa.laws());
    }
    /// Sentences of the newest row of the log.
    std::string record() const {
        auto const reader = alfa.reader();
        auto const row = reader.log_row(reader.head_seq());
        REQUIRE(row);
        std::string all;
        for (auto const& note : row->notes) all += note + "\n";
        return all;
    }
};

} // namespace

TEST_CASE_FIXTURE(Running, "a running port keeps the law of its request; the next one has the new") {
    auto const first = alfa.rulebook().version();
    law({{answer_rule, "3"}});
    CHECK(alfa.rulebook().version() != first);
    CHECK(alfa.port(in).rulebook == first);
    CHECK(alfa.deadline(in, "+3225501100") == "answer_deadline 2026-03-03 18:00");
    REQUIRE(explained().law);
    CHECK(explained().law->rule.value == "1");
    CHECK(explained().law->due == at("2026-03-03 18:00")); // the arithmetic leads to the very moment that is armed

    auto const next = alfa.orders({.numbers = "+3225501101", .contract = "NEW-2"});
    market.carry();
    CHECK(alfa.port(next).rulebook == alfa.rulebook().version());
    CHECK(alfa.deadline(next, "+3225501101") == "answer_deadline 2026-03-05 18:00"); // 3 working days: 3, 4, 5 March
}

TEST_CASE_FIXTURE(Running, "what the record says of a change of law") {
    law({{answer_rule, "3"}, {"be.working_day.extra_holidays", "2026-03-04 Strike"}});
    CHECK(contains(record(), std::string(answer_rule) + ": 1 (assumed, "));
    CHECK(contains(record(), "-> 3 (configured, operator's configuration)"));
    CHECK(contains(record(), "Wed 4 Mar 2026: a working day -> Strike"));
    auto const rows = alfa.reader().head_seq();
    law({{answer_rule, "3"}, {"be.working_day.extra_holidays", "2026-03-04 Strike"}}); // the same again is no news
    CHECK(alfa.reader().head_seq() == rows);
    CHECK(alfa.reader().laws().size() == 2);
}

TEST_CASE_FIXTURE(Running, "deadlines of later states go by the pinned law, too") {
    law({{"be.comp.start", "5"}, {"npod.reminder", "4"}});
    market.wait_until("2026-03-03 18:00"); // the donor is silent
    CHECK(alfa.deadline(in, "+3225501100") == "reminder 2026-03-04 18:00"); // 1 working day, as it was
    CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "delay_start 2026-03-05 18:00");
}

TEST_CASE_FIXTURE(Running, "taken over, a port's deadlines are counted again, and the record says which moved") {
    law({{answer_rule, "3"}});
    adopts("[\"" + in.text + "\"]");
    CHECK(alfa.port(in).rulebook == alfa.rulebook().version());
    CHECK(alfa.deadline(in, "+3225501100") == "answer_deadline 2026-03-05 18:00");
    CHECK(explained().law->rule.value == "3");
    CHECK(contains(record(), in.text + "/1 answer_deadline: Tue 3 Mar 2026 18:00 -> Thu 5 Mar 2026 18:00"));
    CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "delay_start 2026-03-05 18:00"); // set alike by both
    adopts();
    CHECK(contains(record(), "runs under the law in force already"));
}

TEST_CASE_FIXTURE(Running, "a deadline that the new law puts into the past is heard at once, as late") {
    market.wait_until("2026-03-03 10:00");
    law({{answer_rule, "0"}}); // by the end of the same working day: Monday 18:00, sixteen hours ago
    CHECK(alfa.lines(in) == "+3225501100 awaiting_answer");
    adopts();
    CHECK(contains(record(), "-> Mon 2 Mar 2026 18:00 (rule be.answer.within.fixed.simple); overdue, it is heard at once"));
    CHECK(alfa.fires_due());
    CHECK(alfa.lines(in) == "+3225501100 answer_overdue");
    CHECK(alfa.times("answer_deadline_passed") == 1);
}

TEST_CASE_FIXTURE(Running, "money goes by the pinned law until the port is taken over; what is fixed stays") {
    law({{"be.comp.rate.simple", "4.00"}});
    market.wait_until("2026-03-09 12:00");
    // the right began on Thursday 5 March 18:00: the 6th, 7th, 8th and 9th have begun, 4 days
    CHECK(alfa.owes(in).total.cents == 4 * 300);
    adopts();
    CHECK(alfa.owes(in).total.cents == 4 * 400);
    CHECK(contains(record(), in.text + ": 12.00 EUR -> 16.00 EUR owed so far"));

    auto const out = bravo.port_out("+3225501100");
    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":true}],"fates":[{"number":"+3225501101","fate":"keep"}]})");
    market.carry();
    market.wait_until("2026-03-09 13:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    CHECK(alfa.claim(in).amount->cents == 4 * 400);
    law({{"be.comp.rate.simple", "5.00"}});
    auto const why = alfa.may_not("law.adopt", "", R"({"reason":"all","ports":[")" + in.text + R"("]})");
    CHECK(contains(why[0].text, "is settled"));
    adopts(); // all that run: none
    CHECK(alfa.claim(in).amount->cents == 4 * 400);
    CHECK(alfa.owes(in).total.cents == 4 * 400);
}

TEST_CASE_FIXTURE(Running, "an adoption of something unknown does nothing at all") {
    law({{answer_rule, "3"}});
    auto const why = alfa.may_not("law.adopt", "", R"({"reason":"all","ports":[")" + in.text + R"(","PI-000099"]})");
    CHECK(why[0].code == RefusalCode::not_found);
    CHECK(alfa.deadline(in, "+3225501100") == "answer_deadline 2026-03-03 18:00");
}

TEST_CASE_FIXTURE(Running, "a draft is kept by the law of its day and asked by the law of the day on which it leaves") {
    auto const draft = alfa.orders({.numbers = "+3225501101", .contract = "NEW-2", .draft = true});
    auto const first = alfa.port(draft).rulebook;
    CHECK(first == alfa.rulebook().version());
    law({{answer_rule, "3"}});
    alfa.does("port.submit", draft.text, "{}");
    market.carry();
    CHECK(alfa.port(draft).rulebook == alfa.rulebook().version());
    CHECK(alfa.deadline(draft, "+3225501101") == "answer_deadline 2026-03-05 18:00");
}

TEST_CASE("beyond the last year of the calendar a wait goes on, is told of once a day, and ends when somebody acts") {
    // Asked on Monday 20 December 2100, the answer is due on Tuesday; reminders follow, the last on Friday 31 December. The next
    // would end in a year whose holidays nobody knows.
    Market market("2100-12-20 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({.numbers = "+3225501100"});
    auto const in = alfa.orders({});
    market.carry();
    market.wait_until("2101-01-02 20:00");
    auto const timer = alfa.book().timer(subject_of(alfa.line(in, "+3225501100")));
    REQUIRE(timer);
    CHECK(timer->rule == "npod.deadline.retry");
    CHECK(timer->due == at("2101-01-03 18:00"));
    CHECK(timer->armed_in == alfa.line(in, "+3225501100").state);
    auto const sentence = porting::explain(*timer, alfa.laws()).sentence;
    CHECK(contains(sentence, "24 hours after Sun 2 Jan 2101 18:00 (rule npod.deadline.retry"));
    std::int64_t refused = 0;
    for (auto const& row : alfa.reader().log(0, 1'000)) refused += row.refusals.empty() ? 0 : 1;
    CHECK(refused == 3); // on 31 December, 1 and 2 January, 18:00
}
