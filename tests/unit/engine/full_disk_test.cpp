/// A disk that is full is no reason to die: nothing is acknowledged, everything can be read, and the work goes on by itself
/// as soon as there is room.

#include "support/short_files.hpp"
#include "support/waiting.hpp"
#include "unit/engine/running.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include <sys/mount.h>

using namespace npod;
using namespace npod::testing;
using npod::test::eventually;
using npod::test::ShortFiles;

namespace {

/// A disk of two megabytes under the engine's folder; away with the object. Mounting takes a right that not every tester has.
class SmallDisk {
public:
    void mount_on(std::filesystem::path const& folder) {
        folder_ = folder;
        mounted_ = ::mount("npod-test", folder.c_str(), "tmpfs", 0, "size=2m") == 0;
        if (!mounted_) MESSAGE("not tested: a small disk cannot be mounted here (" << std::strerror(errno) << ")");
    }
    ~SmallDisk() {
        if (!mounted_) return;
        ::umount2(folder_.c_str(), MNT_DETACH);
        std::error_code none;
        std::filesystem::remove(folder_, none);
    }
    bool mounted() const { return mounted_; }
    /// Takes all the room that is left.
    void fill() const {
        std::ofstream ballast(folder_ / "ballast", std::ios::binary);
        std::string const piece(4096, 'x');
        while (ballast.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {}
    }
    void empty() const { std::filesystem::remove(folder_ / "ballast"); }

private:
    std::filesystem::path folder_;
    bool mounted_ = false;
};

/// With no room left for `alfa`, which has one port: nobody is told yes in vain; when `make_room` has made some it goes on by itself.
void outlives(Running& alfa, std::function<void()> const& make_room) {
    // A page or two may still be free: the first orders may find room, soon none does.
    Result last;
    int taken = 1, asked = 1;
    while (asked < 200 && last.answer.refusals.empty()) {
        ++asked;
        last = alfa.orders({.numbers = fmt::format("+322550{:04}", 1100 + asked)}, fmt::format("ORD-{}", asked));
        taken += last.answer.refusals.empty() ? 1 : 0;
    }
    REQUIRE(last.answer.refusals.size() == 1);
    CHECK(last.answer.refusals[0].code == RefusalCode::overloaded); // 503 with Retry-After on the wire
    CHECK_FALSE(last.indeterminate);                                // it is known: nothing of it is stored
    CHECK(last.answer.refusals[0].text.find("full") != std::string::npos);
    CHECK_FALSE(alfa.engine().status().accepting);
    CHECK(alfa.engine().status().trouble.find("Nothing can be written") != std::string::npos);
    CHECK(alfa.reader().count_ports({}) == taken); // what was acknowledged is there, and can be read

    make_room();
    CHECK(eventually([&] { return alfa.engine().status().accepting; })); // without a restart, and without being asked
    CHECK(alfa.engine().status().trouble.empty());
    CHECK(alfa.orders({.numbers = "+3225501999"}, "ORD-LAST").answer.refusals.empty());
    CHECK(alfa.reader().count_ports({}) == taken + 1);
    alfa.stop();
    CHECK(alfa.fault() == "");
    CHECK(storage::Ledger({alfa.file(), OperatorCode{"ALFA"}, false}).check(0).findings.empty());
}

} // namespace

TEST_CASE("a full disk: nobody is told yes, everything can be read, and it goes on by itself when there is room") {
    SmallDisk disk;
    Running alfa("2026-04-01 10:00", [&](auto const& folder) { disk.mount_on(folder); });
    if (!disk.mounted()) return;
    CHECK(alfa.orders({}, "ORD-1").answer.refusals.empty());
    disk.fill();
    outlives(alfa, [&] { disk.empty(); });
}

TEST_CASE("a quota that is used up: the same") {
    Running alfa;
    CHECK(alfa.orders({}, "ORD-1").answer.refusals.empty());
    // The WAL has just been written; a few orders more and it would be longer.
    std::optional<ShortFiles> quota(std::in_place, std::filesystem::file_size(alfa.file() + "-wal") + 64 * 1024);
    outlives(alfa, [&] { quota.reset(); });
}
