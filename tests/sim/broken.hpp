#pragma once
/// What is thrown when the market does what it must never do.

#include <stdexcept>
#include <string>

namespace npod::sim {

/// `what()` says who, what and where; `invariant` is a name of invariants.hpp.
class Broken : public std::runtime_error {
public:
    Broken(std::string the_invariant, std::string const& how) : std::runtime_error(how), invariant(std::move(the_invariant)) {}
    std::string invariant;
};

} // namespace npod::sim
