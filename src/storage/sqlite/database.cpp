#include "storage/sqlite/database.hpp"

#include "base/limits.hpp"
#include "storage/ledger.hpp"
#include "storage/not_writable.hpp"
#include "storage/out_of_resources.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <exception>

#include <fcntl.h>
#include <unistd.h>

namespace npod::storage::sqlite {

namespace {

/// No value of ours comes near: the ranges of the largest contract take half a megabyte.
constexpr int value_bytes_max = 16 * 1024 * 1024;
constexpr int sql_bytes_max = 1024 * 1024;

std::string_view next_step(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL: return "Make room on the disk, or let npod write to it again.";
    case SQLITE_IOERR:
        return "Look for disk errors in the system log, then start npod again: it repairs the WAL first.";
    case SQLITE_CORRUPT: return "Run `npod check`; if it agrees, put back the last backup.";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "Another program writes to this file and only npod may: stop it.";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN: return "Check that the file and its folder exist and that this user may use them.";
    default: return "Run `npod check` and report this text.";
    }
}

/// Whether the system took nothing of a write, so that the file is as it was. SQLite tells a full disk by a code of its own, or by
/// that of its shared memory, which is a file beside and holds nothing that lasts; the rest as a fault of a write. A failed sync is
/// never among them, because nobody knows what it left behind.
bool took_nothing(int code, int system_error) {
    if ((code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE) return true;
    return code == SQLITE_IOERR_WRITE && (system_error == EDQUOT || system_error == EFBIG || system_error == EROFS || system_error == EPERM);
}

/// Whether it was the process that lacked something. SQLite keeps no word of why a file could not be opened, so a descriptor
/// is asked for.
bool process_lacks_something(int code) {
    if ((code & 0xff) == SQLITE_NOMEM) return true;
    if ((code & 0xff) != SQLITE_CANTOPEN) return false;
    int const one = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool const none = one < 0 && (errno == EMFILE || errno == ENFILE);
    if (one >= 0) ::close(one);
    return none;
}

constexpr std::string_view lacks = "no file descriptor or no memory was left. Ask again; if it stays so, give npod more of them";

/// SQLite counts every byte it allocates, under a lock, unless told before its first use that nobody asks.
void leave_memory_uncounted() {
    static int const told = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(told); // refused when something else in the process used SQLite first: slower, and no harm
}

/// Steps a statement that lives for one question only.
class Once {
public:
    Once(sqlite3* connection, Database const& database, std::string const& sql) : database_(database), sql_(sql) {
        int const code = sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement_, nullptr);
        if (code != SQLITE_OK) database_.fail(code, sql_);
    }
    ~Once() { sqlite3_finalize(statement_); }
    Once(Once const&) = delete;
    Once& operator=(Once const&) = delete;
    bool step() {
        int const code = sqlite3_step(statement_);
        if (code != SQLITE_ROW && code != SQLITE_DONE) database_.fail(code, sql_);
        return code == SQLITE_ROW;
    }
    std::string column(int index) {
        auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(statement_, index));
        return text ? text : "";
    }

private:
    Database const& database_;
    std::string const& sql_;
    sqlite3_stmt* statement_ = nullptr;
};

} // namespace

// ------------------------------------------------------------------------------------------ statements that are bounded

/// Counts what a statement does while it lives, and keeps what went wrong inside a function that it called.
struct Database::Work {
    explicit Work(Database& database) : database_(database) {
        sqlite3_progress_handler(database.connection_, steps_at_once, count_steps, this);
        sqlite3_create_function(database.connection_, "measure", 2, SQLITE_UTF8, this, measure, nullptr, nullptr);
    }
    ~Work() {
        sqlite3_progress_handler(database_.connection_, 0, nullptr, nullptr);
        sqlite3_create_function(database_.connection_, "measure", 2, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr);
    }
    /// Throws what a failed step was really about; returns when SQLite itself failed.
    void tell() const {
        if (trouble) std::rethrow_exception(trouble);
        if (steps > limits::query_steps_max || measured > limits::ports_measured_max)
            throw TooMuchWork("This asks for more work than one question may.");
    }

    std::int64_t steps = 0, measured = 0;
    std::exception_ptr trouble;

private:
    static constexpr int steps_at_once = 10'000;
    static int count_steps(void* self) {
        return (static_cast<Work*>(self)->steps += steps_at_once) > limits::query_steps_max ? 1 : 0;
    }
    static void measure(sqlite3_context* context, int, sqlite3_value** arguments) {
        auto& work = *static_cast<Work*>(sqlite3_user_data(context));
        auto const* id = reinterpret_cast<char const*>(sqlite3_value_text(arguments[0]));
        try {
            if (++work.measured > limits::ports_measured_max) return sqlite3_result_error(context, "too much", -1);
            auto const value = work.database_.measure_ && id ? work.database_.measure_(id, sqlite3_value_int(arguments[1])) : std::nullopt;
            value ? sqlite3_result_int64(context, *value) : sqlite3_result_null(context);
        } catch (std::exception const&) {
            work.trouble = std::current_exception();
            sqlite3_result_error(context, "a measure failed", -1);
        }
    }
    Database& database_;
};

// ---------------------------------------------------------------------------------------------------------- statements

Query::Query(Database& database, Held& held) : database_(&database), held_(&held) {
    NPOD_PROMISE(!held.lent);
    held.lent = true;
}

Query::Query(Database& database, std::unique_ptr<Held> held, AssembledSql const& sql)
    : database_(&database), own_(std::move(held)), held_(own_.get()) {
    for (auto const& value : sql.values_) std::visit([&](auto const& one) { put(one); }, value);
}

Query::~Query() {
    if (own_) {
        sqlite3_finalize(own_->statement);
        database_->work_.reset();
        return;
    }
    sqlite3_reset(held_->statement); // what step() had to say it has said
    sqlite3_clear_bindings(held_->statement);
    held_->lent = false;
}

bool Query::step() {
    column_ = 0;
    errno = 0; // fail() asks why the system refused; SQLite itself does not keep it at a COMMIT
    int const code = sqlite3_step(held_->statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE) return code == SQLITE_ROW;
    if (own_) database_->work_->tell();
    database_->fail(code, sqlite3_sql(held_->statement));
}

std::int64_t Query::run() {
    NPOD_PROMISE(!step());
    auto const changed = sqlite3_changes64(database_->connection_);
    sqlite3_reset(held_->statement);
    bound_ = 0;
    return changed;
}

void Query::rewind() {
    sqlite3_reset(held_->statement);
    sqlite3_clear_bindings(held_->statement);
    bound_ = 0;
}

std::vector<std::string> Query::row_as_text() {
    std::vector<std::string> row;
    for (int count = sqlite3_column_count(held_->statement); column_ < count;) {
        bool const empty = is_null();
        row.push_back(text());
        if (empty) row.back() = "NULL";
    }
    return row;
}

void Query::put(std::int64_t value) {
    NPOD_PROMISE(sqlite3_bind_int64(held_->statement, ++bound_, value) == SQLITE_OK);
}

void Query::put_null() { NPOD_PROMISE(sqlite3_bind_null(held_->statement, ++bound_) == SQLITE_OK); }

void Query::put(std::string_view text) {
    auto const keep = texts_stay_ ? SQLITE_STATIC : SQLITE_TRANSIENT; // transient: SQLite makes a copy
    int const code = sqlite3_bind_text64(held_->statement, ++bound_, text.empty() ? "" : text.data(), text.size(), keep, SQLITE_UTF8);
    if (code != SQLITE_OK) database_->fail(code, sqlite3_sql(held_->statement));
}

void Query::put(Blob blob) {
    int const code = sqlite3_bind_blob64(held_->statement, ++bound_, blob.bytes.empty() ? "" : blob.bytes.data(),
                                         blob.bytes.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) database_->fail(code, sqlite3_sql(held_->statement));
}

std::int64_t Query::integer() { return sqlite3_column_int64(held_->statement, column_++); }

std::string Query::text() {
    int const column = column_++;
    auto const* bytes = static_cast<char const*>(sqlite3_column_blob(held_->statement, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(held_->statement, column))) : "";
}

bool Query::is_null() const { return sqlite3_column_type(held_->statement, column_) == SQLITE_NULL; }

// ---------------------------------------------------------------------------------------------------------- connection

Database::Database(std::string path, Access access) : path_(std::move(path)) {
    leave_memory_uncounted();
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
    switch (access) {
    case Access::read_only: flags |= SQLITE_OPEN_READONLY; break;
    case Access::read_write: flags |= SQLITE_OPEN_READWRITE; break;
    case Access::create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE; break;
    }
    int const code = sqlite3_open_v2(path_.c_str(), &connection_, flags, nullptr);
    if (code != SQLITE_OK) {
        auto const words = std::string(connection_ ? sqlite3_errmsg(connection_) : sqlite3_errstr(code));
        sqlite3_close_v2(connection_);
        if (process_lacks_something(code)) throw OutOfResources(fmt::format("{} cannot be opened: {}.", path_, lacks));
        throw StorageFault(fmt::format("{} cannot be opened: {}. {}", path_, words, next_step(code)));
    }
    struct Setting {
        int name, value;
    };
    for (auto const [name, value] : {Setting{SQLITE_DBCONFIG_DQS_DDL, 0}, Setting{SQLITE_DBCONFIG_DQS_DML, 0},
                                     Setting{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, Setting{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                     Setting{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}}) {
        int now = -1;
        if (sqlite3_db_config(connection_, name, value, &now) != SQLITE_OK || now != value) {
            sqlite3_close_v2(connection_);
            throw StorageFault(
                fmt::format("{}: SQLite setting {} did not take. Use the SQLite of the distribution.", path_, name));
        }
    }
    sqlite3_limit(connection_, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_limit(connection_, SQLITE_LIMIT_SQL_LENGTH, sql_bytes_max);
}

Database::~Database() {
    for (auto& [sql, held] : statements_) sqlite3_finalize(held.statement);
    sqlite3_close_v2(connection_);
}

Query Database::query(Sql sql) {
    auto& held = statements_[sql.text];
    if (held.statement == nullptr) {
        int const code =
            sqlite3_prepare_v3(connection_, sql.text, -1, SQLITE_PREPARE_PERSISTENT, &held.statement, nullptr);
        if (code != SQLITE_OK) fail(code, sql.text);
    }
    return Query(*this, held);
}

Query Database::query(AssembledSql const& sql) {
    NPOD_PROMISE(!work_); // one at a time
    work_ = std::make_unique<Work>(*this);
    auto held = std::make_unique<Query::Held>();
    int const code = sqlite3_prepare_v3(connection_, sql.text_.c_str(), -1, 0, &held->statement, nullptr);
    if (code != SQLITE_OK) {
        work_.reset();
        fail(code, sql.text_);
    }
    return Query(*this, std::move(held), sql);
}

void Database::script(std::string const& sql) {
    int const code = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, std::string_view(sql).substr(0, 80));
}

std::string Database::answer(std::string const& sql) {
    Once once(connection_, *this, sql);
    return once.step() ? once.column(0) : "";
}

std::vector<std::string> Database::answers(std::string const& sql, std::size_t limit) {
    Once once(connection_, *this, sql);
    std::vector<std::string> rows;
    while (rows.size() < limit && once.step()) rows.push_back(once.column(0));
    return rows;
}

void Database::set_pragma(std::string const& name, std::string const& value, std::string const& expected) {
    answer(fmt::format("PRAGMA {} = {}", name, value));
    auto const found = answer(fmt::format("PRAGMA {}", name));
    if (found != expected)
        throw StorageFault(fmt::format("{}: PRAGMA {} = {} did not take; SQLite says \"{}\" where \"{}\" is needed. {}",
                                       path_, name, value, found, expected,
                                       "Put the file on a local disk and use the SQLite of the distribution."));
}

void Database::keep_wal() {
    int keep = 1;
    sqlite3_file_control(connection_, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    int found = -1;
    sqlite3_file_control(connection_, "main", SQLITE_FCNTL_PERSIST_WAL, &found);
    if (found != 1)
        throw StorageFault(fmt::format("{}: SQLite would not keep the WAL file. Put the file on a local disk.", path_));
}

void Database::count_wal_pages() {
    auto const note = [](void* self, sqlite3*, char const*, int pages) {
        auto& database = *static_cast<Database*>(self);
        if (pages < database.wal_pages_stuck_) database.wal_pages_stuck_ = 0; // it began anew
        database.wal_pages_ = pages - database.wal_pages_stuck_;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(connection_, note, this);
}

void Database::checkpoint(bool empty) {
    errno = 0; // as in Query::step()
    int in_wal = 0, copied = 0;
    int const code = sqlite3_wal_checkpoint_v2(connection_, nullptr, empty ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
    // Busy is no trouble here: the next commit asks again.
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED) fail(code, "checkpoint");
    // Somebody reads an older commit: the rest cannot be copied yet, and trying with each commit would sync the file for nothing.
    wal_pages_stuck_ = copied < in_wal ? in_wal : 0;
    wal_pages_ = 0;
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

std::vector<std::string> Database::query_plans() {
    std::vector<std::string> sqls;
    for (auto const& [sql, held] : statements_) sqls.emplace_back(sql);
    std::sort(sqls.begin(), sqls.end());
    std::vector<std::string> plans;
    for (auto const& sql : sqls) plans.push_back(sql + " → " + plan_of(sql));
    return plans;
}

std::string Database::plan_of(std::string const& sql) {
    auto const explain = "EXPLAIN QUERY PLAN " + sql;
    Once once(connection_, *this, explain);
    std::string plan;
    while (once.step()) plan += once.column(3) + "; ";
    return plan;
}

void Database::fail(int code, std::string_view doing) const {
    int const system_error = errno;
    if ((code & 0xff) == SQLITE_CONSTRAINT) throw ConstraintBroken(sqlite3_errmsg(connection_));
    if ((code & 0xff) == SQLITE_NOTADB)
        throw ConfigFault(
            fmt::format("{} is not an SQLite database, or its first page is damaged. Give the path of npod's own "
                        "file, or put back the last backup.",
                        path_));
    if (process_lacks_something(code)) throw OutOfResources(fmt::format("{} cannot be read: {}.", path_, lacks));
    if (took_nothing(code, system_error))
        throw NotWritable(fmt::format("{}: {}. {}", path_, sqlite3_errmsg(connection_), next_step(SQLITE_FULL)));
    throw StorageFault(fmt::format("{}: {} (SQLite code {}) while it did \"{}\". {}", path_,
                                   sqlite3_errmsg(connection_), code, doing, next_step(code)));
}

} // namespace npod::storage::sqlite
