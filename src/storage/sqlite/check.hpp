#pragma once
/// Whether a file is fit to serve.

#include "storage/backup.hpp"
#include "storage/ledger.hpp"
#include "storage/sqlite/database.hpp"

namespace npod::storage::sqlite {

/// See Ledger::check().
Health check(Database& database, std::int64_t chain_rows, Progress const& progress = {});

} // namespace npod::storage::sqlite
