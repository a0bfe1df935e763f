/// What a port-out leaves behind at its contract: every number and service has a fate before the donor says yes, and gets it when the
/// transfer is effective, never before (be.end.full, be.end.partial).

#include "porting/residue.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
using porting::Ground;

namespace {

constexpr auto asked = "+3225501100..+3225501107";
constexpr auto yes = R"({"decisions":[{"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})";

std::string yes_with(std::string const& fates) {
    return R"({"decisions":[{"accept":{"at":"2026-04-08T10:00:00+02:00"}}],"fates":[)" + fates + "]}";
}
constexpr auto keep_8 = R"({"number":"+3225501108","fate":"keep"})";
constexpr auto cancel_9 = R"({"number":"+3225501109","fate":"cancel"})";

/// BRAVO holds ten numbers and answers by hand; ALFA asks for eight of them.
struct EightOfTen {
    Market market{"2026-04-01 10:00"}; // a Wednesday; Good Friday the 3rd is worked, Easter Monday the 6th is not
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    EightOfTen() { bravo.answers_by_hand(); }

    void holds(std::string const& more = {}) {
        bravo.does("contract.put", "C-1",
                   R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"network":"fixed",
                       "numbers":[{"first":"+3225501100","last":"+3225501109"}])" + more + "}");
    }
    void asks(Order const& order = {.numbers = asked}) {
        in = alfa.orders(order);
        market.carry();
        out = bravo.port_out("+3225501100");
    }
    void goes_live(std::string const& numbers = R"([{"first":"+3225501100","last":"+3225501107"}])") {
        alfa.does("port.activation", in.text, R"({"numbers":)" + numbers + R"(,"done":true,"reason":"test call"})");
        market.carry();
    }
    porting::Residue residue() {
        return porting::residue(bravo.port(out), bravo.book().lines(out), bravo.contract("C-1"), bravo.book(), bravo.rulebook());
    }
    /// "+3225501100..+3225501107 ports, +3225501108 stays"
    std::string fates() {
        std::string all;
        for (auto const& item : residue().numbers) all += (all.empty() ? "" : ", ") + to_string(item.numbers) + " " + item.fate;
        return all;
    }
    std::string services() {
        std::string all;
        for (auto const& service : residue().services) all += (all.empty() ? "" : ", ") + service.name + " " + service.fate;
        return all;
    }
};

} // namespace

TEST_CASE_FIXTURE(EightOfTen, "no yes by a person while a number of the asked range has no fate, not even for a part") {
    holds();
    asks();
    CHECK(fates() == "+3225501100..+3225501107 ports, +3225501108..+3225501109 unstated");
    CHECK_FALSE(residue().complete());
    for (auto const* const body : {yes, R"({"decisions":[{"numbers":["+3225501100"],"accept":true}]})"}) {
        auto const refused = bravo.may_not("port.answer", out.text, body);
        REQUIRE(refused.size() == 1);
        CHECK(refused[0].ground == "INCOMPLETE_RANGE");
        CHECK(refused[0].pointer == "/fates");
        CHECK(contains(refused[0].text, "+3225501108..+3225501109 of contract C-1"));
    }
    CHECK(bravo.lines(out) == "+3225501100..+3225501107 validating");

    // one fate is not enough, and what was said stays said
    bravo.does("port.answer", out.text, std::string(R"({"fates":[)") + keep_8 + "]}");
    CHECK(contains(said(bravo.may_not("port.answer", out.text, yes)), "No fate is stated for +3225501109 of"));
    bravo.does("port.answer", out.text, yes_with(cancel_9));
    CHECK(bravo.lines(out) == "+3225501100..+3225501107 awaiting_execution");
    CHECK(fates() == "+3225501100..+3225501107 ports, +3225501108 stays, +3225501109 ends");
    // a refusal needs no fates: nothing leaves
}

TEST_CASE_FIXTURE(EightOfTen, "a range that nobody asks for stays without a word") {
    bravo.does("contract.put", "C-1",
               R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"network":"fixed",
                   "numbers":[{"first":"+3225501100","last":"+3225501107"},"+3225501200"]})");
    asks();
    CHECK(fates() == "+3225501100..+3225501107 ports, +3225501200 stays");
    bravo.does("port.answer", out.text, yes);
    CHECK(bravo.lines(out) == "+3225501100..+3225501107 awaiting_execution");
}

TEST_CASE_FIXTURE(EightOfTen, "what is cancelled ends with the effective transfer: not at the yes, and its own month begins") {
    holds();
    asks();
    bravo.does("port.answer", out.text, yes_with(std::string(keep_8) + "," + cancel_9));
    market.carry();
    market.wait_until("2026-04-08 10:20");
    CHECK(bravo.number("+3225501109").state == "in_service");
    goes_live();

    CHECK(bravo.contract("C-1").state == "partly_ended");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501108"));
    CHECK(bravo.number("+3225501108").state == "in_service");
    CHECK(bravo.number("+3225501109").state == "portable");
    CHECK(text(bravo.number("+3225501109").contract_ended_at) == "2026-04-08 10:20");
    // one month after 8 April is 8 May, until 24:00
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501109"))) == "grace_end 2026-05-09 00:00");
    CHECK(fates() == "+3225501100..+3225501107 left, +3225501108 stayed, +3225501109 ended");
    CHECK(residue().sentence == "Contract C-1 ended in part: 8 left and 1 ended, 1 stayed in force (be.end.partial).");
    market.wait_until("2026-05-09 00:00");
    // six months after 8 April is 8 October, until 24:00
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501109"))) == "ageing_end 2026-10-09 00:00");
}

TEST_CASE_FIXTURE(EightOfTen, "a contract whose rest is cancelled ends wholly, at the effective time") {
    holds();
    asks();
    bravo.does("port.answer", out.text, yes_with(R"({"first":"+3225501108","last":"+3225501109","fate":"cancel"})"));
    market.carry();
    CHECK(residue().ends_wholly);
    market.wait_until("2026-04-08 10:20");
    goes_live();
    CHECK(bravo.contract("C-1").state == "ended");
    CHECK(text(bravo.contract("C-1").ended_at) == "2026-04-08 10:20");
    CHECK(residue().ends_wholly);
    CHECK(residue().sentence == "Contract C-1 ended wholly with this port: 8 left and 2 ended (be.end.full).");
}

TEST_CASE_FIXTURE(EightOfTen, "what is cancelled waits for the complete transfer, and stays when there is none") {
    holds();
    asks();
    auto const answer = [&](std::string const& last_four) {
        bravo.does("port.answer", out.text,
                   R"({"decisions":[{"numbers":[{"first":"+3225501100","last":"+3225501103"}],"accept":{"at":"2026-04-08T10:00:00+02:00"}},
                       {"numbers":[{"first":"+3225501104","last":"+3225501107"}],)" + last_four + R"(}],"fates":[)" +
                       keep_8 + "," + cancel_9 + "]}");
        market.carry();
    };
    SUBCASE("a part is still open") {
        answer(R"("postpone":{"until":"2026-04-13T10:00:00+02:00","ground":"TECHNICAL"},"note":"exchange")");
        market.wait_until("2026-04-08 10:20");
        goes_live(R"([{"first":"+3225501100","last":"+3225501103"}])");
        CHECK(bravo.contract("C-1").numbers == ranges("+3225501104..+3225501109"));
        CHECK(bravo.number("+3225501109").state == "in_service");
        // the last four are refused on Thursday the 9th: now the port is through, and that is when 09 ends
        market.wait_until("2026-04-09 11:00");
        bravo.does("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
        CHECK(bravo.number("+3225501109").state == "portable");
        CHECK(text(bravo.number("+3225501109").contract_ended_at) == "2026-04-09 11:00");
        CHECK(bravo.contract("C-1").numbers == ranges("+3225501104..+3225501108"));
    }
    SUBCASE("nothing was transferred") {
        answer(R"("refuse":{"grounds":["LEGAL"]},"note":"under seizure")");
        alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})");
        market.carry();
        CHECK(bravo.port(out).settled);
        CHECK(bravo.number("+3225501109").state == "in_service");
        CHECK(bravo.contract("C-1").state == "active");
        CHECK(fates() == "+3225501100..+3225501103 stayed, +3225501104..+3225501107 stayed, +3225501108 stayed, +3225501109 stayed");
        CHECK(residue().sentence == "Nothing of contract C-1 ended by this port.");
    }
}

TEST_CASE("a fate that the recipient states is carried out without a person") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501109"});
    auto const in = alfa.orders({.numbers = asked, .keep = "+3225501108", .cancel = "+3225501109"});
    market.carry();
    market.wait_until("2026-04-01 10:00"); // from now on
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501108"));
    CHECK(bravo.number("+3225501109").state == "portable");
}

TEST_CASE_FIXTURE(EightOfTen, "a service some of whose numbers leave needs a fate, others need none") {
    holds(R"(,"related":["PBX trunk",{"name":"Fax","numbers":["+3225501107","+3225501108"]},
              {"name":"Alarm","numbers":["+3225501109"]},{"name":"Door","numbers":["+3225501100"]}])");
    asks({.numbers = asked, .keep = "+3225501108, +3225501109"});
    CHECK(services() == "PBX trunk stays, Fax unstated, Alarm stays, Door ends");
    auto const refused = bravo.may_not("port.answer", out.text, yes);
    CHECK(refused[0].ground == "INCOMPLETE_RANGE");
    CHECK(contains(refused[0].text, "service \"Fax\""));

    auto const executed = [&](std::string const& fate) {
        bravo.does("port.answer", out.text, yes_with(R"({"service":"fax","fate":")" + fate + R"("})"));
        market.carry();
        market.wait_until("2026-04-08 10:20");
        goes_live();
    };
    SUBCASE("it is kept with the number that stays") {
        executed("keep");
        auto const& left = bravo.contract("C-1").related;
        REQUIRE(left.size() == 3);
        CHECK(left[1] == porting::RelatedService{"Fax", ranges("+3225501108")});
        CHECK(services() == "PBX trunk stayed, Fax stayed, Alarm stayed, Door ended");
    }
    SUBCASE("it ends although one of its numbers stays") {
        executed("cancel");
        CHECK(bravo.contract("C-1").related.size() == 2);
        CHECK(services() == "PBX trunk stayed, Alarm stayed, Fax ended, Door ended");
    }
}

TEST_CASE("a machine leaves a service without a fate to a person") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.does("contract.put", "C-1",
               R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"network":"fixed",
                   "numbers":["+3225501100","+3225501101"],"related":[{"name":"Fax","numbers":["+3225501100","+3225501101"]}]})");
    alfa.orders({.numbers = "+3225501100", .keep = "+3225501101"});
    market.carry();
    CHECK(bravo.lines(bravo.port_out("+3225501100")) == "+3225501100 validating");
}

TEST_CASE_FIXTURE(EightOfTen, "a fate is of what is there and was not asked for") {
    holds(R"(,"related":["PBX trunk"])");
    bravo.has_contract({.id = "C-2", .customer = "Slagerij Claes", .numbers = "+3225501200"});
    asks();
    auto const wrong = [&](std::string const& fate) {
        auto const refused = bravo.may_not("port.answer", out.text, R"({"fates":[)" + fate + "]}");
        CHECK(refused[0].pointer == "/fates/0");
        return refused[0].text;
    };
    CHECK(contains(wrong(R"({"number":"+3225501107","fate":"keep"})"), "asked for by this very port"));
    CHECK(contains(wrong(R"({"number":"+3225501200","fate":"cancel"})"), "not of a contract of this port")); // another customer's
    CHECK(contains(wrong(R"({"number":"+3225501108","fate":"port"})"), "be.lead"));
    CHECK(contains(wrong(R"({"service":"Fax","fate":"keep"})"), "No contract of this port has"));
    CHECK(contains(wrong(R"({"service":"PBX trunk","fate":"keep"})"), "goes with its whole contract"));
    bravo.does("port.answer", out.text, yes_with(std::string(keep_8) + "," + cancel_9));
    CHECK(bravo.may_not("port.answer", out.text, std::string(R"({"fates":[)") + keep_8 + "]}")[0].code == RefusalCode::illegal_now);
}

TEST_CASE_FIXTURE(EightOfTen, "a licence that a port leaves out of order is said, and blocks nothing") {
    // Voice Pro Multi: numbers = end users + 2; eight end users have ten numbers
    holds(R"(,"product":"Voice Pro Multi","end_users":8)");
    asks();
    bravo.does("port.answer", out.text, yes_with(std::string(keep_8) + "," + cancel_9));
    auto const before = residue().licence_before, after = residue().licence_after;
    REQUIRE(before);
    REQUIRE(after);
    CHECK(before->numbers == 10);
    CHECK(before->foreseen == 10);
    CHECK(before->in_order);
    CHECK(after->numbers == 1);
    CHECK_FALSE(after->in_order);
    CHECK(after->rule == "be.licence.multi.extra_numbers");
}

TEST_CASE("licences are counted by product") {
    auto const book = rules::Rulebook::shipped("be");
    porting::Contract contract;
    auto const of = [&](std::string const& product, int end_users, std::int64_t numbers) {
        contract.product = product;
        contract.end_users = end_users;
        return licence_of(contract, numbers, book, at("2026-04-01 10:00"));
    };
    CHECK(of("Voice Pro Multi", 10, 12)->in_order);
    auto const eleven = of("Voice Pro Multi", 11, 13); // 11 + 2, but at most ten end users
    CHECK_FALSE(eleven->in_order);
    CHECK(eleven->rule == "be.licence.multi.end_users_max");
    CHECK_FALSE(of("VOICE PRO MULTI", 10, 11)->in_order);
    CHECK(of("Voice Pro Classic", 0, 3)->licences == 3);
    CHECK(of("Voice Pro 2 GO", 10, 4)->in_order);
    CHECK_FALSE(of("Voice Pro 2 GO", 11, 4)->in_order);
    CHECK_FALSE(of("Internet Basic", 3, 4).has_value());
    CHECK_FALSE(of("Voice Pro Classic", 0, 0).has_value()); // nothing left to license
}
