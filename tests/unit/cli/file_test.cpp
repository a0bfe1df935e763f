/// What npctl does with a database file beside its daemon: keeping it, checking it, asking what another law would change.

#include "cli/run.hpp"
#include "rules/rulebook.hpp"
#include "storage/ledger.hpp"
#include "storage/sqlite/database.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

struct Ended {
    int exit = -1;
    std::string out, err;
};

std::unique_ptr<Transport> nobody(Options const&) { throw NetworkFault("the file itself is read"); }

Ended npctl(std::vector<std::string> const& words, Connect const& connection = nobody) {
    std::istringstream in;
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, {80, false}};
    auto const exit = run(words, {}, terminal, connection);
    return {static_cast<int>(exit), out.str(), err.str()};
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

class Database {
public:
    Database() {
        std::string pattern = (std::filesystem::temp_directory_path() / "npctl_XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        storage::Ledger ledger({path("npod.db"), OperatorCode{"ALFA"}, true});
        storage::LogRow row;
        row.kind = "test.row";
        ledger.begin();
        ledger.append(row);
        ledger.commit();
    }
    ~Database() { std::filesystem::remove_all(folder_); }
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;
    std::string path(std::string const& name) const { return (folder_ / name).string(); }

private:
    std::filesystem::path folder_;
};

} // namespace

TEST_CASE("a backup is made beside the daemon, named, and never overwritten") {
    Database const database;
    auto const db = database.path("npod.db"), copy = database.path("copy.db");
    auto const made = npctl({"--db", db, "daemon", "backup", copy, "-o", "json"});
    CHECK(made.exit == 0);
    CHECK(says(made.out, "\"head_seq\": 1"));
    CHECK(says(made.out, "\"operator\": \"ALFA\""));
    auto const again = npctl({"--db", db, "daemon", "backup", copy});
    CHECK(again.exit == 2);
    CHECK(says(again.err, "exists already"));
    CHECK(npctl({"--db", copy, "daemon", "verify"}).out == copy + ": sound, 1 log row checked\n");
}

TEST_CASE("a file that lost its tail is not sound: exit 9, and where") {
    Database const database;
    auto const db = database.path("npod.db");
    CHECK(npctl({"--db", db, "daemon", "backup", database.path("copy.db")}).exit == 0);
    std::filesystem::resize_file(database.path("copy.db"), 8192);
    auto const verified = npctl({"--db", database.path("copy.db"), "daemon", "verify"});
    CHECK(verified.exit == 9);
    CHECK(says(verified.out, "NOT sound"));
}

TEST_CASE("a row that was edited, taken out or exchanged ends with 9, and is named") {
    Database const database;
    auto const db = database.path("npod.db");
    {
        storage::Ledger ledger({db, OperatorCode{"ALFA"}, false});
        for (auto const* const who : {"api:desk:anna", "api:desk:bert", "wire:BRAVO", "clock"}) {
            storage::LogRow row;
            row.kind = "test.row";
            row.source = who;
            ledger.begin();
            ledger.append(row);
            ledger.commit();
        }
    }
    CHECK(npctl({"--db", db, "daemon", "verify"}).out == db + ": sound, 5 log rows checked\n");
    struct Act {
        char const* sql; ///< of somebody who may write the file and knows SQL
        char const* named;
    };
    for (auto const& act : {Act{"UPDATE event SET source = 'api:desk:bert' WHERE seq = 2", "Log row 2 was changed"}, Act{"DELETE FROM event WHERE seq = 3", "Log row 3 is missing"},
                            Act{"UPDATE event SET seq = 77 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 77", "Log row 2 was changed"},
                            Act{"DELETE FROM event WHERE seq = 5", "Log row 5 is missing"}}) {
        auto const edited = database.path("edited.db");
        std::filesystem::copy_file(db, edited, std::filesystem::copy_options::overwrite_existing);
        storage::sqlite::Database(edited, storage::sqlite::Database::Access::read_write)
            .script(std::string("PRAGMA foreign_keys = OFF; DROP TRIGGER event_is_not_edited; DROP TRIGGER event_is_not_deleted; DROP TRIGGER event_is_erased_once; ") + act.sql);
        auto const verified = npctl({"--db", edited, "daemon", "verify"});
        CHECK(verified.exit == 9);
        CHECK(says(verified.out, "NOT sound"));
        CHECK_MESSAGE(says(verified.out + verified.err, act.named), verified.out << verified.err);
    }
}

TEST_CASE("without --db it is said where the file is given") {
    auto const asked = npctl({"daemon", "backup", "copy.db"});
    CHECK(asked.exit == 2);
    CHECK(says(asked.err, "npctl --db npod.db daemon backup FILE"));
}

TEST_CASE("what would change is counted from the law that the file has, with the operator's own values") {
    Database const database;
    auto const db = database.path("npod.db");
    auto const own = rules::Rulebook::shipped("be", {{"be.execute.within", "2"}});
    {
        storage::Ledger ledger({db, OperatorCode{"ALFA"}, false});
        ledger.begin();
        ledger.put_law_in_force(own, Moment{});
        ledger.commit();
    }
    auto const told = npctl({"--db", db, "rule", "diff", "--set", "be.execute.within=3", "--years", "2026"}, connect);
    CHECK(told.exit == 0);
    CHECK(says(told.out, "be " + own.version() + " -> be "));
    CHECK(says(told.out, "be.execute.within  2 working days  3 working days  configured"));
}
