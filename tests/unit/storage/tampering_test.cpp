/// Whatever is done to the log behind npod's back is found: every column, every kind of edit, by somebody who knows SQL and by
/// somebody who knows how the chain is made.

#include "storage/backup.hpp"
#include "storage/erasure.hpp"
#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/squeeze.hpp"
#include "things.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using sqlite::Database;

namespace {

constexpr auto guards_off = "PRAGMA foreign_keys = OFF; DROP TRIGGER IF EXISTS event_is_not_edited; DROP TRIGGER IF EXISTS event_is_not_deleted; "
                            "DROP TRIGGER IF EXISTS event_is_erased_once; ";

void tamper(std::string const& path, std::string const& sql) {
    Database database(path, Database::Access::read_write);
    database.script(guards_off + sql);
}

/// Five rows in which every field says something.
LogRow a_row(int minutes) {
    LogRow row;
    row.learned_at = minute(minutes);
    row.happened_at = minute(minutes - 1);
    row.kind = "port.order";
    row.source = "api:desk:anna";
    row.key = "PI-000001";
    row.reason = "Mrs Peeters asked by telephone";
    row.body = R"({"customer":{"name":"Anna Peeters"},"n":)" + std::to_string(minutes) + "}";
    row.moves = {{{porting::SubjectKind::line, "PI-000001/1"}, "port_in", "submitted", "draft", "requested", "moved", {"send_request"}, "by hand"}};
    row.notes = {"told Anna Peeters"};
    row.refusals = {{RefusalCode::conflict, "no", "/x", "try later", "LEGAL"}};
    row.about = {"PI-000001", "C-1"};
    return row;
}

std::string written_log(Folder const& folder) {
    Ledger ledger(at(folder.file()));
    ledger.begin();
    for (int i = 1; i <= 5; ++i) {
        auto row = a_row(i);
        ledger.append(row);
    }
    ledger.commit();
    return folder.file();
}

std::string findings_of(std::string const& path, std::optional<Anchor> const& anchor = {}) {
    std::string text;
    for (auto const& finding : verify(path, 0, {}, anchor).findings) text += finding + "\n";
    return text;
}

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

Anchor head_of(std::string const& path) {
    Reader const reader(path);
    return {reader.head_seq(), reader.log_row(reader.head_seq())->hash};
}

/// Makes the whole chain and the noted end anew, as somebody would who knows how npod does it.
void forge_chain(std::string const& path) {
    Database database(path, Database::Access::read_write);
    database.script(guards_off);
    Hash at{};
    for (auto const& row : sqlite::read_events(database, 0, 100, true)) {
        at = sqlite::chained_hash(at, row, sqlite::erasable_from(database));
        database.script("UPDATE event SET hash = x'" + hex(at) + "' WHERE seq = " + std::to_string(row.seq));
        sqlite::store_head(database, {row.seq, at});
    }
}

/// What an erasure does, with or without telling of it.
LogRow erased(LogRow row) {
    row.original = hashes_of(row);
    row.reason = "[erased]", row.notes = {"[erased]"};
    row.body = R"({"customer":{"name":"~"},"n":2})";
    return row;
}

} // namespace

TEST_CASE("an edit of any column of any row is found, and the row is named") {
    struct Edit {
        char const* column;
        char const* value;
    };
    // every column of the table, each with a value that its constraints allow
    Edit const edits[] = {
        {"learned_at_ms", "learned_at_ms + 1"}, {"happened_at_ms", "happened_at_ms - 1"}, {"kind", "'port.cancel'"},
        {"source", "'wire:BRAVO'"},             {"key", "'PI-000002'"},                   {"reason", "reason || '.'"},
        {"moves", "'[]'"},                      {"notes", "'[]'"},                        {"refusals", "'[]'"},
        {"about", "'[\"PI-000001\"]'"},         {"hash", "zeroblob(32)"},                 {"body", "x'7b7d'"},
        {"original", "zeroblob(64)"},           {"brought", "CAST('[[],[],[],[]]' AS BLOB)"},
    };
    Folder const folder;
    auto const whole = written_log(folder);
    CHECK(findings_of(whole) == "");
    {
        Database database(whole, Database::Access::read_only); // seq, the key, is covered below: deleted and moved rows
        CHECK(database.answers("SELECT name FROM pragma_table_info('event') WHERE name <> 'seq'").size() == std::size(edits));
    }
    int tried = 0;
    for (auto const& edit : edits)
        for (int seq = 1; seq <= 5; ++seq) {
            CAPTURE(edit.column);
            CAPTURE(seq);
            auto const path = folder.file("edited.db");
            std::filesystem::remove(path);
            std::filesystem::copy_file(whole, path);
            tamper(path, std::string("UPDATE event SET ") + edit.column + " = " + edit.value + " WHERE seq = " + std::to_string(seq));
            CHECK(contains(findings_of(path), "Log row " + std::to_string(seq) + " was changed"));
            ++tried;
        }
    CHECK(tried == 70);
}

TEST_CASE("rows deleted, moved, exchanged, put in or cut off are found") {
    Folder const folder;
    auto const path = written_log(folder);
    struct Act {
        char const* sql;
        char const* found;
    };
    Act const acts[] = {
        {"DELETE FROM event WHERE seq = 1", "Log row 1 is missing"},
        {"DELETE FROM event WHERE seq = 3", "Log row 3 is missing"},
        {"DELETE FROM event WHERE seq = 5", "Log row 5 is missing"},
        {"DELETE FROM event", "Log row 1 is missing"},
        // exchanged: 2 and 3, hashes and all
        {"UPDATE event SET seq = 99 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 99", "Log row 2 was changed"},
        // exchanged: only what they say; the hashes stay where they were
        {"UPDATE event SET body = (SELECT e.body FROM event e WHERE e.seq = 7 - event.seq) WHERE seq IN (3, 4)", "Log row 3 was changed"},
        {"UPDATE event SET seq = 6 WHERE seq = 5", "Log row 5 is missing"},
        {"UPDATE event SET seq = seq + 1000; UPDATE event SET seq = seq - 999", "Log row 1 is missing"},
        {"INSERT INTO event SELECT 6, learned_at_ms, happened_at_ms, kind, source, key, reason, moves, notes, refusals, about, hash, body, original, brought FROM event WHERE seq = 5", "Log row 6 was changed"},
        {"UPDATE meta SET value = '4' || substr(value, 2) WHERE key = 'head'", "not the end that was noted"},
        {"DELETE FROM meta WHERE key = 'head'", "not the end that was noted"},
        {"UPDATE meta SET value = '3' WHERE key = 'erasable_from'", "Log row 1 was changed"},
        {"DELETE FROM meta WHERE key = 'erasable_from'", "Log row 1 was changed"},
        // under which ids a row is found stands outside the chain
        {"DELETE FROM event_subject WHERE about = 'C-1' AND seq = 2", "Log row 2 is not found under C-1"},
        {"INSERT INTO event_subject VALUES ('PI-000009', 2)", "Log row 2 is found under PI-000009"},
    };
    for (auto const& act : acts) {
        CAPTURE(act.sql);
        auto const copy = folder.file("acted.db");
        std::filesystem::remove(copy);
        std::filesystem::copy_file(path, copy);
        tamper(copy, act.sql);
        CHECK(contains(findings_of(copy), act.found));
    }
}

TEST_CASE("a chain made anew and an older copy are sound in themselves, and a remembered row shows them") {
    Folder const folder;
    auto const path = written_log(folder);
    auto const remembered = head_of(path);
    auto const older = folder.file("older.db");
    back_up(path, older);
    {
        Ledger ledger(at(path));
        ledger.begin();
        auto row = a_row(6);
        ledger.append(row);
        ledger.commit();
    }
    auto const newer = head_of(path);
    SUBCASE("the remembered row is in its place") {
        CHECK(findings_of(path, remembered) == "");
        CHECK(findings_of(path, newer) == "");
    }
    SUBCASE("an older copy ends before it") {
        CHECK(findings_of(older) == "");
        CHECK(contains(findings_of(older, newer), "An older copy stands in the place of the file"));
    }
    SUBCASE("a forged chain has another hash there") {
        tamper(path, "UPDATE event SET reason = 'nobody asked' WHERE seq = 2");
        forge_chain(path);
        CHECK(findings_of(path) == "");
        CHECK(contains(findings_of(path, remembered), "Log row 5 is not the one that is remembered"));
    }
    SUBCASE("an anchor is read as it is printed") {
        auto const text = std::to_string(remembered.seq) + ":" + hex(remembered.hash);
        CHECK(anchor_of(text)->seq == 5);
        CHECK(anchor_of(text)->hash == remembered.hash);
        for (auto const* const wrong : {"", "5", "5:", ":", "5:abc", "x:00"}) CHECK_FALSE(anchor_of(wrong).has_value());
        CHECK_FALSE(anchor_of("0" + text.substr(1)).has_value());
        CHECK_FALSE(anchor_of(text + "0").has_value());
    }
}

TEST_CASE("an erasure leaves the chain whole, and only an erasure that the log tells of does") {
    Folder const folder;
    auto const path = written_log(folder);
    auto const remembered = head_of(path);
    auto const left = erased(a_row(2));
    auto const erase = [&](bool tell, LogRow row) {
        Ledger ledger(at(path));
        ledger.begin();
        row.seq = 2;
        if (tell) {
            LogRow telling;
            telling.kind = erasure_kind;
            telling.body = to_json(ErasureTold{{"PI-000001"}, {{2, hash_of_what_is_there(row)}}});
            ledger.append(telling);
        }
        ledger.erase_words(row);
        ledger.commit();
    };
    SUBCASE("told of") {
        erase(true, left);
        CHECK(findings_of(path, remembered) == "");
        CHECK(Ledger(at(path)).check(4).findings.empty()); // the start looks at the end of the log only
        CHECK(Reader(path).log_row(2)->notes == std::vector<std::string>{"[erased]"});
    }
    SUBCASE("nobody told") {
        erase(false, left);
        CHECK(contains(findings_of(path), "Log row 2 was emptied, and no row of the log tells of its erasure"));
    }
    SUBCASE("edited once more afterwards") {
        erase(true, left);
        tamper(path, "UPDATE event SET body = x'7b7d' WHERE seq = 2");
        CHECK(contains(findings_of(path), "Log row 2 is not what the erasure of row 6 left of it"));
    }
    SUBCASE("said and not done") {
        {
            Ledger ledger(at(path));
            ledger.begin();
            LogRow telling;
            telling.kind = erasure_kind;
            telling.body = to_json(ErasureTold{{"PI-000001"}, {{3, {}}}});
            ledger.append(telling);
            ledger.commit();
        }
        CHECK(contains(findings_of(path), "says that row 3 was erased, and it still has its words"));
    }
    SUBCASE("the hashes that it kept are not its own") {
        auto forged = left;
        forged.original->body[0] ^= 1;
        erase(true, forged);
        CHECK(contains(findings_of(path), "Log row 2 was changed"));
    }
    SUBCASE("twice is refused, and so is an edit that keeps no hashes") {
        erase(true, left);
        Ledger ledger(at(path));
        ledger.begin();
        auto row = left;
        row.seq = 2;
        CHECK_THROWS_AS(ledger.erase_words(row), Refused);
        ledger.rollback();
        Database database(path, Database::Access::read_write);
        CHECK_THROWS_AS(database.script("UPDATE event SET body = x'00' WHERE seq = 3"), StorageFault);
    }
}

TEST_CASE("what is left of erased rows is told in a form that reads back") {
    ErasureTold const told{{"PI-000001", "C-1"}, {{17, sha256("a")}, {19, sha256("b")}}};
    CHECK(erasure_told_from_json(to_json(told)) == told);
    for (auto const* const wrong : {"", "{}", R"({"about":[],"rows":[[1]]})", R"({"about":[],"rows":[[1,"ab"]]})", R"({"rows":[]})"})
        CHECK_THROWS_AS(erasure_told_from_json(wrong), StorageFault);
}

TEST_CASE("what is erased is in no byte of the file any more, nor in its write-ahead log") {
    Folder const folder;
    auto const path = folder.file();
    constexpr auto secret = "Godelieve Vandersmissen";
    auto const all_bytes = [&] {
        std::string bytes;
        for (auto const* const with : {"", "-wal"}) {
            std::ifstream in(path + with, std::ios::binary);
            bytes.append(std::istreambuf_iterator<char>(in), {});
        }
        return bytes;
    };
    // What is long is stored squeezed: its stored form must be gone as well, piece by piece, else it could be unsqueezed again.
    std::vector<std::string> pieces;
    auto const remember_pieces_of = [&](std::string const& text) {
        constexpr std::size_t piece = 16, head = 40; // the beginning resembles that of other values
        auto const stored = sqlite::squeezed(text);
        CHECK(stored.front() == '\0'); // it is squeezed indeed
        for (auto at = head; at + piece <= std::min<std::size_t>(stored.size(), 400); at += piece) pieces.push_back(stored.substr(at, piece));
    };
    Ledger ledger(at(path));
    // long and short, so that it lies in pages of its own and among others; changed often, so that old copies lie about
    for (int no = 1; no <= 40; ++no) {
        porting::Effects effects;
        effects.ports = {a_port("PI-" + std::to_string(no), "D-" + std::to_string(no))};
        effects.ports[0].customer.name = secret;
        effects.ports[0].note = std::string(static_cast<std::size_t>(no) * 200, 'n');
        auto delivery = a_delivery(no, "PI-" + std::to_string(no));
        delivery.bytes = std::string("{") + secret + noise(150) + std::to_string(no) + noise(50) + "}";
        delivery.state = "confirmed";
        remember_pieces_of(delivery.bytes);
        effects.sends = {{no, alfa, porting::message::Cancel{}, effects.ports[0].id}};
        auto row = a_row(no);
        row.body = std::string(secret) + std::string(static_cast<std::size_t>(no % 7) * 1500, 'b');
        if (no % 7 > 0) {
            row.body += std::to_string(no) + noise(180); // some lie in pages of their own all the same
            remember_pieces_of(row.body);
        }
        ledger.begin();
        ledger.append(row);
        ledger.apply(effects, {delivery}, row.seq);
        ledger.remember("api:desk:anna", "key-" + std::to_string(no), {sha256("q"), row.seq, 200, secret, ""});
        ledger.commit();
        ledger.begin();
        effects.sends.clear();
        effects.ports[0].note.clear();
        ledger.apply(effects, {}, row.seq);
        ledger.commit();
        if (no % 10 == 0) ledger.checkpoint(true);
    }
    {
        auto const bytes = all_bytes();
        CHECK(contains(bytes, secret));
        CHECK(pieces.size() > 300);
        CHECK(std::ranges::all_of(pieces, [&](auto const& piece) { return contains(bytes, piece); }));
    }
    ledger.begin();
    std::vector<std::int64_t> seqs;
    for (auto row : ledger.reader_on_same_connection().log(0, 100, true)) {
        seqs.push_back(row.seq);
        row.original = hashes_of(row);
        row.body = "{}";
        ledger.erase_words(row);
        porting::Effects effects;
        effects.ports = {a_port("PI-" + std::to_string(row.seq), "D-" + std::to_string(row.seq))};
        ledger.apply(effects, {}, row.seq);
        CHECK(ledger.forget_deliveries(effects.ports[0].id) == 1);
    }
    CHECK(ledger.forget_answers(seqs) == 40);
    ledger.commit();
    ledger.checkpoint(true);
    auto const bytes = all_bytes();
    CHECK_FALSE(contains(bytes, secret));
    CHECK(std::ranges::none_of(pieces, [&](auto const& piece) { return contains(bytes, piece); }));
    CHECK(ledger.remembered("api:desk:anna", "key-7")->reply == "{}"); // the same question is still known as asked
}
