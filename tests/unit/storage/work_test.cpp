/// What one question may cost: it is given up at the bound, and the connection answers the next one.

#include "base/limits.hpp"
#include "storage/ledger.hpp"
#include "storage/sqlite/database.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::sqlite;

namespace {

/// Counts to `rows` by a table that is made up on the way; each row asks for `column`.
AssembledSql counting(Sql column, std::int64_t rows) {
    AssembledSql sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ");
    return sql.bind(rows).add(") SELECT count(").add(column).add(") FROM n");
}

std::int64_t answer(Database& database, AssembledSql const& sql) {
    auto query = database.query(sql);
    query.step();
    return query.get<std::int64_t>();
}

} // namespace

TEST_CASE("a question that takes too many steps is given up, and the next is answered") {
    Database database(":memory:", Database::Access::create);
    CHECK(answer(database, counting("i", 1'000)) == 1'000);
    // A row takes some ten steps: as many rows as steps are allowed is far too much.
    CHECK_THROWS_AS(answer(database, counting("i", limits::query_steps_max)), TooMuchWork);
    CHECK(answer(database, counting("i", 1'000)) == 1'000);
}

TEST_CASE("a question may have so many ports measured, and not one more") {
    Database database(":memory:", Database::Access::create);
    std::int64_t measured = 0;
    database.teach_measure([&](std::string_view, int) {
        ++measured;
        return std::optional<std::int64_t>{1};
    });
    CHECK(answer(database, counting("measure(i, 0)", limits::ports_measured_max)) == limits::ports_measured_max);
    CHECK(measured == limits::ports_measured_max);
    CHECK_THROWS_AS(answer(database, counting("measure(i, 0)", limits::ports_measured_max + 1)), TooMuchWork);
    CHECK(answer(database, counting("measure(i, 0)", 10)) == 10);
}
