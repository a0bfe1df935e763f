/// Withdrawing, in time and too late, and messages that come in the wrong order, twice, or from the wrong side.

#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

/// One number; BRAVO accepts at once, the customer wants Wednesday 8 April 10:00.
struct Scheduled {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    World& charl = market.at("CHARL");
    PortId in, out;
    DossierId dossier;

    Scheduled() {
        bravo.has_contract({});
        in = alfa.orders({.wish = "2026-04-08 10:00"});
        dossier = alfa.port(in).dossier;
        market.carry();
        out = bravo.port_out("+3225501100");
    }
    message::PortRequest request(std::string const& id) const {
        return {DossierId{id},
                OperatorCode{"ALFA"},
                OperatorCode{"BRAVO"},
                ranges("+3225501100"),
                {.lastname = "",
                 .companyname = "Bakkerij Peeters",
                 .housenr = "12",
                 .housenrext = "",
                 .postcode = "1000",
                 .customerid = ""},
                true,
                ""};
    }
    message::Performed performed(DossierId const& id, std::string const& recipient) const {
        return {id, OperatorCode{recipient}, OperatorCode{"BRAVO"}, market_now(), ranges("+3225501100")};
    }
    Moment market_now() const { return market.now(); }
};

} // namespace

TEST_CASE_FIXTURE(Scheduled, "withdrawn in time: both sides forget it and the number stays where it is") {
    market.wait_until("2026-04-08 09:59:59");
    alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})");
    CHECK(alfa.lines(in) == "+3225501100 cancelling"); // not yet taken by anybody
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 cancelled");
    CHECK(bravo.lines(out) == "+3225501100 cancelled");
    CHECK(bravo.number("+3225501100").state == "in_service");
    CHECK(bravo.contract("C-1").numbers == ranges("+3225501100"));
    CHECK(alfa.claim(in).state == "not_due");
    market.wait_until("2026-04-20 10:00");
    CHECK(alfa.times("activation_time_reached") == 0);
}

TEST_CASE_FIXTURE(Scheduled, "too late: the refusal names the last safe moment and what is possible instead") {
    market.wait_until("2026-04-08 10:00");
    auto const late = alfa.may_not("port.cancel", in.text, R"({"reason":"customer stays"})");
    CHECK(late[0].code == RefusalCode::illegal_now);
    CHECK(contains(late[0].text, "2026-04-08T10:00:00+02:00"));
    CHECK(contains(late[0].text, "be.cancel.until"));
    CHECK(contains(late[0].next, "activation --done"));
    CHECK(alfa.lines(in) == "+3225501100 activating");
    CHECK(alfa.said("cancel").empty());
}

TEST_CASE_FIXTURE(Scheduled, "the wire withdraws whole dossiers only") {
    auto const part = alfa.may_not("port.cancel", in.text, R"({"numbers":["+3225501100"],"reason":"customer stays"})");
    CHECK(part[0].pointer == "/numbers");
}

TEST_CASE_FIXTURE(Scheduled, "a cancel that nobody takes is sent again and a person is told") {
    market.cut_off("BRAVO");
    alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})");
    market.wait_until("2026-04-02 18:00"); // npod.cancel.confirm: one working day
    CHECK(alfa.lines(in) == "+3225501100 cancelling");
    CHECK(alfa.said("cancel").size() == 2);
    market.reconnect("BRAVO");
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 cancelled");
    CHECK(bravo.lines(out) == "+3225501100 cancelled");
}

TEST_CASE_FIXTURE(Scheduled, "a cancel after the transfer is answered with the moment of the transfer") {
    market.wait_until("2026-04-08 10:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    bravo.hears("ALFA", message::Cancel{dossier, ""});
    CHECK(contains(bravo.last_complaint(), "TOO_LATE"));
    CHECK(contains(bravo.last_complaint(), "2026-04-08T10:00:00+02:00"));
    CHECK(bravo.lines(out) == "+3225501100 executed");
}

TEST_CASE_FIXTURE(Scheduled, "a cancel that overtook its request waits for it; both are heard in one transaction") {
    auto const rows = bravo.reader().head_seq();
    bravo.hears("ALFA", message::Cancel{DossierId{"ALFA-00009999"}, "changed our mind"});
    CHECK(bravo.book().parked(DossierId{"ALFA-00009999"}).size() == 1);
    CHECK(bravo.deadline({porting::SubjectKind::parked, std::to_string(rows + 1)}) == "parked_expiry 2026-04-02 18:00");
    alfa.does("port.cancel", in.text, R"({"reason":"asked again"})");
    market.carry();
    bravo.hears("ALFA", request("ALFA-00009999"));
    CHECK(bravo.book().parked(DossierId{"ALFA-00009999"}).empty());
    auto const again = bravo.port_out("+3225501100");
    CHECK(again != out);
    CHECK(bravo.lines(again) == "+3225501100 cancelled");
    CHECK(bravo.number("+3225501100").state == "in_service");
    CHECK(bravo.said("errorfound").empty());
}

TEST_CASE_FIXTURE(Scheduled, "a message whose request never comes is answered after one working day") {
    bravo.hears("ALFA", message::Cancel{DossierId{"ALFA-00009999"}, ""});
    market.wait_until("2026-04-02 17:59");
    CHECK(bravo.said("errorfound").empty());
    market.wait_until("2026-04-02 18:00");
    CHECK(contains(bravo.last_complaint(), "UNKNOWN_DOSSIER"));
    CHECK(bravo.book().parked(DossierId{"ALFA-00009999"}).empty());
}

TEST_CASE_FIXTURE(Scheduled, "the same request again is harmless; the same dossier with other content is not") {
    auto same = request(dossier.text);
    bravo.hears("ALFA", same);
    CHECK(bravo.said("errorfound").empty());
    CHECK(bravo.said("portingrequestanswer").size() == 1);

    SUBCASE("other numbers") { same.numbers = ranges("+3225501100..+3225501101"); }
    SUBCASE("another customer") { same.customer.companyname = "Slagerij Claes"; }
    SUBCASE("another recipient") { same.recipient = OperatorCode{"CHARL"}; }
    bravo.hears("ALFA", same);
    CHECK(contains(bravo.last_complaint(), "DUPLICATE_DOSSIER"));
    CHECK(bravo.lines(out) == "+3225501100 awaiting_execution");
}

TEST_CASE_FIXTURE(Scheduled, "nobody speaks of another's dossier") {
    bravo.hears("CHARL", message::Cancel{dossier, ""});
    CHECK(contains(bravo.last_complaint(), "NOT_YOUR_DOSSIER"));
    CHECK(bravo.lines(out) == "+3225501100 awaiting_execution");

    alfa.hears("CHARL", message::Answer{dossier, {{ranges("+3225501100")[0], {porting::Ground::legal}, {}, {}, ""}}});
    CHECK(contains(alfa.last_complaint(), "NOT_YOUR_DOSSIER"));
    alfa.hears("CHARL", message::AnswerDelayed{dossier, OperatorCode{"CHARL"}, {}, ""});
    alfa.hears("CHARL", message::ErrorFound{dossier, {{"", "X", "go away"}}});
    CHECK(alfa.lines(in) == "+3225501100 scheduled");

    bravo.hears("CHARL", performed(dossier, "CHARL"));
    CHECK(contains(bravo.last_complaint(), "NOT_YOUR_DOSSIER"));
    bravo.hears("CHARL", performed(dossier, "ALFA"));
    CHECK(contains(bravo.last_complaint(), "NOT_YOUR_DOSSIER"));
    CHECK(bravo.lines(out) == "+3225501100 awaiting_execution");
    CHECK(bravo.served_by("+3225501100") != "CHARL");

    charl.hears("ALFA", request("ALFA-00000077")); // names BRAVO as donor
    CHECK(contains(charl.last_complaint(), "NOT_DONOR"));
}

TEST_CASE("an error told by a stranger does not end a port that waits for its donor") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    market.at("BRAVO").answers_by_hand();
    market.at("BRAVO").has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    message::ErrorFound const error{alfa.port(in).dossier, {{"", "FORM", "cannot be read"}}};
    alfa.hears("CHARL", error);
    CHECK(alfa.lines(in) == "+3225501100 awaiting_answer");
    alfa.hears("BRAVO", error);
    CHECK(alfa.lines(in) == "+3225501100 refused");
    CHECK(contains(alfa.line(in, "+3225501100").note, "cannot be read"));
}

TEST_CASE_FIXTURE(Scheduled, "an answer for a dossier that we never opened is answered") {
    alfa.hears("BRAVO", message::Answer{DossierId{"ALFA-00009999"}, {{ranges("+3225501100")[0], {}, {}, {}, ""}}});
    CHECK(contains(alfa.last_complaint(), "UNKNOWN_DOSSIER"));
    alfa.hears("BRAVO", message::Answer{dossier, {{ranges("+3225501155")[0], {}, {}, {}, ""}}});
    CHECK(contains(alfa.last_complaint(), "NOT_IN_DOSSIER"));
    CHECK(alfa.lines(in) == "+3225501100 scheduled");
}

TEST_CASE("a transfer without our yes is a dispute for a person, and ends nothing by itself") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = market.at("ALFA").orders({});
    market.carry();
    auto const out = bravo.port_out("+3225501100");
    auto const dossier = market.at("ALFA").port(in).dossier;
    market.wait_until("2026-04-01 11:00");
    bravo.hears("ALFA", message::Performed{dossier, OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}, at("2026-04-01 10:30"),
                                           ranges("+3225501100")});
    CHECK(bravo.lines(out) == "+3225501100 disputed");
    CHECK(bravo.deadline(out, "+3225501100") == "reminder 2026-04-02 18:00");
    CHECK(bravo.contract("C-1").state == "active");
    CHECK(bravo.number("+3225501100").state == "in_service");

    SUBCASE("a person recognises it: the contract ends as of the transfer") {
        bravo.does("port.settle", out.text, R"({"recognise_transfer":true,"reason":"customer confirmed by phone"})");
        CHECK(bravo.lines(out) == "+3225501100 executed");
        CHECK(bravo.contract("C-1").state == "ended");
        CHECK(text(bravo.contract("C-1").ended_at) == "2026-04-01 10:30");
        CHECK(bravo.number("+3225501100").state == "ported_out");
    }
    SUBCASE("a person closes it: nothing changed") {
        bravo.does("port.settle", out.text, R"({"reason":"ALFA took the wrong number"})");
        CHECK(bravo.lines(out) == "+3225501100 closed");
        CHECK(bravo.contract("C-1").state == "active");
    }
}

TEST_CASE_FIXTURE(Scheduled, "a port between others only teaches the routing table") {
    auto const ports = charl.reader().count_ports({});
    market.wait_until("2026-04-08 10:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    CHECK(charl.served_by("+3225501100") == "ALFA");
    CHECK(charl.reader().count_ports({}) == ports);
    CHECK(charl.said("errorfound").empty());
}

TEST_CASE_FIXTURE(Scheduled, "only who serves a number gives it back") {
    charl.knows_block("+3225501000..+3225501999", "BRAVO");
    charl.hears("ALFA", message::Deactivation{DossierId{"ALFA-R0000001"}, OperatorCode{"BRAVO"}, OperatorCode{"CHARL"},
                                              ranges("+3225501100")});
    CHECK(contains(charl.last_complaint(), "NOT_YOUR_DOSSIER"));
    CHECK(charl.served_by("+3225501100") == "BRAVO");
}

TEST_CASE_FIXTURE(Scheduled, "a performed that cannot have happened then counts from when we heard it") {
    market.wait_until("2026-04-08 10:05");
    auto impossible = performed(dossier, "ALFA");
    impossible.at = at("2027-01-01 00:00");
    bravo.hears("ALFA", impossible);
    CHECK(bravo.lines(out) == "+3225501100 executed");
    CHECK(text(bravo.line(out, "+3225501100").effective_at) == "2026-04-08 10:05");
}

TEST_CASE("a date that nobody can mean is not believed: the donor is told, and the wait goes on") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    auto const number = ranges("+3225501100")[0];
    auto const answers = [&](std::vector<porting::Ground> grounds, std::string const& date) {
        alfa.hears("BRAVO", message::Answer{alfa.port(in).dossier, {{number, std::move(grounds), {}, at(date), ""}}});
    };
    SUBCASE("yes, from the end of time on") { answers({}, "2100-12-31 23:59:59"); }
    SUBCASE("not before the end of time") { answers({porting::Ground::technical}, "2100-12-31 23:59:59"); }
    SUBCASE("yes, from a day past the horizon on") {
        answers({}, "2027-04-02 00:01");
    } // 365 days end on 1 April 2027, 24:00
    SUBCASE("not until a day gone by") { answers({porting::Ground::technical}, "2026-03-31 10:00"); }
    CHECK(contains(alfa.last_complaint(), "IMPLAUSIBLE_DATE"));
    CHECK(alfa.lines(in) == "+3225501100 awaiting_answer");

    answers({}, "2026-03-01 10:00"); // a yes from a day gone by is a yes from now on
    CHECK(alfa.lines(in) == "+3225501100 scheduled");
    CHECK(alfa.deadline(in, "+3225501100") == "activation_time 2026-04-01 10:00");
}
