/// How fast a message of a counterpart is acknowledged, durably stored, with both proofs: at saturation, and at half of
/// it, by a house on two cores. What depends on the machine is only said; that an acknowledgement takes less than 200 ms
/// at half of saturation must hold in the best of three rounds, because the machine may do other things meanwhile.

#include "base/base64.hpp"
#include "base/hash.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include <sched.h>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// Proofs whose token is made once and good for a minute, as real clients do it: only the HMAC is made for each call.
class QuickProofs {
public:
    explicit QuickProofs(Keys const& keys) : proofs_(keys.signed_by("BRAVO", "POST", path, {})) {}
    http::Headers of(std::string const& body) const {
        http::Headers headers{{"Content-Type", "application/json"}};
        auto const digest = "SHA-256=" + base64(as_text(sha256(body)));
        auto const date = std::string(http::header(proofs_, "x-date"));
        auto const lines = fmt::format("x-date: {}\ndigest: {}\nPOST {} HTTP/1.1", date, digest, path);
        headers.emplace_back("x-date", date);
        headers.emplace_back("digest", digest);
        headers.emplace_back("cookie", http::header(proofs_, "cookie"));
        headers.emplace_back(
            "authorization",
            fmt::format("hmac username=\"BRAVO\", algorithm=\"hmac-sha256\", headers=\"x-date digest request-line\", "
                        "signature=\"{}\"",
                        base64(as_text(hmac_sha256("secret-of-BRAVO", lines)))));
        return headers;
    }
    static inline std::string const path = wire_path + "portingrequest";

private:
    http::Headers proofs_;
};

/// While it lives, processes that are started get the first two of the cores that we may use.
class TwoCores {
public:
    TwoCores() {
        ::sched_getaffinity(0, sizeof all_, &all_);
        cpu_set_t two;
        CPU_ZERO(&two);
        for (std::size_t core = 0; core < CPU_SETSIZE && CPU_COUNT(&two) < 2; ++core)
            if (CPU_ISSET(core, &all_)) CPU_SET(core, &two);
        ::sched_setaffinity(0, sizeof two, &two);
    }
    ~TwoCores() { ::sched_setaffinity(0, sizeof all_, &all_); }
    TwoCores(TwoCores const&) = delete;
    TwoCores& operator=(TwoCores const&) = delete;

private:
    cpu_set_t all_{};
};

/// So many callers at once for so long; `rate`: together not more than so many a second. Messages a second.
double call(House const& house, QuickProofs const& proofs, std::atomic<int>& dossiers, Latencies& latencies,
            int seconds, double rate) {
    constexpr int callers = 16;
    std::vector<std::unique_ptr<std::thread>> threads;
    std::atomic<int> failed{0};
    auto const begun = SteadyClock::now();
    for (int caller = 0; caller < callers; ++caller)
        threads.push_back(std::make_unique<std::thread>([&] {
            http::Client client({house.url(), {}});
            for (int n = 1; SteadyClock::now() - begun < std::chrono::seconds{seconds}; ++n) {
                auto const body = porting_request("BRAVO", "CHARLY", fmt::format("BRAVO-{:08}", ++dossiers));
                auto const sent = SteadyClock::now();
                if (client.send("POST", QuickProofs::path, proofs.of(body), body, 20s).status != 200) ++failed;
                latencies.add(std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - sent));
                if (rate > 0)
                    std::this_thread::sleep_until(begun + std::chrono::duration_cast<SteadyClock::duration>(
                                                              std::chrono::duration<double>(n * callers / rate)));
            }
        }));
    for (auto const& thread : threads) thread->join();
    if (failed > 0) throw SiegeError(fmt::format("{} messages were not acknowledged", failed.load()));
    return static_cast<double>(latencies.count()) / std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

} // namespace

void load(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"BRAVO", "CHARLY"});
    std::string text = "[limits]\nrequests_per_second = 1000000\n[interchange]\nserve = true\n";
    for (std::string const code : {"BRAVO", "CHARLY"})
        text += fmt::format(
            "[[member]]\ncode = \"{0}\"\nsecret_files = [\"{0}.secret\"]\npublic_key_files = [\"{0}.pem\"]\n", code);
    House house(choices.npod, folder, "ALFA", text);
    {
        TwoCores const two;
        house.open();
    }
    QuickProofs const proofs(keys);
    std::atomic<int> dossiers{0};
    Latencies full;
    auto const most = call(house, proofs, dossiers, full, choices.seconds, 0);
    fmt::print("saturation: {:.0f} messages/s; {}\n", most, full.told());
    auto const longest = choices.tamper ? 0ms : 200ms;
    bool fast = false;
    for (int round = 0; round < 3 && !fast; ++round) {
        Latencies half;
        auto const paced = call(house, proofs, dossiers, half, choices.seconds, most / 2);
        fmt::print("half of it: {:.0f} messages/s; {}\n", paced, half.told());
        fast = half.percentile(99) < longest;
    }
    house.close();
    if (!fast) throw SiegeError(fmt::format("at half of saturation p99 of an acknowledgement was not below {}", longest));
}

} // namespace npod::siege
