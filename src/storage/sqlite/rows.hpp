#pragma once
/// Things and their rows: writing whole rows of the model. Reading them is the book's work (book.hpp).

#include "porting/model.hpp"
#include "storage/sqlite/database.hpp"

namespace npod::storage::sqlite {

/// Each write_ inserts the row or replaces what was there, each advance_ changes of a stored row what may change while it
/// lives: to name an indexed column in an UPDATE costs its index, even when its value stays. ConstraintBroken when the schema
/// refuses.
void write_port(Database& database, porting::Port const& port);
/// Of a stored port what Effects::advanced names, and when its next deadline falls due: its timers were written before.
void advance_port(Database& database, porting::Port const& port);
/// `settled`: whether the machine says so of the line's state.
void write_line(Database& database, porting::Line const& line, bool settled);
void advance_line(Database& database, porting::Line const& line, bool settled); ///< its numbers are what they were
void write_number(Database& database, porting::NumberRecord const& number);
void write_contract(Database& database, porting::Contract const& contract);
void write_claim(Database& database, porting::Claim const& claim);
/// A new one, its bytes squeezed; `seq`: the log row that queued it.
void write_delivery(Database& database, porting::Delivery const& delivery, std::int64_t seq);
void advance_delivery(Database& database, porting::Delivery const& delivery);
void write_timer(Database& database, porting::Timer const& timer); ///< its subject has none
void delete_timer(Database& database, porting::Subject const& subject);

/// The timer in the columns kind, id, name, due_ms, rule, from_ms, armed_in.
porting::Timer timer_row(Query& query);

} // namespace npod::storage::sqlite
