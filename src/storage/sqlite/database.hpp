#pragma once
/// The thin layer over SQLite's C interface: a connection, statements that are prepared once and come back clean, and
/// errors as exceptions with SQLite's own words and a next step. Nothing else in the product sees sqlite3.h.

#include "base/fault.hpp"
#include "base/ids.hpp"
#include "base/moment.hpp"
#include "base/money.hpp"
#include "porting/number.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace npod::storage::sqlite {

/// The database itself refused a write. `what()` holds SQLite's words: the name of the constraint, or a trigger's
/// sentence.
class ConstraintBroken : public StorageFault {
public:
    using StorageFault::StorageFault;
};

/// SQL that was there when the program was built: nothing from outside ever becomes SQL.
class Sql {
public:
    template <std::size_t N>
    consteval Sql(char const (&literal)[N]) : text(literal) {}
    char const* text;
};

class Database;
class Query;

/// SQL put together while the program runs, of literals only: what comes from outside is bound, never part of the text.
class AssembledSql {
public:
    AssembledSql() = default;
    AssembledSql(Sql piece) : text_(piece.text) {}
    AssembledSql& add(Sql piece) {
        text_ += piece.text;
        return *this;
    }
    AssembledSql& add(AssembledSql const& more) {
        text_ += more.text_;
        values_.insert(values_.end(), more.values_.begin(), more.values_.end());
        return *this;
    }
    /// A place for a value, with the value.
    AssembledSql& bind(std::int64_t value) { return place(value); }
    AssembledSql& bind(std::string value) { return place(std::move(value)); }
    bool empty() const { return text_.empty(); }

private:
    friend class Database;
    friend class Query;
    using Value = std::variant<std::int64_t, std::string>;
    AssembledSql& place(Value value) {
        text_ += "?";
        values_.push_back(std::move(value));
        return *this;
    }
    std::string text_;
    std::vector<Value> values_;
};

/// Bytes of a BLOB column. They are not copied: they must live until the statement has run.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement on loan: bind with with(), then run() or while (step()) into(…). Goes back clean by itself.
/// Each statement can be lent once at a time. Every function throws StorageFault when SQLite fails.
class Query {
public:
    Query(Query const&) = delete;
    Query& operator=(Query const&) = delete;
    ~Query();

    /// Binds the parameters ?1, ?2, … from left to right.
    template <class... Values>
    Query& with(Values const&... values) {
        (put(values), ...);
        return *this;
    }
    /// True while there is a row. Throws ConstraintBroken when a constraint or a trigger refuses.
    bool step();
    /// Runs a statement that yields no rows and returns how many rows it changed.
    std::int64_t run();
    /// with() and run() in one: the values are there until it has run, so that SQLite need not copy the texts.
    template <class First, class... Rest>
    std::int64_t run(First const& first, Rest const&... rest) {
        texts_stay_ = true;
        with(first, rest...);
        auto const changed = run();
        texts_stay_ = false;
        return changed;
    }
    /// Reads the columns of the row from left to right; a second call goes on where the first one ended.
    template <class... Values>
    void into(Values&... values) {
        (take(values), ...);
    }
    /// Back to before the first row, with nothing bound.
    void rewind();
    /// Every column of the row as text, NULL as "NULL": for comparing, not for daily work.
    std::vector<std::string> row_as_text();
    /// The next column of the row.
    template <class Value>
    Value get() {
        Value value{};
        take(value);
        return value;
    }

private:
    friend class Database;
    struct Held {
        sqlite3_stmt* statement = nullptr;
        bool lent = false;
    };
    Query(Database& database, Held& held);
    Query(Database& database, std::unique_ptr<Held> held, AssembledSql const& sql); ///< for this once

    void put(std::int64_t value);
    void put(std::string_view text);
    void put(Blob blob);
    void put_null();
    template <std::integral Integer>
    void put(Integer value) {
        put(static_cast<std::int64_t>(value));
    }
    void put(std::string const& text) { put(std::string_view{text}); }
    void put(Moment moment) { put(to_ms(moment)); }
    void put(porting::Number number) { put(number.digits); }
    void put(Money money) { put(money.cents); }
    template <class Kind>
    void put(TextId<Kind> const& id) {
        put(std::string_view{id.text});
    }
    template <class Value>
    void put(std::optional<Value> const& value) {
        value ? put(*value) : put_null();
    }

    std::int64_t integer();
    std::string text();
    bool is_null() const;
    template <std::integral Integer>
    void take(Integer& value) {
        value = static_cast<Integer>(integer());
    }
    void take(bool& value) { value = integer() != 0; }
    void take(std::string& value) { value = text(); }
    void take(Moment& moment) { moment = from_ms(integer()); }
    void take(porting::Number& number) { number.digits = integer(); }
    void take(Money& money) { money.cents = integer(); }
    template <class Kind>
    void take(TextId<Kind>& id) {
        id.text = text();
    }
    template <class Value>
    void take(std::optional<Value>& value) {
        if (is_null()) {
            value.reset();
            ++column_;
        } else {
            value = get<Value>();
        }
    }

    Database* database_;
    std::unique_ptr<Held> own_; ///< of a statement that nobody keeps
    Held* held_;
    int bound_ = 0;
    int column_ = 0;
    bool texts_stay_ = false; ///< what is bound lives until the statement has run
};

/// One connection. Not thread-safe.
class Database {
public:
    enum class Access : std::uint8_t { read_only, read_write, create };

    /// Opens the file (or ":memory:") with the safe settings of sqlite3_db_config; no pragma is touched.
    Database(std::string path, Access access);
    ~Database();
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    /// A statement that is prepared at its first use and kept.
    Query query(Sql sql);
    /// A statement for this once, with its values bound. It is given up with TooMuchWork (ledger.hpp) when it takes more
    /// than limits::query_steps_max steps of SQLite, or asks for more measures than limits::ports_measured_max.
    Query query(AssembledSql const& sql);
    /// Makes measure(TEXT id, INTEGER which) known to SQL; it may ask this database. Nothing is NULL there.
    using Measure = std::function<std::optional<std::int64_t>(std::string_view id, int which)>;
    void teach_measure(Measure measure) { measure_ = std::move(measure); }
    /// Runs a script of several statements (migrations, settings).
    void script(std::string const& sql);
    /// The first column of the first row as text; "" without a row. For settings and checks, not for daily work.
    std::string answer(std::string const& sql);
    /// The first column of every row, at most `limit`.
    std::vector<std::string> answers(std::string const& sql, std::size_t limit = SIZE_MAX);

    /// Sets a pragma and reads it back; throws StorageFault when it did not take.
    void set_pragma(std::string const& name, std::string const& value, std::string const& expected);
    /// Keeps the WAL file when the last connection closes, so that readers can open without the daemon; read back.
    void keep_wal();
    /// From now on counts the pages in the WAL; wal_pages() tells how many came since the last checkpoint.
    void count_wal_pages();
    int wal_pages() const { return wal_pages_; }
    /// Copies what can be copied without waiting from the WAL into the file.
    /// `empty`: and cuts the WAL to nothing, when no reader is in the way.
    void checkpoint(bool empty = false);

    bool in_transaction() const;
    std::string const& path() const { return path_; }
    bool in_memory() const { return path_ == ":memory:"; }
    /// "SQL → plan" of every statement that this connection has prepared so far, sorted.
    std::vector<std::string> query_plans();
    std::string plan_of(std::string const& sql); ///< how SQLite would go about it, "SEARCH …; SEARCH …; "
    /// Throws the fault that fits SQLite's result code.
    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    friend class Query;
    std::string path_;
    sqlite3* connection_ = nullptr;
    int wal_pages_ = 0;
    int wal_pages_stuck_ = 0; ///< of the last checkpoint that could not copy all
    struct Work; ///< of the assembled statement that runs now
    std::unique_ptr<Work> work_;
    Measure measure_;
    std::unordered_map<char const*, Query::Held> statements_; ///< by address: a literal has one for ever
};

} // namespace npod::storage::sqlite
