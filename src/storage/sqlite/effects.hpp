#pragma once
/// Carrying out what one event decided, inside the open transaction.

#include "porting/book.hpp"
#include "storage/sqlite/recent_book.hpp"

#include <vector>

namespace npod::storage::sqlite {

/// Writes everything in `effects`; `before` is the book as it was, `encoded` holds one delivery per effects.sends, in order. Throws
/// ConstraintBroken when the database refuses; what was written up to there is undone by the caller's savepoint.
void write_effects(Database& database, RecentBook const& before, porting::Effects const& effects,
                   std::vector<porting::Delivery> const& encoded, std::int64_t seq);

/// What a broken constraint means, as a sentence for whoever asked.
std::string explain(ConstraintBroken const& broken);

} // namespace npod::storage::sqlite
