/// Silence, delay and the money that follows from it (RULES-BE section 5). All sums are worked out by hand beside them.

#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

/// One number, asked for on Wednesday 1 April 10:00 as soon as possible; the donor answers by hand.
///   answer due      1 working day:   Thursday 2 April 18:00
///   planned         2 working days:  Good Friday 3 April 18:00 (a working day)
///   right begins    1 working day after the plan: Tuesday 7 April 18:00 (Easter Monday does not count)
struct OneNumber {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    explicit OneNumber(Order const& order = {}) {
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = order.numbers});
        in = alfa.orders(order);
        market.carry();
        out = bravo.port_out(order.numbers.substr(0, 11));
    }
    void donor_accepts(std::string const& from) {
        bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at(from)) + R"("}}]})");
        market.carry();
    }
    void goes_live(std::string const& moment) {
        market.wait_until(moment);
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        market.carry();
    }
    std::string files_claim(std::string const& claimant = "bakkerij peeters") {
        return alfa.does("claim.file", "",
                         R"({"port":")" + in.text + R"(","claimant":")" + claimant + R"(","channel":"letter"})");
    }
};

/// The donor is silent until the 9th; the number works on Friday 10 April 10:00.
struct ThreeDaysLate : OneNumber {
    explicit ThreeDaysLate(Order const& order = {}) : OneNumber(order) {
        market.wait_until("2026-04-09 09:00");
        donor_accepts("2026-04-10 10:00");
        goes_live("2026-04-10 10:00");
    }
};

} // namespace

TEST_CASE_FIXTURE(OneNumber,
                  "silence is never consent: a person is told at the deadline and on every working day after it") {
    market.wait_until("2026-04-02 17:59:59");
    CHECK(alfa.lines(in) == "+3225501100 awaiting_answer");
    market.wait_until("2026-04-02 18:00");
    CHECK(alfa.lines(in) == "+3225501100 answer_overdue");
    CHECK(bravo.lines(out) == "+3225501100 answer_overdue");
    CHECK(alfa.deadline(in, "+3225501100") == "reminder 2026-04-03 18:00");

    market.wait_until("2026-04-03 18:00");
    CHECK(alfa.times("reminder_due") == 1);
    CHECK(alfa.deadline(in, "+3225501100") == "reminder 2026-04-07 18:00"); // over Easter nobody is at the desk
    market.wait_until("2026-04-09 09:00");
    CHECK(alfa.times("reminder_due") == 3); // the 3rd, the 7th, the 8th
    CHECK(bravo.times("reminder_due") == 3);

    donor_accepts("2026-04-10 10:00");
    CHECK(alfa.lines(in) == "+3225501100 scheduled");
    CHECK(bravo.number("+3225501100").state == "porting_out");
}

TEST_CASE_FIXTURE(OneNumber,
                  "compensation starts one working day after the plan and grows with every civil day begun") {
    CHECK(text(alfa.line(in, "+3225501100").planned_at) == "2026-04-03 18:00");
    CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "delay_start 2026-04-07 18:00");
    market.wait_until("2026-04-07 17:59");
    CHECK(alfa.claim(in).state == "nothing_due");
    CHECK(alfa.owes(in).total.cents == 0);
    market.wait_until("2026-04-07 18:00");
    CHECK(alfa.claim(in).state == "accruing");
    market.wait_until("2026-04-07 23:59");
    CHECK(alfa.owes(in).total.cents == 0); // no day has begun since
    market.wait_until("2026-04-08 00:00");
    CHECK(alfa.owes(in).total.cents == 300); // the 8th
    market.wait_until("2026-04-09 00:00");
    CHECK(alfa.owes(in).total.cents == 600);
    CHECK(alfa.owes(in).payer == "recipient"); // even when the donor is late
}

TEST_CASE_FIXTURE(ThreeDaysLate, "late by three days, claimed in time by the titular, approved, paid") {
    // the 8th, 9th and 10th of April were begun after Tuesday 7 April 18:00: 3 days x 1 number x 3.00 EUR
    CHECK(alfa.claim(in).state == "fixed");
    REQUIRE(alfa.claim(in).amount);
    CHECK(to_string(*alfa.claim(in).amount) == "9.00 EUR");
    CHECK(alfa.owes(in).lines[0].days == 3);
    // request of 1 April: claims are taken until 1 October 24:00
    CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "claim_period 2026-10-02 00:00");

    market.wait_until("2026-10-01 23:59");
    auto const claim = files_claim();
    CHECK(alfa.claim(in).state == "claimed");
    CHECK(alfa.claim(in).by_titular);
    alfa.does("claim.approve", claim, R"({"reason":"late by three days"})");
    auto const how = alfa.may_not("claim.pay", claim, R"({"by":"cash"})");
    CHECK(how[0].pointer == "/by");
    alfa.does("claim.pay", claim, R"({"by":"invoice"})");
    CHECK(alfa.claim(in).state == "paid");
    CHECK(alfa.claim(in).paid_by == "invoice");
    CHECK(to_string(*alfa.claim(in).amount) == "9.00 EUR");
}

TEST_CASE_FIXTURE(ThreeDaysLate, "a claim one day after six months is never refused by machine: it goes to a person") {
    market.wait_until("2026-10-02 00:00");
    CHECK(alfa.claim(in).state == "review_only");
    // six months after the port of 10 April end on 10 October, 24:00
    CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "review_period 2026-10-11 00:00");
    market.wait_until("2026-10-02 09:00");
    files_claim();
    CHECK(alfa.claim(in).state == "in_review");
}

TEST_CASE_FIXTURE(ThreeDaysLate,
                  "nobody claims: nothing is paid by itself, and the right lapses with the later of both periods") {
    market.wait_until("2026-10-10 23:59");
    CHECK(alfa.claim(in).state == "review_only");
    market.wait_until("2026-10-11 00:00");
    CHECK(alfa.claim(in).state == "lapsed");
    auto const late = alfa.may_not("claim.file", "", R"({"port":")" + in.text + R"(","claimant":"Bakkerij Peeters"})");
    CHECK(late[0].code == RefusalCode::illegal_now);
}

TEST_CASE_FIXTURE(ThreeDaysLate, "only the titular may claim; anybody else's claim goes to a person") {
    files_claim("Slagerij Claes");
    CHECK(alfa.claim(in).state == "in_review");
    CHECK_FALSE(alfa.claim(in).by_titular);
    auto const twice = alfa.may_not("claim.file", "", R"({"port":")" + in.text + R"(","claimant":"Slagerij Claes"})");
    CHECK(twice[0].code == RefusalCode::conflict);
    auto const donor_pays_nothing =
        bravo.may_not("claim.file", "", R"({"port":")" + out.text + R"(","claimant":"Bakkerij Peeters"})");
    CHECK(contains(donor_pays_nothing[0].text, "The recipient pays"));
}

TEST_CASE_FIXTURE(ThreeDaysLate, "a claim waits twenty working days for its decision, then the desk is reminded") {
    market.wait_until("2026-04-13 09:00"); // a Monday
    files_claim();
    // 20 working days after 13 April: 14-17 (4), 20-24 (9), 27-30 (13), not Friday 1 May, 4-8 (18), 11, 12 May
    CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "decision 2026-05-12 18:00");
    market.wait_until("2026-05-12 18:00");
    CHECK(alfa.times("decision_due") == 1);
    CHECK(alfa.claim(in).state == "claimed");
}

TEST_CASE("ten numbers are a complex installation: later plan, higher rate, every number counts") {
    ThreeDaysLate story(Order{.numbers = "+3225501100..+3225501109"});
    // 3 working days: 2, 3 and 7 April 18:00; the right begins on the 8th 18:00; the 9th and 10th: 2 x 10 x 5.00 EUR
    CHECK(text(story.alfa.line(story.in, "+3225501100").planned_at) == "2026-04-07 18:00");
    CHECK(to_string(*story.alfa.claim(story.in).amount) == "100.00 EUR");
}

TEST_CASE("a chosen date is the plan, whatever the law's total would allow") {
    OneNumber story(Order{.wish = "2026-04-15 10:00"});
    CHECK(text(story.alfa.line(story.in, "+3225501100").planned_at) == "2026-04-15 10:00");
    story.donor_accepts("2026-04-02 10:00");
    // the donor could earlier; the customer did not want it
    CHECK(story.alfa.deadline(story.in, "+3225501100") == "activation_time 2026-04-15 10:00");
    story.market.wait_until("2026-04-17 09:00");
    // due by Thursday 16 April 18:00, one working day after the agreed moment
    CHECK(story.alfa.lines(story.in) == "+3225501100 activation_overdue");
    story.goes_live("2026-04-17 09:00");
    // the right begins on the 16th 18:00; the 17th is begun: 3.00 EUR
    CHECK(to_string(*story.alfa.claim(story.in).amount) == "3.00 EUR");
}

TEST_CASE("in time is in time: nothing is due, and the arithmetic says why") {
    OneNumber story;
    story.donor_accepts("2026-04-07 10:00");
    story.goes_live("2026-04-07 17:00"); // after the plan of the 3rd, before the right begins
    CHECK(story.alfa.claim(story.in).state == "not_due");
    auto const why = story.alfa.owes(story.in).lines[0].sentence;
    CHECK(contains(why, "planned Fri 3 Apr 2026 18:00"));
    CHECK(contains(why, "Tue 7 Apr 2026 18:00"));
}

TEST_CASE_FIXTURE(OneNumber, "what is refused in the end is owed nothing, however late the answer") {
    market.wait_until("2026-04-20 09:00");
    CHECK(alfa.claim(in).state == "accruing");
    bravo.does("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 refused");
    CHECK(alfa.claim(in).state == "not_due");
    CHECK(alfa.owes(in).total.cents == 0);
}

TEST_CASE_FIXTURE(OneNumber, "a later date that the customer agreed to does not accrue") {
    donor_accepts("2026-04-03 10:00");
    alfa.does("port.hold", in.text, R"({"reason":"customer is on holiday"})");
    CHECK(alfa.lines(in) == "+3225501100 on_hold");

    SUBCASE("agreed: the plan moves") {
        alfa.does("port.reschedule", in.text,
                  R"({"at":"2026-04-20T10:00:00+02:00","agreed_by_customer":true,"reason":"asked by mail"})");
        CHECK(alfa.deadline(subject_of(alfa.claim(in))) == "delay_start 2026-04-21 18:00");
        goes_live("2026-04-20 10:05");
        CHECK(alfa.claim(in).state == "not_due");
    }
    SUBCASE("not agreed: it stands") {
        alfa.does("port.reschedule", in.text, R"({"at":"2026-04-20T10:00:00+02:00","reason":"our exchange is full"})");
        goes_live("2026-04-20 10:05");
        // the right began on the 7th 18:00: the 8th to the 20th are 13 days x 3.00 EUR
        CHECK(to_string(*alfa.claim(in).amount) == "39.00 EUR");
    }
    SUBCASE("resumed before the agreed moment: it goes on as before") {
        alfa.does("port.resume", in.text, R"({"reason":"back early"})");
        CHECK(alfa.deadline(in, "+3225501100") == "activation_time 2026-04-03 10:00");
    }
    SUBCASE("resumed too late: it needs a new moment") {
        market.wait_until("2026-04-03 10:00");
        CHECK(alfa.lines(in) == "+3225501100 on_hold");
        auto const late = alfa.may_not("port.resume", in.text, R"({"reason":"back"})");
        CHECK(contains(late[0].text, "needs a new one"));
    }
}

TEST_CASE_FIXTURE(OneNumber, "an acceptance that is not used lapses after ninety days, on both sides") {
    donor_accepts("2026-04-03 10:00");
    alfa.does("port.hold", in.text, R"({"reason":"dispute about the hall"})");
    // 90 calendar days after 1 April: 29 left in April, 31 in May, 30 in June: 30 June, until 24:00
    CHECK(alfa.deadline(in, "+3225501100") == "approval_expiry 2026-07-01 00:00");
    CHECK(bravo.deadline(out, "+3225501100") == "approval_expiry 2026-07-01 00:00");
    market.wait_until("2026-06-30 23:59");
    CHECK(alfa.lines(in) == "+3225501100 on_hold");
    auto const useless =
        alfa.may_not("port.reschedule", in.text, R"({"at":"2026-07-02T10:00:00+02:00","reason":"summer"})");
    CHECK(contains(useless[0].text, "lapses"));
    market.wait_until("2026-07-01 00:00");
    CHECK(alfa.lines(in) == "+3225501100 lapsed");
    CHECK(bravo.lines(out) == "+3225501100 lapsed");
    CHECK(bravo.number("+3225501100").state == "in_service");
    CHECK(bravo.contract("C-1").state == "active");
    CHECK(alfa.claim(in).state == "not_due");
}

TEST_CASE_FIXTURE(OneNumber, "a failed activation: the donor serves on, and a new moment is found") {
    donor_accepts("2026-04-08 10:00");
    market.wait_until("2026-04-08 11:00");
    alfa.does("port.activation", in.text, R"({"failed":{"cause":"no route"},"reason":"test call"})");
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 reactivating");
    // the longest lawful outage: one working day after Wednesday the 8th
    CHECK(alfa.deadline(in, "+3225501100") == "outage_deadline 2026-04-09 18:00");
    CHECK(bravo.lines(out) == "+3225501100 awaiting_execution"); // nobody was cut off
    CHECK(bravo.contract("C-1").state == "active");

    market.wait_until("2026-04-10 09:00");
    CHECK(alfa.times("outage_deadline_passed") == 1);
    alfa.does("port.reschedule", in.text, R"({"at":"2026-04-13T10:00:00+02:00","reason":"repaired"})");
    goes_live("2026-04-13 10:00");
    CHECK(alfa.lines(in) == "+3225501100 completed");
    CHECK(bravo.lines(out) == "+3225501100 executed");
    // late all the same: the 8th to the 13th are 6 days x 3.00 EUR
    CHECK(to_string(*alfa.claim(in).amount) == "18.00 EUR");
}

TEST_CASE_FIXTURE(OneNumber, "a donor that needs longer says until when, and is overdue after that") {
    bravo.does("port.answer", out.text, R"({"delay":{"until":"2026-04-07T12:00:00+02:00"}})");
    market.carry();
    CHECK(bravo.lines(out) == "+3225501100 answer_delayed");
    CHECK(alfa.lines(in) == "+3225501100 answer_announced_late");
    CHECK(alfa.deadline(in, "+3225501100") == "announced_answer 2026-04-07 12:00");
    market.wait_until("2026-04-07 12:00");
    CHECK(alfa.lines(in) == "+3225501100 answer_overdue");
    CHECK(bravo.lines(out) == "+3225501100 answer_overdue");
    CHECK(alfa.claim(in).state == "nothing_due"); // the plan of the 3rd did not move: the right begins at 18:00
    market.wait_until("2026-04-07 18:00");
    CHECK(alfa.claim(in).state == "accruing");
}

TEST_CASE_FIXTURE(OneNumber, "a delay without a date is due one working day later") {
    alfa.hears("BRAVO", message::AnswerDelayed{alfa.port(in).dossier, OperatorCode{"BRAVO"}, {}, "1"});
    CHECK(alfa.deadline(in, "+3225501100") == "announced_answer 2026-04-02 18:00");
}
