#pragma once
/// The score card: what was done to the tested side, and how it took it.

#include "sandbox/scene.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace npod::sandbox {

enum class Verdict : std::uint8_t { passed, failed, not_observed };
std::string_view name_of(Verdict verdict);

/// One scene that was played, or could not be.
struct Result {
    Scene const* scene = nullptr; ///< outlives the card
    Verdict verdict = Verdict::not_observed;
    std::string why;      ///< empty when passed: what was not as expected, and at which line
    std::string reaction; ///< what the tested side did: "200, answer yes"
};

/// Results in the order in which they were played.
struct Card {
    std::vector<Result> results;

    int count(Verdict verdict) const;
    /// True when nothing failed and something passed.
    bool good() const { return count(Verdict::failed) == 0 && count(Verdict::passed) > 0; }
    /// For people, at most 80 columns: one block a fault, the failed ones in detail.
    std::string text() const;
    /// For programs: {"verdict", "faults": [{"fault","part","played","passed","failed","not_observed","expected",…}]}.
    std::string json() const;
};

} // namespace npod::sandbox
