/// What a database file holds that somebody or something damaged: columns of several parts, and whole rows.

#include "fuzz/targets.hpp"

#include "storage/backup.hpp"
#include "storage/sqlite/squeeze.hpp"
#include "storage/values_json.hpp"
#include "unit/storage/things.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::fuzz {

namespace {

using namespace storage;
using test::a_claim, test::a_contract, test::a_delivery, test::a_line, test::a_number, test::a_port, test::a_row, test::a_timer,
    test::alfa, test::bravo, test::minute, test::range;

template <class Read>
void comes_back(std::string_view text, Read read) {
    try {
        auto const value = read(text);
        auto const written = to_json(value);
        expect(to_json(read(written)) == written, "a stored value, written and read again, is the same");
    } catch (StorageFault const&) {
        return; // said so
    }
}

struct Column {
    std::string table, name, type;
    std::string word() const { return table + "." + name; }
};

/// A file with a row in every table that a book has, and a copy of each table to put it back from.
class Book {
public:
    Book() {
        fill();
        database_ = std::make_unique<sqlite::Database>(path(), sqlite::Database::Access::read_write);
        database_->script("PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;");
        for (auto const& trigger : database_->answers("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
            database_->script(fmt::format("DROP TRIGGER \"{}\"", trigger));
        for (auto const& table : database_->answers("SELECT name FROM sqlite_schema WHERE type = 'table' "
                                                    "AND name NOT LIKE 'sqlite%' ORDER BY name")) {
            if (database_->answer(fmt::format("SELECT count(*) FROM \"{}\"", table)) == "0") continue;
            database_->script(fmt::format("CREATE TEMP TABLE \"kept_{0}\" AS SELECT * FROM \"{0}\"", table));
            for (auto const& name : database_->answers(fmt::format("SELECT name FROM pragma_table_info('{}')", table)))
                columns_.push_back({table, name,
                                    database_->answer(fmt::format(
                                        "SELECT type FROM pragma_table_info('{}') WHERE name = '{}'", table, name))});
        }
        reader_ = std::make_unique<Reader>(path());
    }

    std::string path() const { return folder_.file(); }
    Reader const& reader() const { return *reader_; }
    std::vector<Column> const& columns() const { return columns_; }

    /// The column that a word names; of a word that names none, any, always the same.
    Column const& column(std::string_view word) const {
        auto const found = std::ranges::find(columns_, word, &Column::word);
        if (found != columns_.end()) return *found;
        std::size_t sum = 0;
        for (char const c : word) sum = sum * 31 + static_cast<unsigned char>(c);
        return columns_[sum % columns_.size()];
    }

    /// False when SQLite itself does not take such a value there.
    bool put(Column const& column, std::string_view value) {
        std::string hex;
        for (char const c : value) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        bool const whole = error == std::errc{} && end == value.data() + value.size();
        std::string literal;
        if (value == "NULL") literal = "NULL";
        else if (column.type == "BLOB") literal = fmt::format("x'{}'", hex);
        else if (column.type != "INTEGER") literal = fmt::format("CAST(x'{}' AS TEXT)", hex);
        else if (whole) literal = number == INT64_MIN ? "-9223372036854775807 - 1" : std::to_string(number);
        else return false;
        try {
            database_->script(fmt::format("UPDATE \"{}\" SET \"{}\" = {}", column.table, column.name, literal));
            return true;
        } catch (StorageFault const&) {
            return false; // unique, not null, strict
        }
    }
    void put_back(Column const& column) {
        database_->script(fmt::format("BEGIN; DELETE FROM \"{0}\"; INSERT INTO \"{0}\" SELECT * FROM \"kept_{0}\"; COMMIT;",
                                      column.table));
    }

private:
    void fill() const {
        Ledger ledger(test::at(path()));
        porting::Effects effects;
        effects.ports = {a_port(), a_port("PO-000001", "BRAVO-7")};
        effects.lines = {a_line(effects.ports[0], 1, range(3225501100, 3225501109)),
                         a_line(effects.ports[1], 1, range(3225501300, 3225501300), "scheduled")};
        effects.numbers = {a_number()};
        effects.contracts = {a_contract()};
        effects.claims = {a_claim()};
        effects.arm = {a_timer(porting::subject_of(effects.lines[0]), minute(9))};
        std::vector<porting::Delivery> const deliveries{a_delivery()};
        effects.sends = test::sending(deliveries).sends;
        effects.routing = {{range(3225501100, 3225501100), bravo}};
        effects.blocks = {{range(3225500000, 3225509999), alfa}};
        test::carry_out(ledger, effects, deliveries);
        ledger.begin();
        ledger.put_law_in_force(rules::Rulebook::shipped("be"), minute(0));
        ledger.remember("api:desk:anna", "k", {});
        auto row = a_row("message.cancel");
        row.source = "wire:BRAVO";
        ledger.append(row);
        ledger.put_in_mailbox(row.seq, bravo, alfa, "cancel");
        ledger.carry_dossier(DossierId{"BRAVO-8"}, {alfa, bravo}, row.seq);
        ledger.commit();
    }

    test::Folder folder_;
    std::unique_ptr<sqlite::Database> database_;
    std::vector<Column> columns_;
    std::unique_ptr<Reader> reader_;
};

/// Asks the book everything that a page or a counterpart could ask.
void ask_everything(Reader const& reader) {
    constexpr int many = 100;
    auto const& book = reader.book();
    reader.laws(), reader.own_operator();
    for (auto const& port : reader.ports({})) {
        book.lines(port.id), book.port_by_dossier(port.dossier, port.role), book.port_by_order(port.order);
        book.claim_of(port.id), reader.timers_of_port(port.id), reader.deliveries_of(port.id);
    }
    porting::Number const number{3225501100};
    book.number(number), book.block_holder(number), book.serving(number), book.live_port(number, porting::Role::port_in);
    reader.ports_of_number(number), reader.contracts("", many), reader.claims(false, "", many), reader.timers(many);
    reader.routing({}, many), reader.blocks({}, many), reader.find("PI-000001"), reader.find("+3225501100");
    reader.log(0, many, true), reader.log_about("PI-000001", 0, many), reader.log_row(1);
    reader.mailbox(bravo, 0, true, {}, many), reader.undelivered(OperatorCode{"HUB"}, many);
    reader.figures_of(bravo), reader.outbox_of(bravo), reader.mailbox_of(bravo), reader.ports_by_state(), reader.next_due();
}

} // namespace

void values(std::string_view bytes) {
    comes_back(bytes, customer_from_json), comes_back(bytes, location_from_json), comes_back(bytes, wish_from_json);
    comes_back(bytes, mandate_from_json), comes_back(bytes, related_from_json), comes_back(bytes, services_from_json);
    comes_back(bytes, ranges_from_json), comes_back(bytes, grounds_from_json), comes_back(bytes, turns_from_json);
    comes_back(bytes, earlier_plans_from_json), comes_back(bytes, moves_from_json), comes_back(bytes, refusals_from_json);
    comes_back(bytes, texts_from_json), comes_back(bytes, settings_from_json);
}

std::vector<std::string> value_seeds() {
    auto const port = a_port();
    auto const line = a_line(port, 1, range(3225501100, 3225501109));
    auto const row = a_row();
    return {to_json(port.customer),     to_json(port.location), to_json(port.wish),         to_json(*port.mandate),
            to_json(port.related),      to_json(line.turns),    to_json(line.earlier_plans), to_json(line.grounds),
            to_json(a_contract().related), to_json(row.moves),  to_json(row.refusals),      to_json(row.notes),
            "[[3225501100,3225501109]]", R"({"own":"ALFA","operators":["BRAVO"],"automatic":"all","dossier_prefix":"A"})"};
}

void rows(std::string_view bytes) {
    static Book book;
    auto const sign = bytes.find('=');
    if (sign == std::string_view::npos) return;
    auto const& column = book.column(bytes.substr(0, sign));
    if (!book.put(column, bytes.substr(sign + 1))) return;
    try {
        ask_everything(book.reader());
    } catch (StorageFault const& fault) {
        expect(std::string_view(fault.what()).size() > 10, "a fault is a sentence");
    }
    try {
        verify(book.path(), 0);
    } catch (StorageFault const&) { // NOLINT: it cannot even be checked, and says so
    } catch (ConfigFault const&) {  // NOLINT: no longer ours: the operator or the version was changed
    }
    book.put_back(column);
}

std::vector<std::string> row_seeds() {
    std::vector<std::string> seeds;
    Book const book;
    for (auto const& column : book.columns())
        for (auto const* value : {"", "1", "-9223372036854775808", "dreaming", "[[1]]"}) seeds.push_back(column.word() + "=" + value);
    return seeds;
}

void squeezed(std::string_view bytes) {
    using sqlite::unsqueezed;
    expect(unsqueezed(sqlite::squeezed(bytes)) == bytes, "any text comes back from its stored form");
    for (auto const& stored : {std::string(bytes), std::string("\0\1", 2).append(bytes)}) {
        try {
            auto const text = unsqueezed(stored);
            expect(unsqueezed(sqlite::squeezed(text)) == text, "what came out comes back");
        } catch (StorageFault const& fault) {
            expect(std::string_view(fault.what()).size() > 10, "a fault is a sentence");
        }
    }
}

std::vector<std::string> squeezed_seeds() {
    std::vector<std::string> seeds{"", std::string("\0", 1), std::string("\0\0{}", 4), "{}", std::string(60, 'a')};
    for (auto const& message : files_of("schemas/messages/examples/good")) {
        seeds.push_back(message);
        seeds.push_back(sqlite::squeezed(message));            // as it is stored
        seeds.push_back(sqlite::squeezed(message).substr(2)); // the target adds the mark
    }
    return seeds;
}

} // namespace npod::fuzz
