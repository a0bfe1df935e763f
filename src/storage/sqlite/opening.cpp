#include "storage/sqlite/opening.hpp"

#include "storage/sqlite/event_log.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace npod::storage::sqlite {

namespace {

struct Migration {
    std::string_view name, sql;
};
constexpr Migration migrations[] = {
#include "migrations.inc"
};

/// A file descriptor that closes itself.
class Descriptor {
public:
    Descriptor(std::string const& path, int flags, mode_t mode = 0)
        : number(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    int number;
};

[[noreturn]] void fail(std::string const& path, std::string_view doing) {
    auto const error = errno;
    throw StorageFault(
        fmt::format("{} could not be {}: {}. Check the disk and the rights of this user, then start again.", path,
                    doing, std::strerror(error)));
}

void sync_folder_of(std::string const& path) {
    auto const folder = std::filesystem::path(path).parent_path().string();
    Descriptor const directory(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    if (directory.number < 0) fail(folder, "opened");
    if (::fsync(directory.number) != 0) fail(folder, "synced");
}

/// Writes all bytes at that place.
void write_at(Descriptor const& file, std::string const& path, char const* bytes, std::size_t count, off_t at) {
    while (count > 0) {
        auto const written = ::pwrite(file.number, bytes, count, at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail(path, "written");
        bytes += written;
        at += written;
        count -= static_cast<std::size_t>(written);
    }
}

/// The number before the underscore: "0001_first.sql" is 1.
int version_of(std::string_view name) {
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    return version;
}

} // namespace

// ------------------------------------------------------------------------------------------------------ before opening

WriterLock::WriterLock(std::string const& database_path) {
    auto const path = database_path + ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor_ < 0) fail(path, "opened");
    std::array<char, 32> text{};
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        bool const held = errno == EWOULDBLOCK;
        auto const length = ::pread(descriptor_, text.data(), text.size(), 0);
        std::string const holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
        ::close(descriptor_);
        if (!held) fail(path, "locked");
        throw StorageFault(
            fmt::format("{} is in use by another npod{}. Stop that one first; to look only, use `npctl --db {}`.",
                        database_path, holder.empty() ? "" : " (process " + holder + ")", database_path));
    }
    auto const length = static_cast<std::size_t>(fmt::format_to(text.begin(), "{}", ::getpid()) - text.begin());
    // In place, and cut off afterwards: a full disk takes that, and whoever looks reads as ever.
    auto const written = ::pwrite(descriptor_, text.data(), length, 0) < 0 ? errno : ::ftruncate(descriptor_, static_cast<off_t>(length)) != 0 ? errno : 0;
    if (written != 0 && written != ENOSPC && written != EDQUOT) { // the lock holds without our number in it
        int const error = written;
        ::close(descriptor_);
        errno = error;
        fail(path, "written");
    }
}

WriterLock::~WriterLock() {
    // The file stays: removing it would let two processes lock two different files of the same name.
    ::close(descriptor_);
}

void rewrite_wal(std::string const& database_path) {
    auto const path = database_path + "-wal";
    Descriptor const file(path, O_RDWR);
    if (file.number < 0 && errno == ENOENT) return;
    if (file.number < 0) fail(path, "opened");
    std::vector<char> bytes(1024 * 1024);
    for (off_t at = 0;;) {
        auto const count = ::pread(file.number, bytes.data(), bytes.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path, "read");
        if (count == 0) break;
        write_at(file, path, bytes.data(), static_cast<std::size_t>(count), at);
        at += count;
    }
    if (::fsync(file.number) != 0) fail(path, "synced");
    sync_folder_of(path);
}

std::string resolved(std::string const& path) {
    if (path == ":memory:") return path;
    std::error_code trouble;
    auto const full = std::filesystem::weakly_canonical(path, trouble);
    return trouble ? path : std::filesystem::absolute(full).string();
}

// ------------------------------------------------------------------------------------------------------------ settings

int schema_version() { return version_of(migrations[std::size(migrations) - 1].name); }

int identify(Database& database) {
    auto const id = std::stoll("0" + database.answer("PRAGMA application_id"));
    auto const version = std::stoi("0" + database.answer("PRAGMA user_version"));
    if (id == application_id) {
        if (version <= schema_version()) return version;
        throw ConfigFault(
            fmt::format("{} has schema {}, this npod knows up to {}. Use the npod that wrote it, or a newer one.",
                        database.path(), version, schema_version()));
    }
    if (id == 0 && version == 0 && database.answer("SELECT count(*) FROM sqlite_schema") == "0") return 0;
    throw ConfigFault(
        fmt::format("{} is an SQLite file, but not one of npod. Give the path of npod's own file, or of none yet.",
                    database.path()));
}

void set_up_writer(Database& database) {
    bool const memory = database.in_memory();
    // Outside memory: the WAL lets readers read while we write, and FULL makes every commit durable when it returns.
    database.set_pragma("journal_mode", "WAL", memory ? "memory" : "wal");
    database.set_pragma("synchronous", "FULL", "2");
    database.set_pragma("foreign_keys", "ON", "1");
    database.set_pragma("cell_size_check", "ON", "1");
    if (!memory) database.set_pragma("mmap_size", "0", "0");
    database.set_pragma("temp_store", "MEMORY", "2");
    database.set_pragma("cache_size", "-65536", "-65536");
    database.set_pragma("busy_timeout", "0", "0"); // busy here means that somebody else writes: stop, do not wait
    database.set_pragma("secure_delete", "ON", "1");  // what is erased is overwritten, not only let go
    database.set_pragma("recursive_triggers", "ON", "1"); // REPLACE must not slip past the triggers of the log
    if (memory) return;
    database.set_pragma("journal_size_limit", "67108864", "67108864");
    database.set_pragma("wal_autocheckpoint", "0", "0"); // we checkpoint after the answers were released
    database.keep_wal();
    database.count_wal_pages();
    sync_folder_of(database.path());
}

void set_up_reader(Database& database) {
    database.set_pragma("busy_timeout", "2000", "2000");
    database.set_pragma("query_only", "ON", "1");
    database.set_pragma("cell_size_check", "ON", "1");
    database.set_pragma("mmap_size", "0", "0");
}

// ---------------------------------------------------------------------------------------------------------- migrations

std::string copy_aside(Database& database) {
    auto const copy = fmt::format("{}.before-v{}", database.path(), schema_version());
    std::filesystem::remove(copy); // left by an attempt that was cut off: the file itself is still the original
    auto query = database.query("VACUUM INTO ?1");
    query.with(copy);
    query.run();
    sync_folder_of(copy);
    return copy;
}

void migrate(Database& database, int from_version) {
    if (from_version > 0 && from_version < schema_version() && !database.in_memory()) copy_aside(database);
    for (auto const& migration : migrations) {
        int const version = version_of(migration.name);
        if (version <= from_version) continue;
        database.script("BEGIN IMMEDIATE");
        try {
            database.script(std::string(migration.sql));
            database.script(
                fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT", application_id, version));
        } catch (StorageFault const& fault) {
            if (database.in_transaction()) database.script("ROLLBACK");
            throw StorageFault(fmt::format("Migration {} failed and was undone: {}", migration.name, fault.what()));
        }
    }
}

void claim_for(Database& database, OperatorCode const& operator_code) {
    auto const owner = meta(database, "operator");
    if (owner.empty())
        set_meta(database, "operator", operator_code.text);
    else if (owner != operator_code.text)
        throw ConfigFault(
            fmt::format("{} belongs to operator {}, and the configuration says {}. Give {} its own file with --db, "
                        "or correct the operator.",
                        database.path(), owner, operator_code.text, operator_code.text));
}

} // namespace npod::storage::sqlite
