/// What must hold whatever happens, tried with fixed seeds.

#include "porting/explain.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace npod;
using namespace npod::testing;
using porting::Line;
using porting::Role;

namespace {

constexpr std::int64_t first_digits = 3225501100;

/// Numbers of dice; the same seed throws the same.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    int upto(int most) {
        return static_cast<int>(engine_() % static_cast<unsigned>(most + 1));
    } // std's distributions differ between libraries

private:
    std::mt19937 engine_;
};

std::string json_range(int from, int to) {
    return R"({"first":"+)" + std::to_string(first_digits + from) + R"(","last":"+)" +
           std::to_string(first_digits + to) + R"("})";
}

/// Every number of the port is in exactly one line.
void no_number_lost_or_doubled(World const& world, PortId const& id, std::int64_t expected) {
    std::vector<porting::NumberRange> all;
    std::int64_t sum = 0;
    for (auto const& line : world.book().lines(id)) {
        all.push_back(line.numbers);
        sum += line.numbers.count();
    }
    CHECK(sum == expected);
    CHECK(porting::count(porting::joined(all)) == expected);
}

std::vector<Line> with_states(std::vector<std::string> const& states) {
    std::vector<Line> lines;
    for (auto const& state : states) {
        Line line;
        line.state = state;
        lines.push_back(line);
    }
    return lines;
}

} // namespace

TEST_CASE("however answers cut a port, no number is lost or doubled, and uncut parts keep their deadline") {
    for (unsigned seed = 1; seed <= 25; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        Market market("2026-04-01 10:00", {"ALFA", "BRAVO"});
        World& alfa = market.at("ALFA");
        World& bravo = market.at("BRAVO");
        bravo.answers_by_hand();
        bravo.has_contract({.numbers = "+3225501100..+3225501119"});
        auto const in = alfa.orders({.numbers = "+3225501100..+3225501119"});
        market.carry();
        auto const out = bravo.port_out("+3225501100");
        auto const deadline = bravo.deadline(out, "+3225501100");

        for (int answer = 0; answer < 6; ++answer) {
            int const from = dice.upto(19), to = std::min(19, from + dice.upto(5));
            char const* const decisions[] = {
                R"("accept":{"at":"2026-04-08T10:00:00+02:00"})", R"("note":"seized","refuse":{"grounds":["LEGAL"]})",
                R"("postpone":{"until":"2026-04-13T10:00:00+02:00","ground":"TECHNICAL"},"note":"exchange")"};
            // may be refused when a part of it is decided already: then nothing may change
            bravo.command("port.answer", out.text,
                          std::string(R"({"decisions":[{"numbers":[)") + json_range(from, to) + "]," +
                              decisions[dice.upto(2)] + "}]}");
            market.carry();
            no_number_lost_or_doubled(bravo, out, 20);
            no_number_lost_or_doubled(alfa, in, 20);
            for (auto const& line : bravo.book().lines(out))
                if (line.state == "validating") CHECK(bravo.deadline(subject_of(line)) == deadline);
        }
        for (int n = 0; n < 20; ++n) { // both sides know the same of every number
            auto const number = "+" + std::to_string(first_digits + n);
            auto const ours = bravo.line(out, number).state, theirs = alfa.line(in, number).state;
            CHECK((ours == "validating") == (theirs == "awaiting_answer"));
            CHECK((ours == "awaiting_execution") == (theirs == "scheduled"));
            CHECK((ours == "refused") == (theirs == "refused"));
            CHECK((ours == "postponed") == (theirs == "postponed"));
        }
    }
}

TEST_CASE("compensation never shrinks while time goes by") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    auto const in = alfa.orders({.numbers = "+3225501100..+3225501104"});
    auto const port = alfa.port(in);
    auto const lines = alfa.book().lines(in);
    Money before;
    for (int hour = 0; hour < 24 * 60; ++hour) { // sixty days, over a holiday or two
        auto const owed =
            porting::compensation(port, lines, alfa.rulebook(), port.requested_at + std::chrono::hours{hour}).total;
        REQUIRE(before <= owed);
        CHECK((owed.cents - before.cents) % 2500 == 0); // by whole days of 5 numbers x 5.00 EUR
        before = owed;
    }
    // 60 days less one hour after 1 April 10:00 is 31 May 09:00; the right began on Wednesday 8 April 18:00:
    // the 9th to the 30th of April are 22 days, May has 31
    CHECK(before.cents == 53 * 5 * 500);
}

TEST_CASE("the roll-up of lines says the worst that is open, and partly when something is settled") {
    using porting::roll_up;
    CHECK(roll_up(Role::port_in, {}) == "");
    CHECK(roll_up(Role::port_in, with_states({"scheduled", "scheduled"})) == "scheduled");
    CHECK(roll_up(Role::port_in, with_states({"scheduled", "answer_overdue"})) == "answer_overdue");
    CHECK(roll_up(Role::port_in, with_states({"completed", "scheduled"})) == "partly_scheduled");
    CHECK(roll_up(Role::port_in, with_states({"completed", "refused"})) == "partly_completed");
    CHECK(roll_up(Role::port_in, with_states({"cancelled", "refused"})) == "closed");
    CHECK(roll_up(Role::port_out, with_states({"executed", "lapsed"})) == "partly_executed");
    CHECK(roll_up(Role::port_out, with_states({"awaiting_execution", "disputed"})) == "disputed");
}

TEST_CASE("the roll-up has a word for any two states, in either order") {
    auto const pairs_of = [](Role role, auto const& table) {
        for (auto const& a : table.states)
            for (auto const& b : table.states) {
                CAPTURE(a.name);
                CAPTURE(b.name);
                auto const word = porting::roll_up(role, with_states({std::string(a.name), std::string(b.name)}));
                CHECK(word != "");
                CHECK(word == porting::roll_up(role, with_states({std::string(b.name), std::string(a.name)})));
                bool const settled = porting::line_settled(role, a.name) && porting::line_settled(role, b.name);
                bool const none = !porting::line_settled(role, a.name) && !porting::line_settled(role, b.name);
                bool const partly = word.starts_with("partly_");
                if (none) CHECK_FALSE(partly);
                if (!settled && !none) CHECK(partly);
            }
    };
    pairs_of(Role::port_in, port_in::table);
    pairs_of(Role::port_out, port_out::table);
}
