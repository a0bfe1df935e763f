#pragma once
/// What every node's log says about one number, in the order in which it happened.

#include "sim/market.hpp"

#include <string>

namespace npod::sim {

/// One line a row; "" when the text names no number and no port.
std::string story_of(Market& market, std::string const& text);

} // namespace npod::sim
