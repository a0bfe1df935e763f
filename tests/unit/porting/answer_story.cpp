/// What donor and recipient make of one request whose numbers meet different fates.

#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

constexpr auto ten = "+3225501100..+3225501109";

/// ALFA asks BRAVO for ten fixed numbers of one contract; BRAVO answers by hand.
struct TenNumbers {
    Market market{"2026-04-01 10:00"}; // a Wednesday; Good Friday the 3rd is worked, Easter Monday the 6th is not
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    TenNumbers() {
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = ten});
        in = alfa.orders({.numbers = ten});
        market.carry();
        out = bravo.port_out("+3225501100");
    }

    /// Eight yes from the 8th, one no, one not before the 13th.
    void split_answer() {
        market.wait_until("2026-04-02 09:00");
        bravo.does("port.answer", out.text, R"({"decisions":[
            {"numbers":[{"first":"+3225501100","last":"+3225501107"}],"accept":{"at":"2026-04-08T10:00:00+02:00"}},
            {"numbers":["+3225501108"],"refuse":{"grounds":["MANDATE_INVALID","LEGAL"]},"note":"under seizure"},
            {"numbers":["+3225501109"],"postpone":{"until":"2026-04-13T10:00:00+02:00","ground":"TECHNICAL"},"note":"new exchange"}]})");
        market.carry();
    }
    void goes_live() { alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})"); }
};

} // namespace

TEST_CASE_FIXTURE(TenNumbers, "a request waits for its donor until the law's last moment, on both sides") {
    CHECK(alfa.lines(in) == "+3225501100..+3225501109 awaiting_answer");
    CHECK(bravo.lines(out) == "+3225501100..+3225501109 validating");
    // several fixed numbers: 2 working days after Wednesday the 1st are Thursday and Friday the 3rd, until 18:00
    CHECK(alfa.deadline(in, "+3225501100") == "answer_deadline 2026-04-03 18:00");
    CHECK(bravo.deadline(out, "+3225501100") == "answer_deadline 2026-04-03 18:00");
    CHECK(alfa.port(in).rulebook == alfa.rulebook().version());
}

TEST_CASE_FIXTURE(TenNumbers, "eight yes, one no, one not yet: three fates, one message, no number lost") {
    split_answer();

    CHECK(bravo.lines(out) ==
          "+3225501100..+3225501107 awaiting_execution, +3225501108 refused, +3225501109 postponed");
    CHECK(alfa.lines(in) == "+3225501100..+3225501107 scheduled, +3225501108 refused, +3225501109 postponed");

    auto const answers = bravo.said("portingrequestanswer");
    REQUIRE(answers.size() == 1);
    CHECK(std::get<message::Answer>(answers[0].body).ranges.size() == 3);

    CHECK(alfa.deadline(in, "+3225501100") == "activation_time 2026-04-08 10:00");
    CHECK(alfa.deadline(in, "+3225501108") == "none");
    // promised for Monday the 13th, 10:00: the answer is due by the end of the next working day
    CHECK(alfa.deadline(in, "+3225501109") == "postponed_answer 2026-04-14 18:00");
    CHECK(alfa.line(in, "+3225501108").grounds ==
          std::vector{porting::Ground::mandate_invalid, porting::Ground::legal});
    CHECK(alfa.line(in, "+3225501109").grounds == std::vector{porting::Ground::technical});
    CHECK(alfa.line(in, "+3225501109").note == "new exchange");
    // one line settled, two open; the donor owes an answer for one of them
    CHECK(alfa.port(in).state == "partly_postponed");
    CHECK_FALSE(alfa.port(in).settled);
}

TEST_CASE_FIXTURE(TenNumbers, "nothing of the old contract ends by a request or an answer") {
    split_answer();
    CHECK(bravo.contract("C-1").state == "active");
    CHECK(porting::count(bravo.contract("C-1").numbers) == 10);
    CHECK(bravo.number("+3225501100").state == "porting_out");
    CHECK(bravo.number("+3225501108").state == "in_service");
}

TEST_CASE_FIXTURE(TenNumbers, "what goes live leaves its contract that moment; the rest stays in force") {
    split_answer();
    market.wait_until("2026-04-08 10:00");
    CHECK(alfa.lines(in) == "+3225501100..+3225501107 activating, +3225501108 refused, +3225501109 postponed");
    CHECK(bravo.contract("C-1").state == "active");

    market.wait_until("2026-04-08 10:20");
    alfa.does("port.activation", in.text,
              R"({"numbers":[{"first":"+3225501100","last":"+3225501107"}],"done":true,"reason":"test call"})");
    market.carry();

    CHECK(bravo.lines(out) == "+3225501100..+3225501107 executed, +3225501108 refused, +3225501109 postponed");
    CHECK(bravo.contract("C-1").state == "partly_ended");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501108..+3225501109"));
    CHECK(alfa.contract("NEW-1").numbers == ranges("+3225501100..+3225501107"));
    CHECK(bravo.number("+3225501100").state == "ported_out");
    CHECK(alfa.number("+3225501100").state == "in_service");
    for (auto const* const code : {"ALFA", "BRAVO", "CHARL"}) CHECK(market.at(code).served_by("+3225501107") == "ALFA");
    CHECK(market.at("CHARL").served_by("+3225501109") == "");
}

TEST_CASE_FIXTURE(TenNumbers, "a postponed number is checked again on its day and may follow the others") {
    split_answer();
    market.wait_until("2026-04-08 10:00");
    alfa.does("port.activation", in.text,
              R"({"numbers":[{"first":"+3225501100","last":"+3225501107"}],"done":true,"reason":"test call"})");
    market.wait_until("2026-04-13 10:00");
    CHECK(bravo.line(out, "+3225501109").state == "validating");
    bravo.does("port.answer", out.text,
               R"({"decisions":[{"numbers":["+3225501109"],"accept":{"at":"2026-04-14T09:00:00+02:00"}}]})");
    market.wait_until("2026-04-14 09:00");
    goes_live();
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100..+3225501107 completed, +3225501108 refused, +3225501109 completed");
    CHECK(alfa.port(in).state == "partly_completed");
    CHECK(bravo.port(out).state == "partly_executed");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501108"));
    CHECK(bravo.contract("C-1").state == "partly_ended");
}

TEST_CASE_FIXTURE(TenNumbers, "the contract ends by itself with its last number, at that number's effective time") {
    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})");
    market.wait_until("2026-04-08 10:00");
    alfa.does("port.activation", in.text,
              R"({"numbers":[{"first":"+3225501100","last":"+3225501108"}],"done":true,"reason":"test call"})");
    market.wait_until("2026-04-08 16:00");
    CHECK(bravo.contract("C-1").state == "partly_ended");

    // the last number worked at 15:30, we are told at 16:00
    alfa.does("port.activation", in.text,
              R"({"numbers":["+3225501109"],"done":{"at":"2026-04-08T15:30:00+02:00"},"reason":"test call"})");
    market.carry();
    CHECK(bravo.contract("C-1").state == "ended");
    CHECK(bravo.contract("C-1").numbers.empty());
    CHECK(text(alfa.line(in, "+3225501109").effective_at) == "2026-04-08 15:30");
    CHECK(alfa.port(in).state == "completed");
    CHECK(bravo.port(out).state == "executed");
}

TEST_CASE_FIXTURE(TenNumbers,
                  "what two commands of one moment decide leaves in two messages, what one decides in one") {
    bravo.does("port.answer", out.text, R"({"decisions":[
        {"numbers":["+3225501100"],"accept":{"at":"2026-04-08T10:00:00+02:00"}},
        {"numbers":["+3225501101"],"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})");
    bravo.does("port.answer", out.text,
               R"({"decisions":[{"numbers":["+3225501109"],"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
    market.carry();
    auto const answers = bravo.said("portingrequestanswer");
    REQUIRE(answers.size() == 2);
    // neighbours answered alike travel as one range
    CHECK(std::get<message::Answer>(answers[0].body).ranges.size() == 1);
    CHECK(alfa.lines(in) ==
          "+3225501100..+3225501101 scheduled, +3225501102..+3225501108 awaiting_answer, +3225501109 refused");
}

TEST_CASE_FIXTURE(TenNumbers, "an answer for all means those that still wait for one") {
    bravo.does("port.answer", out.text,
               R"({"decisions":[{"numbers":["+3225501100"],"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})");
    bravo.does("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
    CHECK(bravo.lines(out) == "+3225501100 awaiting_execution, +3225501101..+3225501109 refused");
    auto const nobody_waits = bravo.may_not("port.answer", out.text, R"({"decisions":[{"accept":true}]})");
    CHECK(nobody_waits[0].code == RefusalCode::illegal_now);
}

TEST_CASE_FIXTURE(TenNumbers, "an answer is all of it or nothing") {
    auto const refusals = bravo.may_not("port.answer", out.text, R"({"decisions":[
        {"numbers":["+3225501100"],"accept":true},{"numbers":["+3225501199"],"accept":true}]})");
    CHECK(contains(said(refusals), "+3225501199 is in no open line"));
    CHECK(bravo.lines(out) == "+3225501100..+3225501109 validating");
    CHECK(bravo.said("portingrequestanswer").empty());

    auto const past =
        bravo.may_not("port.answer", out.text, R"({"decisions":[{"accept":{"at":"2026-03-31T10:00:00+02:00"}}]})");
    CHECK(past[0].pointer == "/decisions/0/accept/at");
}

TEST_CASE_FIXTURE(TenNumbers, "a donor that takes its word back before activation keeps the numbers safe") {
    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})");
    market.carry();
    alfa.hears("BRAVO",
               message::Answer{alfa.port(in).dossier, {{ranges(ten)[0], {porting::Ground::legal}, {}, {}, ""}}});
    CHECK(alfa.lines(in) == "+3225501100..+3225501109 refused");
    CHECK(alfa.times("activation_time_reached") == 0);
}

TEST_CASE("a donor whose data suffices answers at once, and says no by fact alone") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.id = "C-1", .numbers = "+3225501100..+3225501104"});

    SUBCASE("all of one contract: yes from now on") {
        auto const in = alfa.orders({.numbers = "+3225501100..+3225501104"});
        market.carry();
        CHECK(alfa.lines(in) == "+3225501100..+3225501104 scheduled");
        CHECK(alfa.deadline(in, "+3225501100") == "activation_time 2026-04-01 10:00");
        market.wait_until("2026-04-01 10:00");
        CHECK(alfa.lines(in) == "+3225501100..+3225501104 activating");
        // one working day after the agreed moment, Wednesday 10:00
        CHECK(alfa.deadline(in, "+3225501100") == "execution_deadline 2026-04-02 18:00");
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    }
    SUBCASE("numbers that we never had are refused, the others are not") {
        auto const in = alfa.orders({.numbers = "+3225501100..+3225501105"});
        market.carry();
        CHECK(alfa.lines(in) == "+3225501100..+3225501104 scheduled, +3225501105 refused");
        CHECK(alfa.line(in, "+3225501105").grounds == std::vector{porting::Ground::not_assigned});
    }
    SUBCASE("a part of a range whose rest has no stated fate is refused, with every ground at once") {
        auto const in = alfa.orders({.numbers = "+3225501100..+3225501103", .customer = "Slagerij Claes"});
        market.carry();
        CHECK(alfa.lines(in) == "+3225501100..+3225501103 refused");
        CHECK(alfa.line(in, "+3225501100").grounds ==
              std::vector{porting::Ground::incomplete_range, porting::Ground::name_address_mismatch});
        CHECK(alfa.line(in, "+3225501100").note == "NO FATE STATED FOR +3225501104");
    }
    SUBCASE("the rest of the range may stay when the order says so") {
        auto const in = alfa.orders({.numbers = "+3225501100..+3225501103", .keep = "+3225501104"});
        market.carry();
        CHECK(alfa.lines(in) == "+3225501100..+3225501103 scheduled");
    }
    SUBCASE("a number that is already leaving is not promised twice") {
        alfa.orders({.numbers = "+3225501100..+3225501104"});
        market.carry();
        World& charl = market.at("CHARL");
        auto const late = charl.orders({.numbers = "+3225501100..+3225501104"});
        market.carry();
        CHECK(charl.lines(late) == "+3225501100..+3225501104 refused");
        CHECK(charl.line(late, "+3225501100").grounds == std::vector{porting::Ground::port_in_progress});
    }
}

TEST_CASE("what is asked for makes the class of a port, not after how many others it came") {
    Market market("2026-04-01 10:00");
    World &alfa = market.at("ALFA"), &bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({.numbers = "+3225501110..+3225501129"});
    for (int no = 10; no < 30; ++no) {
        auto const one = "+32255011" + std::to_string(no);
        alfa.orders({.numbers = one});
        market.carry();
        CHECK_FALSE(bravo.port(bravo.port_out(one)).complex);
    }
}
