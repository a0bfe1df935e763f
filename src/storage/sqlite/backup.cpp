#include "storage/backup.hpp"

#include "storage/sqlite/check.hpp"
#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/opening.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace npod::storage {

using namespace sqlite;

namespace {

namespace files = std::filesystem;

/// The file under another name until it is known to be good; removed unless kept.
class Unfinished {
public:
    explicit Unfinished(std::string path) : path_(std::move(path)) { remove(); }
    ~Unfinished() { remove(); }
    Unfinished(Unfinished const&) = delete;
    Unfinished& operator=(Unfinished const&) = delete;
    std::string const& path() const { return path_; }
    void keep_as(std::string const& name) {
        files::rename(path_, name);
        path_.clear();
    }

private:
    void remove() {
        std::error_code ignored;
        if (!path_.empty()) files::remove(path_, ignored);
    }
    std::string path_;
};

void copy_to(std::string const& database, std::string const& copy) {
    if (!files::exists(database))
        throw ConfigFault(fmt::format("There is no database {}. Check the path.", database));
    Database from(database, Database::Access::read_only);
    from.set_pragma("busy_timeout", "2000", "2000");
    if (identify(from) == 0) throw ConfigFault(fmt::format("{} is empty; there is nothing to keep.", database));
    from.query("VACUUM INTO ?1").with(copy).run();
}

/// Whoever is served from it one day shall know that the world went on without it.
void mark_as_copy(std::string const& path) {
    Database copy(path, Database::Access::read_write);
    set_meta(copy, copied_at_key, meta(copy, "head"));
}

void sync(std::string const& path) {
    int const handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    bool const synced = handle >= 0 && ::fsync(handle) == 0;
    if (handle >= 0) ::close(handle);
    if (!synced) throw StorageFault(fmt::format("{} could not be synced to the disk. Check the disk.", path));
}

Hash content_of(std::string const& path, Progress const& progress) {
    std::ifstream file(path, std::ios::binary);
    Sha256 hash;
    std::string piece(1 << 20, '\0');
    auto const size = static_cast<std::int64_t>(files::file_size(path));
    std::int64_t done = 0;
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
        hash.update(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
        done += file.gcount();
        if (progress) progress("reading the copy back, bytes", done, size);
    }
    if (file.bad()) throw StorageFault(fmt::format("{} could not be read back. Check the disk.", path));
    return hash.finish();
}

/// Whether the row that somebody remembers is still the same.
void compare(Database& database, Anchor const& anchor, Health& health) {
    auto const row = read_event(database, anchor.seq, false);
    if (!row)
        health.findings.push_back(
            fmt::format("The log ends at row {}, and row {} is remembered. An older copy stands in the place of the file, or its "
                        "end was cut off. Find the newer file.",
                        last_seq(database), anchor.seq));
    else if (row->hash != anchor.hash)
        health.findings.push_back(
            fmt::format("Log row {} is not the one that is remembered: its hash is {}. Something up to there was changed and the "
                        "chain made anew. Put back the backup whose hash fits, and find out who did it.",
                        anchor.seq, hex(row->hash)));
}

std::string folder_of(std::string const& path) {
    auto const folder = files::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

} // namespace

Backup back_up(std::string const& database, std::string const& into, Progress const& progress) {
    if (files::exists(into))
        throw ConfigFault(fmt::format("{} exists already. A backup never overwrites; give another name.", into));
    Unfinished copy(into + ".unfinished");
    if (progress) progress("copying", 0, 0);
    copy_to(resolved(database), copy.path());
    auto const health = verify(copy.path(), 0, progress);
    if (!health.findings.empty())
        throw StorageFault(fmt::format("The copy of {} is not sound and was thrown away: {}", database, health.findings.front()));
    Backup made;
    made.file = into;
    {
        Database opened(copy.path(), Database::Access::read_only);
        auto const head = stored_head(opened);
        made.operator_code = OperatorCode{meta(opened, "operator")};
        made.head_seq = head.seq;
        made.head_hash = head.hash;
    }
    mark_as_copy(copy.path());
    sync(copy.path());
    made.bytes = static_cast<std::int64_t>(files::file_size(copy.path()));
    made.content = content_of(copy.path(), progress);
    copy.keep_as(into);
    sync(folder_of(into));
    return made;
}

std::optional<Anchor> anchor_of(std::string_view text) {
    auto const head = head_in(text);
    if (!head || head->seq <= 0) return {};
    return Anchor{head->seq, head->hash};
}

Health verify(std::string const& database, std::int64_t chain_rows, Progress const& progress,
              std::optional<Anchor> const& anchor) {
    auto const path = resolved(database);
    if (!files::exists(path)) throw ConfigFault(fmt::format("There is no database {}. Check the path.", path));
    try {
        Database opened(path, Database::Access::read_only);
        set_up_reader(opened);
        if (auto const version = identify(opened); version != schema_version())
            throw ConfigFault(
                fmt::format("{} has schema {}, this program reads {}. Use the npctl of the npod that wrote it.", path,
                            version, schema_version()));
        opened.query("BEGIN").run(); // all of it as of one commit, whatever a daemon writes meanwhile
        auto health = check(opened, chain_rows, progress);
        if (anchor) compare(opened, *anchor, health);
        opened.query("COMMIT").run();
        return health;
    } catch (StorageFault const& damage) { // so damaged that it does not even open
        return {{fmt::format("{} Put back the last backup.", damage.what())}, 0};
    }
}

} // namespace npod::storage
