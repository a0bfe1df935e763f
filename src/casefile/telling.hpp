#pragma once
/// The rows of a case told again to an empty book in memory, by the very writer and decide() that a daemon runs.

#include "casefile/case_file.hpp"
#include "engine/writer.hpp"

#include <memory>
#include <optional>

namespace npod::casefile {

/// A telling in progress. The case outlives it. Not thread-safe.
class Telling {
public:
    /// Throws ConfigFault when a law of the case cannot be read, or is not the one that its version says.
    explicit Telling(Case const& content);

    /// Tells one row, after those before it. What was written under its seq; nothing when nothing was. Throws what the book throws
    /// when it cannot hold what comes out, and ConfigFault when the row cannot be read as an input.
    std::optional<storage::LogRow> tell(Row const& row);
    /// What became of the port, see outcome_of().
    std::string outcome() const;

    rules::Laws const& laws() const { return writer_.laws(); }
    storage::Ledger& ledger() { return *ledger_; }
    std::unique_ptr<storage::Ledger> take_ledger() { return std::move(ledger_); } ///< the end of the telling

private:
    Case const& content_;
    engine::Interchange interchange_;
    std::unique_ptr<storage::Ledger> ledger_;
    engine::Writer writer_;
};

/// What came of judging a case.
struct Verdict {
    bool same = false;
    std::int64_t events = 0;             ///< rows that were told and came out the same
    std::int64_t at = 0;                 ///< the row that did not, or 0: the outcome, a law or the chain
    std::string difference;              ///< a sentence; empty when same
    std::vector<std::string> remarks;    ///< what a judge should know and what decides nothing: other program, other machines
    std::unique_ptr<storage::Ledger> book; ///< the book told again, as far as it went
    std::optional<rules::Laws> laws;
    std::unique_ptr<storage::Reader> reader() const; ///< of that book; precondition: there is one
};
/// Tells all of it again and compares: laws, hashes, every row, the outcome. Does not look at the seal. `program`: our version.
/// Never throws for what the case holds.
Verdict judge(Case const& content, std::string_view program);

} // namespace npod::casefile
