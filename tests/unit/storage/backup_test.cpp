/// A copy that can be put back, taken from a database that is being written.

#include "storage/backup.hpp"
#include "things.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;

namespace {

void write_row(Ledger& ledger, int minutes) {
    LogRow row;
    row.learned_at = row.happened_at = minute(minutes);
    row.kind = "test.row";
    row.body = std::string(200, static_cast<char>('a' + minutes % 26));
    ledger.begin();
    ledger.append(row);
    ledger.commit();
}

bool says(std::vector<std::string> const& findings, std::string_view part) {
    for (auto const& finding : findings)
        if (finding.find(part) != std::string::npos) return true;
    return false;
}

} // namespace

TEST_CASE("a backup of a living database holds every commit before it and none after") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    for (int i = 1; i <= 30; ++i) write_row(ledger, i);
    auto const made = back_up(folder.file(), folder.file("copy.db")); // the writer has the file open
    write_row(ledger, 31);
    CHECK(made.head_seq == 30);
    CHECK(made.operator_code == alfa);
    CHECK(made.bytes == static_cast<std::int64_t>(std::filesystem::file_size(folder.file("copy.db"))));
    CHECK(verify(folder.file("copy.db"), 0).findings.empty());
    CHECK(Reader(folder.file("copy.db")).head_seq() == 30);
    CHECK(Reader(folder.file()).head_seq() == 31);
    SUBCASE("put back, it is served and goes on where it stood") {
        Ledger again(at(folder.file("copy.db")));
        CHECK(again.check(0).findings.empty());
        write_row(again, 40);
        CHECK(again.head_seq() == 31);
        CHECK(again.check(0).findings.empty());
    }
}

TEST_CASE("a backup overwrites nothing and leaves nothing half done") {
    Folder const folder;
    { Ledger ledger(at(folder.file())); }
    std::ofstream(folder.file("taken.db")) << "mine";
    CHECK_THROWS_AS(back_up(folder.file(), folder.file("taken.db")), ConfigFault);
    CHECK(std::filesystem::file_size(folder.file("taken.db")) == 4);
    CHECK_THROWS_AS(back_up(folder.file("nowhere.db"), folder.file("copy.db")), ConfigFault);
    CHECK_THROWS_AS(back_up(folder.file(), folder.file("no/such/folder.db")), StorageFault);
    CHECK(!std::filesystem::exists(folder.file("copy.db")));
    CHECK(!std::filesystem::exists(folder.file("copy.db.unfinished")));
}

TEST_CASE("a damaged database is not passed on as a backup, and verify says where") {
    Folder const folder;
    {
        Ledger ledger(at(folder.file()));
        for (int i = 1; i <= 5; ++i) write_row(ledger, i);
    }
    {
        sqlite::Database tampering(folder.file(), sqlite::Database::Access::read_write);
        tampering.script("DROP TRIGGER event_is_not_edited; DROP TRIGGER event_is_erased_once; UPDATE event SET reason = 'forged' WHERE seq = 3");
    }
    auto const health = verify(folder.file(), 0);
    CHECK(says(health.findings, "Log row 3 was changed after it was written"));
    CHECK_THROWS_AS(back_up(folder.file(), folder.file("copy.db")), StorageFault);
    CHECK(!std::filesystem::exists(folder.file("copy.db")));
}
