/// Who caused which part of a delay: every moment of it is somebody's, worked out by hand beside it.

#include "state_machines/port_in.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace npod;
using namespace npod::testing;

namespace {

/// One fixed number, asked for on Wednesday 1 April 10:00 as soon as possible; the donor answers by hand.
///   answer due    Thursday 2 April 18:00
///   planned       Friday 3 April 18:00
///   right begins  Tuesday 7 April 18:00 (Easter Monday does not count)
struct Late {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    Order order;
    PortId in;

    explicit Late(Order const& wanted = {}, bool reachable = true) : order(wanted) {
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = order.numbers, .network = order.network});
        if (!reachable) market.cut_off("BRAVO");
        in = alfa.orders(order);
        market.carry();
    }
    void accepts(std::string const& moment, std::string const& from) {
        market.wait_until(moment);
        bravo.does("port.answer", bravo.port_out(order.numbers.substr(0, order.numbers.find('.'))).text,
                   R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at(from)) + R"("}}]})");
        market.carry();
    }
    void goes_live(std::string const& moment) {
        market.wait_until(moment);
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        market.carry();
    }
    void moves(std::string const& to, bool agreed) {
        alfa.does("port.reschedule", in.text,
                  fmt::format(R"({{"at":"{}","agreed_by_customer":{},"reason":"x"}})", to_rfc3339(at(to)), agreed));
    }
    /// "2026-04-03 18:00 donor answer_overdue 6.00 EUR" a segment, "(in time)" when whoever was waited for was; *
    /// recourse.
    std::string segments() const {
        std::string all;
        for (auto const& line : alfa.owes(in).lines)
            for (auto const& segment : line.segments)
                all += fmt::format("{} {}{} {}{} {}\n", text(segment.from), name_of(segment.causer),
                                   segment.recourse ? "*" : "", segment.state, segment.in_time ? " (in time)" : "",
                                   to_string(segment.amount));
        return all;
    }
    std::string reason(std::size_t i) const { return alfa.owes(in).lines.at(0).segments.at(i).reason; }
};

} // namespace

TEST_CASE("a silent donor causes its silence, and the late date that it then names") {
    Late story;
    story.accepts("2026-04-09 09:00", "2026-04-10 10:00");
    story.goes_live("2026-04-10 10:00");
    // days begun after the 7th 18:00: the 8th and 9th in silence, the 10th while its first possible date was awaited
    CHECK(story.segments() == "2026-04-03 18:00 donor* answer_overdue 6.00 EUR\n"
                              "2026-04-09 09:00 donor* scheduled 3.00 EUR\n");
    CHECK(story.reason(0) == "The donor was silent past its deadline.");
    CHECK(story.reason(1) == "The donor's first possible date lay ahead.");
    auto const owed = story.alfa.owes(story.in);
    CHECK(owed.payer == "recipient"); // whoever caused it
    REQUIRE(owed.caused.size() == 1);
    CHECK(owed.caused[0].causer == porting::Causer::donor);
    CHECK(owed.caused[0].days == 3);
    CHECK(to_string(owed.caused[0].amount) == "9.00 EUR");
    CHECK(owed.caused[0].recourse);
}

TEST_CASE("a step done in its own legal time is the doing of whoever overran before it") {
    Late story;
    story.accepts("2026-04-03 17:30", "2026-04-03 17:30"); // a day late; the window is open until 18:00
    story.goes_live("2026-04-07 10:00");                   // the law gives us until Tuesday the 7th 18:00
    CHECK(story.segments() == "2026-04-03 18:00 donor* activating (in time) 0.00 EUR\n");
    CHECK(story.reason(0) == "Our network was switching the numbers on, within the legal time; the donor's overrun had "
                             "pushed this step past the plan.");
}

TEST_CASE("past our own legal time it is ours again, whoever was late before") {
    Late story;
    story.accepts("2026-04-03 17:30", "2026-04-03 17:30");
    story.goes_live("2026-04-09 10:00"); // our term ended on Tuesday the 7th 18:00; the 8th and 9th are begun after it
    CHECK(story.segments() == "2026-04-03 18:00 donor* activating (in time) 0.00 EUR\n"
                              "2026-04-07 18:00 recipient activation_overdue 6.00 EUR\n");
    CHECK(story.reason(1) == "Our network was past the legal time.");
}

TEST_CASE("a closed porting window is the calendar's") {
    Late story;
    story.accepts("2026-04-03 18:30",
                  "2026-04-03 18:30"); // after hours: the window opens on Tuesday, after Easter Monday
    CHECK(story.alfa.deadline(story.in, "+3225501100") == "activation_time 2026-04-07 08:00");
    story.goes_live("2026-04-07 12:00");
    CHECK(story.segments() == "2026-04-03 18:00 donor* answer_overdue 0.00 EUR\n"
                              "2026-04-03 18:30 calendar scheduled 0.00 EUR\n"
                              "2026-04-07 08:00 donor* activating (in time) 0.00 EUR\n");
    CHECK(story.reason(1) == "The porting window was closed; the donor's overrun had led there.");
}

TEST_CASE("a wish for a Sunday waits for Monday: the calendar's, and ours from then on") {
    Late story({.wish = "2026-04-12 10:00"});
    story.accepts("2026-04-02 10:00", "2026-04-02 10:00");
    CHECK(story.alfa.deadline(story.in, "+3225501100") == "activation_time 2026-04-13 08:00");
    story.goes_live("2026-04-15 10:00");
    // planned Sunday the 12th 10:00, right from Monday the 13th 18:00; our term from Monday 08:00 ends on Tuesday
    // 18:00. The 14th began while we were in time, pushed by nobody but the calendar; the 15th when we were late.
    CHECK(story.segments() == "2026-04-12 10:00 calendar scheduled 0.00 EUR\n"
                              "2026-04-13 08:00 calendar activating (in time) 3.00 EUR\n"
                              "2026-04-14 18:00 recipient activation_overdue 3.00 EUR\n");
}

TEST_CASE("our own hold and another moment of our own are ours; one that the subscriber agreed to is no delay") {
    Late story;
    story.accepts("2026-04-01 10:00", "2026-04-03 10:00");

    SUBCASE("ours") {
        story.alfa.does("port.hold", story.in.text, R"({"reason":"our exchange is full"})");
        story.market.wait_until("2026-04-08 09:00");
        story.moves("2026-04-20 10:00", false);
        story.goes_live("2026-04-20 10:05");
        // the 8th began under the hold, the 9th to the 20th (12 days) before our moment
        CHECK(story.segments() == "2026-04-03 18:00 recipient on_hold 3.00 EUR\n"
                                  "2026-04-08 09:00 recipient scheduled 36.00 EUR\n"
                                  "2026-04-20 10:00 recipient activating (in time) 0.00 EUR\n");
        CHECK(story.reason(1) == "We had moved the agreed moment.");
    }
    SUBCASE("agreed: the plan moves along") {
        story.moves("2026-04-20 10:00", true);
        story.goes_live("2026-04-20 10:00");
        CHECK(story.segments() == "");
    }
    SUBCASE("the donor's date, then ours behind it: each has its part") {
        // the donor's date of Friday 3 April 10:00 is before the plan; ours is a week behind it
        story.moves("2026-04-10 10:00", false);
        story.moves("2026-04-13 10:00", false);
        story.goes_live("2026-04-13 10:00");
        CHECK(story.segments() == "2026-04-03 18:00 recipient scheduled 18.00 EUR\n"); // the 8th to the 13th
    }
}

TEST_CASE("who agrees to a later date gives up nothing that has accrued") {
    Late story;
    story.accepts("2026-04-09 09:00", "2026-04-13 10:00");
    CHECK(story.alfa.owes(story.in).total.cents == 600); // the 8th and 9th
    story.moves("2026-04-20 10:00", true);               // the subscriber would rather have Monday in a week
    CHECK(story.alfa.owes(story.in).total.cents == 600);
    story.market.wait_until("2026-04-19 09:00");
    CHECK(story.alfa.owes(story.in).total.cents == 600); // the wait that he asked for does not accrue
    story.goes_live("2026-04-22 10:00");
    // planned the 20th 10:00, right from the 21st 18:00: the 22nd is begun after it
    auto const owed = story.alfa.owes(story.in);
    CHECK(owed.total.cents == 900);
    CHECK(story.segments() == "2026-04-03 18:00 donor* answer_overdue 6.00 EUR\n"
                              "2026-04-20 10:00 recipient activating (in time) 0.00 EUR\n"
                              "2026-04-21 18:00 recipient activation_overdue 3.00 EUR\n");
    CHECK(contains(owed.lines[0].sentence,
                   "2 civil days begun after Tue 7 Apr 2026 18:00 until a later date was agreed with "
                   "the subscriber at Thu 9 Apr 2026 09:00; planned Mon 20 Apr 2026 10:00; 1 civil "
                   "day begun after"));
    CHECK(contains(owed.lines[0].sentence, "1 number x 3 days x 3.00 EUR = 9.00 EUR."));
    CHECK(*story.alfa.claim(story.in).amount == owed.total);
}

TEST_CASE("what the interchange does not take is the interchange's, and the donor's time begins when it hears of it") {
    // One mobile number: the answer is due on the same day, the plan one working day after it: Thursday 2 April 18:00.
    Late story({.numbers = "+32471234567", .network = "mobile"}, false);
    story.market.wait_until("2026-04-01 18:00");
    CHECK(story.alfa.lines(story.in) == "+32471234567 answer_overdue");
    story.market.wait_until("2026-04-02 17:30");
    story.market.reconnect("BRAVO");
    story.market.carry(); // after the cut-off of 17:00: the donor has until Friday the 3rd 18:00
    story.accepts("2026-04-03 09:00", "2026-04-03 09:00");
    story.goes_live("2026-04-03 11:00");
    CHECK(story.segments() == "2026-04-02 18:00 hub* awaiting_answer (in time) 0.00 EUR\n"
                              "2026-04-03 09:00 hub* activating (in time) 0.00 EUR\n");
    CHECK(story.reason(0) ==
          "The donor's answer was awaited, within the legal time; the interchange's overrun had pushed "
          "this step past the plan.");
}

TEST_CASE("an order that came back undelivered and lies on our desk is ours to send again") {
    Late story({}, false);
    story.market.wait_until("2026-04-02 18:00"); // a working day without a receipt: given up
    CHECK(story.alfa.lines(story.in) == "+3225501100 draft");
    story.market.wait_until("2026-04-07 09:00");
    story.market.reconnect("BRAVO");
    story.alfa.does("port.submit", story.in.text, R"({"reason":"the interchange is back"})");
    story.market.carry();
    story.accepts("2026-04-08 10:00", "2026-04-08 10:00"); // in time: due on the 8th 18:00
    story.goes_live("2026-04-08 10:00");
    CHECK(story.segments() == "2026-04-03 18:00 recipient draft 0.00 EUR\n"
                              "2026-04-07 09:00 recipient awaiting_answer (in time) 3.00 EUR\n");
}

TEST_CASE("lines that were cut apart keep what they waited for together, and differ from then on") {
    Late story({.numbers = "+3225501100..+3225501109"});
    // complex: answer due on Friday 3 April 18:00, planned on Tuesday the 7th, right from Wednesday the 8th 18:00
    story.market.wait_until("2026-04-09 09:00");
    story.bravo.does(
        "port.answer", story.bravo.port_out("+3225501100").text,
        R"({"decisions":[{"numbers":[{"first":"+3225501100","last":"+3225501107"}],"accept":{"at":"2026-04-09T09:00:00+02:00"}},
                        {"numbers":[{"first":"+3225501108","last":"+3225501109"}],"postpone":{"until":"2026-04-13T09:00:00+02:00","ground":"TECHNICAL"},"note":"the fax lines hang on an old exchange"}]})");
    story.market.wait_until("2026-04-09 09:00"); // the agreed moment is now
    story.alfa.does("port.activation", story.in.text,
                    R"({"numbers":[{"first":"+3225501100","last":"+3225501107"}],"done":true,"reason":"test call"})");
    story.market.carry();
    story.market.wait_until("2026-04-10 09:00");
    // the 9th began in silence: 8 x 5.00 EUR and 2 x 5.00 EUR; the two have the 10th besides, under the postponement
    CHECK(story.segments() == "2026-04-07 18:00 donor* answer_overdue 40.00 EUR\n"
                              "2026-04-07 18:00 donor* answer_overdue 10.00 EUR\n"
                              "2026-04-09 09:00 donor* postponed 10.00 EUR\n");
}

TEST_CASE("where the law counts from the request even for a chosen date, the subscriber's own wish is his") {
    // be.comp.planned.*.date can be configured to mean request + total: planned on Friday 3 April 18:00, wished for the
    // 15th.
    porting::Port port;
    port.wish = {true, at("2026-04-15 10:00")};
    porting::Line line;
    line.state = "scheduled";
    line.planned_at = at("2026-04-03 18:00");
    line.first_possible = at("2026-04-08 09:00");
    line.agreed_at = at("2026-04-15 10:00");
    auto const book = rules::Rulebook::shipped("be");
    auto const turns = porting::turns_of_schedule(port, line, at("2026-04-02 10:00"), book.calendar());
    porting::take_turns(line, at("2026-04-02 10:00"), turns);
    porting::take_turns(line, at("2026-04-15 10:00"),
                        {{at("2026-04-15 10:00"), "activating", porting::Causer::recipient, at("2026-04-16 18:00")}});
    auto const segments = porting::delay_segments(line, *line.planned_at, at("2026-04-15 12:00"));
    // the donor could not before the 8th, the subscriber would not before the 15th; what follows in time is his, too
    REQUIRE(segments.size() == 3);
    CHECK(segments[0].causer == porting::Causer::donor);
    CHECK(text(segments[0].until) == "2026-04-08 09:00");
    CHECK(segments[1].causer == porting::Causer::subscriber);
    CHECK(text(segments[1].until) == "2026-04-15 10:00");
    CHECK_FALSE(segments[1].recourse);
    CHECK(segments[2].causer == porting::Causer::subscriber);
    CHECK(segments[2].in_time);
}

TEST_CASE("turns that lie ahead are void once something else happens, and nobody is written twice") {
    porting::Line line;
    auto const friday = at("2026-04-03 19:00"), tuesday = at("2026-04-07 08:00"), monday = at("2026-04-06 12:00");
    porting::take_turns(
        line, friday,
        {{friday, "scheduled", porting::Causer::donor, {}}, {tuesday, "scheduled", porting::Causer::calendar, {}}});
    porting::take_turns(line, monday, {{monday, "on_hold", porting::Causer::recipient, {}}});
    REQUIRE(line.turns.size() == 2);
    CHECK(line.turns[1].state == "on_hold");
    porting::take_turns(line, tuesday, {{tuesday, "on_hold", porting::Causer::recipient, {}}});
    CHECK(line.turns.size() == 2); // he is waited for already
    CHECK(porting::delay_segments(line, friday, friday).empty());
    porting::Line const old; // of a file from before turns were kept
    auto const unknown = porting::delay_segments(old, friday, tuesday);
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].reason == "Nothing is recorded of this time.");
}

TEST_CASE("every state in which a port-in waits has a row in the rule, and none is made up") {
    for (auto const& state : port_in::table.states) {
        bool const waits = state.kind == machine::Kind::waiting;
        CAPTURE(state.name);
        CHECK((porting::blame(state.name, porting::Causer::recipient).state == state.name) == waits);
    }
    CHECK(porting::blame("nowhere", porting::Causer::donor).reason == "Nothing is recorded of this time");
}
