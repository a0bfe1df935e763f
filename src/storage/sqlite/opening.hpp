#pragma once
/// Everything that happens before the first question: the lock, the repair of the WAL, settings, migrations, and whose
/// file it is.

#include "base/ids.hpp"
#include "storage/sqlite/database.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace npod::storage::sqlite {

/// "NPOD" in ASCII, in the file's header.
inline constexpr std::int64_t application_id = 0x4e504f44;

/// Holds PATH.lock for as long as it lives: one writer per file in the world. The kernel lets go of it when the process
/// ends, however it ends.
class WriterLock {
public:
    /// Throws StorageFault, naming the holder's process id, when another process has it.
    explicit WriterLock(std::string const& database_path);
    ~WriterLock();
    WriterLock(WriterLock const&) = delete;
    WriterLock& operator=(WriterLock const&) = delete;

private:
    int descriptor_ = -1;
};

/// Writes the bytes of PATH-wal in place and syncs them. After a failed sync the kernel may show pages that never
/// reached the disk; a database opened on those loses acknowledged commits at the next power cut. Nothing when there is
/// no WAL. Throws StorageFault.
void rewrite_wal(std::string const& database_path);

/// The newest schema version that this program knows.
int schema_version();

/// Looks at the header: throws ConfigFault when the file is not ours or newer than this program. Returns its schema
/// version, 0 for an empty file.
int identify(Database& database);

/// Sets and reads back every pragma of the writer; of a reader.
void set_up_writer(Database& database);
void set_up_reader(Database& database);

/// Writes a whole copy of the file to PATH.before-vN, N being the schema that it is about to get, and returns that
/// path.
std::string copy_aside(Database& database);

/// Brings the schema up to date, each migration in its own transaction; a file that holds something is copied aside
/// first.
void migrate(Database& database, int from_version);

/// Notes the operator in a new file; throws ConfigFault when the file belongs to another.
void claim_for(Database& database, OperatorCode const& operator_code);

/// `path` with its folder made absolute and links followed; ":memory:" stays.
std::string resolved(std::string const& path);

} // namespace npod::storage::sqlite
