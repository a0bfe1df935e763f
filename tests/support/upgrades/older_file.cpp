#include "support/upgrades/older_file.hpp"

#include "base/hash.hpp"
#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/opening.hpp"
#include "storage/values_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <vector>

namespace npod::testing {

using storage::sqlite::Database;

namespace {

std::map<int, std::string> migrations() {
    std::map<int, std::string> found;
    for (auto const& entry : std::filesystem::directory_iterator(NPOD_SOURCE_DIR "/schemas/database/sqlite")) {
        if (entry.path().extension() != ".sql") continue;
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        found[std::stoi(entry.path().filename().string())] = text.str();
    }
    return found;
}

std::string in_hex(std::string const& bytes) {
    std::string text;
    for (unsigned char const byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

std::vector<std::string> columns(Database& database, std::string const& schema, std::string const& table) {
    return database.answers("SELECT name FROM pragma_table_info('" + table + "', '" + schema + "') ORDER BY cid");
}

/// What each row brought stands in four texts, as before it was squeezed.
void tell_apart_as_then(Database& database, std::string const& current) {
    auto const guards = database.answers("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event' ORDER BY name");
    for (auto const& name : database.answers("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event'"))
        database.script("DROP TRIGGER " + name);
    for (auto const& row : storage::Reader(current).log(0, std::numeric_limits<int>::max(), true))
        database.script(fmt::format("UPDATE event SET moves = CAST(x'{}' AS TEXT), notes = CAST(x'{}' AS TEXT), refusals = CAST(x'{}' AS TEXT), "
                                    "about = CAST(x'{}' AS TEXT) WHERE seq = {}",
                                    in_hex(storage::to_json(row.moves)), in_hex(storage::to_json(row.notes)), in_hex(storage::to_json(row.refusals)),
                                    in_hex(storage::to_json(row.about)), row.seq));
    for (auto const& guard : guards) database.script(guard);
}

/// Chained as before rows could be erased: on the words and bytes themselves.
void chain_as_then(Database& database, std::string const& current) {
    auto const first = migrations()[1];
    auto const guard = first.find("CREATE TRIGGER event_is_not_edited"), end = first.find("CREATE TRIGGER event_is_not_deleted");
    database.script("DROP TRIGGER event_is_not_edited");
    storage::sqlite::Head at;
    for (auto const& row : storage::Reader(current).log(0, std::numeric_limits<int>::max(), true)) {
        at = {row.seq, storage::sqlite::chained_hash(at.hash, row, std::numeric_limits<std::int64_t>::max())};
        database.script(fmt::format("UPDATE event SET hash = x'{}' WHERE seq = {}", hex(at.hash), row.seq));
    }
    database.script(first.substr(guard, end - guard));
    storage::sqlite::store_head(database, at);
}

} // namespace

int newest_schema() { return migrations().rbegin()->first; }
bool is_schema(int version) { return migrations().contains(version); }

void make_older_file(std::string const& current, std::string const& older, int version) {
    Database database(older, Database::Access::create);
    for (auto const& [number, sql] : migrations())
        if (number <= version) database.script(sql);
    database.script(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; PRAGMA journal_mode = WAL",
                                storage::sqlite::application_id, version));
    database.script("ATTACH '" + current + "' AS today");
    auto const tables = database.answers("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                                         "ORDER BY name = 'event' DESC, name = 'port' DESC, name = 'line' DESC, name");
    for (auto const& table : tables) {
        if (table == "mailbox_size" || (table == "port_count" && version < 12)) continue; // triggers fill them
        auto shared = columns(database, "main", table);
        auto const today = columns(database, "today", table);
        std::erase_if(shared, [&](auto const& name) { return std::ranges::find(today, name) == today.end(); });
        database.script(fmt::format("INSERT OR REPLACE INTO main.{0} ({1}) SELECT {1} FROM today.{0}", table, fmt::join(shared, ", ")));
    }
    database.script("DETACH today");
    if (version < 10) tell_apart_as_then(database, current);
    if (version >= 9) return;
    database.script("DELETE FROM meta WHERE key = 'erasable_from'");
    chain_as_then(database, current);
}

std::string schema_of(std::string const& path) {
    Database database(path, Database::Access::read_only);
    std::string text;
    for (auto const& line : database.answers("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"))
        text += line + "\n";
    return text;
}

} // namespace npod::testing
