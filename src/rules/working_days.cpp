#include "rules/working_days.hpp"

#include <algorithm>

namespace npod::rules {

std::int64_t working_days_begun(Calendar const& calendar, Moment from, Moment until) {
    std::int64_t working = 0;
    auto day = std::chrono::sys_days{calendar.day_of(from)};
    for (auto left = calendar.civil_days_begun(from, until); left > 0; --left)
        working += calendar.is_working_day(day += std::chrono::days{1}) ? 1 : 0;
    return working;
}

Duration known_working_time(Calendar const& calendar, Moment from, Moment to) {
    // The last millisecond of the last day that the table knows: the walk must not look at the day after it.
    Moment const end = calendar.start_of((calendar_last_year + std::chrono::years{1}) / std::chrono::January / 1) - Duration{1};
    return calendar.working_time(std::min(from, end), std::min(to, end));
}

} // namespace npod::rules
