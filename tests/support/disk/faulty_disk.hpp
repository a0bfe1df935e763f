#pragma once
/// A disk that fails when it is told to: SQLite's own way of being given one (a VFS), in front of the real file system. While one of
/// these lives it is every new connection's disk. It is told what to do by one thread, while nothing is written.

#include <cstdint>
#include <memory>
#include <string>

namespace npod::testing {

enum class DiskFault : std::uint8_t {
    none,
    short_write, ///< half of the bytes are written, and an error is told
    no_room,     ///< nothing is written: the disk is full, once
    sync_error,  ///< fsync fails, once; what was written since the last one may be gone
    read_error,  ///< a read fails, once
    power_cut,   ///< everything fails from then on; see lose_power()
};

class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(FaultyDisk const&) = delete;
    FaultyDisk& operator=(FaultyDisk const&) = delete;

    /// From now on: the fault happens at the `at`-th act (1, 2, …) that it can happen to: reads for read_error, syncs for
    /// sync_error, writes for others; a power cut at any write, truncation or sync.
    void plan(DiskFault fault, int at);
    bool happened() const;
    int acts() const; ///< of that kind, since plan()
    /// Everything fails from now on, until lose_power() or go_on().
    void stop();
    bool stopped() const;
    /// What the power cut did to what was not synced: of each write, in order, by chance, all, none, or some 512-byte sectors.
    /// Then the disk works again. All files whose path begins so must be closed; the others keep everything.
    void lose_power(std::uint64_t seed, std::string const& beginning = "");
    /// The disk works again and every write is there: only a process ended, not the system that it wrote through.
    void go_on(std::string const& beginning = "");

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::testing
