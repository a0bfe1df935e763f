#pragma once
/// The machines' fingerprints in the database: which tables the ports in it were moved by. A change is announced in the log.

#include "base/moment.hpp"
#include "storage/ledger.hpp"

namespace npod::engine {

/// Compares the stored fingerprints with this program's; writes them, and when a machine changed under a log that is not empty,
/// a row "house.machines" that says which and how. Before traffic starts.
void announce_machines(storage::Ledger& ledger, Moment now);

} // namespace npod::engine
