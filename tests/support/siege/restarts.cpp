/// The hub dies and comes back while messages flow: an npod of ALFA fetches from it, and BRAVO, who is not npod, posts
/// and reads.

#include "storage/ledger.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/format.h>

#include <functional>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// What the desk of ALFA sees of the hub.
struct Desk {
    House const& alfa;
    Choices const& choices;
    Folder const& folder;

    std::string health() const {
        return said_by(
            {choices.npctl, "operator", "health", "HUB", "-o", "json", "--url", alfa.url(), "--token", token}, {},
            folder);
    }
    std::string radar() const {
        return said_by({choices.npctl, "radar", "-o", "json", "--url", alfa.url(), "--token", token}, {}, folder);
    }
    std::string metrics() const { return alfa.ask("GET", "/metrics").body; }
};

/// The hub is away: the desk sees it, with the reason, and the attempts go on at growing distances.
void outage_is_seen(House& hub, Desk const& desk) {
    hub.kill();
    auto const away = SteadyClock::now();
    wait_for("npctl operator health says that the hub is not reached", [&] {
        auto const health = desk.health();
        return has(health, "failing_since") && has(health, "\"stream\": \"broken\"") && has(health, "last_error") &&
               has(health, "stream_again_at");
    });
    auto const attempts = [&] {
        std::string const name = "npod_peer_failures_total{peer=\"HUB\"} ";
        auto const page = desk.metrics();
        return std::stoi(page.substr(page.find(name) + name.size()));
    };
    int const first = attempts();
    wait_for("it is tried again", [&] { return attempts() >= first + 2; });
    if (!has(desk.metrics(), "npod_peer_failing{peer=\"HUB\"} 1\n"))
        throw SiegeError("metrics do not say that the hub is away");
    // The stream waits 1, 2 and 4 seconds, and so does what is sent: in s seconds each tries at most log2(s + 1) + 1
    // times.
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(SteadyClock::now() - away).count();
    if (attempts() - first > 2 * (seconds + 2)) throw SiegeError("attempts do not keep their distance");
    if (auto const radar = desk.radar(); !has(radar, "not_reached") || !has(radar, "npctl operator check HUB"))
        throw SiegeError("npctl radar does not say that the hub is away: " + radar);
    hub.open();
    wait_for("npctl operator health says that the hub is back", [&] {
        auto const health = desk.health();
        return !has(health, "failing_since") && has(health, "\"stream\": \"open\"");
    });
    if (!has(desk.metrics(), "npod_peer_failing{peer=\"HUB\"} 0\n"))
        throw SiegeError("metrics do not say that the hub is back");
    wait_for("npctl radar says it no more", [&] { return !has(desk.radar(), "not_reached"); }); // what waited is on its way first
}

/// In every log once, with one answer each, and nothing is left in a mailbox.
void all_is_once(House const& hub, House const& alfa, std::set<std::string> const& acknowledged, Notes const& read) {
    auto const at_hub = requests_in(hub), at_alfa = requests_in(alfa);
    auto const answers = read.received();
    for (auto const& dossier : acknowledged) {
        for (auto const* log : {&at_hub, &at_alfa})
            if (!log->contains(dossier) || log->at(dossier) != 1)
                throw SiegeError(fmt::format("{} was acknowledged and is not once in the log of {}", dossier,
                                             log == &at_hub ? "HUB" : "ALFA"));
        if (!answers.contains(dossier) || answers.at(dossier).size() != 1)
            throw SiegeError(fmt::format("{} was answered {} times", dossier,
                                         answers.contains(dossier) ? answers.at(dossier).size() : 0));
    }
    if (at_alfa.size() != acknowledged.size()) throw SiegeError("ALFA has requests that were never acknowledged");
    for (auto const* code : {"ALFA", "BRAVO"})
        if (!storage::Reader(hub.db()).mailbox(OperatorCode{code}, 0, true, {}, 1).empty())
            throw SiegeError(fmt::format("something is left in the mailbox of {}", code));
}

} // namespace

void restarts(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"ALFA", "BRAVO"});
    House hub(choices.npod, folder, "HUB", "[interchange]\nserve = true\n" + member("ALFA") + member("BRAVO"));
    hub.open();
    House alfa(
        choices.npod, folder, "ALFA",
        fmt::format("[interchange]\nhub = \"{}\"\nsecret_file = \"ALFA.secret\"\nprivate_key_file = \"ALFA.key\"\n"
                    "zone = \"Europe/Brussels\"\n[[member]]\ncode = \"BRAVO\"\n",
                    hub.url()));
    alfa.open();
    Notes posted, read;
    Latencies latencies;
    Poster bravo(hub, keys, "BRAVO", {"ALFA"}, true, posted, latencies);
    MailboxReader const reader(hub, keys, "BRAVO", read);
    {
        Worker const posting([&] { bravo.post_next(); }, 10ms);
        for (int death = 1; death <= 4; ++death) {
            auto const before = posted.acknowledged().size();
            wait_for("messages flow", [&] { return posted.acknowledged().size() > before + 10; });
            if (death % 2 == 0)
                hub.kill();
            else
                hub.close(); // with streams open
            if (death == 3) alfa.kill(), alfa.open();
            hub.open();
        }
        outage_is_seen(hub, {alfa, choices, folder});
    }
    auto acknowledged = posted.acknowledged();
    wait_for("every request is answered", [&] { return read.received().size() >= acknowledged.size(); });
    auto const emptied = [&](std::string const& code) {
        return storage::Reader(hub.db()).mailbox(OperatorCode{code}, 0, true, {}, 1).empty();
    };
    wait_for("every message is confirmed", [&] { return emptied("ALFA") && emptied("BRAVO"); });
    alfa.close();
    hub.close();
    for (auto const* notes : {&posted, &read})
        if (auto const wrong = notes->wrong(); !wrong.empty())
            throw SiegeError(fmt::format("wrong: {}", wrong.front()));
    if (choices.tamper) acknowledged.insert("BRAVO-LOST");
    all_is_once(hub, alfa, acknowledged, read);
    fmt::print("{} requests over 5 deaths of the hub and one of ALFA: each acknowledged, stored and answered once.\n",
               acknowledged.size());
}

} // namespace npod::siege
