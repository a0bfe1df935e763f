/// A file against its log told again: every table whose rows follow from the log, row by row.

#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/squeeze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace npod::storage {

using namespace sqlite;

namespace {

struct Table {
    std::string_view name;
    int key; ///< so many columns from the left are its key
    Sql rows; ///< in order of the key
};

/// All that the log brings about. Not here: `remembered`, `mailbox`, `mailbox_size` and `carried_dossier` (of conversations that the
/// log keeps the bytes of, but not the ways), `meta`, and `event` itself, which is compared as it is told again.
constexpr Table tables[] = {
    {"port", 1, "SELECT id, no, role, dossier, order_id, recipient, donor, network, complex, contract, customer, donor_account, location, "
                "wish, mandate, related, note, requested_at_ms, rulebook, state, settled, lines, version, next_due_ms FROM port ORDER BY id"},
    {"line", 2, "SELECT port, no, first_number, last_number, state, settled, since_ms, planned_at_ms, answered_at_ms, announced_at_ms, "
                "first_possible_ms, postponed_until_ms, agreed_at_ms, approved_at_ms, effective_at_ms, grounds, note, turns, earlier_plans "
                "FROM line ORDER BY port, no"},
    {"live_number", 2, "SELECT number, role, port, line FROM live_number ORDER BY number, role"},
    {"number", 1, "SELECT number, state, since_ms, serving, contract, last_contract, contract_ended_at_ms, portable_until_ms, "
                  "ageing_until_ms FROM number ORDER BY number"},
    {"contract", 1, "SELECT id, no, customer, product, network, end_users, location, numbers, original_numbers, related, state, since_ms, "
                    "terminates_at_ms, ended_at_ms, renounced, version FROM contract ORDER BY id"},
    {"claim", 1, "SELECT id, no, port, state, settled, since_ms, filed_at_ms, filed_by, channel, by_titular, amount_cents, port_done_at_ms, "
                 "decision_reason, paid_at_ms, paid_by, version FROM claim ORDER BY id"},
    {"timer", 2, "SELECT kind, id, due_ms, name, rule, from_ms, armed_in, rulebook FROM timer ORDER BY kind, id"},
    {"delivery", 1, "SELECT id, receiver, type, dossier, port, state, settled, queued_at_ms, receipt, trouble, seq FROM delivery ORDER BY id"},
    // of settled ones the bytes may have been forgotten, and the way may have been another then
    {"delivery on its way", 1, "SELECT id, peer, bytes FROM delivery WHERE settled = 0 ORDER BY id"},
    {"parked", 1, "SELECT seq, dossier, sender, type, received_at_ms FROM parked ORDER BY seq"},
    {"routing", 1, "SELECT number, operator, since_ms FROM routing ORDER BY number"},
    {"came_home", 1, "SELECT number, since_ms FROM came_home ORDER BY number"},
    {"block", 1, "SELECT first_number, last_number, operator, since_ms FROM block ORDER BY first_number"},
    {"counter", 1, "SELECT name, value FROM counter ORDER BY name"},
    {"event_subject", 2, "SELECT about, seq FROM event_subject ORDER BY about, seq"},
};

using Row = std::vector<std::string>;

std::optional<Row> next_row(Query& query) {
    if (!query.step()) return {};
    auto row = query.row_as_text();
    for (auto& value : row) value = unsqueezed(std::move(value)); // an older npod stored bytes as they are
    return row;
}

std::string key_of(Row const& row, int key) {
    return fmt::format("{}", fmt::join(row.begin(), row.begin() + key, "/"));
}

/// Columns that say something of people: that they differ is told, and not how. Whoever may look reads the file.
constexpr std::string_view about_people[] = {"customer", "donor_account", "location", "mandate", "related",         "note",
                                             "product",  "numbers",       "filed_by", "paid_by", "decision_reason", "original_numbers",
                                             "bytes",    "trouble"};

/// "SELECT id, no FROM port …": the name of column 1 is "no".
std::string_view name_of_column(std::string_view sql, std::size_t column) {
    sql = sql.substr(std::string_view("SELECT ").size(), sql.find(" FROM ") - std::string_view("SELECT ").size());
    for (; column > 0; --column) sql.remove_prefix(sql.find(", ") + 2);
    return sql.substr(0, sql.find(", "));
}

std::string column_that_differs(Table const& table, Row const& kept, Row const& told) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i] == told[i]) continue;
        auto const name = name_of_column(table.rows.text, i);
        if (std::ranges::find(about_people, name) != std::end(about_people)) return fmt::format("{} is not what the log brought", name);
        return fmt::format("{} is {} and should be {}", name, kept[i].substr(0, 80), told[i].substr(0, 80));
    }
    return {};
}

void compare(Table const& table, Database& kept_in, Database& told_in, std::size_t limit, std::vector<std::string>& found) {
    auto kept_rows = kept_in.query(table.rows), told_rows = told_in.query(table.rows);
    auto kept = next_row(kept_rows), told = next_row(told_rows);
    auto const before = [&](Row const& a, Row const& b) {
        return std::vector(a.begin(), a.begin() + table.key) < std::vector(b.begin(), b.begin() + table.key);
    };
    // Keys are compared as texts to pair rows; where that order is not the table's, two findings stand for one difference.
    while ((kept || told) && found.size() < limit) {
        if (kept && told && *kept == *told) {
            kept = next_row(kept_rows), told = next_row(told_rows);
        } else if (kept && told && std::equal(kept->begin(), kept->begin() + table.key, told->begin())) {
            found.push_back(fmt::format("{} {}: {}", table.name, key_of(*kept, table.key), column_that_differs(table, *kept, *told)));
            kept = next_row(kept_rows), told = next_row(told_rows);
        } else if (kept && (!told || before(*kept, *told))) {
            found.push_back(fmt::format("{} {} stands in the file, and nothing in the log brought it", table.name, key_of(*kept, table.key)));
            kept = next_row(kept_rows);
        } else {
            found.push_back(fmt::format("{} {} is missing in the file: the log brought it", table.name, key_of(*told, table.key)));
            told = next_row(told_rows);
        }
    }
}

} // namespace

std::vector<std::string> Reader::differences_to(Ledger const& told_again, std::size_t limit) const {
    std::vector<std::string> found;
    auto const told = told_again.reader_on_same_connection();
    for (auto const& table : tables) compare(table, *impl_->database, *told.impl_->database, limit, found);
    return found;
}

std::vector<std::string> Reader::heard_from(OperatorCode const& hub, int limit) const {
    auto query = impl_->database->query("SELECT substr(key, length(?1) + 1) FROM remembered WHERE substr(key, 1, length(?1)) = ?1 "
                                        "AND source LIKE 'wire:%' ORDER BY rowid DESC LIMIT ?2");
    query.with(hub.text + ":", limit);
    std::vector<std::string> ids;
    while (query.step()) ids.push_back(query.get<std::string>());
    return ids;
}

} // namespace npod::storage
