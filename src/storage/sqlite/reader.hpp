#pragma once
/// What a Reader holds: shared with the ledger, which can lend its connection.

#include "storage/ledger.hpp"
#include "storage/sqlite/book.hpp"

#include <memory>

namespace npod::storage {

struct Reader::Impl {
    /// `own`: the connection belongs to this reader alone, so that it may open read transactions on it.
    Impl(std::shared_ptr<sqlite::Database> shared, bool own_connection)
        : database(std::move(shared)), book(*database), own(own_connection) {}

    std::shared_ptr<sqlite::Database> database;
    sqlite::SqliteBook book;
    bool own;
    bool held = false;
};

} // namespace npod::storage
