/// The targets without a fuzzer: every seed and every kept input, and a fixed number of seeded mutations of them.
///
///     npod_fuzz_replay [--rounds N] [--seed N] [TARGET...]   all targets; N mutations of each (default 2000)
///     npod_fuzz_replay TARGET --file FILE                    one input again
///     npod_fuzz_replay --write-seeds FOLDER                  seeds and corpus as files, for the fuzzer to begin with
///
/// What goes wrong is written with the target, the number of the mutation and the input, and left in a file.

#include "fuzz/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

namespace npod::fuzz {

namespace {

struct Choices {
    std::vector<std::string> names;
    std::string file, folder;
    std::uint64_t seed = 20260403;
    std::size_t rounds = 2'000;
};

/// The input that is being tried, for whoever looks at a crash.
std::string current;
std::string current_file;

/// Writes it with what may be called from a handler of signals.
void keep_current() {
    int const file = ::open(current_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ::write(file, current.data(), current.size()) < 0) return;
    ::close(file);
}

/// A broken promise, a sanitizer or a wild pointer: the input stays, and the process ends as it would have.
extern "C" void at_crash(int number) {
    keep_current();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

class Mutator {
public:
    Mutator(std::vector<std::string> const& pool, std::uint64_t seed) : pool_(pool), random_(seed) {}

    std::string next() {
        std::string bytes = pool_[below(pool_.size())];
        for (auto damage = 1 + below(4); damage > 0; --damage) once(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

    void once(std::string& bytes) {
        constexpr std::string_view spice = "{}[]()\",:;=|~<>!0123456789-+.eE\\/%&?#'yYnN \r\n\t\0\x7f\x80\xc3\xed\xff";
        auto const at = below(bytes.size() + 1);
        switch (below(8)) {
        case 0: bytes.insert(at, 1, spice[below(spice.size())]); break;
        case 1:
            if (at < bytes.size()) bytes[at] = spice[below(spice.size())];
            break;
        case 2: bytes.erase(at, 1 + below(16)); break;
        case 3: // a piece again
            if (!bytes.empty()) bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(24)));
            break;
        case 4: { // a piece of another
            auto const& other = pool_[below(pool_.size())];
            if (!other.empty()) bytes.insert(at, other.substr(below(other.size()), 1 + below(64)));
            break;
        }
        case 5: bytes.resize(at); break;
        case 6: bytes.insert(at, std::string(1 + below(40), spice[below(spice.size())])); break;
        default:
            if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
            break;
        }
    }

    std::vector<std::string> const& pool_;
    std::mt19937_64 random_;
};

std::vector<std::string> pool_of(Target const& target) {
    auto pool = target.seeds();
    for (auto& kept : files_of("tests/fuzz/corpus/" + std::string(target.name))) pool.push_back(std::move(kept));
    return pool;
}

/// False when something is wrong; then it was said.
bool good(Target const& target, std::string bytes, std::string const& which) {
    current = std::move(bytes);
    current_file = fmt::format("fuzz-{}-finding", target.name);
    try {
        target.run(current);
        return true;
    } catch (std::exception const& trouble) {
        keep_current();
        fmt::print("{}, {}: {}\nThe input is in {}.\n", target.name, which, trouble.what(), current_file);
        return false;
    }
}

bool play(Target const& target, Choices const& choices) {
    auto const start = std::chrono::steady_clock::now();
    auto const pool = pool_of(target);
    for (std::size_t i = 0; i < pool.size(); ++i)
        if (!good(target, pool[i], fmt::format("seed {} of {}", i + 1, pool.size()))) return false;
    Mutator mutator(pool, choices.seed);
    for (std::size_t i = 1; i <= choices.rounds; ++i)
        if (!good(target, mutator.next(), fmt::format("--seed {}, mutation {}", choices.seed, i))) return false;
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    fmt::print("{:9} {} kept, {} mutations, {:.1f} s\n", target.name, pool.size(), choices.rounds, took);
    std::cout.flush();
    return true;
}

bool replay(Choices const& choices) {
    bool fine = true;
    for (int const number : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(number, at_crash);
    for (auto const& target : targets()) {
        if (!choices.names.empty() && std::ranges::find(choices.names, target.name) == choices.names.end()) continue;
        if (choices.file.empty()) {
            fine = play(target, choices) && fine;
            continue;
        }
        std::ostringstream text;
        text << std::ifstream(choices.file, std::ios::binary).rdbuf();
        fine = good(target, text.str(), choices.file) && fine;
    }
    return fine;
}

void write_seeds(std::string const& folder) {
    for (auto const& target : targets()) {
        auto const place = std::filesystem::path(folder) / target.name;
        std::filesystem::create_directories(place);
        int number = 0;
        for (auto const& seed : target.seeds())
            std::ofstream(place / fmt::format("seed-{:03}", ++number), std::ios::binary) << seed;
        fmt::print("{}\n", target.name);
    }
}

} // namespace

} // namespace npod::fuzz

int main(int count, char** words) {
    using namespace npod::fuzz;
    Choices choices;
    std::string seeds;
    for (int i = 1; i < count; ++i) {
        std::string const word = words[i];
        auto const value = [&]() -> std::string { return i + 1 < count ? words[++i] : ""; };
        if (word == "--rounds") choices.rounds = std::stoul(value());
        else if (word == "--seed") choices.seed = std::stoull(value());
        else if (word == "--file") choices.file = value();
        else if (word == "--write-seeds") seeds = value();
        else choices.names.push_back(word);
    }
    for (auto const& name : choices.names)
        if (std::ranges::none_of(targets(), [&](auto const& target) { return target.name == name; })) {
            std::cerr << "there is no target " << name << "\n";
            return 2;
        }
    if (!seeds.empty()) return write_seeds(seeds), 0;
    return replay(choices) ? 0 : 1;
}
