#pragma once
/// The storage bound: what SQLite itself needs for the very rows that the product writes, in the very same transactions.
/// While the job runs inside this process every INSERT, UPDATE, DELETE, BEGIN and COMMIT is noted with its values;
/// afterwards a bare loop of prepared statements writes them again into a fresh database. Reading, deciding, hashing, JSON
/// and HTTP are left out, the durability is not.

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace npod::bench {

using Value = std::variant<std::monostate, std::int64_t, std::string>; ///< NULL, an integer, text or bytes
struct Written {
    std::size_t statement = 0; ///< index into Statements::texts
    std::vector<std::pair<Value, bool>> values; ///< with: are they bytes? In order of ?1, ?2, …
};
struct Statements {
    std::vector<std::string> texts;
    std::vector<Written> written;
    std::size_t commits = 0;
};

/// From construction to take() every connection opened meanwhile is listened to. One at a time.
class StatementRecorder {
public:
    StatementRecorder();
    ~StatementRecorder();
    Statements take();
};

struct BareRun {
    double seconds = 0;
    std::int64_t events = 0;
};
/// Writes them into the database at `path`, which has our schema and no rows, with the settings of the product's writer.
BareRun write_again(Statements const& statements, std::string const& path);

} // namespace npod::bench
