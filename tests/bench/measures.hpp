#pragma once
/// What can be measured. Each measure starts the daemons it needs, loads them, and leaves nothing behind.

#include "jobs.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npod::bench {

struct Plan {
    std::string npod, npctl; ///< the programs
    std::string folder;      ///< where databases are made; empty: where temporary files go
    Load load;
    std::int64_t book = 10'000; ///< how many ports there are before the measurement begins
    std::int64_t small = 100;   ///< how many there are in the book that it is compared with
    int rounds = 3;             ///< how often what is compared takes turns
    int seconds = 5;            ///< how long is watched what has no end of its own
    double most_bytes = 0; ///< a completed port may take; more ends the measure with a fault; 0: whatever it takes
};

/// Names and numbers; the unit is in the name.
using Figures = std::vector<std::pair<std::string, double>>;

struct Measure {
    std::string_view name, meaning;
    Figures (*take)(Plan const& plan);
};

std::span<Measure const> measures();

} // namespace npod::bench
