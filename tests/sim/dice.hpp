#pragma once
/// Chance that can be thrown again: the same seed gives the same throws on every machine.

#include "base/moment.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

namespace npod::sim {

/// splitmix64: small, fast, and every seed is a good one.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// 0 … most, both included.
    int upto(int most) { return static_cast<int>(next() % (static_cast<std::uint64_t>(most) + 1)); }
    /// True so many times in a million.
    bool happens(int millionths) { return upto(999'999) < millionths; }
    bool one_in(int n) { return upto(n - 1) == 0; }
    Duration between(Duration least, Duration most) {
        return least + Duration{static_cast<std::int64_t>(next() % static_cast<std::uint64_t>((most - least).count() + 1))};
    }
    /// Mostly short, now and then very long: every magnitude between the two is as likely as every other.
    Duration magnitude(Duration least, Duration most) {
        auto const share = static_cast<double>(upto(1'000'000)) / 1e6;
        auto const ratio = static_cast<double>(most.count()) / static_cast<double>(least.count());
        return Duration{static_cast<std::int64_t>(static_cast<double>(least.count()) * std::pow(ratio, share))};
    }
    template <class T>
    T const& one_of(std::vector<T> const& all) {
        return all[static_cast<std::size_t>(upto(static_cast<int>(all.size()) - 1))];
    }

private:
    std::uint64_t state_;
};

} // namespace npod::sim
