#pragma once
/// How many numbers a product is sold with (be.licence.*), and whether a contract is in order. Said, never enforced: a port that leaves a
/// contract out of order is not blocked.

#include "porting/model.hpp"
#include "rules/rulebook.hpp"

#include <optional>
#include <string>

namespace npod::porting {

/// A contract's licences at one count of numbers.
struct Licence {
    int end_users = 0;        ///< as the contract says; 0: not told
    std::int64_t numbers = 0;
    std::optional<std::int64_t> foreseen; ///< how many numbers the product has; nothing where each number takes a licence
    std::int64_t licences = 0;            ///< how many licences the numbers take; 0 where the product has no licence per number
    bool in_order = true;
    std::string rule;     ///< id of the rule that says so
    std::string sentence; ///< for people
    bool operator==(Licence const&) const = default;
};

/// Nothing when the rulebook has no rule for the contract's product, or no number is left to be licensed.
std::optional<Licence> licence_of(Contract const& contract, std::int64_t numbers, rules::Rulebook const& rulebook, Moment at);

} // namespace npod::porting
