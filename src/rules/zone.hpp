#pragma once
/// One time zone of the system's database. The only door to Howard Hinnant's date library; its types stay behind it.

#include "base/moment.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace npod::rules {

/// A civil time in some zone: what a clock on the wall shows.
using WallTime = std::chrono::local_time<Duration>;

class Zone {
public:
    /// `name` is an IANA name, "Europe/Brussels". Throws ConfigFault for one that the system does not know, and for
    /// zone files that have no daylight-saving changes in them although the zone has (the "slim" format).
    explicit Zone(std::string const& name);

    WallTime wall_time(Moment moment) const;
    /// The instant of a wall time. In the gap of spring: the first instant after it. Ambiguous in autumn: the earlier one.
    Moment instant(WallTime time) const;
    /// What the zone is ahead of UTC at `moment`.
    std::chrono::seconds offset(Moment moment) const;

private:
    struct Impl;
    std::shared_ptr<Impl const> impl_;
};

} // namespace npod::rules
