/// A year of chance: three operators order, answer, withdraw, terminate, fail and fall silent as the dice say. Whatever
/// they do, no number is served twice, no wait goes unnoticed, and every book survives its audit. A failing seed is
/// printed and plays the same again.

#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

constexpr int numbers_of_the_market = 12;
char const* const codes[] = {"ALFA", "BRAVO", "CHARL"};

constexpr int installation = 3; ///< numbers of one customer

std::string number_text(int i) { return "+" + std::to_string(3225501100 + i); }

std::string installation_of(int i) {
    int const first = i - i % installation;
    return number_text(first) + ".." + number_text(first + installation - 1);
}

std::string others_of(int i) {
    std::string others;
    for (int k = i - i % installation; k < i - i % installation + installation; ++k)
        if (k != i) others += (others.empty() ? "" : ", ") + number_text(k);
    return others;
}

/// One seed's market and what chance does to it.
class Year {
public:
    explicit Year(unsigned seed) : dice_(seed) {
        for (auto const* const code : codes) {
            market_.at(code).knows_block("+3225501000..+3225501999", "BRAVO");
            if (upto(2) == 0) market_.at(code).answers_by_hand();
        }
        for (int i = 0; i < numbers_of_the_market; i += installation)
            market_.at("BRAVO").has_contract({.id = "C-" + number_text(i), .numbers = installation_of(i)});
    }

    void disturb() {
        World& world = market_.at(codes[upto(2)]);
        switch (upto(16)) {
        case 0:
        case 1: return order(world);
        case 2:
        case 3: return answer(world);
        case 4: return act(world, "port.cancel", R"({"reason":"x"})");
        case 5: return act(world, upto(1) == 0 ? "port.hold" : "port.resume", R"({"reason":"x"})");
        case 6:
            return act(world, "port.reschedule",
                       fmt::format(R"({{"at":"{}","agreed_by_customer":{},"reason":"x"}})", later(20), upto(1) == 0));
        case 7:
        case 8:
            return act(world, "port.activation",
                       upto(3) == 0 ? R"({"failed":{"cause":"x"},"reason":"x"})" : R"({"done":true,"reason":"x"})");
        case 9: return terminate(world);
        case 10: return upto(1) == 0 ? market_.cut_off(world.code().text) : reconnect();
        case 11:
        case 12:
        case 13: return wait();
        default: return goes_live(world);
        }
    }
    void calm_down() {
        reconnect();
        market_.wait_until(text(market_.now())); // carries what is left and fires what is due
    }
    /// Once everybody has heard everything, a number has one home.
    void no_number_has_two_homes() {
        for (int i = 0; i < numbers_of_the_market; ++i) {
            int homes = 0;
            for (auto const* const code : codes) homes += serves(code, i) ? 1 : 0;
            CHECK_MESSAGE(homes <= 1, number_text(i));
        }
    }
    std::int64_t transfers() {
        std::int64_t count = 0;
        for (auto const* const code : codes) count += market_.at(code).times("activation_done");
        return count;
    }
    /// Within the law's year every wait has ended one way or another, or a person is being reminded of it.
    void nobody_waits_unnoticed() {
        for (auto const* const code : codes)
            for (auto const& timer : market_.at(code).reader().timers(10'000)) CHECK(timer.due > market_.now());
    }

    /// Whatever happened, the parts of every delay join without a gap and add up to its days and cents.
    void every_delay_has_its_causers() {
        for (auto const* const code : codes) {
            World& world = market_.at(code);
            storage::PortFilter filter;
            filter.role = porting::Role::port_in;
            filter.limit = 10'000;
            for (auto const& port : world.reader().ports(filter)) {
                CAPTURE(port.id.text);
                auto const owed = world.owes(port.id);
                Money caused, lines;
                for (auto const& line : owed.lines) {
                    causers_add_up(line);
                    lines += line.amount;
                }
                for (auto const& one : owed.caused) caused += one.amount;
                CHECK(caused == lines);
                never_shrinks(code + port.id.text, owed);
            }
        }
    }
    std::map<porting::Causer, int> const& causers() const { return causers_; }

private:
    /// Whatever is agreed on the way: what has accrued stays, until a line ends (without a transfer nothing is due for it).
    void never_shrinks(std::string const& port, porting::Compensation const& owed) {
        auto const ended = std::ranges::count_if(owed.lines, [](auto const& line) { return line.final; });
        auto const [known, fresh] = last_owed_.try_emplace(port, ended, owed.total);
        if (!fresh && known->second.first == ended) CHECK(owed.total >= known->second.second);
        known->second = {ended, owed.total};
    }
    void causers_add_up(porting::LineCompensation const& line) {
        auto plans = line.earlier;
        if (line.until) plans.push_back({line.planned_at, line.starts_at, *line.until, 0});
        std::size_t next = 0;
        std::int64_t days = 0;
        Money amount;
        for (auto const& plan : plans)
            for (Moment reached = plan.planned_at; reached < plan.until; ++next) {
                REQUIRE(next < line.segments.size());
                auto const& segment = line.segments[next];
                REQUIRE(segment.from == reached);
                REQUIRE(segment.until > segment.from);
                CHECK(segment.until <= plan.until);
                CHECK(segment.days >= 0);
                reached = segment.until;
                days += segment.days;
                amount += segment.amount;
                ++causers_[segment.causer];
            }
        CHECK(next == line.segments.size());
        CHECK(days == line.days);
        CHECK(amount == line.amount);
    }
    int upto(int most) { return static_cast<int>(dice_() % static_cast<unsigned>(most + 1)); }
    std::string later(int days) { return to_rfc3339(market_.now() + std::chrono::hours{24 * upto(days) + 1}); }
    bool serves(std::string const& code, int i) {
        auto const record = market_.at(code).book().number(number(number_text(i)));
        return record && (record->state == "in_service" || record->state == "porting_out");
    }
    std::string home_of(int i) {
        for (auto const* const code : codes)
            if (serves(code, i)) return code;
        return "BRAVO";
    }
    void reconnect() {
        for (auto const* const code : codes) market_.reconnect(code);
    }
    /// Usually asked of who serves the number; a whole installation, or one number of it while the others stay.
    void order(World& world) {
        int const i = upto(numbers_of_the_market - 1);
        auto const id = fmt::format("ORD-{}", ++orders_);
        Order order{
            .numbers = installation_of(i), .donor = upto(5) == 0 ? codes[upto(2)] : home_of(i), .contract = "N-" + id};
        if (upto(1) == 0) {
            order.numbers = number_text(i);
            order.keep = others_of(i);
        }
        world.command("port.order", "", order_json(order, id, market_.now()));
        chat();
    }
    /// Some open port of the operator, the one that is due next more often.
    PortId some_port(World& world, porting::Role role) {
        storage::PortFilter filter;
        filter.role = role;
        filter.open_only = true;
        filter.limit = 1 + upto(6);
        auto const ports = world.reader().ports(filter);
        return ports.empty() ? PortId{"PI-999999"}
                             : ports[static_cast<std::size_t>(upto(static_cast<int>(ports.size()) - 1))].id;
    }
    void act(World& world, std::string_view kind, std::string const& body) {
        world.command(kind, some_port(world, porting::Role::port_in).text, body);
        chat();
    }
    /// The network of the operator does what is asked of it.
    void goes_live(World& world) {
        storage::PortFilter filter;
        filter.role = porting::Role::port_in;
        filter.open_only = true;
        for (auto const& port : world.reader().ports(filter))
            for (auto const& line : world.book().lines(port.id))
                if (line.state == "activating" || line.state == "activation_overdue")
                    world.command(
                        "port.activation", port.id.text,
                        fmt::format(R"({{"numbers":[{{"first":"{}","last":"{}"}}],"done":true,"reason":"x"}})",
                                    to_string(line.numbers.first), to_string(line.numbers.last)));
        chat();
    }
    void answer(World& world) {
        auto const port = some_port(world, porting::Role::port_out);
        auto const lines = world.book().lines(port);
        if (lines.empty()) return;
        auto const& line = lines[static_cast<std::size_t>(upto(static_cast<int>(lines.size()) - 1))].numbers;
        std::string const bodies[] = {fmt::format(R"("accept":{{"at":"{}"}})", later(10)),
                                      R"("note":"seized","refuse":{"grounds":["LEGAL"]})",
                                      fmt::format(R"("postpone":{{"until":"{}","ground":"TECHNICAL"}},"note":"exchange")", later(10))};
        world.command(
            "port.answer", port.text,
            fmt::format(R"({{"decisions":[{{"numbers":["{}"],{}}}]}})", to_string(line.first), bodies[upto(2)]));
        chat();
    }
    void terminate(World& world) {
        auto const contracts = world.reader().contracts("", 100);
        if (contracts.empty() || upto(14) != 0) return;
        auto const& contract = contracts[static_cast<std::size_t>(upto(static_cast<int>(contracts.size()) - 1))];
        world.command("contract.terminate", contract.id.text,
                      fmt::format(R"({{"at":"{}","renounce_portability":{}}})", later(30), upto(3) == 0));
    }
    void chat() {
        if (upto(3) != 0) market_.carry();
    }
    void wait() { market_.wait_until(text(market_.now() + std::chrono::minutes{upto(60 * 24 * 3)})); }

    Market market_{"2026-04-01 10:00"};
    std::mt19937 dice_;
    int orders_ = 0;
    std::map<porting::Causer, int> causers_;
    std::map<std::string, std::pair<std::ptrdiff_t, Money>> last_owed_; ///< with how many lines had ended
};

} // namespace

TEST_CASE("a year of chance: no number is served twice, no wait goes unnoticed, every book can be told again") {
    std::int64_t transfers = 0;
    std::set<porting::Causer> causers;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Year year(seed);
        for (int step = 0; step < 320; ++step) {
            CAPTURE(step);
            year.disturb();
            if (step % 10 != 9) continue;
            year.calm_down();
            year.no_number_has_two_homes();
            year.every_delay_has_its_causers();
        }
        year.nobody_waits_unnoticed();
        transfers += year.transfers();
        for (auto const& [causer, times] : year.causers()) causers.insert(causer);
    }
    using enum porting::Causer;
    CHECK(causers == std::set<porting::Causer>{recipient, donor, calendar}); // the others need what chance does not do here
    CHECK(transfers > 100); // it was a lively year, not one of refusals
}
