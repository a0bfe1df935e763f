#pragma once
/// The log, told again from nothing, gives the same database: proof of determinism, time travel, and the check of a case file.

#include "engine/interchange.hpp"
#include "engine/writer.hpp"
#include "porting/settings.hpp"
#include "rules/laws.hpp"
#include "storage/ledger.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace npod::engine {

struct Replayed {
    std::unique_ptr<storage::Ledger> ledger; ///< in memory
    rules::Laws laws;                        ///< as of the last row told: the one in force, and those before it
    std::int64_t rows = 0;
    std::string difference; ///< empty: every row decided the same again; else where and how it differs
};

/// The laws are those that the file keeps, from its first on; `rulebook` is for a file that keeps none.
/// Tells every row learned at or before `until` again to an in-memory ledger. Pure but for reading `reader`.
Replayed replay(storage::Reader const& reader, std::shared_ptr<rules::Rulebook const> rulebook, porting::Settings const& settings,
                Interchange const& interchange, std::optional<Moment> until, Onlooker* onlooker = nullptr);

/// A row as the event it came from; refused when the log and this program do not fit each other.
Outcome<Event> event_of(storage::LogRow const& row, Interchange const& interchange);
/// In what a row that was told again is another: "row 17 (port.answer): its notes differ"; empty when it is the same.
std::string difference_between(storage::LogRow const& was, storage::LogRow const& is);

/// What stands in the file and does not follow from its log, sentence by sentence; empty: nothing. The log is told again from its
/// first row, so it takes as long as all of it took (some 20 000 rows a second). `reader` sees one commit meanwhile.
std::vector<std::string> differences_from_log(storage::Reader& reader, std::shared_ptr<rules::Rulebook const> rulebook,
                                              porting::Settings const& settings, Interchange const& interchange);

} // namespace npod::engine
