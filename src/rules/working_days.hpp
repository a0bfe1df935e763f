#pragma once
/// Working days and working time between two instants.

#include "rules/calendar.hpp"

#include <cstdint>

namespace npod::rules {

/// Of the civil days begun after `from` until `until` (Calendar::civil_days_begun) those on which people work; 0 when until ≤ from.
/// Throws ConfigFault for days outside the calendar's table.
std::int64_t working_days_begun(Calendar const& calendar, Moment from, Moment until);

/// Calendar::working_time, as far as the table of holidays reaches: what lies behind it is left out, for a deadline there is still shown.
Duration known_working_time(Calendar const& calendar, Moment from, Moment to);

} // namespace npod::rules
