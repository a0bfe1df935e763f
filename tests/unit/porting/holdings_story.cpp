/// Numbers and contracts between two ports: a change of number, a move, a termination taken back, a transfer that came after our no, and
/// who gets a number when it has aged (RULES-BE section 4).

#include "porting/decide.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

constexpr auto reason = R"({"reason":"exchange closes"})";

/// The Belgian law with other values.
rules::Laws law(std::map<std::string, std::string> const& overrides) {
    return rules::Laws(std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be", overrides)));
}

/// At the agreed moment, which has come.
void goes_live(World& world, PortId const& port) {
    while (world.fires_due()) {}
    world.does("port.activation", port.text, R"({"done":true,"reason":"test call"})");
}

/// BRAVO's customer on Saturday 31 January: two months of notice are clamped to 31 March, until 24:00.
struct Notice {
    Market market{"2026-01-31 12:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    Notice() { bravo.has_contract({.numbers = "+3225501100..+3225501101"}); }
    std::string deadline() { return bravo.deadline(subject_of(bravo.number("+3225501100"))); }
};

} // namespace

// ---------------------------------------------------------------------------------------------------- change of number

TEST_CASE_FIXTURE(Notice, "a number is changed after two months' notice, and may be ported for a month more") {
    bravo.does("number.change", "+3225501100", reason);
    CHECK(bravo.number("+3225501100").state == "change_announced");
    CHECK(deadline() == "change_date 2026-04-01 00:00");
    market.wait_until("2026-03-31 23:59");
    CHECK(bravo.number("+3225501100").contract.text == "C-1");
    market.wait_until("2026-04-01 00:00");
    CHECK(bravo.number("+3225501100").state == "portable");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501101"));
    CHECK(bravo.contract("C-1").state == "partly_ended");
    // both clocks count from the change: one month after 1 April is 1 May, until 24:00
    CHECK(deadline() == "grace_end 2026-05-02 00:00");
    auto const in = alfa.orders({});
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 scheduled");
}

TEST_CASE_FIXTURE(Notice, "a shorter notice is refused with the earliest moment") {
    auto const refused =
        bravo.may_not("number.change", "+3225501100", R"({"at":"2026-03-31T23:59:59+02:00","reason":"exchange closes"})");
    CHECK(refused[0].pointer == "/at");
    CHECK(contains(refused[0].text, "the notice is 2 months (be.number_change.notice)"));
    CHECK(contains(refused[0].text, "the earliest is 2026-04-01T00:00:00+02:00"));
    CHECK(bravo.number("+3225501100").state == "in_service");
    bravo.does("number.change", "+3225501100", R"({"at":"2026-06-01T09:00:00+02:00","reason":"exchange closes"})");
    CHECK(deadline() == "change_date 2026-06-01 09:00");
}

TEST_CASE_FIXTURE(Notice, "a notice may be taken back; without one there is nothing to take back") {
    CHECK(bravo.may_not("number.withdraw_change", "+3225501100", reason)[0].code == RefusalCode::illegal_now);
    bravo.does("number.change", "+3225501100", reason);
    bravo.does("number.withdraw_change", "+3225501100", reason);
    CHECK(bravo.number("+3225501100").state == "in_service");
    CHECK(deadline() == "none");
    market.wait_until("2026-04-01 00:00");
    CHECK(bravo.number("+3225501100").contract.text == "C-1");
}

TEST_CASE_FIXTURE(Notice, "the new number serves beside the old one until the day, and must be free and alike") {
    auto const wrong = [&](std::string const& number) {
        auto const refused =
            bravo.may_not("number.change", "+3225501100", R"({"new_number":")" + number + R"(","reason":"exchange closes"})");
        CHECK(refused[0].pointer == "/new_number");
        return refused[0].text;
    };
    CHECK(contains(wrong("+3225501101"), "is not free: it is in_service"));
    CHECK(contains(wrong("+3292501100"), "not of the kind and zone")); // Ghent
    CHECK(contains(wrong("+32470112233"), "not of the kind and zone"));
    bravo.does("number.change", "+3225501100", R"({"new_number":"+3225501900","reason":"exchange closes"})");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501100..+3225501101, +3225501900"));
    market.wait_until("2026-04-01 00:00");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501101, +3225501900"));
    CHECK(bravo.number("+3225501900").state == "in_service");
}

TEST_CASE_FIXTURE(Notice, "only a number that a contract of ours holds can be changed") {
    CHECK(bravo.may_not("number.change", "+3225501999", reason)[0].code == RefusalCode::not_found);
    bravo.does("contract.terminate", "C-1", "{}");
    CHECK(contains(bravo.may_not("number.change", "+3225501100", reason)[0].text, "held by no contract of ours: it is portable"));
}

// ------------------------------------------------------------------------------------------------------------- moving

TEST_CASE("who moves keeps his numbers inside the zone; outside they are refused one and all, or given up") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101, +3280012345"}); // Brussels, and an 0800 number
    auto const to = [](std::string const& zone, std::string const& more = {}) {
        return R"({"location":{"zone":")" + zone + R"("},"reason":"new office")" + more + "}";
    };
    bravo.does("contract.move", "C-1", to("2"));
    CHECK(porting::count(bravo.contract("C-1").numbers) == 3);
    CHECK(bravo.contract("C-1").location.zone == "2");

    auto const refused = bravo.may_not("contract.move", "C-1", to("9"));
    REQUIRE(refused.size() == 1); // neighbours are one range
    CHECK(refused[0].ground == "OUT_OF_ZONE");
    CHECK(contains(refused[0].text, "+3225501100..+3225501101 is of zone 2 (Brussels) and cannot be used in zone 9 (Ghent) (be.move)"));
    CHECK(bravo.contract("C-1").location.zone == "2");
    CHECK(bravo.may_not("contract.move", "C-1", to("99"))[0].pointer == "/location/zone");

    bravo.does("contract.move", "C-1", to("9", R"(,"give_up":true)"));
    CHECK(bravo.contract("C-1").numbers == ranges("+3280012345")); // it has no zone
    CHECK(bravo.contract("C-1").state == "partly_ended");
    CHECK(bravo.number("+3225501100").state == "portable");
    // one month after Wednesday 1 April, until 24:00 of 1 May
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501100"))) == "grace_end 2026-05-02 00:00");
}

// --------------------------------------------------------------------------------------------------------- termination

TEST_CASE("an announced termination may be taken back, and the contract is what it was") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    CHECK(bravo.may_not("contract.withdraw_termination", "C-1", reason)[0].code == RefusalCode::illegal_now);
    bravo.does("contract.terminate", "C-1", R"({"at":"2026-04-30T12:00:00+02:00","renounce_portability":true})");

    SUBCASE("nothing has left") {
        bravo.does("contract.withdraw_termination", "C-1", reason);
        CHECK(bravo.contract("C-1").state == "active");
        CHECK_FALSE(bravo.contract("C-1").renounced);
        CHECK_FALSE(bravo.contract("C-1").terminates_at.has_value());
        market.wait_until("2026-05-01 12:00");
        CHECK(bravo.number("+3225501100").state == "in_service");
    }
    SUBCASE("a number has left meanwhile") {
        auto const in = alfa.orders({.numbers = "+3225501100", .keep = "+3225501101"});
        market.carry();
        goes_live(alfa, in);
        market.carry();
        bravo.does("contract.withdraw_termination", "C-1", reason);
        CHECK(bravo.contract("C-1").state == "partly_ended");
    }
    SUBCASE("a contract that is terminated takes no new port-in, one ordered before ends with it") {
        Market other("2026-04-01 10:00");
        World& a = other.at("ALFA");
        World& b = other.at("BRAVO");
        b.has_contract({});
        a.has_contract({.id = "NEW-1", .numbers = "+3225503000"});
        auto const in = a.orders({});
        other.carry();
        a.does("contract.terminate", "NEW-1", R"({"at":"2026-04-30T12:00:00+02:00"})");
        auto const refused = a.may_not_order({.numbers = "+3225501101"});
        CHECK(contains(said(refused), "/contract_id"));
        CHECK(contains(said(refused), "NEW-1 is terminated for Thu 30 Apr 2026 12:00"));
        goes_live(a, in);
        CHECK(a.contract("NEW-1").state == "ending");
        CHECK(a.contract("NEW-1").numbers == ranges("+3225501100, +3225503000"));
        other.wait_until("2026-04-30 12:00");
        CHECK(a.number("+3225501100").state == "portable");
    }
    SUBCASE("a port-in onto a contract that ended meanwhile is served, and another contract may take it") {
        Market other("2026-04-01 10:00");
        World& a = other.at("ALFA");
        other.at("BRAVO").has_contract({});
        a.has_contract({.id = "NEW-1", .numbers = "+3225503000"});
        auto const in = a.orders({});
        other.carry();
        a.does("contract.terminate", "NEW-1", "{}");
        goes_live(a, in);
        CHECK(a.number("+3225501100").state == "in_service");
        CHECK(a.number("+3225501100").contract.text.empty());
        CHECK(a.contract("NEW-1").state == "ended");
        a.has_contract({.id = "NEW-2", .numbers = "+3225501100"});
        CHECK(a.number("+3225501100").contract.text == "NEW-2");
    }
}

TEST_CASE("whether the month can be renounced is for the rulebook to say") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({});
    auto const strict = law({{"be.grace.renounceable", "false"}});
    porting::input::TerminateContract const renounces{ContractId{"C-1"}, {}, true};
    auto const refused = decide(renounces, bravo.book(), strict, bravo.settings(), market.now()).answer.refusals;
    REQUIRE(refused.size() == 1);
    CHECK(contains(refused[0].text, "be.grace.renounceable"));
    CHECK(decide(renounces, bravo.book(), bravo.laws(), bravo.settings(), market.now()).answer.refusals.empty());
}

TEST_CASE("whether own numbers age is for the rulebook to say; numbers of others' blocks do") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    auto const ageless = law({{"be.ageing.own", "false"}});
    auto const state_after = [&](std::string const& holder) {
        bravo.knows_block("+3225501000..+3225501999", holder);
        porting::input::TimerDue const month_over{{porting::SubjectKind::number, "+3225501100"}, "grace_end"};
        // the month after 1 April ends on 1 May, 24:00
        return decide(month_over, bravo.book(), ageless, bravo.settings(), at("2026-05-02 00:00")).numbers.at(0).state;
    };
    bravo.has_contract({});
    bravo.does("contract.terminate", "C-1", "{}");
    CHECK(state_after("BRAVO") == "free");
    CHECK(state_after("CHARL") == "ageing");
}

// -------------------------------------------------------------------------------------------------- three parties

TEST_CASE("a number that was ported before leaves with three parties, and goes home to its block holder in the end") {
    Market market("2026-01-31 12:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    World& charl = market.at("CHARL");
    for (auto const* const code : {"ALFA", "BRAVO", "CHARL"}) market.at(code).knows_block("+3225501000..+3225501999", "CHARL");
    charl.has_contract({});
    auto const first = bravo.orders({.donor = "CHARL", .contract = "B-1"});
    market.wait_until("2026-02-02 08:00");
    goes_live(bravo, first);
    market.carry();

    auto const second = alfa.orders({.donor = "BRAVO", .contract = "A-1"});
    market.carry();
    auto const out = bravo.port_out("+3225501100");
    CHECK(bravo.port(out).donor.text == "BRAVO");
    CHECK(bravo.port(out).recipient.text == "ALFA");
    CHECK(bravo.book().block_holder(number("+3225501100"))->text == "CHARL");
    goes_live(alfa, second);
    market.carry();
    for (auto const* const code : {"ALFA", "BRAVO", "CHARL"}) CHECK(market.at(code).served_by("+3225501100") == "ALFA");
    CHECK(bravo.contract("B-1").state == "ended");
    CHECK(bravo.number("+3225501100").state == "ported_out");
    CHECK(charl.number("+3225501100").state == "ported_out"); // it heard of a port between others

    alfa.does("contract.terminate", "A-1", "{}"); // Monday 2 February: ageing until 2 August, 24:00
    market.wait_until("2026-08-03 00:00");
    CHECK(alfa.number("+3225501100").state == "returned");
    CHECK(bravo.said("deactivation").empty());
    CHECK(charl.number("+3225501100").state == "free");
}

TEST_CASE("a number of nobody knows whose block is not sent anywhere: it is asked for until somebody knows") {
    Market market("2026-01-31 12:00");
    World& bravo = market.at("BRAVO");
    market.at("CHARL").has_contract({});
    auto const in = bravo.orders({.donor = "CHARL", .contract = "B-1"});
    market.wait_until("2026-02-02 08:00");
    goes_live(bravo, in);
    market.carry();
    bravo.does("contract.terminate", "B-1", "{}"); // Monday 2 February: ageing until 2 August, 24:00
    market.wait_until("2026-08-03 00:00");
    CHECK(bravo.number("+3225501100").state == "ageing");
    CHECK(bravo.said("deactivation").empty());
    // Monday 3 August, 00:00: asked again by the end of the next working day
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501100"))) == "ageing_end 2026-08-04 18:00");
    bravo.knows_block("+3225501000..+3225501999", "CHARL");
    market.wait_until("2026-08-04 18:00");
    CHECK(bravo.number("+3225501100").state == "returned");
    CHECK(bravo.said("deactivation").size() == 1);
}

// ------------------------------------------------------------------------------------ a transfer that came after our no

namespace {

/// BRAVO refused, cancelled or closed the port of two numbers; ALFA's messages may still come.
struct Afterwards {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    Afterwards() {
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = "+3225501100..+3225501101"});
        in = alfa.orders({.numbers = "+3225501100..+3225501101"});
        market.carry();
        out = bravo.port_out("+3225501100");
    }
    void alfa_took(std::string const& numbers, std::string const& when) {
        market.wait_until(when);
        bravo.hears("ALFA", message::Performed{bravo.port(out).dossier, OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}, at(when), ranges(numbers)});
    }
    /// By what was heard last.
    bool somebody_was_called() const {
        auto const moves = bravo.reader().log_row(bravo.ledger().head_seq())->moves;
        return std::ranges::any_of(moves, [](porting::Move const& move) { return std::ranges::count(move.actions, "call_a_person") > 0; });
    }
    static std::string recognises(std::string const& more = {}) { return R"({"recognise_transfer":true,"reason":"ALFA serves them")" + more + "}"; }
    void is_recognised() {
        bravo.does("port.settle", out.text, recognises());
        CHECK(bravo.lines(out) == "+3225501100..+3225501101 executed");
        CHECK(bravo.number("+3225501101").state == "ported_out");
        CHECK(bravo.contract("C-1").state == "ended");
        CHECK(bravo.port(out).state == "executed");
        auto const nothing_left = bravo.may_not("port.settle", out.text, recognises());
        CHECK(contains(said(nothing_left), "No transfer"));
    }
};

} // namespace

TEST_CASE_FIXTURE(Afterwards, "a transfer after our refusal, a cancel, a lapse or a hand's closing may be recognised") {
    SUBCASE("refused") {
        bravo.does("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
        alfa_took("+3225501100..+3225501101", "2026-04-02 10:00");
        CHECK(bravo.lines(out) == "+3225501100..+3225501101 refused");
        is_recognised();
        CHECK(text(bravo.line(out, "+3225501100").effective_at) == "2026-04-02 10:00"); // now, as nobody said otherwise
    }
    SUBCASE("closed by hand") {
        bravo.does("port.settle", out.text, R"({"reason":"never heard of again"})");
        alfa_took("+3225501100..+3225501101", "2026-04-02 10:00");
        CHECK(somebody_was_called());
        is_recognised();
    }
    SUBCASE("withdrawn") {
        alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})");
        market.carry();
        CHECK(bravo.lines(out) == "+3225501100..+3225501101 cancelled");
        alfa_took("+3225501100..+3225501101", "2026-04-02 10:00");
        is_recognised();
    }
    SUBCASE("lapsed") {
        bravo.does("port.answer", out.text, R"({"decisions":[{"accept":true}]})");
        // 90 calendar days after 1 April are 30 June, until 24:00
        market.wait_until("2026-07-01 00:00");
        CHECK(bravo.lines(out) == "+3225501100..+3225501101 lapsed");
        CHECK(bravo.number("+3225501100").state == "in_service");
        alfa_took("+3225501100..+3225501101", "2026-07-01 10:00");
        is_recognised();
    }
}

TEST_CASE_FIXTURE(Afterwards, "what the recipient has not told is not recognised; a part may be, with its own moment") {
    bravo.does("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
    CHECK(contains(said(bravo.may_not("port.settle", out.text, recognises())), "No transfer"));
    alfa_took("+3225501100", "2026-04-02 10:00");
    auto const other = bravo.may_not("port.settle", out.text, recognises(R"(,"numbers":["+3225501101"])"));
    CHECK(contains(said(other), "has not told that it serves +3225501101"));
    auto const future = bravo.may_not("port.settle", out.text, recognises(R"(,"numbers":["+3225501100"],"at":"2026-04-03T10:00:00+02:00")"));
    CHECK(future[0].pointer == "/at");
    bravo.does("port.settle", out.text, recognises(R"(,"numbers":["+3225501100"],"at":"2026-04-02T09:30:00+02:00")"));
    CHECK(bravo.lines(out) == "+3225501100 executed, +3225501101 refused");
    CHECK(text(bravo.line(out, "+3225501100").effective_at) == "2026-04-02 09:30");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501101"));
    CHECK(bravo.contract("C-1").state == "partly_ended");
}

TEST_CASE_FIXTURE(Afterwards, "one transfer is recognised in one dossier: what left by the second is not recognised in the first") {
    auto const first = out;
    alfa.does("port.cancel", in.text, R"({"reason":"wrong date"})");
    market.carry();
    CHECK(bravo.lines(first) == "+3225501100..+3225501101 cancelled");
    in = alfa.orders({.numbers = "+3225501100..+3225501101"});
    market.carry();
    out = bravo.port_out("+3225501100");
    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":true}]})");
    alfa_took("+3225501100..+3225501101", "2026-04-02 10:00");
    CHECK(bravo.lines(out) == "+3225501100..+3225501101 executed");
    CHECK(bravo.served_by("+3225501100") == "ALFA"); // as the first dossier would have it, too
    CHECK(contains(said(bravo.may_not("port.settle", first.text, recognises())), "No transfer"));
    CHECK(contains(said(bravo.may_not("port.settle", first.text, recognises(R"(,"numbers":["+3225501101"])"))), "has not told"));
    CHECK(bravo.lines(first) == "+3225501100..+3225501101 cancelled");
}

TEST_CASE_FIXTURE(Afterwards, "a number that somebody else has by now is not taken from him") {
    bravo.does("port.settle", out.text, R"({"reason":"never heard of again"})");
    bravo.does("contract.terminate", "C-1", R"({"renounce_portability":true})");
    market.wait_until("2026-10-02 00:00"); // aged: six months after 1 April, until 24:00
    bravo.has_contract({.id = "C-2", .customer = "Slagerij Claes", .numbers = "+3225501100"});
    alfa_took("+3225501100..+3225501101", "2026-10-02 10:00");
    auto const refused = bravo.may_not("port.settle", out.text, recognises());
    CHECK(refused[0].code == RefusalCode::conflict);
    CHECK(contains(refused[0].text, "contract C-2 of another customer"));
    CHECK(bravo.number("+3225501100").contract.text == "C-2");
}
