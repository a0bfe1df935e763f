/// A country is data: the same market under the Dutch book, with nothing else changed. The donor names the first possible
/// date, an acceptance is good for 90 calendar days, the King's birthday is off and Labour Day is not. (The numbers stay
/// Belgian: the numbering plan is no part of a rulebook.)

#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;

namespace {

/// One number, asked for on Friday 24 April 2026 10:00; King's Day is Monday the 27th.
///   answer due   1 working day:  Tuesday 28 April 18:00
///   planned      2 working days: Wednesday 29 April 18:00
struct Dutch {
    Market market;
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    explicit Dutch(std::string const& start = "2026-04-24 10:00") : market(start, {"ALFA", "BRAVO"}, rules::Rulebook::shipped("nl")) {
        bravo.answers_by_hand();
        bravo.has_contract({});
        in = alfa.orders({});
        market.carry();
        out = bravo.port_out("+3225501100");
    }
    void donor_accepts(std::string const& from) {
        bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at(from)) + R"("}}]})");
        market.carry();
    }
    porting::ExplainedDeadline explained() {
        return porting::explain(*alfa.book().timer(subject_of(alfa.line(in, "+3225501100"))), alfa.laws());
    }
};

} // namespace

TEST_CASE_FIXTURE(Dutch, "the donor's first possible date falls on King's Day: the port is agreed for the next morning") {
    CHECK(alfa.deadline(in, "+3225501100") == "answer_deadline 2026-04-28 18:00");
    CHECK(explained().law->rule.id == "nl.answer.within.fixed.simple");
    CHECK(explained().law->derivation.skipped.back().reason == "King's Day");
    CHECK(text(alfa.line(in, "+3225501100").planned_at) == "2026-04-29 18:00");
    CHECK(alfa.rulebook().calendar().rules().zone == "Europe/Amsterdam");

    market.wait_until("2026-04-24 15:00");
    donor_accepts("2026-04-27 10:00");
    CHECK(text(alfa.line(in, "+3225501100").first_possible) == "2026-04-28 08:00");
    CHECK(alfa.deadline(in, "+3225501100") == "activation_time 2026-04-28 08:00");
    market.wait_until("2026-04-28 08:00");
    CHECK(alfa.lines(in) == "+3225501100 activating");
    CHECK(alfa.deadline(in, "+3225501100") == "execution_deadline 2026-04-29 18:00"); // nl.execute.within: 1 working day
    market.wait_until("2026-04-28 09:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 completed");
    CHECK(bravo.lines(out) == "+3225501100 executed");
    CHECK(bravo.contract("C-1").state == "ended");
    CHECK(alfa.claim(in).state == "not_due");
}

TEST_CASE_FIXTURE(Dutch, "an acceptance of 24 April is good for 90 calendar days: until 23 July, 24:00") {
    donor_accepts("2026-04-30 10:00");
    alfa.does("port.hold", in.text, R"({"reason":"the customer is abroad"})");
    // 6 days to 30 April, 31 in May, 30 in June, 23 in July
    CHECK(alfa.deadline(in, "+3225501100") == "approval_expiry 2026-07-24 00:00");
    CHECK(explained().law->rule.id == "nl.approval.valid");
    market.wait_until("2026-07-23 23:59");
    CHECK(alfa.lines(in) == "+3225501100 on_hold");
    market.wait_until("2026-07-24 00:00");
    CHECK(alfa.lines(in) == "+3225501100 lapsed");
    CHECK(bravo.lines(out) == "+3225501100 lapsed");
    CHECK(bravo.contract("C-1").state == "active");
}

TEST_CASE("Labour Day is a working day there, Liberation Day too") {
    Dutch story("2026-04-30 10:00");
    CHECK(story.alfa.deadline(story.in, "+3225501100") == "answer_deadline 2026-05-01 18:00");
    CHECK(text(story.alfa.line(story.in, "+3225501100").planned_at) == "2026-05-04 18:00"); // Friday 1, Monday 4 May
}

TEST_CASE("when the 27th is a Sunday, the King's birthday is kept on the Saturday before it") {
    Dutch story("2025-04-25 10:00"); // a Friday
    CHECK(story.alfa.deadline(story.in, "+3225501100") == "answer_deadline 2025-04-28 18:00");
    auto const skipped = story.explained().law->derivation.skipped;
    REQUIRE(skipped.size() == 2);
    CHECK(skipped[0].reason == "King's Day"); // Saturday 26 April
    CHECK(skipped[1].reason == "Sunday");
}
