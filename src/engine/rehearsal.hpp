#pragma once
/// What would happen to one port, played in the open transaction by the writer that would do it. Whoever calls undoes it.

#include "engine/writer.hpp"

namespace npod::engine {

/// Fires the deadlines of the port's lines and claim up to the event's moment, each at its own instant (overdue ones now),
/// then writes the event. Result of the event; of nothing when it has no input.
Result play(Writer& writer, storage::Ledger const& ledger, Rehearsal const& rehearsal, Moment now);

} // namespace npod::engine
