#pragma once
/// A second file that holds everything the first one held at one commit.

#include "base/hash.hpp"
#include "storage/ledger.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace npod::storage {

/// In meta of a copy, never of the file itself: the end of the log when it was copied, "17:<hash>".
inline constexpr std::string_view copied_at_key = "copied_at";

/// What was copied, so that whoever puts it back can tell that he has the whole of it.
struct Backup {
    std::string file;
    OperatorCode operator_code;
    std::int64_t bytes = 0;
    std::int64_t head_seq = 0; ///< the last log row it holds
    Hash head_hash{};          ///< of that row: the end of the chain
    Hash content{};            ///< SHA-256 of the file's bytes
};

/// Told while long work goes on: which part of it ("checking the log"), and how far it is: `of` is 0 where nobody knows.
using Progress = std::function<void(std::string_view part, std::int64_t done, std::int64_t of)>;

/// Copies a database, a running daemon's or not, into a new file: one commit, synced, checked from its first page to
/// the end of its hash chain, and only then given its name. The daemon is not disturbed: the copy is read over a
/// read-only connection of its own, and the daemon's write-ahead log only grows meanwhile.
/// Throws ConfigFault when `database` is not ours or `into` exists, StorageFault when the disk fails or the copy is
/// damaged; then no file `into` is left.
Backup back_up(std::string const& database, std::string const& into, Progress const& progress = {});

/// A row of the log and its hash, kept elsewhere: on paper, in another's books, in the output of a backup.
struct Anchor {
    std::int64_t seq = 0;
    Hash hash{};
};
/// "17:<64 hexadecimal digits>", as backup and status print it.
std::optional<Anchor> anchor_of(std::string_view text);

/// What Ledger::check() finds, over a read-only connection of its own: a running daemon is not disturbed.
/// `chain_rows` rows from the end of the log are checked; 0 is all. With an anchor it finds, too, that an older copy was put in
/// the place of the file, or that the whole chain was made anew: nothing in the file itself could show that.
/// Throws ConfigFault when the file is not ours.
Health verify(std::string const& database, std::int64_t chain_rows, Progress const& progress = {},
              std::optional<Anchor> const& anchor = {});

} // namespace npod::storage
