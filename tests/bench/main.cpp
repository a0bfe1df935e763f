/// Measures npod and says what it measured as one line of JSON:
///
///   npod_bench MEASURE --npod PROGRAM [--npctl PROGRAM] [--ports N] [--concurrent N] [--book N] [--small N] [--rounds N]
///           [--seconds N] [--folder PATH]
///
/// scripts/bench runs every measure several times and makes a table of them. Everything is bounded: in count by the
/// options, in time by half a minute of silence.

#include "measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <span>
#include <string>

using namespace npod::bench;

namespace {

constexpr auto usage = "usage: npod_bench MEASURE --npod PROGRAM [--npctl PROGRAM] [--ports N] [--concurrent N] [--book N] [--small N] [--rounds N] [--seconds N] [--most-bytes N] [--folder PATH]\n";

std::map<std::string, std::string> options_of(std::span<char*> words) {
    std::map<std::string, std::string> options;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) options[words[i]] = words[i + 1];
    for (auto const& [name, value] : options)
        if (name != "--npod" && name != "--npctl" && name != "--ports" && name != "--concurrent" && name != "--book" && name != "--small" && name != "--rounds" && name != "--seconds" &&
            name != "--most-bytes" && name != "--folder")
            throw BenchError("there is no option " + name);
    return options;
}

Plan plan_of(std::map<std::string, std::string> const& options) {
    auto const text = [&](std::string const& name, std::string const& usual) {
        auto const at = options.find(name);
        return at == options.end() ? usual : at->second;
    };
    Plan plan;
    plan.npod = text("--npod", "");
    plan.npctl = text("--npctl", "");
    plan.folder = text("--folder", "");
    plan.load.ports = std::stoi(text("--ports", "2000"));
    plan.load.concurrent = std::stoi(text("--concurrent", "256"));
    plan.book = std::stoll(text("--book", "10000"));
    plan.small = std::stoll(text("--small", "100"));
    plan.rounds = std::max(1, std::stoi(text("--rounds", "3")));
    plan.seconds = std::stoi(text("--seconds", "5"));
    plan.most_bytes = std::stod(text("--most-bytes", "0"));
    return plan;
}

int run(std::span<char*> words) {
    auto const found = words.size() < 2 ? measures().end()
                                        : std::find_if(measures().begin(), measures().end(), [&](auto const& one) { return one.name == words[1]; });
    if (found == measures().end()) {
        fmt::print(stderr, "{}measures:\n", usage);
        for (auto const& one : measures()) fmt::print(stderr, "  {:<16} {}\n", one.name, one.meaning);
        return 2;
    }
    std::string json;
    for (auto const& [name, value] : found->take(plan_of(options_of(words.subspan(2)))))
        json += fmt::format("{}\"{}\": {:.6g}", json.empty() ? "" : ", ", name, value);
    fmt::print("{{{}}}\n", json);
    return 0;
}

} // namespace

int main(int count, char** words) {
    try {
        return run({words, static_cast<std::size_t>(count)});
    } catch (std::exception const& trouble) {
        fmt::print(stderr, "npod_bench: {}\n", trouble.what());
        return 1;
    }
}
