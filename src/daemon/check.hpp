#pragma once
/// `npod check`: is everything fit to serve? Changes nothing; the database is looked at as a copy.

#include "base/clock.hpp"
#include "daemon/config.hpp"

#include <string>
#include <vector>

namespace npod::daemon {

struct CheckReport {
    std::vector<std::string> good;     ///< what was looked at and is in order
    std::vector<std::string> findings; ///< what must be mended, with what to do
};

/// Looks at rulebook, calendar, time zones, keys and the whole database. Never throws for what it finds.
CheckReport check(Config const& config, Clock const& real);

} // namespace npod::daemon
