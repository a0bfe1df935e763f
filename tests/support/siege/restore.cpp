/// A backup is taken while messages flow, and put back after more of them were heard, answered and confirmed: by README's own
/// steps, with real processes. What came after the backup is asked for again, and no dossier is given out twice.

#include "storage/ledger.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <functional>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
namespace files = std::filesystem;

/// ALFA orders a number from BRAVO; the dossier that it opens.
std::string order(House const& alfa, int no) {
    auto const body = fmt::format(
        R"({{"order_id":"O-{0}","donor":"BRAVO","network":"fixed","numbers":["+32255022{0:02}"],"customer":{{"kind":"natural","name":"An Maes"}},)"
        R"("contract_id":"N-{0}","mandate":{{"id":"M-{0}","titular":"An Maes","signer":"An Maes","channel":"paper","signed_at":"2026-01-01T10:00:00Z"}}}})",
        no);
    auto const answer = http::Client({alfa.url(), {}}).send("POST", "/v1/port-ins",
                                                            {{"Authorization", std::string("Bearer ") + token},
                                                             {"Content-Type", "application/json"},
                                                             {"Idempotency-Key", fmt::format("order-{}", no)}},
                                                            body);
    if (answer.status != 201) throw SiegeError(fmt::format("an order was not taken: {}", answer.body));
    auto const at = answer.body.find("\"dossier\":\"");
    return answer.body.substr(at + 11, answer.body.find('"', at + 11) - at - 11);
}

} // namespace

void restore(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"ALFA", "BRAVO"});
    House hub(choices.npod, folder, "HUB", "[interchange]\nserve = true\n" + member("ALFA") + member("BRAVO"));
    hub.open();
    House alfa(choices.npod, folder, "ALFA",
               fmt::format("[interchange]\nhub = \"{}\"\nsecret_file = \"ALFA.secret\"\nprivate_key_file = \"ALFA.key\"\n"
                           "zone = \"Europe/Brussels\"\n[[member]]\ncode = \"BRAVO\"\n",
                           hub.url()));
    alfa.open();
    Notes posted, read;
    Latencies latencies;
    Poster bravo(hub, keys, "BRAVO", {"ALFA"}, true, posted, latencies);
    std::set<std::string> dossiers{order(alfa, 1)};
    std::string const copy = folder.file("backup.db");
    std::size_t before = 0, after = 0;
    {
        Worker const posting([&] { bravo.post_next(); }, 5ms);
        auto const flow = [&](std::size_t more) {
            auto const start = posted.acknowledged().size();
            wait_for("messages flow", [&] { return posted.acknowledged().size() >= start + more; });
        };
        flow(30);
        before = posted.acknowledged().size();
        auto const said = said_by({choices.npctl, "--db", alfa.db(), "daemon", "backup", copy}, {}, folder);
        after = posted.acknowledged().size();
        if (!has(said, "Checked from the first page")) throw SiegeError("the backup under load failed: " + said);
        flow(60);
    }
    dossiers.insert(order(alfa, 2)); // known to the hub, and to no backup
    auto const acknowledged = posted.acknowledged();
    wait_for("every message is heard and confirmed", [&] {
        return storage::Reader(hub.db()).mailbox(OperatorCode{"ALFA"}, 0, true, {}, 1).empty() &&
               requests_in(alfa).size() == acknowledged.size();
    });
    alfa.kill(); // its disk is gone

    for (auto const* with : {"", "-wal", "-shm"}) files::remove(alfa.db() + with);
    files::copy_file(copy, alfa.db());
    auto const kept = requests_in(alfa).size();
    if (kept >= acknowledged.size()) throw SiegeError("nothing came after the backup: this tries nothing");
    alfa.open();
    auto expected = acknowledged;
    if (choices.tamper) expected.insert("BRAVO-LOST");
    wait_for("what came after the backup is asked for again", [&] { return requests_in(alfa).size() >= expected.size(); });
    wait_for("the daemon says that it has all", [&] { return has(alfa.said(), "NP_CAUGHT_UP"); });
    if (!has(alfa.said(), "NP_RESTORED")) throw SiegeError("the daemon does not say that it was restored");
    for (int no = 3; no < 6; ++no)
        if (auto const dossier = order(alfa, no); !dossiers.insert(dossier).second)
            throw SiegeError(fmt::format("the dossier {} was given out twice", dossier));
    for (auto const& [dossier, times] : requests_in(alfa))
        if (times != 1) throw SiegeError(fmt::format("{} is {} times in the log", dossier, times));
    alfa.close();
    alfa.open(); // it does not think that it was restored again
    alfa.close();
    hub.close();
    auto const lives = alfa.said();
    if (lives.find("NP_RESTORED") != lives.rfind("NP_RESTORED")) throw SiegeError("one restore was taken for two");
    auto const verified = said_by({choices.npctl, "--db", alfa.db(), "daemon", "verify", "--deep"}, {}, folder);
    if (!has(verified, ": sound,")) throw SiegeError("after all that the file is not sound: " + verified);
    fmt::print("{} requests: backup taken after {} ({} more came meanwhile), {} asked for again from the hub, each stored once; {} dossiers, none "
               "twice; the log told again gives the same file.\n",
               acknowledged.size(), before, after - before, acknowledged.size() - kept, dossiers.size());
}

} // namespace npod::siege
