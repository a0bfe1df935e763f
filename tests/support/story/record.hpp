#pragma once
/// How a story ended: everything that the daemons keep, as text, so that two endings can be compared.

#include "memory.hpp"

#include <string>

namespace npod::story {

/// Ports with their lines, contracts, numbers and claims of every operator, with states, amounts and times; one thing a
/// line.
std::string record_of(Market& market, Memory const& memory);
/// The first lines that differ, for a person; empty when the records are the same.
std::string difference(std::string const& one, std::string const& other);

} // namespace npod::story
