#pragma once
/// The small market once more, for another model checker: Promela for SPIN, written from the very tables.

#include "sim/small_market.hpp"

#include <string>

namespace npod::sim {

/// A model whose worlds are those of explore(desk). Every row of the three machines is in it as it stands in its table; what is
/// around them (channels, outboxes, people) is written a second time, in another language.
std::string promela(Desk desk);

} // namespace npod::sim
