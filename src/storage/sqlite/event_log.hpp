#pragma once
/// The append-only log: its rows, and the chain of hashes that shows any later change.

#include "storage/ledger.hpp"
#include "storage/sqlite/database.hpp"

namespace npod::storage::sqlite {

/// SHA-256 over the previous row's hash (32 zero bytes before the first) and every field of the row in a fixed form:
/// integers as 8 bytes, big end first; texts and bytes preceded by their length, lists by their count, both as such
/// integers. Of the words (reason, moves, notes, refusals) and of the body it takes the hash only, so that they can be erased;
/// rows before `erasable_from` hang on the words and bytes themselves. The form is part of the file format: changing it
/// breaks every chain that exists.
Hash chained_hash(Hash const& previous, LogRow const& row, std::int64_t erasable_from);

/// The first row of which personal data can be erased; a large number when the file does not say.
std::int64_t erasable_from(Database& database);

/// Replaces words and body of a row by what stands in `row`, and keeps its first hashes (row.original).
/// Throws ConstraintBroken when it was erased before.
void write_erased(Database& database, LogRow const& row);

/// Writes the row (seq and hash filled) and the ids under which it is found.
void write_event(Database& database, LogRow const& row);
std::optional<LogRow> read_event(Database& database, std::int64_t seq, bool with_body);
/// Rows after `after`, at most `limit`, in order.
std::vector<LogRow> read_events(Database& database, std::int64_t after, int limit, bool with_body);
std::vector<LogRow> read_events_about(Database& database, std::string_view id, std::int64_t after, int limit,
                                      bool with_body);
/// The last row's number; 0 when the log is empty.
std::int64_t last_seq(Database& database);

/// The end of the log, as the writer carries it along and as meta keeps it with each commit: cutting off the end shows.
struct Head {
    std::int64_t seq = 0;
    Hash hash{};
    bool operator==(Head const&) const = default;
};
std::optional<Head> head_in(std::string_view text); ///< "17:<64 hexadecimal digits>"
Head stored_head(Database& database); ///< from meta; all zero when the log is empty
void store_head(Database& database, Head const& head);

std::string meta(Database& database, std::string_view key); ///< "" when absent
inline constexpr std::string_view law_in_force_key = "law"; ///< of meta: the version of the rulebook in force
/// Of meta: the last row of the log that moved the routing table by what was heard last; those after it go by the moment of a transfer.
inline constexpr std::string_view routed_by_news_key = "routed_by_news_until";
std::int64_t number_in_meta(Database& database, std::string_view key, std::int64_t otherwise);
void set_meta(Database& database, std::string_view key, std::string_view value);

} // namespace npod::storage::sqlite
