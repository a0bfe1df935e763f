#pragma once
/// What need not be kept, or may not be: see Ledger::forget_deliveries() and those after it, which these carry out.

#include "base/ids.hpp"
#include "storage/sqlite/database.hpp"

#include <cstdint>
#include <vector>

namespace npod::storage::sqlite {

std::int64_t forget_deliveries(Database& database, PortId const& port);
std::int64_t forget_answers(Database& database, std::vector<std::int64_t> const& seqs);
std::int64_t prune_answers(Database& database, std::int64_t before_seq, int limit);
std::int64_t prune_mail(Database& database, std::int64_t before_seq, int limit);
std::int64_t prune_bytes(Database& database, std::int64_t before_seq, int limit);
std::int64_t first_row_since(Database& database, Moment moment);

} // namespace npod::storage::sqlite
