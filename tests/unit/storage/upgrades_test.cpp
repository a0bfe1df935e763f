/// Files of every earlier schema are brought up to date: whole, equal to fresh ones, whenever the power goes.

#include "storage/backup.hpp"
#include "storage/sqlite/opening.hpp"
#include "support/disk/faulty_disk.hpp"
#include "support/upgrades/older_file.hpp"
#include "things.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using sqlite::Database;
using testing::DiskFault;
using testing::FaultyDisk;

namespace {

/// A file of today with something in every table: open ports with deadlines, mail that waits, a message that came too early.
void fill(std::string const& path) {
    Ledger ledger(at(path));
    for (int no = 1; no <= 5; ++no) {
        auto const id = fmt::format("PI-{:06}", no);
        porting::Effects effects;
        effects.ports = {a_port(id, fmt::format("ALFA-{:04}", no))};
        effects.lines = {a_line(effects.ports[0], 1, range(3225501100 + no, 3225501100 + no))};
        effects.arm = {a_timer(porting::subject_of(effects.lines[0]), minute(90 + no))};
        effects.numbers = {a_number(3225501200 + no)};
        effects.contracts = {a_contract(fmt::format("C-{}", no))};
        effects.counters = {{"port_in", no}, {"delivery", no}};
        effects.sends = {{no, bravo, porting::message::Cancel{}, effects.ports[0].id}};
        effects.blocks = {{range(3225600000 + no * 100, 3225600000 + no * 100 + 99), alfa, minute(0)}};
        effects.routing = {{range(3225701100 + no, 3225701100 + no), bravo, minute(0)}};
        auto row = a_row();
        row.about = {id};
        effects.park = {{no, DossierId{"BRAVO-7"}, bravo, "cancel", minute(2)}};
        ledger.begin();
        ledger.append(row);
        ledger.apply(effects, {a_delivery(no, id)}, row.seq);
        ledger.put_in_mailbox(row.seq, bravo, alfa, "cancel");
        if (no > 3) ledger.confirm_mailbox(row.seq, bravo, minute(no));
        ledger.remember("api:desk:anna", id, {sha256("q"), row.seq, 200, "answer", ""});
        ledger.commit();
    }
}

/// What a file holds, in the columns that every schema has.
std::string told_by(std::string const& path) {
    Reader const reader(path);
    std::string text;
    for (auto const& row : reader.log(0, 100, true)) text += row.body + row.reason + std::to_string(row.moves.size()) + row.source + "\n";
    for (auto const& port : reader.ports({})) text += port.id.text + port.customer.name + port.state + std::to_string(reader.book().lines(port.id).size()) + "\n";
    for (auto const& timer : reader.timers(100)) text += timer.subject.id + timer.name + std::to_string(to_ms(timer.due)) + "\n";
    for (auto const& entry : reader.mailbox(bravo, 0, true, {}, 100)) text += std::to_string(entry.id) + entry.body + "\n";
    for (auto const& entry : reader.routing({}, 100)) text += entry.operator_code.text;
    text += std::to_string(reader.unconfirmed_count()) + std::to_string(reader.undelivered_count());
    return text;
}

std::string findings_of(std::string const& path) {
    std::string text;
    for (auto const& finding : verify(path, 0).findings) text += finding + "\n";
    return text;
}

/// Chain and pages are whole. (The things of fill() are no story: their deadlines do not fit their states.)
bool is_whole(Health const& health) {
    for (auto const& finding : health.findings)
        if (finding.find("Log row") != std::string::npos || finding.find("damaged") != std::string::npos) return false;
    return health.rows == 5;
}

void remove_all(std::string const& path) {
    for (auto const* const with : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + with);
}

} // namespace

TEST_CASE("a file of every earlier schema becomes one like a fresh one, with all that it held") {
    Folder const folder;
    auto const today = folder.file("today.db");
    fill(today);
    int tried = 0;
    for (int version = 1; version < testing::newest_schema(); ++version) {
        if (!testing::is_schema(version)) continue;
        CAPTURE(version);
        auto const older = folder.file(fmt::format("v{}.db", version));
        testing::make_older_file(today, older, version);
        {
            Ledger ledger(at(older));
            CHECK(ledger.head_seq() == 5);
            CHECK(is_whole(ledger.check(0)));
            // told again, rows from before migration 11 route as they did; files of after it have none
            CHECK(ledger.meta("routed_by_news_until") == (version < 11 ? "5" : "0"));
            LogRow row = a_row(); // and it is written on
            ledger.begin();
            ledger.append(row);
            ledger.rollback();
        }
        CHECK(testing::schema_of(older) == testing::schema_of(today));
        CHECK(told_by(older) == told_by(today));
        CHECK(findings_of(older) == findings_of(today));
        // what it was is kept beside it, whole, for whoever wants to go back
        auto const kept = fmt::format("{}.before-v{}", older, testing::newest_schema());
        CHECK(Database(kept, Database::Access::read_only).answer("PRAGMA user_version") == std::to_string(version));
        CHECK(Database(kept, Database::Access::read_only).answer("SELECT count(*) FROM event") == "5");
        ++tried;
    }
    CHECK(tried >= 6);
}

TEST_CASE("the power goes at any moment of a migration: the file is the old one or the new one, and the next start goes on") {
    Folder const folder;
    auto const today = folder.file("today.db");
    fill(today);
    auto const older = folder.file("older.db");
    testing::make_older_file(today, older, 1); // through all of them
    auto const wanted = told_by(today);
    auto const path = folder.file("cut.db");
    int cuts = 0;
    for (int act = 1;; act += 9) {
        remove_all(path);
        std::filesystem::copy_file(older, path);
        if (std::filesystem::exists(older + "-wal")) std::filesystem::copy_file(older + "-wal", path + "-wal");
        FaultyDisk disk;
        disk.plan(DiskFault::power_cut, act);
        try {
            Ledger const ledger(at(path));
        } catch (StorageFault const&) { // the daemon ends
        }
        if (!disk.happened()) break;
        disk.lose_power(static_cast<std::uint64_t>(act));
        CAPTURE(act);
        {
            Ledger const ledger(at(path));
            CHECK(ledger.head_seq() == 5);
            CHECK(is_whole(ledger.check(0)));
        }
        CHECK(told_by(path) == wanted);
        ++cuts;
    }
    MESSAGE(cuts << " power cuts inside of migrations, each healed by the next start");
    CHECK(cuts > 10);
}

TEST_CASE("rows of an older npod stay as they were hashed, cannot be erased, and an edit of them is found") {
    Folder const folder;
    auto const today = folder.file("today.db"), older = folder.file("older.db");
    fill(today);
    testing::make_older_file(today, older, 7);
    {
        Ledger ledger(at(older));
        CHECK(ledger.erasable_from() == 6);
        auto row = a_row();
        ledger.begin();
        ledger.append(row); // of the new form, in the same chain
        ledger.commit();
    }
    CHECK(findings_of(older).find("Log row") == std::string::npos);
    {
        Database database(older, Database::Access::read_write);
        database.script("UPDATE event SET original = zeroblob(64), body = x'00' WHERE seq = 2");
    }
    CHECK(findings_of(older).find("Log row 2 was changed") != std::string::npos);
}
