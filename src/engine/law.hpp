#pragma once
/// Which law is in force is told to the log, so that the log told again is decided by the same law.

#include "engine/writer.hpp"

namespace npod::engine {

/// Puts `rulebook` in force when another is: with a row "house.law" that says what changes, or silently when the database
/// has none yet (then all its rows count as decided by this one). Before traffic starts.
void announce_law(Writer& writer, storage::Ledger& ledger, std::shared_ptr<rules::Rulebook const> const& rulebook, Moment now);

/// What differs from one law to the next, a sentence each: values, validity, standing, source, days off.
std::vector<std::string> changes_between(rules::Rulebook const& before, rules::Rulebook const& after);

} // namespace npod::engine
