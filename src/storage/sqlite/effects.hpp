#pragma once
/// Carrying out what one event decided, inside the open transaction.

#include "porting/book.hpp"
#include "storage/sqlite/recent_book.hpp"

#include <vector>

namespace npod::storage::sqlite {

/// All that one event writes, and what must be known of what was there before it: the book knows that when it is decided, and may have
/// gone on when it is written.
struct Writing {
    struct LineBefore {
        bool stored = false;
        porting::NumberRange numbers;
        bool live = false;   ///< its numbers were in a live port
        porting::Role role{}; ///< of its port
    };
    porting::Effects effects;
    std::vector<porting::Delivery> encoded; ///< one for each of effects.sends, in order; squeezed by the time they are written
    std::int64_t seq = 0;
    std::vector<LineBefore> lines;          ///< for each of effects.lines
    std::vector<porting::Subject> disarmed;   ///< of effects.cancel and effects.arm: those that had a timer
};
/// `before` is the book as it was.
Writing writing_of(RecentBook const& before, porting::Effects effects, std::vector<porting::Delivery> encoded, std::int64_t seq);

/// Whatever can be asked for by a key, and is answered otherwise from now on.
void note(Touched& touched, Writing const& writing);

/// Throws ConstraintBroken when the database refuses; what was written up to there is undone by the caller's savepoint.
void write(Database& database, Writing const& writing);

/// What a broken constraint means, as a sentence for whoever asked.
std::string explain(ConstraintBroken const& broken);

} // namespace npod::storage::sqlite
