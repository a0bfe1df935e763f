#include "sim/campaign.hpp"

#include "base/hash.hpp"
#include "sim/broken.hpp"
#include "sim/invariants.hpp"
#include "sim/people.hpp"
#include "sim/tell.hpp"

#include <fmt/format.h>

namespace npod::sim {

using namespace std::chrono_literals;

namespace {

/// Nothing goes wrong, and everything that is under way arrives (L3): a backlog of weeks is gone in days.
void quieten(Market& market) {
    market.calm_down();
    for (int half_days = 0; half_days < 8; ++half_days) market.run_until(market.now() + 12h);
    for (int tries = 0; !market.drained(); ++tries) {
        if (tries == 200) throw Broken("L3 the backlog drains", "four days and more after the last fault " + market.under_way());
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
}

/// Of every log's last hash and of the dice: whatever differs in between, differs there.
std::string digest_of(Market& market) {
    Sha256 hash;
    hash.update(fmt::format("{} {}", to_ms(market.now()), market.dice().next()));
    for (auto const& node : market.nodes()) {
        auto const reader = node->reader();
        if (auto const row = reader.log_row(reader.head_seq())) hash.update(as_text(row->hash));
    }
    constexpr std::size_t digits = 16;
    return hex(hash.finish()).substr(0, digits);
}

} // namespace

std::string play(Plan const& plan, Figures& figures, bool tell) {
    Market market(plan, figures);
    try {
        play_on(market);
        return digest_of(market);
    } catch (Broken const& broken) {
        if (!tell) throw;
        throw Broken(broken.invariant, std::string(broken.what()) + "\n" + story_of(market, broken.what()));
    }
}

} // namespace npod::sim
