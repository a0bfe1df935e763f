/// The contract's month and the decree's ageing: two clocks of one number (RULES-BE section 4).

#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

/// BRAVO's customer terminates on Saturday 31 January: one month later, clamped, is 28 February until 24:00.
struct Terminated {
    Market market{"2026-01-31 12:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");

    Terminated() {
        bravo.knows_block("+3225501000..+3225501999", "BRAVO");
        bravo.has_contract({});
        bravo.does("contract.terminate", "C-1", "{}");
    }
};

} // namespace

TEST_CASE_FIXTURE(Terminated, "a terminated number is ported until the last second of its month") {
    CHECK(bravo.contract("C-1").state == "ended");
    CHECK(bravo.number("+3225501100").state == "portable");
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501100"))) == "grace_end 2026-03-01 00:00");

    market.wait_until(
        "2026-02-28 23:59:59"); // a Saturday: it counts as received on Monday, and is asked in the month all the same
    auto const in = alfa.orders({});
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 scheduled");
    CHECK(bravo.number("+3225501100").state == "porting_out");
    // the first possible moment is when the window opens on Monday
    CHECK(alfa.deadline(in, "+3225501100") == "activation_time 2026-03-02 08:00");

    market.wait_until("2026-03-02 08:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    CHECK(bravo.number("+3225501100").state == "ported_out");
    CHECK(bravo.contract("C-1").state == "ended");
    CHECK(text(bravo.contract("C-1").ended_at) == "2026-01-31 12:00"); // the port ended nothing any more
    CHECK(bravo.lines(bravo.port_out("+3225501100")) == "+3225501100 executed");
}

TEST_CASE_FIXTURE(Terminated, "one second too late the number is ageing") {
    market.wait_until("2026-03-01 00:00");
    auto const in = alfa.orders({});
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 refused");
    CHECK(alfa.line(in, "+3225501100").grounds == std::vector{porting::Ground::ageing});
}

TEST_CASE_FIXTURE(Terminated, "a number is given to nobody else in its month, and to nobody at all while it ages") {
    auto const put_for = [](char const* name) {
        return fmt::format(R"({{"customer":{{"kind":"legal","name":"{}"}},"network":"fixed","numbers":["+3225501100"]}})", name);
    };
    auto const stranger = bravo.may_not("contract.put", "C-2", put_for("Slagerij Janssens"));
    REQUIRE(stranger.size() == 1);
    CHECK(contains(stranger[0].text, "is not free: it is portable"));
    market.wait_until("2026-03-01 00:00");
    for (auto const* const name : {"Slagerij Janssens", "Bakkerij Peeters"}) { // its last holder neither
        auto const refused = bravo.may_not("contract.put", "C-2", put_for(name));
        REQUIRE(refused.size() == 1);
        CHECK(contains(refused[0].text, "is not free: it is ageing"));
    }
}

TEST_CASE_FIXTURE(Terminated, "after six months an own number is free for somebody else") {
    market.wait_until("2026-07-31 23:59"); // six months after 31 January, until 24:00
    CHECK(bravo.number("+3225501100").state == "ageing");
    auto const early = bravo.may_not(
        "contract.put", "C-2",
        R"({"customer":{"kind":"legal","name":"Slagerij Claes"},"network":"fixed","numbers":["+3225501100"]})");
    CHECK(early[0].code == RefusalCode::conflict);

    market.wait_until("2026-08-01 00:00");
    CHECK(bravo.number("+3225501100").state == "free");
    CHECK(bravo.said("deactivation").empty());
    bravo.has_contract({.id = "C-2", .customer = "Slagerij Claes"});
    CHECK(bravo.number("+3225501100").state == "in_service");
}

TEST_CASE_FIXTURE(Terminated, "the same holder may take his number back within his month, nobody else") {
    market.wait_until("2026-02-15 09:00");
    auto const other = bravo.may_not(
        "contract.put", "C-2",
        R"({"customer":{"kind":"legal","name":"Slagerij Claes"},"network":"fixed","numbers":["+3225501100"]})");
    CHECK(contains(said(other), "is not free: it is portable"));
    bravo.has_contract({.id = "C-3", .customer = "BAKKERIJ  Peeters"}); // as people write it
    CHECK(bravo.number("+3225501100").state == "in_service");
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501100"))) == "none");
}

TEST_CASE("who renounces the month begins to age at once") {
    Market market("2026-01-31 12:00");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({});
    bravo.does("contract.terminate", "C-1", R"({"renounce_portability":true})");
    CHECK(bravo.number("+3225501100").state == "ageing");
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501100"))) == "ageing_end 2026-08-01 00:00");
}

TEST_CASE("a termination for a later day waits for that day") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    bravo.does("contract.terminate", "C-1", R"({"at":"2026-04-30T22:00:00Z"})"); // 1 May 00:00 in Brussels
    CHECK(bravo.contract("C-1").state == "ending");
    CHECK(bravo.number("+3225501100").state == "in_service");
    market.wait_until("2026-05-01 00:00");
    CHECK(bravo.contract("C-1").state == "ended");
    // one month after Friday 1 May, until 24:00
    CHECK(bravo.deadline(subject_of(bravo.number("+3225501101"))) == "grace_end 2026-06-02 00:00");
    auto const past = bravo.may_not("contract.terminate", "C-1", R"({"at":"2026-04-30T10:00:00+02:00"})");
    CHECK(past[0].pointer == "/at");
}

TEST_CASE("a number of another's block goes home when it has aged, and everybody hears it") {
    Market market("2026-01-31 12:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    World& charl = market.at("CHARL");
    for (auto const* const code : {"ALFA", "BRAVO", "CHARL"})
        market.at(code).knows_block("+3225501000..+3225501999", "CHARL");
    charl.has_contract({});
    auto const in = bravo.orders({.donor = "CHARL", .contract = "B-1"});
    market.wait_until("2026-02-02 08:00");
    bravo.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    CHECK(alfa.served_by("+3225501100") == "BRAVO");
    CHECK(charl.number("+3225501100").state == "ported_out");

    bravo.does("contract.terminate", "B-1", "{}"); // Monday 2 February: ageing until 2 August 24:00
    market.wait_until("2026-08-02 23:59");
    CHECK(bravo.number("+3225501100").state == "ageing");
    market.wait_until("2026-08-03 00:00");
    CHECK(bravo.number("+3225501100").state == "returned");
    auto const returns = bravo.said("deactivation");
    REQUIRE(returns.size() == 1);
    auto const& given_back = std::get<message::Deactivation>(returns[0].body);
    CHECK(given_back.original.text == "CHARL");
    CHECK(given_back.numbers == ranges("+3225501100"));
    CHECK(charl.number("+3225501100").state == "free");
    for (auto const* const code : {"ALFA", "BRAVO", "CHARL"})
        CHECK(market.at(code).served_by("+3225501100") == "CHARL");
}

TEST_CASE("a contract that is terminated while its number is leaving does not cost the customer his month") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({});
    auto const in = alfa.orders({.wish = "2026-04-20 10:00"});
    market.carry();
    CHECK(bravo.number("+3225501100").state == "porting_out");
    market.wait_until("2026-04-02 10:00");
    bravo.does("contract.terminate", "C-1", "{}");
    CHECK(bravo.number("+3225501100").state == "porting_out");

    SUBCASE("the port goes on") {
        market.wait_until("2026-04-20 10:00");
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        market.carry();
        CHECK(bravo.number("+3225501100").state == "ported_out");
    }
    SUBCASE("a withdrawn port leaves the number portable until 2 May, 24:00") {
        alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})");
        market.carry();
        CHECK(bravo.number("+3225501100").state == "portable");
        CHECK(bravo.deadline(subject_of(bravo.number("+3225501100"))) == "grace_end 2026-05-03 00:00");
    }
}

TEST_CASE("a contract may be put again while one of its numbers is leaving") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    alfa.orders({.numbers = "+3225501100", .wish = "2026-04-20 10:00", .keep = "+3225501101"});
    market.carry();
    CHECK(bravo.number("+3225501100").state == "porting_out");
    bravo.has_contract({.numbers = "+3225501100..+3225501102"});
    CHECK(bravo.number("+3225501100").state == "porting_out");
    CHECK(bravo.number("+3225501102").state == "in_service");
}

TEST_CASE("a contract takes only what is free, each number once, and nothing of another's block") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.knows_block("+3225502000..+3225502999", "CHARL");
    bravo.has_contract({.id = "C-1"});
    auto const put = [&](std::string const& numbers) {
        return bravo.may_not("contract.put", "C-2",
                             R"({"customer":{"kind":"legal","name":"Slagerij Claes"},"network":"fixed","numbers":)" +
                                 numbers + "}");
    };
    CHECK(contains(said(put(R"([{"first":"+3225501110","last":"+3225501119"},"+3225501115"])")),
                   "+3225501115 is given twice"));
    auto const taken = put(R"(["+3225501110","+3225501100"])");
    CHECK(taken.size() == 1);
    CHECK(taken[0].pointer == "/numbers/1");
    CHECK(contains(taken[0].text, "in_service under contract C-1"));
    CHECK(contains(said(put(R"(["+3225502000"])")), "is of a block of CHARL"));
    CHECK_FALSE(put(R"(["+32255011"])").empty()); // two digits short of a number of Brussels
    CHECK_FALSE(bravo.book().contract(ContractId{"C-2"}).has_value());

    auto const missing = bravo.may_not(
        "contract.put", "C-1",
        R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"network":"fixed","numbers":["+3225501101"]})");
    CHECK(contains(said(missing), "+3225501100 is in the contract and missing"));
}

TEST_CASE("what a contract says of itself must agree: network, kind, zone; all of it is told at once") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    auto const body = [](std::string const& network, std::string const& zone, std::string const& numbers) {
        return R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"network":")" + network + R"(","location":{"zone":")" + zone +
               R"("},"numbers":)" + numbers + "}";
    };
    auto const wrong = [&](std::string const& network, std::string const& zone, std::string const& numbers) {
        auto const refusals = bravo.may_not("contract.put", "C-1", body(network, zone, numbers));
        CHECK_FALSE(bravo.book().contract(ContractId{"C-1"}).has_value()); // nothing half-done
        CHECK_FALSE(bravo.book().number(number("+3225501100")).has_value());
        return refusals;
    };
    auto const one = [&](std::string const& network, std::string const& zone, std::string const& numbers, std::string const& pointer) {
        auto const refusals = wrong(network, zone, numbers);
        REQUIRE(refusals.size() == 1);
        CHECK(refusals[0].pointer == pointer);
        return refusals[0];
    };
    CHECK(contains(one("fixed", "", R"(["+3225501100","+32470112233"])", "/numbers/1").text, "+32470112233 is mobile, which is no number of the fixed network"));
    CHECK(contains(one("mobile", "", R"(["+3225501100"])", "/numbers/0").text, "+3225501100 is Brussels, which is no number of the mobile network"));
    CHECK(contains(one("mobile", "", R"(["+3277123456"])", "/numbers/0").text, "no number of the mobile network")); // machine to machine
    // The last number of Wavre (010) and the first of Hasselt (011).
    CHECK(contains(one("fixed", "", R"([{"first":"+3210999999","last":"+3211000000"}])", "/numbers/0").text, "spans more than one zone"));
    auto const ghent = one("fixed", "9", R"(["+3225501100"])", "/numbers/0");
    CHECK(ghent.ground == "OUT_OF_ZONE");
    CHECK(contains(ghent.text, "belongs to zone 2 (Brussels), the installation is in zone 9"));
    CHECK(contains(one("fixed", "99", R"(["+3280012345"])", "/location/zone").text, "There is no zone 99")); // 0800 is of no zone
    CHECK(wrong("mobile", "99", R"(["+3225501100","+3277123456"])").size() == 4); // two networks, a zone that is none, not that of the first

    bravo.does("contract.put", "C-1", body("fixed", "2", R"(["+3225501100","+3280012345"])"));
    // Put again: what it has may stay; only a move takes it elsewhere.
    bravo.does("contract.put", "C-1", body("fixed", "2", R"(["+3225501100","+3280012345","+3225501101"])"));
    auto const moved = bravo.may_not("contract.put", "C-1", body("fixed", "3", R"(["+3225501100","+3280012345","+3225501101"])"));
    CHECK(moved.size() == 2); // both of Brussels
    CHECK(contains(moved[0].next, "/move"));
}

TEST_CASE("a contract keeps its titular while a number leaves in his name") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    auto const in = alfa.orders({.wish = "2026-04-20 10:00", .keep = "+3225501101"});
    market.carry();
    std::string const other = R"({"customer":{"kind":"legal","name":"Slagerij Claes"},"network":"fixed","numbers":)";
    auto const refused = bravo.may_not("contract.put", "C-1", other + R"(["+3225501100","+3225501101"]})");
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].pointer == "/customer/name");
    CHECK(contains(refused[0].text, "+3225501100 is leaving with " + bravo.port_out("+3225501100").text));
    CHECK(bravo.contract("C-1").customer.name == "Bakkerij Peeters");
    alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})");
    market.carry();
    bravo.does("contract.put", "C-1", other + R"(["+3225501100","+3225501101"]})"); // taken over by another holder
    CHECK(bravo.contract("C-1").customer.name == "Slagerij Claes");
}

TEST_CASE("a contract is over from its last number's moment on, though news of an earlier one comes later") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    std::string const numbers[] = {"+3225501100", "+3225501101"};
    DossierId dossiers[2];
    for (int i = 0; i < 2; ++i) {
        auto const in = alfa.orders({.numbers = numbers[i], .contract = "NEW-" + numbers[i], .keep = numbers[1 - i]});
        market.carry();
        dossiers[i] = alfa.port(in).dossier;
        CHECK(bravo.lines(bravo.port_out(numbers[i])) == numbers[i] + " awaiting_execution");
    }
    market.wait_until("2026-04-09 12:00");
    auto const performed = [&](int i, char const* when) {
        bravo.hears("ALFA", message::Performed{dossiers[i], OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}, at(when), ranges(numbers[i])});
    };
    performed(0, "2026-04-09 11:00"); // heard first, and happened last
    CHECK(bravo.contract("C-1").state == "partly_ended");
    CHECK(text(bravo.number("+3225501100").contract_ended_at) == "2026-04-09 11:00"); // for this number (be.end.partial)
    performed(1, "2026-04-09 10:00");
    CHECK(bravo.contract("C-1").state == "ended");
    CHECK(text(bravo.contract("C-1").ended_at) == "2026-04-09 11:00"); // be.end.full: once the complete transfer is effective
}
