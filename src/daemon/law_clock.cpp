#include "daemon/law_clock.hpp"

#include "daemon/log_messages.hpp"
#include "storage/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::daemon {

LastKnown last_known(std::string const& database) {
    LastKnown last;
    storage::Reader const reader(database);
    if (auto const row = reader.log_row(reader.head_seq())) last.last_event = row->learned_at;
    if (auto const stood = parse_rfc3339(reader.meta("manual_clock"))) last.manual_clock = *stood;
    return last;
}

Moment manual_start(ClockChoice const& choice, LastKnown const& last, Moment real_now) {
    bool const fresh = !last.last_event && !last.manual_clock;
    auto start = choice.start.value_or(fresh ? real_now : Moment{});
    if (last.last_event) start = std::max(start, *last.last_event);
    if (last.manual_clock) start = std::max(start, *last.manual_clock);
    return start;
}

void accept_system_clock(LastKnown const& last, Moment real_now, Log& log) {
    if (last.manual_clock && *last.manual_clock > real_now)
        throw ConfigFault(
            fmt::format("this database lives on a manual clock that stands at {}, later than the system's {}; start "
                        "with --clock manual, or use another database",
                        to_rfc3339(*last.manual_clock), to_rfc3339(real_now)));
    if (last.last_event && *last.last_event > real_now)
        log.write(log_messages::clock_behind, {{"last_event", *last.last_event}, {"now", real_now}});
}

} // namespace npod::daemon
