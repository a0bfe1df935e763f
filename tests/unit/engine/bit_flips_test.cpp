/// Bits flip in a database that rests: anywhere, one at a time. Each flip is found by one of the checks that a person can run
/// (opening, `npod check`, `npctl daemon verify --deep`), or changes nothing that anybody could be told.

#include "engine/replay.hpp"
#include "unit/engine/running.hpp"
#include "storage/backup.hpp"
#include "storage/sqlite/database.hpp"

#include <cstdlib>
#include <fstream>
#include <random>

using namespace npod;
using namespace npod::testing;

namespace {

std::string read_whole(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// All tables of a file as text.
std::string told_by(std::string const& path) {
    storage::Reader const reader(path);
    std::string text;
    for (auto const& row : reader.log(0, 10'000, true)) text += row.body + row.reason + row.kind + row.key + row.source + hex(row.hash);
    for (auto const& port : reader.ports({})) {
        text += port.id.text + port.state + port.customer.name + port.note;
        for (auto const& line : reader.book().lines(port.id)) text += line.state + line.note;
    }
    for (auto const& timer : reader.timers(1000)) text += timer.subject.id + timer.name + std::to_string(to_ms(timer.due));
    return text;
}

enum class Found { opening, checks, deep, harmless, missed };

class Flips {
public:
    Flips() {
        for (int no = 0; no < 6; ++no) {
            Order order;
            order.numbers = fmt::format("+32255011{:02}..+32255011{:02}", no * 4, no * 4 + 3);
            order.contract = fmt::format("NEW-{}", no);
            running_.orders(order, fmt::format("O-{}", no));
        }
        running_.advance("2026-04-08 10:00");
        running_.stop();
        { // all of it in the file, nothing in the log beside it
            storage::Ledger ledger({running_.file(), OperatorCode{"ALFA"}, false});
            ledger.checkpoint(true);
        }
        whole_ = read_whole(running_.file());
        told_ = told_by(running_.file());
    }

    std::size_t bits() const { return whole_.size() * 8; }
    bool is_sound() { return judge() == Found::harmless; }

    Found flip(std::size_t bit) {
        auto bytes = whole_;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
        for (auto const* with : {"-wal", "-shm"}) std::filesystem::remove(running_.file() + with);
        std::ofstream(running_.file(), std::ios::binary | std::ios::trunc) << bytes;
        return judge();
    }

private:
    Found judge() {
        try {
            if (!storage::verify(running_.file(), 0).findings.empty()) return Found::checks;
            storage::Reader reader(running_.file());
            auto const settings = reader.meta("settings");
            porting::Settings const own{.own = OperatorCode{"ALFA"}, .operators = {OperatorCode{"BRAVO"}}, .automatic = porting::AutomaticAnswer::all, .dossier_prefix = "ALFA"};
            auto const law = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
            if (!engine::differences_from_log(reader, law, own, by_hub()).empty()) return Found::deep;
            return told_by(running_.file()) == told_ ? Found::harmless : Found::missed;
        } catch (Fault const&) {
            return Found::opening;
        }
    }

    Running running_;
    std::string whole_, told_;
};

} // namespace

TEST_CASE("bits that flip in a file at rest are found, or are nobody's") {
    Flips flips;
    REQUIRE(flips.is_sound());
    auto const* const wanted = std::getenv("NPOD_FLIPS");
    int const tries = wanted ? std::max(1, std::atoi(wanted)) : 300;
    auto const* const seed = std::getenv("NPOD_SEED");
    std::mt19937_64 dice(seed ? std::strtoull(seed, nullptr, 10) : 6);
    int found[5] = {};
    for (int i = 0; i < tries; ++i) {
        auto const bit = dice() % flips.bits();
        CAPTURE(bit);
        auto const how = flips.flip(bit);
        CHECK(how != Found::missed);
        ++found[static_cast<int>(how)];
    }
    MESSAGE(tries << " flips: " << found[0] << " the file does not open, " << found[1] << " found by the checks, " << found[2]
                  << " found by telling the log again, " << found[3] << " in bytes that mean nothing, " << found[4] << " missed");
    CHECK(found[2] > 0); // state tables are judged by the log
}

TEST_CASE("every table that follows from the log is compared with it") {
    Running running;
    running.engine().ask(command_event("block.put", "", R"({"first":"+3225501000","last":"+3225501999","holder":"BRAVO"})"));
    running.engine().ask(command_event("contract.put", "C-9", R"({"customer":{"kind":"natural","name":"An Maes"},"product":"Voice","network":"fixed","numbers":["+3225509900"]})"));
    running.orders({.numbers = "+3225501100..+3225501103", .contract = "NEW-1"}, "O-1");
    running.stop();
    struct Edit {
        char const* table;
        char const* sql;
    };
    Edit const edits[] = {
        {"port", "UPDATE port SET customer = '{}'"},
        {"port", "UPDATE port SET requested_at_ms = requested_at_ms + 1"},
        {"line", "UPDATE line SET planned_at_ms = planned_at_ms + 86400000"},
        {"line", "UPDATE line SET note = 'x'"},
        {"live_number", "DELETE FROM live_number WHERE number = 3225501101"},
        {"number", "UPDATE number SET serving = 'BRAVO'"},
        {"contract", "UPDATE contract SET end_users = 9"},
        {"claim", "UPDATE claim SET by_titular = 1"},
        {"timer", "UPDATE timer SET due_ms = due_ms + 1"},
        {"delivery", "UPDATE delivery SET receiver = 'CHARL'"},
        {"delivery on its way", "UPDATE delivery SET bytes = CAST('x' AS BLOB)"},
        {"delivery on its way", "UPDATE delivery SET peer = 'CHARL'"},
        {"routing", "INSERT INTO routing VALUES (3225501100, 'CHARL', 0)"},
        {"came_home", "INSERT INTO came_home VALUES (3225501100, 0)"},
        {"block", "UPDATE block SET operator = 'CHARL'"},
        {"counter", "UPDATE counter SET value = value + 1 WHERE name = 'port_in'"},
        {"event_subject", "INSERT INTO event_subject SELECT 'C-77', min(seq) FROM event"},
    };
    porting::Settings const own{.own = OperatorCode{"ALFA"}, .operators = {OperatorCode{"BRAVO"}}, .automatic = porting::AutomaticAnswer::all, .dossier_prefix = "ALFA"};
    auto const differences = [&] {
        storage::Reader reader(running.file());
        auto const found = engine::differences_from_log(reader, std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be")), own, by_hub());
        return found.empty() ? std::string() : found.front();
    };
    CHECK(differences() == "");
    for (auto const& edit : edits) {
        CAPTURE(edit.sql);
        auto const kept = read_whole(running.file()), wal = read_whole(running.file() + "-wal");
        {
            storage::sqlite::Database database(running.file(), storage::sqlite::Database::Access::read_write);
            database.script(edit.sql);
        }
        CHECK(contains(differences(), std::string("from its log: ") + edit.table + " "));
        for (auto const* with : {"", "-wal", "-shm"}) std::filesystem::remove(running.file() + with);
        std::ofstream(running.file(), std::ios::binary) << kept;
        if (!wal.empty()) std::ofstream(running.file() + "-wal", std::ios::binary) << wal;
    }
}
