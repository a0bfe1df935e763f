/// Whose file it is, whether it can be trusted, and how it is opened.

#include "storage/sqlite/opening.hpp"
#include "things.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include <unistd.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using sqlite::Database;

namespace {

std::string trouble_of(auto act) {
    try {
        act();
    } catch (Fault const& fault) {
        return fault.what();
    }
    return "";
}

/// Runs SQL behind npod's back.
void tamper(std::string const& path, std::string const& sql) {
    Database database(path, Database::Access::read_write);
    database.script(sql);
}

bool contains(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

std::string all(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) text += line + "\n";
    return text;
}

} // namespace

TEST_CASE("a file belongs to one operator, one program and one writer") {
    Folder const folder;
    auto const path = folder.file();
    SUBCASE("another operator is refused, by name") {
        { Ledger const ledger(at(path)); }
        auto const text = trouble_of([&] { Ledger const ledger({path, bravo, true}); });
        CHECK(contains(text, "belongs to operator ALFA"));
        CHECK_THROWS_AS(Ledger({path, bravo, true}), ConfigFault);
    }
    SUBCASE("a newer schema is refused, by writer and reader") {
        { Ledger const ledger(at(path)); }
        tamper(path, "PRAGMA user_version = 99");
        CHECK_THROWS_AS(Ledger{at(path)}, ConfigFault);
        CHECK_THROWS_AS(Reader{path}, ConfigFault);
        CHECK(contains(trouble_of([&] { Ledger const ledger(at(path)); }), "schema 99"));
        tamper(path, "PRAGMA user_version = " + std::to_string(sqlite::schema_version() + 1)); // the very next one is as unknown
        CHECK_THROWS_AS(Ledger{at(path)}, ConfigFault);
        CHECK_THROWS_AS(Reader{path}, ConfigFault);
    }
    SUBCASE("somebody else's SQLite file is refused and not touched") {
        Database(path, Database::Access::create).script("CREATE TABLE recipe (id INTEGER PRIMARY KEY)");
        CHECK_THROWS_AS(Ledger{at(path)}, ConfigFault);
        CHECK(Database(path, Database::Access::read_only).answer("PRAGMA journal_mode") == "delete");
    }
    SUBCASE("a file that is no database is refused") {
        std::ofstream(path) << std::string(4096, 'x');
        CHECK_THROWS_AS(Ledger{at(path)}, ConfigFault);
    }
    SUBCASE("a second daemon is told who has it") {
        Ledger const ledger(at(path));
        auto const text = trouble_of([&] { Ledger const second(at(path)); });
        CHECK_THROWS_AS(Ledger{at(path)}, StorageFault);
        CHECK(contains(text, "in use by another npod (process " + std::to_string(::getpid()) + ")"));
    }
    SUBCASE("a missing file is created only when asked") {
        CHECK_THROWS_AS(Ledger({path, alfa, false}), ConfigFault);
        CHECK(!std::filesystem::exists(path));
    }
    SUBCASE("an empty file is taken as new") {
        std::ofstream(path).close();
        CHECK(Ledger(at(path)).check(0).findings.empty());
    }
}

TEST_CASE("the writer's settings took, each read back") {
    Folder const folder;
    Database database(folder.file(), Database::Access::create);
    sqlite::set_up_writer(database);
    CHECK(database.answer("PRAGMA journal_mode") == "wal");
    CHECK(database.answer("PRAGMA synchronous") == "2"); // FULL
    CHECK(database.answer("PRAGMA foreign_keys") == "1");
    CHECK(database.answer("PRAGMA wal_autocheckpoint") == "0");
    CHECK(database.answer("PRAGMA mmap_size") == "0");
    // A setting that does not take is a fault: a database in memory cannot have a WAL.
    Database memory(":memory:", Database::Access::create);
    CHECK_THROWS_AS(memory.set_pragma("journal_mode", "WAL", "wal"), StorageFault);
    CHECK_THROWS_AS(memory.set_pragma("no_such_pragma", "1", "1"), StorageFault);
}

TEST_CASE("a left-over WAL is rewritten in place and its commits are there") {
    Folder const folder;
    auto const path = folder.file(), copy = folder.file("copy.db");
    Ledger ledger(at(path));
    carry_out(ledger, {});
    // What a crash leaves: the file and a WAL that nobody has checkpointed.
    std::filesystem::copy_file(path, copy);
    std::filesystem::copy_file(path + "-wal", copy + "-wal");
    auto const bytes = [&] {
        std::ifstream file(copy + "-wal", std::ios::binary);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    };
    auto const before = bytes();
    REQUIRE(before.size() > 0);
    sqlite::rewrite_wal(copy);
    CHECK(bytes() == before);
    Ledger const restarted(at(copy));
    CHECK(restarted.head_seq() == 1);
    CHECK(restarted.check(0).findings.empty());
    sqlite::rewrite_wal(folder.file("none.db")); // nothing to do, nothing made
    CHECK(!std::filesystem::exists(folder.file("none.db-wal")));
}

TEST_CASE("the WAL stays for readers and is bounded by checkpoints") {
    Folder const folder;
    {
        Ledger ledger(at(folder.file()));
        LogRow row = a_row();
        row.body = noise(100'000); // 25 pages
        for (int i = 0; i < 120; ++i) {
            carry_out(ledger, {}, {}, row);
            ledger.checkpoint();
        }
        // 120 rows make about 3000 pages (12 MB); with a checkpoint at 1000 pages the WAL starts over before 5 MB.
        CHECK(std::filesystem::file_size(folder.file() + "-wal") < 5'000'000);
        CHECK(std::filesystem::file_size(folder.file()) > 4'000'000);
    }
    CHECK(std::filesystem::exists(folder.file() + "-wal"));
}

TEST_CASE("while somebody reads one commit for long the WAL grows and the writer goes on; afterwards it starts over") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    Reader reader(folder.file());
    LogRow row = a_row();
    row.body = noise(100'000); // 25 pages
    auto const write = [&](int rows) {
        for (int i = 0; i < rows; ++i) {
            carry_out(ledger, {}, {}, row);
            ledger.checkpoint();
        }
    };
    write(1);
    reader.hold_snapshot();
    write(120); // 3000 pages, 12 MB: none of it may go into the file while the reader looks at what was before
    auto const grown = reader.wal_bytes();
    CHECK(grown > 12'000'000);
    reader.release_snapshot();
    write(200); // 20 MB more: copied at the next checkpoint, and begun anew, so that the same room holds them
    CHECK(reader.wal_bytes() < grown + 6'000'000);
    CHECK(ledger.check(0).findings.empty());
}

TEST_CASE("after a restart the log goes on where it ended") {
    Folder const folder;
    {
        Ledger ledger(at(folder.file()));
        carry_out(ledger, {});
    }
    Ledger ledger(at(folder.file()));
    CHECK(ledger.head_seq() == 1);
    CHECK(carry_out(ledger, {}).seq == 2);
    auto const health = ledger.check(0);
    CHECK(health.findings.empty());
    CHECK(health.rows == 2);
    CHECK(ledger.check(1).rows == 1); // the last row only
}

TEST_CASE("the log refuses to be edited, and the chain shows an edit that was forced") {
    Folder const folder;
    auto const path = folder.file();
    {
        Ledger ledger(at(path));
        for (int i = 0; i < 4; ++i) carry_out(ledger, {});
    }
    CHECK(contains(trouble_of([&] { tamper(path, "UPDATE event SET source = 'x' WHERE seq = 2"); }), "never edited"));
    CHECK(contains(trouble_of([&] { tamper(path, "DELETE FROM event WHERE seq = 4"); }), "never deleted"));
    auto const findings_after = [&](std::string const& sql) {
        tamper(path, "DROP TRIGGER event_is_not_edited; DROP TRIGGER event_is_not_deleted; DROP TRIGGER event_is_erased_once; " + sql);
        return all(Ledger(at(path)).check(0).findings);
    };
    SUBCASE("an edited body") {
        CHECK(contains(findings_after("UPDATE event SET body = x'00' WHERE seq = 3"), "Log row 3 was changed"));
    }
    SUBCASE("an edited time") {
        CHECK(contains(findings_after("UPDATE event SET happened_at_ms = 1 WHERE seq = 2"), "Log row 2 was changed"));
    }
    SUBCASE("edited moves") {
        CHECK(contains(findings_after("UPDATE event SET brought = CAST('[[],[],[],[]]' AS BLOB) WHERE seq = 2"), "Log row 2 was changed"));
    }
    SUBCASE("moves put beside what was brought") {
        CHECK(contains(findings_after("UPDATE event SET moves = '[]' WHERE seq = 2"), "Log row 2 was changed"));
    }
    SUBCASE("damaged moves") {
        CHECK(contains(findings_after("UPDATE event SET brought = x'000128' WHERE seq = 2"), "Log row 2 was changed"));
    }
    SUBCASE("a row cut out") {
        CHECK(contains(findings_after("DELETE FROM event_subject WHERE seq = 2; DELETE FROM event WHERE seq = 2"),
                       "Log row 2 is missing"));
    }
    SUBCASE("a row put in behind the end") {
        CHECK(contains(
            findings_after("INSERT INTO event SELECT 6, learned_at_ms, happened_at_ms, kind, source, key, reason, "
                           "moves, notes, refusals, about, hash, body, original, brought FROM event WHERE seq = 4"),
            "Log row 5 is missing"));
    }
    SUBCASE("the end cut off") {
        CHECK(contains(findings_after("DELETE FROM event_subject WHERE seq = 4; DELETE FROM event WHERE seq = 4"),
                       "Log row 4 is missing"));
    }
    SUBCASE("the end replaced") {
        CHECK(contains(findings_after("UPDATE meta SET value = '4:' || hex(zeroblob(32)) WHERE key = 'head'"),
                       "Log row 4 is not the end that was noted"));
    }
}

TEST_CASE("start-up finds states that no machine knows and deadlines that do not fit") {
    Folder const folder;
    auto const path = folder.file();
    {
        Ledger ledger(at(path));
        porting::Effects effects;
        effects.ports = {a_port()};
        effects.lines = {a_line(effects.ports[0], 1, range(3225501100, 3225501100))};
        effects.arm = {a_timer(porting::subject_of(effects.lines[0]), minute(9))};
        carry_out(ledger, effects);
        CHECK(ledger.check(0).findings.empty());
    }
    auto const findings_after = [&](std::string const& sql) {
        tamper(path, sql);
        return all(Ledger(at(path)).check(0).findings);
    };
    SUBCASE("an unknown state") {
        CHECK(contains(findings_after("UPDATE line SET state = 'dreaming'"), "PI-000001/1 is in state \"dreaming\""));
    }
    SUBCASE("a waiting line without its deadline") {
        CHECK(contains(findings_after("DELETE FROM timer"), "has nothing armed where answer_deadline belongs"));
    }
    SUBCASE("another state's deadline") {
        CHECK(contains(findings_after("UPDATE timer SET name = 'reminder'"),
                       "has reminder armed where answer_deadline belongs"));
    }
    SUBCASE("a deadline from an earlier state") {
        CHECK(contains(findings_after("UPDATE timer SET armed_in = 'requested'"), "with a timer armed in requested"));
    }
    SUBCASE("ports that are counted wrongly") {
        CHECK(contains(findings_after("UPDATE port_count SET ports = 7"), "says that 7 port_in are awaiting_answer, and there are 1."));
        CHECK(contains(findings_after("DELETE FROM port_count"), "says that 0 port_in are awaiting_answer, and there are 1."));
    }
    SUBCASE("a timer of nothing") {
        CHECK(contains(findings_after("INSERT INTO timer VALUES (1, 'claim', 'CL-9', 'decision', 'r', 0, 'claimed', '')"),
                       "armed for claim CL-9, which does not exist"));
    }
}

TEST_CASE("the schema: every table STRICT, and exactly what the migrations say") {
    Folder const folder;
    { Ledger const ledger(at(folder.file())); }
    Database made(folder.file(), Database::Access::read_only);
    CHECK(made.answer("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' "
                      "AND strict = 0") == "0");
    CHECK(std::stoi(made.answer("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 1")) >= 17);
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator(NPOD_SOURCE_DIR "/schemas/database/sqlite"))
        if (entry.path().extension() == ".sql") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    Database plain(":memory:", Database::Access::create);
    for (auto const& file : files) {
        std::stringstream sql;
        sql << std::ifstream(file).rdbuf();
        plain.script(sql.str());
    }
    CHECK(std::stoi(made.answer("PRAGMA user_version")) == std::stoi(files.back().filename().string())); // the last one's
    std::string const schema =
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    CHECK(made.answers(schema) == plain.answers(schema));
}

TEST_CASE("the copy that is made before a migration is whole") {
    Folder const folder;
    {
        Ledger ledger(at(folder.file()));
        carry_out(ledger, {});
    }
    Database database(folder.file(), Database::Access::read_write);
    std::ofstream(folder.file() + ".before-v" + std::to_string(sqlite::schema_version())) << "half a copy";
    auto const copy = sqlite::copy_aside(database);
    Ledger const copied(at(copy));
    CHECK(copied.head_seq() == 1);
    CHECK(copied.check(0).findings.empty());
}

TEST_CASE("a migration that fails is undone whole") {
    // A full file that claims to have no schema yet: the first migration meets its own tables.
    Folder const folder;
    auto const path = folder.file();
    { Ledger const ledger(at(path)); }
    auto const tables = [&] {
        return Database(path, Database::Access::read_only).answers("SELECT name FROM sqlite_schema ORDER BY 1");
    };
    auto const before = tables();
    tamper(path, "PRAGMA user_version = 0");
    CHECK(contains(trouble_of([&] { Ledger const ledger(at(path)); }), "0001_first.sql failed and was undone"));
    CHECK(tables() == before);
    CHECK(Database(path, Database::Access::read_only).answer("PRAGMA user_version") == "0");
}

/// Every statement that stands in a file of the storage room, as the program has it: what follows `query(`, its pieces joined.
static std::vector<std::string> statements_in(std::string const& file) {
    std::ifstream source(std::string(NPOD_SOURCE_DIR) + "/src/storage/sqlite/" + file);
    std::stringstream read;
    read << source.rdbuf();
    auto const text = read.str();
    std::vector<std::string> statements;
    for (auto at = text.find("query("); at != std::string::npos; at = text.find("query(", at + 1)) {
        std::string statement;
        auto next = text.find_first_not_of(" \n", at + 6);
        while (next != std::string::npos && text[next] == '"') {
            auto const end = text.find('"', next + 1);
            statement += text.substr(next + 1, end - next - 1);
            next = text.find_first_not_of(" \n", end + 1);
        }
        if (!statement.empty()) statements.push_back(statement);
    }
    return statements;
}

TEST_CASE("no statement of the writer walks through a table") {
    Ledger ledger(in_memory());
    auto const port = a_port();
    auto const delivery = a_delivery();
    porting::Effects effects = sending({delivery});
    effects.ports = {port};
    effects.lines = {a_line(port, 1, range(3225501100, 3225501101))};
    effects.numbers = {a_number()};
    effects.contracts = {a_contract()};
    effects.claims = {a_claim()};
    effects.deliveries = {delivery};
    effects.arm = {a_timer(porting::subject_of(effects.lines[0]), minute(30))};
    effects.cancel = {{porting::SubjectKind::claim, "CL-000001"}};
    effects.blocks = {{range(3225500000, 3225509999), alfa, minute(0)}};
    effects.routing = {{range(3225501100, 3225501100), bravo, minute(0)}, {range(3225501101, 3225501101), alfa, minute(0)}}; // away, at home
    effects.park = {{1, DossierId{"BRAVO-7"}, bravo, "cancel", minute(2)}};
    effects.unpark = {7};
    effects.counters = {{"port_in", 1}};
    carry_out(ledger, effects, {delivery});
    effects = {};
    effects.advanced = {port};
    effects.lines = {a_line(port, 1, range(3225501100, 3225501100))};
    effects.blocks = {{range(3225501000, 3225501999), bravo, minute(1)}};
    carry_out(ledger, effects);
    effects = {};
    effects.lines = {a_line(port, 1, range(3225501100, 3225501101))};
    effects.arm = {a_timer(porting::subject_of(effects.lines[0]), minute(40))}; // in place of the one at 30
    carry_out(ledger, effects);
    effects.arm = {};
    carry_out(ledger, effects); // its numbers stay
    auto taken = a_line(port, 2, range(3225501101, 3225501101)); // by the first line: the database refuses, and says by whom
    effects.lines = {taken};
    ledger.begin();
    CHECK_THROWS_AS(ledger.apply(effects, {}, ledger.head_seq()), Refused);
    ledger.rollback();
    auto const& book = ledger.book();
    book.running_ports(), book.blocks_within(range(1, 2)), book.deactivation_sent(DossierId{"BRAVO-9"});
    book.port(port.id), book.port_by_dossier(port.dossier, port.role), book.port_by_order(port.order),
        book.lines(port.id);
    book.live_port({1}, port.role), book.number({1}), book.contract(port.contract), book.claim_of(port.id), book.claim(ClaimId{"CL-000001"}),
        book.delivery(1);
    book.timer({}), book.parked(port.dossier), book.parked_one(1), book.serving({1}), book.routed_after(range(1, 2), minute(0)), book.counter("x");
    ledger.begin();
    ledger.remember("s", "k", {});
    ledger.put_in_mailbox(1, bravo, alfa, "cancel");
    ledger.confirm_mailbox(1, bravo, minute(1));
    ledger.carry_dossier(DossierId{"BRAVO-8"}, {alfa, bravo}, 1);
    ledger.parties_of(DossierId{"BRAVO-8"});
    ledger.keep_trace(1, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    ledger.savepoint();
    ledger.release();
    ledger.savepoint();
    ledger.put_law_in_force(rules::Rulebook::shipped("be"), minute(0));
    ledger.undo();
    ledger.commit();
    ledger.begin();
    auto erased = *ledger.reader_on_same_connection().log_row(1);
    erased.original = Original{};
    ledger.erase_words(erased);
    ledger.forget_deliveries(port.id), ledger.forget_answers({1}), ledger.first_row_since(minute(0));
    for (auto const what : {Ledger::Prunable::answers, Ledger::Prunable::mail, Ledger::Prunable::bytes}) ledger.prune(what, 100, 10);
    ledger.rollback();
    ledger.remembered("s", "k"), ledger.due(minute(0), 1), ledger.next_due(), ledger.undelivered(bravo, 1);
    ledger.peers_with_undelivered();
    ledger.head_seq();
    for (bool const with_body : {true, false}) ledger.reader_on_same_connection().log(0, 1, with_body);
    ledger.reader_on_same_connection().log_about("PI-000001", 0, 1);
    auto const plans = ledger.query_plans();
    for (auto const* const file : {"ledger.cpp", "effects.cpp", "rows.cpp", "book.cpp", "event_log.cpp", "retention.cpp"})
        for (auto const& statement : statements_in(file)) {
            CAPTURE(statement); // add a call above that uses it
            CHECK(std::ranges::any_of(plans, [&](auto const& plan) { return plan.starts_with(statement + " → "); }));
        }
    for (auto const& plan : plans) {
        CAPTURE(plan);
        CHECK(!contains(plan.substr(plan.find("→")), "SCAN"));
        // Whoever asks for all running ports has them sorted: an adoption takes them over one after the other, once.
        if (!plan.starts_with("SELECT id FROM port WHERE settled = 0 ORDER BY no")) CHECK(!contains(plan, "TEMP B-TREE"));
    }
}

TEST_CASE("no statement of a reader walks through a table that grows, unless for a reason") {
    struct Allowed {
        std::string_view begins, because;
    };
    // Statements put together for a filter are not among them: each is given up after limits::query_steps_max steps.
    static constexpr Allowed allowed[] = {
        {"SELECT state, sum(ports) FROM port_count", "a row for each state there is: some thirty"},
        {"SELECT coalesce(sum(ports), 0) FROM port_count", "a row for each state there is: some thirty"},
        {"SELECT coalesce(sum(unconfirmed), 0) FROM mailbox_size", "a row for each operator"},
        {"SELECT version, name, learned_at_ms, content FROM rulebook", "a row for each law that was ever in force"},
        {"SELECT count(*) FROM delivery WHERE settled = 0", "an index of what nobody has taken yet"},
        {"SELECT count(*), min(queued_at_ms), min(id) FROM (", "what one operator has not taken yet, found by two indexes"},
    };
    Folder const folder;
    { Ledger const made(at(folder.file())); }
    Database database(folder.file(), Database::Access::read_only);
    std::size_t looked_at = 0;
    for (auto const* const file : {"reader.cpp", "reader_peers.cpp", "book.cpp", "event_log.cpp", "ledger.cpp"})
        for (auto const& statement : statements_in(file)) {
            if (!statement.starts_with("SELECT")) continue;
            ++looked_at;
            auto const plan = database.plan_of(statement);
            CAPTURE(statement);
            CAPTURE(plan);
            bool const is_allowed = std::ranges::any_of(allowed, [&](auto const& one) { return statement.starts_with(one.begins); });
            // A page of a table in the order of its own key, or of an index, ends with the page.
            bool const paged = contains(statement, " LIMIT ") || contains(statement, "min(due_ms)") || contains(statement, "max(seq)");
            CHECK((is_allowed || paged || !contains(plan, "SCAN ")));
            if (paged && !contains(statement, "UNION")) CHECK(!contains(plan, "TEMP B-TREE"));
        }
    CHECK(looked_at > 50);
}
