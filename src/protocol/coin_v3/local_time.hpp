#pragma once
/// Times on the wire are 14 digits, YYYYMMDDhhmmss, local and without a zone: the zone is agreed per counterpart.

#include "base/moment.hpp"

#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace npod::protocol::coin_v3 {

/// Translates between instants and wire times of one zone. Immutable and thread-safe; cheap to copy.
class LocalTime {
public:
    /// `zone` is an IANA name. Throws ConfigFault when the system does not know it.
    explicit LocalTime(std::string_view zone);

    std::string const& zone() const { return name_; }

    /// "20260407180000". Milliseconds are cut off: the wire has none.
    std::string write(Moment moment) const;

    /// Reads 14 digits. A time in the spring gap gives the first instant after it, an ambiguous one of autumn the
    /// earlier. Refused (not_admissible) when no such time can be meant: 31 February, 25 o'clock, before 1990, after
    /// 2100.
    Outcome<Moment> read(std::string_view digits) const;

private:
    std::string name_;
    date::time_zone const* zone_;
};

} // namespace npod::protocol::coin_v3
