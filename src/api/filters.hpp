#pragma once
/// The filter language of lists: which fields each list has, and how q= of a request becomes a condition of the store.

#include "api/reads.hpp"
#include "filter/filter.hpp"

#include <optional>
#include <vector>

namespace npod::api {

/// The fields of /v1/ports, /v1/timers and /v1/claims, in the order in which people read them. npctl explains them.
std::vector<filter::Field> const& port_fields();
std::vector<filter::Field> const& timer_fields();
std::vector<filter::Field> const& claim_fields();

/// q= of the request, its moments placed; nothing when it has none.
Outcome<std::optional<filter::Expression>> condition_of(http::Request const& request, std::vector<filter::Field> const& fields,
                                                        Look const& look);
/// Gives every moment of the filter its stretch of time: a day of the zone, or a distance from now by the calendar.
/// Refused when it leads out of the calendar.
Outcome<filter::Expression> placed(filter::Expression expression, rules::Calendar const& calendar, Moment now);
/// The first instant at which that much working time is over since `now`.
Moment after_working_time(rules::Calendar const& calendar, Moment now, Duration working);

/// While it lives, the reader can ask how much a port owes and who delayed it.
class Measuring {
public:
    explicit Measuring(Reading const& reading);
    ~Measuring();
    Measuring(Measuring const&) = delete;
    Measuring& operator=(Measuring const&) = delete;

private:
    storage::Reader const& reader_;
};
/// Of one port; nothing for a port-out.
storage::PortMeasures measures_of(PortId const& id, Look const& look);

/// What is said when a filter asks for too much.
Refusal too_much_work();

} // namespace npod::api
