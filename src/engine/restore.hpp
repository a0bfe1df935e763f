#pragma once
/// A backup that was put back: the daemon that starts on it finds the mark that the backup left in the file. Ids that were given out
/// after the copy must never be given out again, and what the hub sent after it, confirmed or not, is asked for again.

#include "engine/writer.hpp"

namespace npod::engine {

/// Kind of the row that says so. Its key is the last log row of the backup, its body how far the counters jump.
inline constexpr std::string_view restored_kind = "house.restored";
/// Kind of the row that says that the hub was asked for everything after the backup.
inline constexpr std::string_view caught_up_kind = "house.caught_up";

/// More ids than a day's market gives out, and a nightly backup is at most a day old.
inline constexpr std::int64_t ids_skipped = 100'000;

/// In meta: the hub was not yet asked for what came after the backup.
inline constexpr std::string_view catching_up_key = "catching_up";

/// Writes the row when the file is a backup that was put back. Returns whether it is. Before traffic starts.
bool announce_restore(Writer& writer, storage::Ledger& ledger, Moment now);
/// What such a row does to the counters, also when the log is told again; nothing for other kinds.
std::map<std::string, std::int64_t, std::less<>> counters_after(Event const& event, porting::Book const& book);
Event caught_up_event();

} // namespace npod::engine
