#pragma once
/// Filters as SQL: which column a field is. A field that its table does not know is a bug (NPOD_PROMISE): whoever parsed
/// the filter had its own list of fields, and a test compares the two.

#include "filter/filter.hpp"
#include "storage/sqlite/database.hpp"

#include <string_view>
#include <vector>

namespace npod::storage::sqlite {

/// Of ports, as "p".
AssembledSql condition_on_ports(filter::Expression const& expression);
/// Of timers, as "t".
AssembledSql condition_on_timers(filter::Expression const& expression);
/// Of claims, as "c".
AssembledSql condition_on_claims(filter::Expression const& expression);

} // namespace npod::storage::sqlite
