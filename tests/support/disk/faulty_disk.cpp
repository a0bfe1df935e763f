#include "support/disk/faulty_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>
#include <random>
#include <vector>

namespace npod::testing {

namespace {

constexpr std::size_t sector = 512;

/// A write or truncation that no sync has made sure of.
struct Unsure {
    sqlite3_int64 at = 0;
    std::string before; ///< from `at` on; shorter than `written` where the file ended
    std::size_t written = 0; ///< 0: the file was cut off at `at`
};

/// What is planned, for all files of the disk.
struct Plan {
    DiskFault fault = DiskFault::none;
    int at = 0, acts = 0;
    bool happened = false, dead = false;
    std::map<std::string, std::vector<Unsure>> unsure; ///< by path, in order
};
Plan plan_of_disk;
std::mutex one_at_a_time; ///< guards it: a ledger may read on one thread and write on another
sqlite3_vfs* real_disk = nullptr;

/// Whether the planned fault happens at this act.
bool strikes(DiskFault one) {
    auto& plan = plan_of_disk;
    if (plan.fault != one || plan.happened) return false;
    plan.happened = ++plan.acts == plan.at;
    return plan.happened;
}
/// A power cut counts writes and syncs together.
bool cut() {
    if (strikes(DiskFault::power_cut)) plan_of_disk.dead = true;
    return plan_of_disk.dead;
}

struct File {
    sqlite3_file base;
    std::string* path;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

int close_file(sqlite3_file* file) {
    auto& self = of(file);
    int const code = self.real()->pMethods->xClose(self.real());
    delete self.path;
    return code;
}

int read_file(sqlite3_file* file, void* into, int bytes, sqlite3_int64 at) {
    std::lock_guard const lock(one_at_a_time);
    if (plan_of_disk.dead || strikes(DiskFault::read_error)) return SQLITE_IOERR_READ;
    return of(file).real()->pMethods->xRead(of(file).real(), into, bytes, at);
}

std::string bytes_there(sqlite3_file* real, sqlite3_int64 at, sqlite3_int64 most) {
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    std::string bytes(static_cast<std::size_t>(std::clamp<sqlite3_int64>(size - at, 0, most)), '\0');
    if (!bytes.empty()) real->pMethods->xRead(real, bytes.data(), static_cast<int>(bytes.size()), at);
    return bytes;
}

int write_file(sqlite3_file* file, void const* from, int bytes, sqlite3_int64 at) {
    std::lock_guard const lock(one_at_a_time);
    auto& self = of(file);
    auto* const real = self.real();
    if (cut()) return SQLITE_IOERR_WRITE;
    if (strikes(DiskFault::no_room)) return SQLITE_FULL;
    bool const halved = strikes(DiskFault::short_write);
    int const written = halved ? bytes / 2 : bytes;
    auto before = bytes_there(real, at, written);
    plan_of_disk.unsure[*self.path].push_back({at, std::move(before), static_cast<std::size_t>(written)});
    int const code = real->pMethods->xWrite(real, from, written, at);
    return halved ? SQLITE_IOERR_WRITE : code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    std::lock_guard const lock(one_at_a_time);
    if (cut()) return SQLITE_IOERR_TRUNCATE;
    auto& self = of(file);
    auto cut_off = bytes_there(self.real(), size, std::numeric_limits<int>::max());
    if (!cut_off.empty()) plan_of_disk.unsure[*self.path].push_back({size, std::move(cut_off), 0});
    return of(file).real()->pMethods->xTruncate(of(file).real(), size);
}

int sync_file(sqlite3_file* file, int) {
    std::lock_guard const lock(one_at_a_time);
    if (cut() || strikes(DiskFault::sync_error)) return SQLITE_IOERR_FSYNC;
    // What is sure is noted here and not asked of the real disk: thousands of syncs take minutes there.
    plan_of_disk.unsure.erase(*of(file).path);
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) { return of(file).real()->pMethods->xFileSize(of(file).real(), size); }
int lock_file(sqlite3_file* file, int how) { return of(file).real()->pMethods->xLock(of(file).real(), how); }
int unlock(sqlite3_file* file, int how) { return of(file).real()->pMethods->xUnlock(of(file).real(), how); }
int check_lock(sqlite3_file* file, int* is) { return of(file).real()->pMethods->xCheckReservedLock(of(file).real(), is); }
int control(sqlite3_file* file, int what, void* with) { return of(file).real()->pMethods->xFileControl(of(file).real(), what, with); }
int sector_size(sqlite3_file*) { return static_cast<int>(sector); }
int characteristics(sqlite3_file*) { return 0; } // nothing is promised: no atomic write, no order
int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** at) {
    return of(file).real()->pMethods->xShmMap(of(file).real(), region, size, extend, at);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) { return of(file).real()->pMethods->xShmLock(of(file).real(), offset, n, flags); }
void shm_barrier(sqlite3_file* file) { of(file).real()->pMethods->xShmBarrier(of(file).real()); }
int shm_unmap(sqlite3_file* file, int del) { return of(file).real()->pMethods->xShmUnmap(of(file).real(), del); }

sqlite3_io_methods const methods = {2,        close_file, read_file,   write_file,      truncate_file, sync_file,
                                    size_of_file, lock_file, unlock,      check_lock,      control,       sector_size,
                                    characteristics, shm_map, shm_lock, shm_barrier,    shm_unmap,     nullptr, nullptr};

int open_file(sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* out) {
    std::lock_guard const lock(one_at_a_time);
    auto& self = of(file);
    self.base.pMethods = nullptr;
    int const code = real_disk->xOpen(real_disk, name, self.real(), flags, out);
    if (code != SQLITE_OK) return code;
    self.path = new std::string(name ? name : "");
    if (flags & SQLITE_OPEN_CREATE && plan_of_disk.unsure.contains(*self.path) && bytes_there(self.real(), 0, 1).empty())
        plan_of_disk.unsure.erase(*self.path); // another file of that name
    self.base.pMethods = &methods;
    return SQLITE_OK;
}

std::string read_whole(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What was there before, where it was overwritten or cut off.
void put_back(std::string& bytes, Unsure const& one, std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i) {
        auto const at = static_cast<std::size_t>(one.at) + i;
        if (at < bytes.size()) bytes[at] = i < one.before.size() ? one.before[i] : '\0';
    }
}

/// Sectors of a write that did not reach the disk get back what stood there; so does, by chance, what was cut off.
void take_back(std::string& bytes, Unsure const& one, std::mt19937_64& dice) {
    auto const fate = dice() % 3; // all of it, nothing of it, some sectors
    if (one.written == 0) {
        if (fate == 0) return;
        bytes.resize(std::max(bytes.size(), static_cast<std::size_t>(one.at) + one.before.size()), '\0');
        return put_back(bytes, one, 0, one.before.size());
    }
    for (std::size_t from = 0; from < one.written; from += sector) {
        if (fate == 0 || (fate == 2 && dice() % 2 == 0)) continue;
        put_back(bytes, one, from, std::min(sector, one.written - from));
    }
}

} // namespace

struct FaultyDisk::Impl {
    sqlite3_vfs disk{};
};

FaultyDisk::FaultyDisk() : impl_(std::make_unique<Impl>()) {
    real_disk = sqlite3_vfs_find(nullptr);
    impl_->disk = *real_disk;
    impl_->disk.zName = "faulty";
    impl_->disk.pNext = nullptr;
    impl_->disk.szOsFile = static_cast<int>(sizeof(File)) + real_disk->szOsFile;
    impl_->disk.xOpen = open_file;
    plan_of_disk = {};
    sqlite3_vfs_register(&impl_->disk, 1);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&impl_->disk);
    sqlite3_vfs_register(real_disk, 1);
}

void FaultyDisk::plan(DiskFault fault, int at) {
    plan_of_disk.fault = fault;
    plan_of_disk.at = at;
    plan_of_disk.acts = 0;
    plan_of_disk.happened = plan_of_disk.dead = false;
}

bool FaultyDisk::happened() const { return plan_of_disk.happened; }
int FaultyDisk::acts() const { return plan_of_disk.acts; }

void FaultyDisk::stop() { plan_of_disk.dead = true; }
bool FaultyDisk::stopped() const { return plan_of_disk.dead; }

void FaultyDisk::lose_power(std::uint64_t seed, std::string const& beginning) {
    std::mt19937_64 dice(seed);
    for (auto const& [path, unsure] : plan_of_disk.unsure) {
        if (!path.starts_with(beginning) || !std::filesystem::exists(path)) continue;
        auto bytes = read_whole(path);
        for (auto one = unsure.rbegin(); one != unsure.rend(); ++one) take_back(bytes, *one, dice); // the last first: each knows what stood before it
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
    go_on(beginning);
}

void FaultyDisk::go_on(std::string const& beginning) {
    std::erase_if(plan_of_disk.unsure, [&](auto const& one) { return one.first.starts_with(beginning); });
    plan(DiskFault::none, 0);
}

} // namespace npod::testing
