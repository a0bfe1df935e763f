#pragma once
/// Which grounds a donor may use against letting a number go, and why or why not: from our own book, at this moment. One judgement for
/// the machine that answers, the person who answers, and whoever asks beforehand (GET /v1/ports/{id}/eligible).

#include "porting/book.hpp"
#include "porting/settings.hpp"
#include "rules/laws.hpp"

#include <string>
#include <vector>

namespace npod::porting {

/// What our own book says of one ground for one number.
struct Admissibility {
    enum class Standing : std::uint8_t {
        barred,    ///< it may not be used
        judgement, ///< our book cannot tell; a person may use it
        given,     ///< our book says so: a machine uses it, too
    };
    Ground ground = Ground::legal;
    Standing standing = Standing::barred;
    bool needs_text = false; ///< only together with a text that the recipient can act on
    std::string why;         ///< half a sentence, without the number
    bool admissible() const { return standing != Standing::barred; }
    bool operator==(Admissibility const&) const = default;
};

/// Numbers of one line of which the same is said, with every ground there is.
struct EligibleRange {
    int line = 0;
    NumberRange numbers;
    std::vector<Admissibility> grounds;
};

/// Every ground for every number of the port's lines that still wait for our answer. Empty: none waits. The port is a port-out.
/// Throws StorageFault when the book fails.
std::vector<EligibleRange> eligible_grounds(Port const& port, Book const& book, rules::Laws const& laws,
                                            Settings const& settings, Moment now);

} // namespace npod::porting
