#include "statements.hpp"

#include "figures.hpp"
#include "subject.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <map>
#include <mutex>
#include <unordered_map>

namespace npod::bench {

namespace {

struct Recording {
    std::mutex mutex;
    Statements statements;
    std::unordered_map<std::string, std::size_t> known;
    bool on = false;
};
Recording& recording() {
    static Recording one;
    return one;
}

bool writes(std::string_view sql) {
    for (auto const* const word : {"INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE", "COMMIT"})
        if (sql.starts_with(word)) return true;
    return false;
}

/// One literal as sqlite3_expanded_sql writes it: NULL, 12, 'it''s', x'0aff'. Moves `at` behind it.
std::pair<Value, bool> literal(std::string_view text, std::size_t& at) {
    auto const quoted = [&] {
        std::string inside;
        for (++at; at < text.size(); ++at) {
            if (text[at] == '\'' && (at + 1 == text.size() || text[at + 1] != '\'')) break;
            if (text[at] == '\'') ++at;
            inside += text[at];
        }
        ++at;
        return inside;
    };
    if (text.substr(at).starts_with("NULL")) return at += 4, std::pair{Value{}, false};
    if (text[at] == '\'') return {Value{quoted()}, false};
    if (text[at] == 'x') {
        ++at;
        auto const digits = quoted();
        std::string bytes(digits.size() / 2, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            unsigned byte = 0;
            std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, byte, 16);
            bytes[i] = static_cast<char>(byte);
        }
        return {Value{std::move(bytes)}, true};
    }
    std::int64_t number = 0;
    auto const end = std::from_chars(text.data() + at, text.data() + text.size(), number).ptr;
    at = static_cast<std::size_t>(end - text.data());
    return {Value{number}, false};
}

/// The values that stand in `expanded` where `sql` has ?1, ?2, …
std::vector<std::pair<Value, bool>> values_in(std::string_view sql, std::string_view expanded) {
    std::map<int, std::pair<Value, bool>> found;
    std::size_t at = 0;
    for (std::size_t i = 0; i < sql.size();) {
        if (sql[i] != '?') {
            ++i, ++at;
            continue;
        }
        int number = 0;
        i = static_cast<std::size_t>(std::from_chars(sql.data() + i + 1, sql.data() + sql.size(), number).ptr - sql.data());
        found.insert_or_assign(number, literal(expanded, at));
    }
    std::vector<std::pair<Value, bool>> values;
    for (auto& [number, value] : found) values.push_back(std::move(value));
    return values;
}

int note(unsigned, void*, void* statement, void* text) {
    auto const* const sql = static_cast<char const*>(text);
    auto& record = recording();
    std::lock_guard const lock(record.mutex);
    bool const reader = sqlite3_db_readonly(sqlite3_db_handle(static_cast<sqlite3_stmt*>(statement)), "main") == 1;
    // A reader's COMMIT must not end the writer's transaction. What a trigger does begins with "--" and comes again by itself.
    if (!record.on || reader || !writes(sql)) return 0;
    auto const [known, fresh] = record.known.try_emplace(sql, record.statements.texts.size());
    if (fresh) record.statements.texts.emplace_back(sql);
    char* const expanded = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
    record.statements.written.push_back({known->second, values_in(sql, expanded)});
    sqlite3_free(expanded);
    if (std::string_view(sql) == "COMMIT") ++record.statements.commits;
    return 0;
}

int listen(sqlite3* connection, char const**, sqlite3_api_routines const*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, note, nullptr);
}

using Extension = void (*)(); // as sqlite3_auto_extension wants it

/// A connection of its own, and its statements.
class Bare {
public:
    explicit Bare(std::string const& path) {
        require(sqlite3_open_v2(path.c_str(), &connection_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr));
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
            "PRAGMA cache_size = -65536; PRAGMA recursive_triggers = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON");
        sqlite3_wal_hook(
            connection_,
            [](void* pages, sqlite3*, char const*, int now) {
                *static_cast<int*>(pages) = now;
                return SQLITE_OK;
            },
            &wal_pages_);
    }
    ~Bare() {
        for (auto* const statement : statements_) sqlite3_finalize(statement);
        sqlite3_close(connection_);
    }
    Bare(Bare const&) = delete;
    Bare& operator=(Bare const&) = delete;

    void prepare(std::string const& sql) {
        sqlite3_stmt* statement = nullptr;
        require(sqlite3_prepare_v3(connection_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
        statements_.push_back(statement);
    }
    void write(Written const& row) {
        auto* const statement = statements_[row.statement];
        std::string_view const sql = sqlite3_sql(statement);
        bool const open = sqlite3_get_autocommit(connection_) == 0;
        if (sql.starts_with("BEGIN") && open) return; // the batch before it had nothing to commit
        int at = 0;
        for (auto const& [value, bytes] : row.values) {
            ++at;
            if (auto const* number = std::get_if<std::int64_t>(&value)) sqlite3_bind_int64(statement, at, *number);
            else if (auto const* text = std::get_if<std::string>(&value); text && bytes)
                sqlite3_bind_blob64(statement, at, text->empty() ? "" : text->data(), text->size(), SQLITE_STATIC);
            else if (text) sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
            else sqlite3_bind_null(statement, at);
        }
        int const code = sqlite3_step(statement);
        if (code != SQLITE_DONE) require(code);
        sqlite3_reset(statement);
    }
    void checkpoint_when_long() {
        if (wal_pages_ < 1000) return; // as the product does
        wal_pages_ = 0;
        sqlite3_wal_checkpoint_v2(connection_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    std::int64_t count(std::string const& sql) {
        prepare(sql);
        sqlite3_step(statements_.back());
        return sqlite3_column_int64(statements_.back(), 0);
    }

private:
    void run(char const* sql) { require(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr)); }
    void require(int code) {
        if (code != SQLITE_OK) throw BenchError(fmt::format("the bare loop failed: {}", sqlite3_errmsg(connection_)));
    }
    sqlite3* connection_ = nullptr;
    std::vector<sqlite3_stmt*> statements_;
    int wal_pages_ = 0;
};

} // namespace

StatementRecorder::StatementRecorder() {
    recording().statements = {};
    recording().known.clear();
    recording().on = true;
    sqlite3_auto_extension(reinterpret_cast<Extension>(listen));
}
StatementRecorder::~StatementRecorder() {
    sqlite3_cancel_auto_extension(reinterpret_cast<Extension>(listen));
    recording().on = false;
}
Statements StatementRecorder::take() {
    std::lock_guard const lock(recording().mutex);
    recording().on = false;
    return std::move(recording().statements);
}

BareRun write_again(Statements const& statements, std::string const& path) {
    Bare bare(path);
    for (auto const& text : statements.texts) bare.prepare(text);
    Stopwatch const watch;
    for (auto const& row : statements.written) {
        bare.write(row);
        if (statements.texts[row.statement] == "COMMIT") bare.checkpoint_when_long();
    }
    BareRun run{watch.seconds(), 0};
    run.events = bare.count("SELECT count(*) FROM event");
    return run;
}

} // namespace npod::bench
