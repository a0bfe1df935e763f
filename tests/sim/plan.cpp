/// What a seed stands for, and the sums of what was played.

#include "rules/holidays.hpp"
#include "sim/market.hpp"

namespace npod::sim {

using namespace std::chrono_literals;

namespace {

/// Where calendars are hard: the clocks change, the year ends, Easter, a Friday at the close of the window; or any day of ten years.
Moment start_of(Dice& dice) {
    using namespace std::chrono;
    constexpr int first_year = 2026, years = 10;
    year const y{first_year + dice.upto(years - 1)};
    sys_days const near_easter = sys_days{rules::easter(y)} - days{dice.upto(6)};
    sys_days const near_new_year = sys_days{y / December / 24} + days{dice.upto(9)};
    sys_days const summer_begins = sys_days{y / March / Sunday[last]} - days{dice.upto(3)};
    sys_days const summer_ends = sys_days{y / October / Sunday[last]} - days{dice.upto(3)};
    sys_days const any = sys_days{y / January / 1} + days{dice.upto(364)};
    sys_days const friday = any + (Friday - weekday{any});
    switch (dice.upto(5)) {
    case 0: return near_easter + dice.between(6h, 20h);
    case 1: return near_new_year + dice.between(6h, 20h);
    case 2: return summer_begins + dice.between(0h, 24h);
    case 3: return summer_ends + dice.between(0h, 24h);
    case 4: return friday + 15h + dice.between(0min, 90min); // 17:00 in Brussels is 15:00 or 16:00 UTC
    default: return any + dice.between(0h, 24h);
    }
}

} // namespace

Plan plan_of(std::uint64_t seed, int days) {
    Dice dice(seed * 7919 + 17);
    Plan plan;
    plan.seed = seed;
    plan.days = days;
    plan.operators = dice.one_in(4) ? 2 + dice.upto(18) : 2 + dice.upto(3);
    plan.with_hub = !dice.one_in(4);
    plan.orders_a_day = 1 + dice.upto(3);
    plan.loss = dice.upto(300'000);
    plan.duplication = dice.upto(300'000);
    plan.death = dice.one_in(4) ? 0 : dice.upto(20'000);
    plan.delay_max = dice.magnitude(1min, 72h);
    plan.skews = !dice.one_in(3);
    plan.partitions = !dice.one_in(3);
    plan.liar = plan.operators > 2 && dice.one_in(3);
    plan.start = start_of(dice);
    plan.leaps = dice.one_in(3);
    plan.on_disk = dice.one_in(3);
    plan.restores = plan.on_disk && plan.with_hub ? dice.upto(3) : 0; // each tears some numbers from the reach of the invariants
    return plan;
}

void Figures::operator+=(Figures const& other) {
    steps += other.steps, rows += other.rows, messages += other.messages, lost += other.lost, doubled += other.doubled;
    cut += other.cut, deaths += other.deaths, timers += other.timers, transfers += other.transfers, calms += other.calms;
    ports += other.ports, skews += other.skews, leaps += other.leaps, power_cuts += other.power_cuts, simulated += other.simulated;
    restores += other.restores, torn += other.torn, refused += other.refused, lies += other.lies, given_again += other.given_again;
}

} // namespace npod::sim
