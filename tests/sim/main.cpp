/// npod_sim: plays markets by seed, and says what was tried and what broke.
///
///     npod_sim market --seeds 1..20 --days 365       each seed a market of its own
///     npod_sim market --random --seconds 3600        fresh seeds until the time is up
///     npod_sim market --seeds 3..5 --twice           each twice: both must come to the same digest, which is printed
///     npod_sim seeds FILE                            the markets that once broke, a line each: seed days # what it was
///     npod_sim invariants                            what is looked at

#include "sim/broken.hpp"
#include "sim/campaign.hpp"
#include "sim/invariants.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>

namespace {

using namespace npod::sim;
using Options = std::map<std::string, std::string>;

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void print(Figures const& f, int seeds, double seconds) {
    auto const years = static_cast<double>(f.simulated.count()) / 1000 / 86400 / 365.25;
    fmt::print("markets {}, years {:.1f}, {:.1f} years a minute, seconds {:.1f}\n", seeds, years, years / seconds * 60, seconds);
    fmt::print("steps {}, log rows {}, deadlines {}, ports {}, transfers {}, calms with full audit {}\n", f.steps, f.rows, f.timers, f.ports, f.transfers, f.calms);
    fmt::print("messages {}: lost {}, doubled {}, cut off {}; deaths {}, clock steps {}\n", f.messages, f.lost, f.doubled, f.cut, f.deaths, f.skews);
}

/// True when nothing broke.
bool play_one(std::uint64_t seed, int days, Options const& options, Figures& figures) {
    auto const plan = plan_of(seed, days);
    try {
        auto const digest = play(plan, figures, options.contains("--tell"));
        if (!options.contains("--twice")) return true;
        fmt::print("seed {}: {}\n", seed, digest);
        if (auto const again = play(plan, figures); again != digest) throw Broken("the same seed comes to the same", fmt::format("{}, and then {}", digest, again));
        return true;
    } catch (Broken const& broken) {
        fmt::print("BROKEN seed {} ({} operators, {}): {}\n  {}\n  again: npod_sim market --seeds {}..{} --days {}\n", seed, plan.operators,
                   plan.with_hub ? "a hub" : "no hub", broken.invariant, broken.what(), seed, seed, days);
        return false;
    }
}

int result(Figures const& figures, int seeds, int failed, double seconds) {
    print(figures, seeds, seconds);
    fmt::print("{}\n", failed == 0 ? "nothing broke" : fmt::format("{} of {} markets broke", failed, seeds));
    return failed == 0 ? 0 : 1;
}

/// The file is the list of what was found: none of it may come back.
int known_seeds(std::string const& path) {
    auto const start = std::chrono::steady_clock::now();
    Figures figures;
    int seeds = 0, failed = 0;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::uint64_t seed = 0;
        int days = 0;
        if (!(words >> seed >> days)) continue; // a comment
        ++seeds;
        failed += play_one(seed, days, {}, figures) ? 0 : 1;
    }
    if (seeds > 0) return result(figures, seeds, failed, seconds_since(start));
    fmt::print(stderr, "npod_sim: {} holds no seed. Give tests/sim/seeds.txt.\n", path);
    return 2;
}

int market(Options const& options) {
    auto const text = [&](char const* name, char const* otherwise) {
        auto const found = options.find(name);
        return found == options.end() ? std::string(otherwise) : found->second;
    };
    int const days = std::atoi(text("--days", "365").c_str());
    double const seconds = std::atof(text("--seconds", "1e9").c_str());
    auto const range = text("--seeds", options.contains("--random") ? "" : "1..10");
    auto const start = std::chrono::steady_clock::now();
    Figures figures;
    int seeds = 0, failed = 0;
    std::random_device random;
    auto first = range.empty() ? 0ULL : std::strtoull(range.c_str(), nullptr, 10);
    auto const last = range.empty() ? ~0ULL : std::strtoull(range.substr(range.find("..") + 2).c_str(), nullptr, 10);
    bool const stop = options.contains("--first"); // at the first that breaks
    for (auto seed = first; seed <= last && seconds_since(start) < seconds && !(stop && failed > 0); ++seed, ++seeds)
        failed += play_one(range.empty() ? random() : seed, days, options, figures) ? 0 : 1;
    return result(figures, seeds, failed, seconds_since(start));
}

} // namespace

int main(int count, char** arguments) {
    std::string const verb = count > 1 ? arguments[1] : "";
    Options options;
    for (int i = 2; i < count; ++i) {
        bool const has_value = i + 1 < count && std::strncmp(arguments[i + 1], "--", 2) != 0;
        options[arguments[i]] = has_value ? arguments[i + 1] : "";
        if (has_value) ++i;
    }
    if (verb == "market") return market(options);
    if (verb == "seeds" && count == 3) return known_seeds(arguments[2]);
    if (verb == "invariants") {
        for (auto const& one : all_invariants()) fmt::print("{}: {}\n", one.name, one.sentence);
        return 0;
    }
    fmt::print(stderr, "usage: npod_sim market [--seeds A..B | --random] [--days N] [--seconds S] [--first] [--tell] [--twice] | seeds FILE | invariants\n");
    return 2;
}
