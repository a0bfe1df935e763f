#pragma once
/// One seed, from the first contract to the last audit.

#include "sim/market.hpp"

namespace npod::sim {

/// Plays it and adds to `figures`. Throws Broken when an invariant does not hold;
/// with `tell` its text goes on with what every log says about the number that it names.
void play(Plan const& plan, Figures& figures, bool tell = false);

} // namespace npod::sim
