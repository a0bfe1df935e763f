/// What a market member may not make us believe, and what one message of his may cost us at most.

#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

constexpr auto ours = "+3225501100..+3225501109";

/// BRAVO serves ten numbers of its own block; ALFA and CHARL say things about them.
struct Served {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    OperatorCode const alfa_code{"ALFA"}, charl_code{"CHARL"};

    Served() {
        bravo.answers_by_hand();
        bravo.knows_block("+3225501000..+3225501999", "BRAVO");
        bravo.has_contract({.numbers = ours});
    }
    /// Asked with a request of ALFA's for the first of the ten.
    PortId asked_for_one() {
        alfa.orders({.numbers = "+3225501100"});
        market.carry();
        return bravo.port_out("+3225501100");
    }
};

} // namespace

TEST_CASE_FIXTURE(Served, "a port between others cannot take a number whose contract is with us") {
    // the last of the ten and one that nobody here knows: only that one may have gone from CHARL to ALFA
    bravo.hears("ALFA", message::Performed{DossierId{"ALFA-9001"}, alfa_code, charl_code, {}, ranges("+3225501109")});
    bravo.hears("ALFA", message::Performed{DossierId{"ALFA-9002"}, alfa_code, charl_code, {}, ranges("+3226601100")});
    CHECK(bravo.served_by("+3225501109") == "BRAVO");
    CHECK(bravo.served_by("+3226601100") == "ALFA");
    CHECK(contains(bravo.last_complaint(), "+3225501109 is served by BRAVO"));
    CHECK(bravo.said("errorfound").size() == 1);
}

TEST_CASE_FIXTURE(Served, "a dossier takes its own numbers and no other") {
    auto const out = bravo.port(asked_for_one());
    bravo.does("port.answer", out.id.text, R"({"decisions":[{"accept":true}],"reason":"fits",
                   "fates":[{"first":"+3225501101","last":"+3225501109","fate":"keep"}]})");
    market.carry();
    market.wait_until("2026-04-03 12:00");
    bravo.hears("ALFA", message::Performed{out.dossier, alfa_code, OperatorCode{"BRAVO"}, {}, ranges(ours)});
    CHECK(bravo.served_by("+3225501100") == "ALFA");
    CHECK(bravo.served_by("+3225501101") == "BRAVO");
    CHECK(contains(bravo.last_complaint(), "+3225501101..+3225501109 is not of this dossier"));
}

TEST_CASE_FIXTURE(Served, "nobody gives back a number whose contract is with us") {
    bravo.hears("ALFA", message::Deactivation{DossierId{"ALFA-9003"}, alfa_code, charl_code, ranges("+3225501105")});
    CHECK(bravo.served_by("+3225501105") == "BRAVO");
    CHECK(bravo.number("+3225501105").state == "in_service");
    CHECK(contains(bravo.last_complaint(), "+3225501105 is served by BRAVO"));
}

TEST_CASE_FIXTURE(Served, "no member takes our block, nor a block in another's name") {
    // BRAVO's block lies inside this range: neither its first nor its last number gives that away
    bravo.hears("ALFA", message::RangeChange{DossierId{"ALFA-9004"}, alfa_code, true, market.now(),
                                             ranges("+3225500000..+3225509999"), {}});
    CHECK(bravo.book().block_holder(number("+3225501500")) == OperatorCode{"BRAVO"});
    CHECK(!bravo.book().block_holder(number("+3225500000")));
    CHECK(contains(bravo.last_complaint(), "touches a block of BRAVO"));

    bravo.hears("CHARL", message::RangeChange{DossierId{"ALFA-9005"}, alfa_code, true, market.now(),
                                              ranges("+3225600000..+3225600999"), {}});
    CHECK(!bravo.book().block_holder(number("+3225600000")));
    CHECK(contains(bravo.last_complaint(), "NOT_YOUR_DOSSIER"));

    bravo.hears("ALFA", message::RangeChange{DossierId{"ALFA-9006"}, alfa_code, true, market.now(),
                                             ranges("+3225600000..+3225600999"), {}});
    CHECK(bravo.book().block_holder(number("+3225600999")) == alfa_code);
}

TEST_CASE_FIXTURE(Served, "a block is given up by its holder alone; what was ported out of it stays where it is") {
    auto const change = [&](std::string const& by, OperatorCode const& holder, bool activation, std::string const& numbers) {
        bravo.hears(by, message::RangeChange{DossierId{"ALFA-9007"}, holder, activation, market.now(), ranges(numbers), {}});
    };
    change("ALFA", alfa_code, true, "+3225600000..+3225600999");
    change("CHARL", charl_code, true, "+3225601000..+3225601999");
    bravo.hears("CHARL", message::Performed{DossierId{"CHARL-1"}, charl_code, alfa_code, {}, ranges("+3225600500")});

    change("ALFA", alfa_code, false, "+3225600400..+3225601999"); // reaches into CHARL's block
    CHECK(bravo.served_by("+3225600399") == "ALFA");
    CHECK(bravo.served_by("+3225600400") == "");
    CHECK(bravo.served_by("+3225600500") == "CHARL");
    CHECK(bravo.served_by("+3225601000") == "CHARL");
    CHECK(bravo.said("errorfound").empty());

    change("HUB", OperatorCode{"BRAVO"}, false, "+3225501000..+3225501999"); // ours is nobody's to give up by a message
    CHECK(bravo.served_by("+3225501100") == "BRAVO");
    CHECK(contains(bravo.last_complaint(), "touches a block of BRAVO"));
}

TEST_CASE_FIXTURE(Served, "a block changes hands on the day that its message names, not before") {
    auto const says = [&](bool activation, std::string const& planned) {
        bravo.hears("ALFA", message::RangeChange{DossierId{"ALFA-9008"}, alfa_code, activation, at(planned), ranges("+3225600000..+3225600999"), {}});
    };
    says(true, "2026-04-08 00:00");
    CHECK(bravo.served_by("+3225600000") == "");
    auto const row = bravo.reader().head_seq();
    CHECK(bravo.deadline({porting::SubjectKind::parked, std::to_string(row)}) == "planned_day 2026-04-08 00:00");
    market.wait_until("2026-04-07 23:59");
    CHECK(bravo.served_by("+3225600000") == "");
    market.wait_until("2026-04-08 00:00");
    CHECK(bravo.served_by("+3225600000") == "ALFA");

    says(false, "2026-05-01 00:00");
    market.wait_until("2026-04-30 23:59");
    CHECK(bravo.served_by("+3225600000") == "ALFA");
    market.wait_until("2026-05-01 00:00");
    CHECK(bravo.served_by("+3225600000") == "");
    CHECK(bravo.said("errorfound").empty());

    says(true, "2100-12-31 00:00"); // a day that nobody can mean is no day: at once, as the message came
    CHECK(bravo.served_by("+3225600000") == "ALFA");
}

TEST_CASE_FIXTURE(Served, "all that is wrong with one dossier goes back in one message") {
    auto const out = bravo.port(asked_for_one());
    message::Performed performed{out.dossier, alfa_code, OperatorCode{"BRAVO"}, {}, {}};
    for (int i = 0; i < 500; ++i) // every other number, so that no two join
        performed.numbers.push_back(ranges(fmt::format("+32266{:05}", 2 * i)).front());
    bravo.hears("ALFA", performed);
    auto const complaints = bravo.said("errorfound");
    REQUIRE(complaints.size() == 1);
    CHECK(std::get<message::ErrorFound>(complaints[0].body).items.size() == 500);
}

TEST_CASE_FIXTURE(Served, "a performance or a return of more numbers than anybody has is answered, not carried out") {
    auto const sent = [](std::string_view type, std::string_view content) {
        return fmt::format(R"({{"message":{{"header":{{"sender":{{"networkoperator":"ALFA"}},)"
                           R"("receiver":{{"networkoperator":"ALLO"}},"timestamp":"20260401100000"}},)"
                           R"("body":{{"{}":{}}}}}}})",
                           type, content);
    };
    // 900 million numbers: looked at one by one, they would keep the writer busy for hours
    bravo.hears_bytes("ALFA", "portingperformed",
                      sent("portingperformed",
                           R"({"dossierid":"ALFA-9007","recipientnetworkoperator":"ALFA","donornetworkoperator":"CHARL",)"
                           R"("repeats":[{"seq":{"numberseries":{"start":"0100000000","end":"0999999999"}}}]})"));
    CHECK(contains(bravo.last_complaint(), "more than 10000 numbers"));
    bravo.hears_bytes("ALFA", "deactivation",
                      sent("deactivation", R"({"dossierid":"ALFA-9008","currentnetworkoperator":"ALFA",)"
                                           R"("repeats":[{"seq":{"numberseries":{"start":"0100000000","end":"0999999999"}}}]})"));
    CHECK(contains(bravo.last_complaint(), "more than 20000 numbers"));
    CHECK(bravo.served_by("+32100000000") == "");
}

TEST_CASE_FIXTURE(Served, "a long complaint is cut between letters, not within one, and kept short") {
    auto const in = alfa.orders({.numbers = "+3225501100"});
    market.carry();
    std::string letters; // 2 bytes each, after an odd start: a cut at any fixed number of bytes would halve one
    for (int i = 0; i < 450; ++i) letters += "\xc3\xa9";
    alfa.hears("BRAVO", message::ErrorFound{alfa.port(in).dossier, {{"", "9", letters}, {"", "10", letters}}});
    auto const note = alfa.line(in, "+3225501100").note;
    REQUIRE(!note.empty());
    // "BRAVO says: 9 " is 14 characters, so that 186 of the 200 kept are letters of two bytes: 14 + 372
    CHECK(note.size() == 386);
    CHECK(note.substr(note.size() - 2) == "\xc3\xa9");
}
