#pragma once
/// Instants and durations. An instant is always UTC with millisecond precision; a civil time without a zone has no type
/// here on purpose. Law on the civil calendar lives in rules/calendar.hpp.

#include "base/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace npod {

using Duration = std::chrono::milliseconds;
/// An instant, UTC, milliseconds since 1970. Range kept by the parsers: years 1990 to 2100.
using Moment = std::chrono::sys_time<Duration>;

constexpr std::int64_t to_ms(Moment m) { return m.time_since_epoch().count(); }
constexpr Moment from_ms(std::int64_t ms) { return Moment{Duration{ms}}; }

/// RFC 3339 in UTC: "2026-04-03T14:59:00Z", with milliseconds only when there are some.
std::string to_rfc3339(Moment moment);

/// Reads RFC 3339 with an offset ("Z" or "+02:00"), up to nine decimals (cut to milliseconds). A time without an offset
/// is refused: nobody can know what it means. Leap second :60 is refused.
Outcome<Moment> parse_rfc3339(std::string_view text);

} // namespace npod
