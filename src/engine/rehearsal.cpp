#include "engine/rehearsal.hpp"

#include "base/limits_wire.hpp"

#include "engine/inputs.hpp"

#include <algorithm>

namespace npod::engine {

namespace {

/// The next deadline of the port's own lines and claim, in due order.
std::optional<porting::Timer> next_deadline(storage::Ledger const& ledger, PortId const& port, Moment until) {
    for (auto const& timer : ledger.reader_on_same_connection().timers_of_port(port)) {
        bool const ours =
            timer.subject.kind == porting::SubjectKind::line || timer.subject.kind == porting::SubjectKind::claim;
        if (ours && timer.due <= until) return timer;
    }
    return std::nullopt;
}

} // namespace

Result play(Writer& writer, storage::Ledger const& ledger, Rehearsal const& rehearsal, Moment now) {
    for (int fired = 0; fired < limits::rehearsed_deadlines_max; ++fired) {
        auto const timer = next_deadline(ledger, rehearsal.port, rehearsal.at);
        if (!timer) break;
        writer.write(timer_event(*timer), std::max(timer->due, now));
    }
    if (!rehearsal.event.input) return {};
    auto event = rehearsal.event;
    event.idempotency_key.reset();
    event.dry_run = false; // it must stand until it was looked at
    return writer.write(event, rehearsal.at).result;
}

} // namespace npod::engine
