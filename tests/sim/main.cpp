/// npod_sim: plays markets by seed, and says what was tried and what broke.
///
///     npod_sim market --seeds 1..20 --days 365       each seed a market of its own
///     npod_sim market --random --seconds 3600        fresh seeds until the time is up
///     npod_sim market --seeds 1..3 --twice           each twice: both must come to the same digest
///     npod_sim seeds FILE                            the markets that once broke, a line each: seed days # what it was
///     npod_sim invariants                            what is looked at

#include "sim/broken.hpp"
#include "sim/campaign.hpp"
#include "sim/invariants.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

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
    fmt::print("refused {}, numbers given again {}, lies {}\n", f.refused, f.given_again, f.lies);
    fmt::print("messages {}: lost {}, doubled {}, cut off {}; deaths {} (power cuts in a write {}), backups put back {} ({} numbers torn), clocks wrong by minutes {}, by hours and days {}\n", f.messages,
               f.lost, f.doubled, f.cut, f.deaths, f.power_cuts, f.restores, f.torn, f.skews, f.leaps);
    // for scripts/torture, which adds them up
    fmt::print(R"(figures {{"markets":{},"years":{:.2f},"rows":{},"ports":{},"transfers":{},"messages":{},"deaths":{},"power cuts":{},"restores":{},"audits":{}}})"
               "\n", seeds, years, f.rows, f.ports, f.transfers, f.messages, f.deaths, f.power_cuts, f.restores, f.calms);
}

std::string words_of(Plan const& plan) {
    auto text = fmt::format("{} operators, {}, from {}", plan.operators, plan.with_hub ? "a hub" : "no hub", npod::to_rfc3339(plan.start).substr(0, 16));
    for (auto const& [has, word] : {std::pair{plan.on_disk, "on a disk"}, {plan.restores > 0, "backups put back"}, {plan.leaps, "clocks that leap"}, {plan.liar, "a liar"}, {plan.death > 0, "deaths"}})
        if (has) text += fmt::format(", {}", word);
    return text;
}

/// The market that is being played, for whoever must tell of it when the process is ended by a broken promise.
std::string playing;

/// True when nothing broke.
bool play_one(std::uint64_t seed, int days, Options const& options, Figures& figures) {
    auto const plan = plan_of(seed, days);
    playing = fmt::format("seed {} ({})", plan.seed, words_of(plan));
    auto const again = fmt::format("again: npod_sim market --seeds {}..{} --days {}", seed, seed, days);
    try {
        auto const digest = play(plan, figures, options.contains("--tell"));
        if (options.contains("--digest") || options.contains("--twice")) fmt::print("{}: {}\n", playing, digest);
        std::fflush(stdout);
        if (!options.contains("--twice")) return true;
        if (auto const second = play(plan, figures); second != digest) throw Broken("the same seed comes to the same", digest + ", and then " + second);
        return true;
    } catch (Broken const& broken) {
        fmt::print("BROKEN {}: {}\n  {}\n  {}\n", playing, broken.invariant, broken.what(), again);
        std::fflush(stdout);
        return false;
    }
}

extern "C" void promise_broken(int) {
    fmt::print("BROKEN {}: a promise of the product itself\n", playing);
    std::fflush(stdout);
    std::_Exit(1);
}

std::string text_of(Options const& options, char const* name, char const* otherwise) {
    auto const found = options.find(name);
    return found == options.end() ? std::string(otherwise) : found->second;
}

int result(Figures const& figures, int seeds, int failed, std::chrono::steady_clock::time_point start) {
    print(figures, seeds, seconds_since(start));
    fmt::print("{}\n", failed == 0 ? "nothing broke" : fmt::format("{} of {} markets broke", failed, seeds));
    return failed == 0 ? 0 : 1;
}

int market(Options const& options) {
    int const days = std::atoi(text_of(options, "--days", "365").c_str());
    double const seconds = std::atof(text_of(options, "--seconds", "1e9").c_str());
    auto const range = text_of(options, "--seeds", options.contains("--random") ? "" : "1..10");
    auto const start = std::chrono::steady_clock::now();
    Figures figures;
    int seeds = 0, failed = 0;
    std::random_device random;
    auto first = range.empty() ? 0ULL : std::strtoull(range.c_str(), nullptr, 10);
    auto const last = range.empty() ? ~0ULL : std::strtoull(range.substr(range.find("..") + 2).c_str(), nullptr, 10);
    bool const stop = options.contains("--first"); // at the first that breaks
    for (auto seed = first; seed <= last && seconds_since(start) < seconds && !(stop && failed > 0); ++seed, ++seeds)
        failed += play_one(range.empty() ? random() : seed, days, options, figures) ? 0 : 1;
    return result(figures, seeds, failed, start);
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
        if (line.starts_with('#') || !(words >> seed >> days)) continue;
        ++seeds;
        failed += play_one(seed, days, {}, figures) ? 0 : 1;
    }
    if (seeds == 0) fmt::print(stderr, "npod_sim: {} holds no seed; give tests/sim/seeds.txt\n", path);
    return seeds == 0 ? 2 : result(figures, seeds, failed, start);
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
    std::signal(SIGABRT, promise_broken);
    if (verb == "market") return market(options);
    if (verb == "seeds" && count == 3) return known_seeds(arguments[2]);
    if (verb == "invariants") {
        for (auto const& one : all_invariants()) fmt::print("{}: {}\n", one.name, one.sentence);
        return 0;
    }
    fmt::print(stderr, "usage: npod_sim market [--seeds A..B | --random] [--days N] [--seconds S] [--first] [--tell] [--twice] [--digest] | seeds FILE | invariants\n");
    return 2;
}
