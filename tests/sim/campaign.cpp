#include "sim/campaign.hpp"

#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
#include "sim/invariants.hpp"
#include "sim/people.hpp"
#include "sim/tell.hpp"

namespace npod::sim {

using namespace std::chrono_literals;

namespace {

/// Nothing goes wrong, and everything that is under way arrives (L3): a backlog of weeks is gone in days.
void quieten(Market& market) {
    market.calm_down();
    for (int half_days = 0; half_days < 8; ++half_days) market.run_until(market.now() + 12h);
    for (int tries = 0; !market.drained(); ++tries) {
        if (tries == 200) throw Broken(invariant::drains, "four days and more after the last fault " + market.under_way());
        market.run_until(market.now() + 10min);
    }
}

void play_on(Market& market) {
    auto const& plan = market.plan();
    People people(market);
    Watch watch(market, people);
    market.watched_by(watch);
    market.calm_down();
    people.settle_in();
    people.begin();
    auto const end = market.now() + std::chrono::days{plan.days};
    while (market.now() < end) {
        market.storm();
        market.run_until(std::min<Moment>(end, market.now() + market.dice().between(Duration(5 * 24h), Duration(40 * 24h))));
        quieten(market);
        watch.calm();
    }
    // a donor's yes is good for ninety days: nothing waits longer without a person
    market.run_until(market.now() + std::chrono::days{100});
    quieten(market);
    watch.calm();
    watch.everything_settles();
}

} // namespace

std::string play(Plan const& plan, Figures& figures, bool tell) {
    Market market(plan, figures);
    try {
        play_on(market);
        return market.digest();
    } catch (std::runtime_error const& trouble) {
        auto const* const known = dynamic_cast<Broken const*>(&trouble);
        auto const broken = known ? *known : Broken(invariant::stops, trouble.what());
        if (!tell) throw Broken(broken);
        throw Broken(broken.invariant, std::string(broken.what()) + "\n" + story_of(market, broken.what()));
    }
}

} // namespace npod::sim
