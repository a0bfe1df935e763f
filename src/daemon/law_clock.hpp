#pragma once
/// The clock that the law follows: the system's, or one that stands still and survives a restart.

#include "base/clock.hpp"
#include "base/log.hpp"
#include "daemon/config.hpp"

#include <memory>
#include <optional>
#include <string>

namespace npod::daemon {

/// What the database remembers of time.
struct LastKnown {
    std::optional<Moment> last_event;   ///< when the newest row of its log was learned
    std::optional<Moment> manual_clock; ///< where a manual clock stood last
};
/// Reads it from a database file that a Ledger has opened. Throws StorageFault.
LastKnown last_known(std::string const& database);

/// Where a manual clock starts: the latest of what was asked for (nothing: `real_now`, in a new database) and what the
/// database remembers. Time never runs back.
Moment manual_start(ClockChoice const& choice, LastKnown const& last, Moment real_now);

/// Throws ConfigFault when the system's clock would run a database whose manual clock is ahead of it; warns when it is
/// merely behind the last event.
void accept_system_clock(LastKnown const& last, Moment real_now, Log& log);

} // namespace npod::daemon
