/// The talk about one dossier, word by word: what each side may say when the other does not expect it, and what follows.

#include "support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;
using porting::Ground;

namespace {

constexpr auto ten = "+3225501100..+3225501109";

/// ALFA asks BRAVO for ten numbers; every word of BRAVO's is put into its mouth. Wednesday 1 April 2026, 10:00: the answer is due
/// two working days later, Friday the 3rd, 18:00. Monday the 6th is Easter Monday.
struct Talk {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in;

    Talk() {
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = ten});
        in = alfa.orders({.numbers = ten});
    }
    DossierId dossier() const { return alfa.port(in).dossier; }
    PortId out() const { return bravo.port_out("+3225501100"); }
    std::string deadline() const { return alfa.deadline(in, "+3225501100"); }
    void asked() { market.carry(); }

    // -- BRAVO says
    static message::AnsweredRange yes(std::string const& numbers, std::string const& from) { return {ranges(numbers)[0], {}, {}, at(from), ""}; }
    static message::AnsweredRange no(std::string const& numbers, Ground ground = Ground::legal) { return {ranges(numbers)[0], {ground}, {}, {}, ""}; }
    static message::AnsweredRange not_yet(std::string const& numbers, std::string const& until) {
        return {ranges(numbers)[0], {Ground::technical}, {}, at(until), ""};
    }
    void answers(std::vector<message::AnsweredRange> said) { alfa.hears("BRAVO", message::Answer{dossier(), std::move(said)}); }
    void announces(std::optional<Moment> until) { alfa.hears("BRAVO", message::AnswerDelayed{dossier(), OperatorCode{"BRAVO"}, until, "1"}); }

    // -- ALFA does
    void withdraws() { alfa.does("port.cancel", in.text, R"({"reason":"customer stays"})"); }
    void goes_live() { alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})"); }
    void fails() { alfa.does("port.activation", in.text, R"({"failed":{"cause":"no route"},"reason":"test call"})"); }
};

/// Whether the newest event put something on the desk.
bool calls_a_person(World const& world) {
    auto const reader = world.reader();
    auto const row = reader.log(reader.head_seq() - 1, 1).at(0);
    return std::ranges::any_of(row.moves, [](auto const& move) { return std::ranges::find(move.actions, "call_a_person") != move.actions.end(); });
}

/// What was said is in the record of the newest event.
bool is_recorded(World const& world, std::string_view words) {
    auto const reader = world.reader();
    auto const row = reader.log(reader.head_seq() - 1, 1).at(0);
    return std::ranges::any_of(row.notes, [&](auto const& note) { return contains(note, words); });
}

message::ErrorFound error(DossierId const& dossier) { return {dossier, {{"", "77", "not as agreed"}}}; }

} // namespace

// --------------------------------------------------------------------------------------------------- errorfound, step by step

TEST_CASE_FIXTURE(Talk, "the donor cannot process what we said: state, deadline and desk at each step of a port-in") {
    std::string state, due;
    bool desk = true;
    auto const step = [&](std::string expected_state, std::string expected_due) { state = std::move(expected_state), due = std::move(expected_due); };

    SUBCASE("the request, before its receipt came") { step("refused", "none"); } // there is no request: nothing waits
    SUBCASE("the request") {
        asked();
        step("refused", "none");
    }
    SUBCASE("after it announced that it needs longer: it has read the request, so the wait goes on") {
        asked();
        announces(at("2026-04-07 12:00"));
        step("answer_announced_late", "announced_answer 2026-04-07 12:00");
    }
    SUBCASE("after its time was over: now we know why it was silent") {
        asked();
        market.wait_until("2026-04-03 18:00");
        REQUIRE(alfa.line(in, "+3225501100").state == "answer_overdue");
        step("refused", "none");
    }
    SUBCASE("after it postponed") {
        asked();
        answers({not_yet(ten, "2026-04-13 10:00")});
        step("postponed", "postponed_answer 2026-04-14 18:00"); // one working day after the date it named
    }
    SUBCASE("after its yes: the yes stands") {
        asked();
        answers({yes(ten, "2026-04-08 10:00")});
        step("scheduled", "activation_time 2026-04-08 10:00");
    }
    SUBCASE("while a person holds the port") {
        asked();
        answers({yes(ten, "2026-04-08 10:00")});
        alfa.does("port.hold", in.text, R"({"reason":"customer is on holiday"})");
        step("on_hold", "approval_expiry 2026-07-01 00:00"); // 90 days after 1 April are over with 30 June
    }
    SUBCASE("while our network switches") {
        asked();
        answers({yes(ten, "2026-04-08 10:00")});
        market.wait_until("2026-04-08 10:30");
        step("activating", "execution_deadline 2026-04-09 18:00"); // one working day after the agreed moment
    }
    SUBCASE("while we are late") {
        asked();
        answers({yes(ten, "2026-04-08 10:00")});
        market.wait_until("2026-04-09 18:00");
        step("activation_overdue", "reminder 2026-04-10 18:00");
    }
    SUBCASE("after our activation failed") {
        asked();
        answers({yes(ten, "2026-04-08 10:00")});
        market.wait_until("2026-04-08 11:00");
        fails();
        step("reactivating", "outage_deadline 2026-04-09 18:00");
    }
    SUBCASE("our cancel, before its receipt came") {
        asked();
        withdraws();
        step("cancelling", "cancel_deadline 2026-04-02 18:00");
    }
    SUBCASE("our cancel: perhaps it came too late") {
        asked();
        withdraws();
        market.carry();
        step("cancelled", "none");
    }
    SUBCASE("our broadcast that the port was performed") {
        asked();
        answers({yes(ten, "2026-04-08 10:00")});
        market.wait_until("2026-04-08 10:30");
        goes_live();
        step("completed", "none");
    }
    SUBCASE("after its no: nothing is open, and the record has it") {
        asked();
        answers({no(ten)});
        step("refused", "none");
        desk = false;
    }
    SUBCASE("after a person closed the port: the same") {
        asked();
        alfa.does("port.settle", in.text, R"({"reason":"ordered twice"})");
        step("closed", "none");
        desk = false;
    }
    alfa.hears("BRAVO", error(dossier()));
    CHECK(alfa.lines(in) == std::string(ten) + " " + state);
    CHECK(deadline() == due);
    CHECK(calls_a_person(alfa) == desk);
    CHECK(is_recorded(alfa, "BRAVO says: 77 not as agreed"));
    CHECK(alfa.said("errorfound").empty()); // nobody complains of a complaint
}

TEST_CASE_FIXTURE(Talk, "the recipient cannot process what we said: state, deadline and desk at each step of a port-out") {
    asked();
    auto const answer = [&](std::string const& json) { bravo.does("port.answer", out().text, json); };
    std::string state, due;
    bool desk = true;
    auto const step = [&](std::string expected_state, std::string expected_due) { state = std::move(expected_state), due = std::move(expected_due); };

    SUBCASE("before we said anything: it cannot mean us") {
        step("validating", "answer_deadline 2026-04-03 18:00");
        desk = false;
    }
    SUBCASE("our announcement that it takes longer") {
        answer(R"({"delay":{"until":"2026-04-07T12:00:00+02:00"}})");
        step("answer_delayed", "announced_answer 2026-04-07 12:00");
    }
    SUBCASE("when we are late already: a person has it on the desk") {
        market.wait_until("2026-04-03 18:00");
        step("answer_overdue", "reminder 2026-04-07 18:00"); // over Easter nobody is at the desk
        desk = false;
    }
    SUBCASE("our not-yet") {
        answer(R"({"decisions":[{"postpone":{"until":"2026-04-13T10:00:00+02:00","ground":"TECHNICAL"},"note":"new exchange"}]})");
        step("postponed", "postponement_end 2026-04-13 10:00");
    }
    SUBCASE("our yes: it stands until somebody says otherwise") {
        answer(R"({"decisions":[{"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})");
        step("awaiting_execution", "approval_expiry 2026-07-01 00:00");
    }
    SUBCASE("our no") {
        answer(R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
        step("refused", "none");
    }
    SUBCASE("when it withdrew itself") {
        bravo.hears("ALFA", message::Cancel{dossier(), ""});
        step("cancelled", "none");
        desk = false;
    }
    bravo.hears("ALFA", error(dossier()));
    CHECK(bravo.lines(out()) == std::string(ten) + " " + state);
    CHECK(bravo.deadline(out(), "+3225501100") == due);
    CHECK(calls_a_person(bravo) == desk);
    CHECK(is_recorded(bravo, "ALFA says: 77 not as agreed"));
    CHECK(bravo.said("errorfound").empty());
}

TEST_CASE("somebody cannot process our deactivation: the numbers stay returned, and a person is told") {
    Market market("2026-02-02 08:00");
    World& alfa = market.at("ALFA");
    World& charl = market.at("CHARL");
    for (auto const* const code : {"ALFA", "CHARL"}) market.at(code).knows_block("+3225501000..+3225501999", "CHARL");
    charl.has_contract({});
    auto const in = alfa.orders({.donor = "CHARL"});
    market.wait_until("2026-02-02 08:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    alfa.does("contract.terminate", "NEW-1", "{}");
    market.wait_until("2026-08-03 00:00"); // six months of ageing end with 2 August
    auto const sent = alfa.said("deactivation");
    REQUIRE(sent.size() == 1);
    auto const dossier = message::dossier_of(sent[0].body);

    alfa.hears("BRAVO", error(dossier)); // it went to everybody: anybody may say so
    CHECK(calls_a_person(alfa));
    CHECK(is_recorded(alfa, "BRAVO says: 77 not as agreed"));
    CHECK(alfa.number("+3225501100").state == "returned");
    CHECK(alfa.said("errorfound").empty());
    CHECK(alfa.said("deactivation").size() == 1); // it is not said again by itself

    alfa.hears("BRAVO", error(DossierId{"ALFA-R9999999"})); // of one that we never sent: the record is enough
    CHECK_FALSE(calls_a_person(alfa));
}

TEST_CASE_FIXTURE(Talk, "an error of the hub counts as one of the counterpart's; an error about nothing is only kept") {
    asked();
    alfa.hears("BRAVO", error(DossierId{"ALFA-00009999"}));
    CHECK(is_recorded(alfa, "not as agreed"));
    CHECK(alfa.lines(in) == std::string(ten) + " awaiting_answer");
    alfa.hears("HUB", error(dossier()));
    CHECK(alfa.lines(in) == std::string(ten) + " refused");
}

// ------------------------------------------------------------------------------------------------------- answers in pieces

TEST_CASE_FIXTURE(Talk, "an answer in three pieces: whatever their order, each number gets its own") {
    asked();
    auto const first = yes("+3225501100..+3225501103", "2026-04-08 10:00");
    auto const middle = no("+3225501104..+3225501106");
    auto const last = not_yet("+3225501107..+3225501109", "2026-04-13 10:00");
    std::vector<message::AnsweredRange> order;
    SUBCASE("forwards") { order = {first, middle, last}; }
    SUBCASE("backwards") { order = {last, middle, first}; }
    SUBCASE("the middle first") { order = {middle, last, first}; }
    SUBCASE("each repeated") { order = {first, first, middle, middle, last, last, middle, first}; }
    for (auto const& piece : order) answers({piece});
    CHECK(alfa.lines(in) == "+3225501100..+3225501103 scheduled, +3225501104..+3225501106 refused, +3225501107..+3225501109 postponed");
    CHECK(deadline() == "activation_time 2026-04-08 10:00");
    CHECK(alfa.deadline(in, "+3225501107") == "postponed_answer 2026-04-14 18:00");
    CHECK(alfa.said("errorfound").empty());
}

TEST_CASE_FIXTURE(Talk, "between the pieces the rest waits on, under its own deadline") {
    asked();
    answers({yes("+3225501103..+3225501104", "2026-04-08 10:00")});
    CHECK(alfa.lines(in) == "+3225501100..+3225501102 awaiting_answer, +3225501103..+3225501104 scheduled, +3225501105..+3225501109 awaiting_answer");
    CHECK(alfa.deadline(in, "+3225501109") == "answer_deadline 2026-04-03 18:00");
    market.wait_until("2026-04-03 18:00");
    // silence for the rest is no consent, and takes nothing from what was promised
    CHECK(alfa.lines(in) == "+3225501100..+3225501102 answer_overdue, +3225501103..+3225501104 scheduled, +3225501105..+3225501109 answer_overdue");
}

TEST_CASE_FIXTURE(Talk, "pieces that overlap: a no wins over a yes, whichever came first") {
    asked();
    std::string lines = "+3225501100..+3225501103 scheduled, +3225501104..+3225501105 refused, +3225501106..+3225501109 refused";
    auto const yes_to = yes("+3225501100..+3225501105", "2026-04-08 10:00");
    auto const no_to = no("+3225501104..+3225501109");
    SUBCASE("yes, then no: the numbers stay safe with the donor, and a person is told") {
        answers({yes_to});
        answers({no_to});
        CHECK(calls_a_person(alfa));
    }
    SUBCASE("no, then yes: a new request would be needed, and a person is told") {
        answers({no_to});
        answers({yes_to});
        CHECK(calls_a_person(alfa));
        lines = "+3225501100..+3225501103 scheduled, +3225501104..+3225501109 refused"; // never cut apart
    }
    SUBCASE("both in one message") { answers({yes_to, no_to}); }
    CHECK(alfa.lines(in) == lines);
}

TEST_CASE_FIXTURE(Talk, "a range that is wider than the dossier counts for what is of it; the rest is complained of") {
    asked();
    answers({yes("+3225501105..+3225501114", "2026-04-08 10:00")});
    CHECK(alfa.lines(in) == "+3225501100..+3225501104 awaiting_answer, +3225501105..+3225501109 scheduled");
    CHECK(contains(alfa.last_complaint(), "NOT_IN_DOSSIER +3225501110..+3225501114"));
}

TEST_CASE("lists of ranges: one dossier, several series, each answered and performed for itself") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    World& charl = market.at("CHARL");
    constexpr auto list = "+3225501100..+3225501104, +3225501110, +3225501120..+3225501129";
    bravo.answers_by_hand();
    bravo.has_contract({.numbers = list});
    auto const in = alfa.orders({.numbers = list});
    market.carry();
    auto const request = alfa.said("portingrequest");
    REQUIRE(request.size() == 1);
    CHECK(std::get<message::PortRequest>(request[0].body).numbers == ranges(list));
    auto const out = bravo.port_out("+3225501100");
    CHECK(bravo.lines(out) == "+3225501100..+3225501104 validating, +3225501110 validating, +3225501120..+3225501129 validating");

    // one range of the answer spans two series and the hole between them
    alfa.hears("BRAVO", message::Answer{alfa.port(in).dossier, {Talk::yes("+3225501100..+3225501104", "2026-04-01 10:00"),
                                                                Talk::no("+3225501110..+3225501120")}});
    CHECK(alfa.lines(in) ==
          "+3225501100..+3225501104 scheduled, +3225501110 refused, +3225501120 refused, +3225501121..+3225501129 awaiting_answer");
    CHECK(contains(alfa.last_complaint(), "NOT_IN_DOSSIER +3225501111..+3225501119"));

    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":true}],"reason":"fits"})");
    market.carry(); // BRAVO's own words now: yes to all; what it refused before stays refused
    CHECK(alfa.lines(in) == "+3225501100..+3225501104 scheduled, +3225501110 refused, +3225501120 refused, +3225501121..+3225501129 scheduled");
    market.wait_until("2026-04-01 10:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    auto const performed = alfa.said("portingperformed");
    REQUIRE(performed.size() == 1);
    CHECK(std::get<message::Performed>(performed[0].body).numbers == ranges("+3225501100..+3225501104, +3225501121..+3225501129"));
    CHECK(bravo.lines(out) == "+3225501100..+3225501104 executed, +3225501110 awaiting_execution, +3225501120 awaiting_execution, "
                              "+3225501121..+3225501129 executed");
    CHECK(charl.served_by("+3225501129") == "ALFA");
    CHECK(charl.served_by("+3225501110") == "");
}

// --------------------------------------------------------------------------------------------------- several answers, delays

TEST_CASE_FIXTURE(Talk, "two yeses with two dates: the later one counts, nothing happens too early") {
    asked();
    answers({yes(ten, "2026-04-08 10:00")});
    SUBCASE("a later one: planned anew, and a person is told") {
        answers({yes(ten, "2026-04-15 10:00")});
        CHECK(calls_a_person(alfa));
        CHECK(deadline() == "activation_time 2026-04-15 10:00");
        market.wait_until("2026-04-08 12:00");
        CHECK(alfa.lines(in) == std::string(ten) + " scheduled");
    }
    SUBCASE("an earlier one: what was agreed stays") {
        answers({yes(ten, "2026-04-07 10:00")});
        CHECK_FALSE(calls_a_person(alfa));
        CHECK(deadline() == "activation_time 2026-04-08 10:00");
        CHECK(text(alfa.line(in, "+3225501100").first_possible) == "2026-04-08 10:00");
    }
    SUBCASE("a later one while a person holds the port") {
        alfa.does("port.hold", in.text, R"({"reason":"customer is on holiday"})");
        answers({yes(ten, "2026-04-15 10:00")});
        CHECK(calls_a_person(alfa));
        CHECK(alfa.lines(in) == std::string(ten) + " on_hold");
        alfa.does("port.resume", in.text, R"({"reason":"back"})");
        CHECK(deadline() == "activation_time 2026-04-15 10:00");
    }
    SUBCASE("a later one when we switch already: too late") {
        market.wait_until("2026-04-08 10:00");
        answers({yes(ten, "2026-04-15 10:00")});
        CHECK(alfa.lines(in) == std::string(ten) + " activating");
        CHECK(deadline() == "execution_deadline 2026-04-09 18:00");
    }
}

TEST_CASE_FIXTURE(Talk, "a later yes that our own plan leaves room for changes nothing") {
    bravo.has_contract({.id = "C-2", .numbers = "+3225501200"});
    auto const wished = alfa.orders({.numbers = "+3225501200", .wish = "2026-04-20 10:00"});
    market.carry();
    auto const said = [&](std::string const& from) {
        alfa.hears("BRAVO", message::Answer{alfa.port(wished).dossier, {yes("+3225501200", from)}});
    };
    said("2026-04-08 10:00");
    said("2026-04-15 10:00");
    CHECK_FALSE(calls_a_person(alfa));
    CHECK(alfa.deadline(wished, "+3225501200") == "activation_time 2026-04-20 10:00");
}

TEST_CASE_FIXTURE(Talk, "yes, no and not-yet one after the other: the last word that ports nothing by mistake stands") {
    asked();
    SUBCASE("yes, not yet, yes") {
        answers({yes(ten, "2026-04-08 10:00")});
        answers({not_yet(ten, "2026-04-13 10:00")});
        CHECK(alfa.lines(in) == std::string(ten) + " postponed");
        CHECK(calls_a_person(alfa)); // the donor takes its word back
        answers({yes(ten, "2026-04-14 10:00")});
        CHECK(deadline() == "activation_time 2026-04-14 10:00");
    }
    SUBCASE("yes, no, not yet: no is final, and the donor hears that it contradicts itself") {
        answers({yes(ten, "2026-04-08 10:00")});
        answers({no(ten)});
        answers({not_yet(ten, "2026-04-13 10:00")});
        CHECK(alfa.lines(in) == std::string(ten) + " refused");
        CHECK(contains(alfa.last_complaint(), "OUT_OF_SEQUENCE"));
    }
    SUBCASE("no when we switch already: too late, a person is told") {
        answers({yes(ten, "2026-04-08 10:00")});
        market.wait_until("2026-04-08 10:00");
        answers({no(ten)});
        CHECK(calls_a_person(alfa));
        CHECK(alfa.lines(in) == std::string(ten) + " activating");
    }
    SUBCASE("no when the port is done: the donor hears that it is") {
        answers({yes(ten, "2026-04-08 10:00")});
        market.wait_until("2026-04-08 10:00");
        goes_live();
        answers({no(ten)});
        CHECK(alfa.lines(in) == std::string(ten) + " completed");
        CHECK(contains(alfa.last_complaint(), "OUT_OF_SEQUENCE"));
    }
}

TEST_CASE_FIXTURE(Talk, "pradelayed and then an answer, in time, late and in the wrong order") {
    asked();
    SUBCASE("in time") {
        announces(at("2026-04-07 12:00"));
        CHECK(deadline() == "announced_answer 2026-04-07 12:00");
        answers({yes(ten, "2026-04-08 10:00")});
        CHECK(deadline() == "activation_time 2026-04-08 10:00");
    }
    SUBCASE("announced twice: the newer date counts") {
        announces(at("2026-04-07 12:00"));
        announces(at("2026-04-08 12:00"));
        CHECK(deadline() == "announced_answer 2026-04-08 12:00");
    }
    SUBCASE("announced without a date: one working day") {
        announces({});
        CHECK(deadline() == "announced_answer 2026-04-02 18:00");
    }
    SUBCASE("the announced day goes by: late as any other, and an answer is still good") {
        announces(at("2026-04-07 12:00"));
        market.wait_until("2026-04-07 12:00");
        CHECK(alfa.lines(in) == std::string(ten) + " answer_overdue");
        CHECK(calls_a_person(alfa));
        answers({yes(ten, "2026-04-08 10:00")});
        CHECK(alfa.lines(in) == std::string(ten) + " scheduled");
    }
    SUBCASE("announced when it was late already: the new date is waited for") {
        market.wait_until("2026-04-03 18:00");
        announces(at("2026-04-07 12:00"));
        CHECK(deadline() == "announced_answer 2026-04-07 12:00");
    }
    SUBCASE("the announcement comes after the answer: nothing is left to announce") {
        answers({yes(ten, "2026-04-08 10:00")});
        announces(at("2026-04-07 12:00"));
        CHECK(deadline() == "activation_time 2026-04-08 10:00");
        CHECK(alfa.said("errorfound").empty());
    }
    SUBCASE("announced for some: an answer in pieces ends the wait for those only") {
        announces(at("2026-04-07 12:00"));
        answers({no("+3225501100")});
        CHECK(alfa.lines(in) == "+3225501100 refused, +3225501101..+3225501109 answer_announced_late");
        CHECK(alfa.deadline(in, "+3225501109") == "announced_answer 2026-04-07 12:00");
    }
}

TEST_CASE_FIXTURE(Talk, "an announced date that nobody can mean does not hide the silence until then") {
    asked();
    SUBCASE("past the horizon") { announces(at("2100-12-31 23:59:59")); }
    SUBCASE("a day gone by") { announces(at("2026-03-31 10:00")); }
    CHECK(contains(alfa.last_complaint(), "IMPLAUSIBLE_DATE"));
    CHECK(deadline() == "announced_answer 2026-04-02 18:00"); // as if no date had been given
    market.wait_until("2026-04-02 18:00");
    CHECK(alfa.lines(in) == std::string(ten) + " answer_overdue");
}

// ------------------------------------------------------------------------------------------ words that cross on the wire

TEST_CASE_FIXTURE(Talk, "our cancel crosses their answer: cancelled, whatever it was") {
    asked();
    withdraws();
    SUBCASE("a yes") { answers({yes(ten, "2026-04-08 10:00")}); }
    SUBCASE("a not-yet") { answers({not_yet(ten, "2026-04-13 10:00")}); }
    SUBCASE("an announcement") { announces(at("2026-04-07 12:00")); }
    SUBCASE("a yes after our cancel was taken") {
        market.carry();
        answers({yes(ten, "2026-04-08 10:00")});
    }
    SUBCASE("a no after our cancel was taken") {
        market.carry();
        answers({no(ten)});
    }
    market.carry();
    CHECK(alfa.lines(in) == std::string(ten) + " cancelled");
    CHECK(bravo.lines(out()) == std::string(ten) + " cancelled");
    CHECK(alfa.said("errorfound").empty());
    CHECK(bravo.said("errorfound").empty());
    market.wait_until("2026-04-20 10:00");
    CHECK(alfa.times("activation_time_reached") == 0);
}

TEST_CASE_FIXTURE(Talk, "our cancel crosses their no: refused, with its grounds, and the cancel's receipt changes nothing") {
    asked();
    withdraws();
    answers({no(ten)});
    CHECK(alfa.lines(in) == std::string(ten) + " refused");
    CHECK(alfa.line(in, "+3225501100").grounds == std::vector{Ground::legal});
    market.carry();
    CHECK(alfa.lines(in) == std::string(ten) + " refused");
}

TEST_CASE_FIXTURE(Talk, "their cancel crosses our answer: the numbers stay ours to keep") {
    asked();
    bravo.does("port.answer", out().text, R"({"decisions":[{"accept":{"at":"2026-04-08T10:00:00+02:00"}}]})");
    CHECK(bravo.number("+3225501100").state == "porting_out");
    bravo.hears("ALFA", message::Cancel{dossier(), "changed our mind"}); // it left before our yes arrived
    CHECK(bravo.lines(out()) == std::string(ten) + " cancelled");
    CHECK(bravo.number("+3225501100").state == "in_service");
    CHECK(bravo.may_not("port.answer", out().text, R"({"decisions":[{"accept":true}]})")[0].code == RefusalCode::illegal_now);
}

TEST_CASE_FIXTURE(Talk, "a cancel when we said no, or were late, is heard and changes no more than it must") {
    asked();
    SUBCASE("after our no") {
        bravo.does("port.answer", out().text, R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"under seizure"}]})");
        bravo.hears("ALFA", message::Cancel{dossier(), ""});
        CHECK(bravo.lines(out()) == std::string(ten) + " refused");
    }
    SUBCASE("while we are late") {
        market.wait_until("2026-04-03 18:00");
        bravo.hears("ALFA", message::Cancel{dossier(), ""});
        CHECK(bravo.lines(out()) == std::string(ten) + " cancelled");
        CHECK(bravo.deadline(out(), "+3225501100") == "none");
    }
    SUBCASE("after a part was performed: that part is gone, the rest is free") {
        bravo.does("port.answer", out().text, R"({"decisions":[{"accept":true}],"reason":"fits"})");
        bravo.hears("ALFA", message::Performed{dossier(), OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}, market.now(), ranges("+3225501100")});
        bravo.hears("ALFA", message::Cancel{dossier(), ""});
        CHECK(bravo.lines(out()) == "+3225501100 executed, +3225501101..+3225501109 cancelled");
        CHECK(contains(bravo.last_complaint(), "TOO_LATE"));
    }
}

TEST_CASE_FIXTURE(Talk, "performed before our answer: disputed whatever we were doing, and our answer comes too late") {
    asked();
    auto const takes = [&](std::string const& numbers) {
        bravo.hears("ALFA", message::Performed{dossier(), OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}, market.now(), ranges(numbers)});
    };
    SUBCASE("while we check") {}
    SUBCASE("when we announced that it takes longer") { bravo.does("port.answer", out().text, R"({"delay":{"until":"2026-04-07T12:00:00+02:00"}})"); }
    SUBCASE("when we are late") { market.wait_until("2026-04-03 18:00"); }
    SUBCASE("when we said not yet") {
        bravo.does("port.answer", out().text,
                   R"({"decisions":[{"postpone":{"until":"2026-04-13T10:00:00+02:00","ground":"TECHNICAL"},"note":"new exchange"}]})");
    }
    takes("+3225501104..+3225501105");
    CHECK(calls_a_person(bravo));
    CHECK(bravo.line(out(), "+3225501104").state == "disputed");
    CHECK(bravo.line(out(), "+3225501106").state != "disputed"); // of the others nothing was said
    CHECK(bravo.number("+3225501104").state == "in_service");    // nothing ends by a claim alone
    CHECK(bravo.served_by("+3225501104") == "ALFA");             // but calls go where the recipient serves
    bravo.may_not("port.answer", out().text, R"({"decisions":[{"numbers":["+3225501104"],"accept":true}]})");
    takes("+3225501104..+3225501105");
    CHECK(bravo.line(out(), "+3225501104").state == "disputed");
}

TEST_CASE_FIXTURE(Talk, "what is not about a dossier of ours is answered or kept, and opens nothing") {
    asked();
    DossierId const other{"BRAVO-00000042"};
    auto const ports = alfa.reader().count_ports({});
    alfa.hears("BRAVO", message::AnswerDelayed{other, OperatorCode{"BRAVO"}, {}, "1"});
    CHECK(contains(alfa.last_complaint(), "UNKNOWN_DOSSIER"));
    alfa.hears("BRAVO", message::Answer{other, {yes("+3225501100", "2026-04-08 10:00")}});
    CHECK(alfa.said("errorfound").size() == 2);
    alfa.hears("BRAVO", message::Other{"portingwish", other});
    CHECK(is_recorded(alfa, "portingwish is kept and not interpreted"));
    CHECK(alfa.said("errorfound").size() == 2);
    CHECK(alfa.reader().count_ports({}) == ports);
    CHECK(alfa.lines(in) == std::string(ten) + " awaiting_answer");
    // our own dossier is no port-out: a cancel or a performance of it waits for a request that cannot come
    alfa.hears("BRAVO", message::Cancel{dossier(), ""});
    CHECK(alfa.lines(in) == std::string(ten) + " awaiting_answer");
    CHECK(alfa.book().parked(dossier()).size() == 1);
}
