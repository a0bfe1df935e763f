/// The storm: a loaded market of three daemons, of which one after the other is killed, frozen or asked to end, at moments
/// chosen by seed; meanwhile files are copied as they stand. When the storm is over, nothing may be lost or doubled.

#include "storage/ledger.hpp"
#include "support/siege/market.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <random>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

/// What was done to the daemons.
struct Blows {
    int kills = 0, early_kills = 0, freezes = 0, ends = 0, copies = 0;
    std::size_t rows_copied = 0; ///< log rows in the largest copy
    int all() const { return kills + early_kills + freezes + ends; }
};

class Storm {
public:
    Storm(ThreeHouses& market, Orders const& orders, std::uint64_t seed, milliseconds longest_freeze)
        : market_(market), orders_(orders), random_(seed), longest_freeze_(longest_freeze) {}

    void strike() {
        auto& house = *market_.all()[below(3)];
        auto const kind = below(20);
        if (kind < 11) {
            house.kill();
            ++blows_.kills;
            house.open();
        } else if (kind < 13) { // again while it starts
            house.kill();
            house.stumble(milliseconds{1 + below(60)});
            ++blows_.kills, ++blows_.early_kills;
            house.open();
        } else if (kind < 15) {
            house.close(); // throws unless it ends well: streams are open, and messages under way
            ++blows_.ends;
            house.open();
        } else if (kind < 18) {
            house.freeze();
            std::this_thread::sleep_for(milliseconds{1 + below(static_cast<std::size_t>(longest_freeze_.count()))});
            house.thaw();
            ++blows_.freezes;
        } else {
            copy(house);
        }
        std::this_thread::sleep_for(milliseconds{20 + below(120)});
    }
    Blows const& blows() const { return blows_; }

private:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

    /// The files of one instant, as a power cut would leave them: opened, they are sound and hold all that was acknowledged
    /// before.
    void copy(House& house) {
        auto const known = orders_.of(house.code());
        auto const target = market_.folder.file("copy.db");
        for (auto const* part : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(target + part);
        house.freeze();
        for (auto const* part : {"", "-wal"})
            if (std::filesystem::exists(house.db() + part)) std::filesystem::copy_file(house.db() + part, target + part);
        house.thaw();
        storage::Ledger const ledger({.path = target, .operator_code = OperatorCode{house.code()}, .create = false});
        auto const health = ledger.check(0);
        if (!health.findings.empty()) throw SiegeError("a copy of " + house.code() + ": " + health.findings.front());
        for (auto const& order : known)
            if (!ledger.book().port_by_order(OrderId{order}))
                throw SiegeError(fmt::format("a copy of {} lacks {}, which was acknowledged before it", house.code(), order));
        ++blows_.copies;
        blows_.rows_copied = std::max(blows_.rows_copied, static_cast<std::size_t>(ledger.head_seq()));
    }

    ThreeHouses& market_;
    Orders const& orders_;
    std::mt19937_64 random_;
    milliseconds longest_freeze_;
    Blows blows_;
};

} // namespace

void storm(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"ALFA", "BRAVO"});
    ThreeHouses market(choices.npod, folder, keys);
    Orders orders;
    Notes notes;
    OrderEntry at_alfa(market.alfa, market.bravo, "322551", orders, notes), at_bravo(market.bravo, market.alfa, "322556", orders, notes);
    bool const small = choices.blows <= 200;
    Storm storm(market, orders, choices.seed, small ? 300ms : 10'000ms);
    auto const begun = SteadyClock::now();
    {
        Worker const first([&] { at_alfa.order_next(); }, 20ms), second([&] { at_bravo.order_next(); }, 20ms);
        try {
            while (storm.blows().all() < choices.blows && notes.wrong().empty()) storm.strike();
        } catch (...) {
            at_alfa.give_up(), at_bravo.give_up();
            throw;
        }
        // Both finish the order under way: the houses are up.
    }
    if (!notes.wrong().empty()) throw SiegeError("wrong: " + notes.wrong().front());
    auto const lasted = std::chrono::duration_cast<std::chrono::seconds>(SteadyClock::now() - begun);
    market.wait_for_calm();
    for (auto* house : market.all()) house->close();
    if (choices.tamper) orders.add("ALFA", "ALFA-LOST");
    auto const ports = market.must_agree(orders);
    auto const& blows = storm.blows();
    fmt::print("storm, seed {}: {} kills ({} while starting), {} freezes, {} ends in {} s; {} copies (the largest of {} log "
               "rows) sound; {} orders acknowledged, each once on all sides, {} ports agreed, 3 logs told again.\n",
               choices.seed, blows.kills + blows.early_kills, blows.early_kills, blows.freezes, blows.ends, lasted.count(),
               blows.copies, blows.rows_copied, orders.count(), ports);
}

} // namespace npod::siege
