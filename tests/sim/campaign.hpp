#pragma once
/// One seed, from the first contract to the last audit.

#include "sim/market.hpp"

namespace npod::sim {

/// Plays it, adds to `figures` and returns the digest of all that came of it. Throws Broken when an invariant does not hold;
/// with `tell` its text goes on with what every log says about the number that it names.
std::string play(Plan const& plan, Figures& figures, bool tell = false);

} // namespace npod::sim
