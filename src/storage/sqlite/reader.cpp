#include "storage/sqlite/one_commit.hpp"

#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/opening.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/squeeze.hpp"
#include "storage/values_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace npod::storage {

using namespace porting;
using namespace sqlite;

namespace {

std::shared_ptr<Database> open(std::string const& given) {
    auto const path = resolved(given);
    if (!std::filesystem::exists(path))
        throw ConfigFault(fmt::format("There is no database {}. Check the path, or let `npod serve` create it.", path));
    auto database = std::make_shared<Database>(path, Database::Access::read_only);
    set_up_reader(*database);
    auto const version = identify(*database);
    if (version == 0) throw ConfigFault(fmt::format("{} is empty. Let `npod serve` fill it, or check the path.", path));
    if (version < schema_version())
        throw ConfigFault(fmt::format("{} has schema {}, this program reads {}. Start npod once: it migrates the file.",
                                      path, version, schema_version()));
    return database;
}

std::vector<std::string> ids(Query& query) {
    std::vector<std::string> found;
    while (query.step()) found.push_back(query.get<std::string>());
    return found;
}

void add_ids(Query&& query, std::string_view key, std::vector<std::string>& found) {
    query.with(key);
    for (auto& id : ids(query)) found.push_back(std::move(id));
}

std::vector<Port> ports_by_id(SqliteBook const& book, std::vector<std::string> const& found) {
    std::vector<Port> ports;
    for (auto const& id : found)
        if (auto port = book.port(PortId{id})) ports.push_back(std::move(*port));
    return ports;
}

std::vector<Timer> timers_of(Query& query) {
    std::vector<Timer> timers;
    while (query.step()) timers.push_back(timer_row(query));
    return timers;
}

// --------------------------------------------------------------------------------------------------- the list of ports

std::optional<std::string_view> role_of(PortFilter const& filter) {
    if (!filter.role) return {};
    return name_of(*filter.role);
}

/// Where a page begins: after this place in the order of the list.
struct Place {
    bool settled = false;
    std::int64_t next_due = INT64_MIN, no = 0;
};

std::optional<Place> place_of(Database& database, PortId const& id) {
    auto query = database.query("SELECT settled, next_due_ms, no FROM port WHERE id = ?1");
    query.with(id);
    if (!query.step()) return {};
    Place place;
    query.into(place.settled, place.next_due, place.no);
    return place;
}

/// Filters that few ports may meet: the list is walked until enough do, and given up when it takes too long.
bool is_rare(PortFilter const& filter) { return filter.condition || filter.state || filter.counterpart || filter.contract; }

void add_open(Database& database, PortFilter const& filter, Place const& after, std::vector<std::string>& found) {
    if (is_rare(filter)) {
        found = filtered_ports(database, filter, false, after.next_due, after.no, filter.limit);
        return;
    }
    auto query = database.query("SELECT id FROM port WHERE settled = 0 AND (?1 IS NULL OR role = ?1) "
                                "AND (next_due_ms, no) > (?2, ?3) ORDER BY next_due_ms, no LIMIT ?4");
    query.with(role_of(filter), after.next_due, after.no, filter.limit);
    found = ids(query);
}

void add_settled(Database& database, PortFilter const& filter, Place const& after, std::vector<std::string>& found) {
    int const left = filter.limit - static_cast<int>(found.size());
    if (left <= 0) return;
    std::vector<std::string> more;
    if (is_rare(filter)) {
        more = filtered_ports(database, filter, true, after.next_due, after.no, left);
    } else {
        auto query = database.query("SELECT id FROM port WHERE settled = 1 AND (?1 IS NULL OR role = ?1) "
                                    "AND (next_due_ms, no) < (?2, ?3) ORDER BY next_due_ms DESC, no DESC LIMIT ?4");
        query.with(role_of(filter), after.next_due, after.no, left);
        more = ids(query);
    }
    found.insert(found.end(), more.begin(), more.end());
}

} // namespace

Reader::Reader(std::string const& path) : impl_(std::make_unique<Impl>(open(path), true)) {}
Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;

Book const& Reader::book() const { return impl_->book; }
OperatorCode Reader::own_operator() const { return OperatorCode{meta("operator")}; }
std::string Reader::meta(std::string_view key) const { return sqlite::meta(*impl_->database, key); }

void Reader::hold_snapshot() {
    if (!impl_->own || impl_->held) return;
    impl_->database->query("BEGIN").run();
    sqlite::meta(*impl_->database, "operator"); // the first read fixes the commit, not BEGIN
    impl_->held = true;
}

void Reader::release_snapshot() {
    if (!impl_->held) return;
    impl_->held = false;
    impl_->database->query("COMMIT").run();
}

// --------------------------------------------------------------------------------------------------------------- ports

std::vector<Port> Reader::ports(PortFilter const& filter) const {
    OneCommit const one(*impl_);
    auto& database = *impl_->database;
    std::vector<std::string> found;
    Place after;
    if (filter.after) {
        auto const place = place_of(database, filter.after);
        if (!place) return {};
        after = *place;
    }
    if (!after.settled) {
        add_open(database, filter, after, found);
        after = {true, INT64_MAX, INT64_MAX};
    }
    if (!filter.open_only) add_settled(database, filter, after, found);
    return ports_by_id(impl_->book, found);
}

std::int64_t Reader::count_ports(PortFilter const& filter) const {
    if (is_rare(filter)) return count_filtered_ports(*impl_->database, filter);
    auto query = impl_->database->query("SELECT coalesce(sum(ports), 0) FROM port_count "
                                        "WHERE (?1 IS NULL OR role = ?1) AND (?2 = 0 OR settled = 0)");
    query.with(role_of(filter), filter.open_only);
    query.step();
    return query.get<std::int64_t>();
}

std::vector<Port> Reader::ports_of_number(Number number) const {
    OneCommit const one(*impl_);
    // By size, each size with its index: a line begins as near to the number as it is long, at most 100 000 (a constraint), and the
    // longer lines are, the fewer begin there.
    auto query = impl_->database->query(
        "SELECT id FROM port WHERE id IN ("
        "SELECT port FROM line WHERE first_number = ?1 AND last_number = ?1 UNION ALL "
        "SELECT port FROM line INDEXED BY line_of_several WHERE last_number - first_number BETWEEN 1 AND 99 "
        "AND first_number BETWEEN ?1 - 99 AND ?1 AND last_number >= ?1 UNION ALL "
        "SELECT port FROM line INDEXED BY line_of_many WHERE last_number - first_number >= 100 "
        "AND first_number BETWEEN ?1 - 99999 AND ?1 AND last_number >= ?1) ORDER BY no DESC");
    query.with(number);
    return ports_by_id(impl_->book, ids(query));
}

std::vector<Port> Reader::ports_of_contract(ContractId const& id) const {
    OneCommit const one(*impl_);
    auto query = impl_->database->query("SELECT id FROM port WHERE contract = ?1 AND contract <> '' ORDER BY no DESC");
    query.with(id);
    return ports_by_id(impl_->book, ids(query));
}

std::vector<std::pair<std::string, std::int64_t>> Reader::ports_by_state() const {
    auto query = impl_->database->query("SELECT state, sum(ports) FROM port_count WHERE ports > 0 GROUP BY state ORDER BY state");
    std::vector<std::pair<std::string, std::int64_t>> counts;
    while (query.step()) {
        auto state = query.get<std::string>();
        counts.emplace_back(std::move(state), query.get<std::int64_t>());
    }
    return counts;
}

std::vector<std::pair<std::string, std::string>> Reader::find(std::string_view key) const {
    OneCommit const one(*impl_);
    auto& database = *impl_->database;
    std::vector<std::pair<std::string, std::string>> found;
    auto const note = [&](std::string_view kind, std::vector<std::string> const& list) {
        for (auto const& id : list) {
            std::pair<std::string, std::string> item{kind, id};
            if (std::find(found.begin(), found.end(), item) == found.end()) found.push_back(std::move(item));
        }
    };
    if (key.empty()) return found;
    std::vector<std::string> ports, contracts, claims;
    add_ids(database.query("SELECT id FROM port WHERE id = ?1"), key, ports);
    add_ids(database.query("SELECT id FROM port WHERE dossier = ?1 AND dossier <> '' ORDER BY no DESC"), key, ports);
    add_ids(database.query("SELECT id FROM port WHERE order_id = ?1 AND order_id <> '' ORDER BY no DESC"), key, ports);
    add_ids(database.query("SELECT id FROM contract WHERE id = ?1"), key, contracts);
    add_ids(database.query("SELECT id FROM claim WHERE id = ?1"), key, claims);
    if (auto const number = parse_e164(key)) {
        auto const record = impl_->book.number(*number);
        auto const its_ports = ports_of_number(*number);
        if (record || !its_ports.empty() || impl_->book.serving(*number)) note("number", {to_string(*number)});
        for (auto const& port : its_ports) ports.push_back(port.id.text);
        if (record && record->contract) contracts.push_back(record->contract.text);
    }
    note("port", ports);
    note("contract", contracts);
    note("claim", claims);
    return found;
}

// ------------------------------------------------------------------------------------------------ contracts and claims

std::vector<Contract> Reader::contracts(std::string_view after, int limit) const {
    OneCommit const one(*impl_);
    auto query = impl_->database->query("SELECT id FROM contract WHERE id > ?1 ORDER BY id LIMIT ?2");
    query.with(after, limit);
    std::vector<Contract> contracts;
    while (query.step())
        if (auto contract = impl_->book.contract(query.get<ContractId>())) contracts.push_back(std::move(*contract));
    return contracts;
}

std::vector<NumberRecord> Reader::numbers_of_contract(ContractId const& id, int limit) const {
    OneCommit const one(*impl_);
    auto query = impl_->database->query("SELECT number FROM number WHERE contract = ?1 AND contract <> '' "
                                        "ORDER BY number LIMIT ?2");
    query.with(id, limit);
    std::vector<NumberRecord> numbers;
    while (query.step())
        if (auto number = impl_->book.number(query.get<Number>())) numbers.push_back(std::move(*number));
    return numbers;
}

std::vector<Claim> Reader::claims(bool open_only, std::string_view after, int limit) const {
    OneCommit const one(*impl_);
    auto query = open_only
                     ? impl_->database->query("SELECT id FROM claim WHERE settled = 0 AND no > "
                                              "coalesce((SELECT no FROM claim WHERE id = ?1), 0) ORDER BY no LIMIT ?2")
                     : impl_->database->query("SELECT id FROM claim WHERE no > "
                                              "coalesce((SELECT no FROM claim WHERE id = ?1), 0) ORDER BY no LIMIT ?2");
    query.with(after, limit);
    std::vector<Claim> claims;
    while (query.step())
        if (auto claim = impl_->book.claim(query.get<ClaimId>())) claims.push_back(std::move(*claim));
    return claims;
}

// ----------------------------------------------------------------------------------------- timers, deliveries, routing

std::vector<Timer> Reader::timers(int limit, std::optional<std::string> subject_prefix) const {
    auto query = impl_->database->query("SELECT kind, id, name, due_ms, rule, from_ms, armed_in, rulebook FROM timer "
                                        "WHERE ?1 IS NULL OR substr(id, 1, length(?1)) = ?1 "
                                        "ORDER BY due_ms, kind, id LIMIT ?2");
    query.with(subject_prefix, limit);
    return timers_of(query);
}

std::optional<Moment> Reader::next_due() const {
    auto query = impl_->database->query("SELECT min(due_ms) FROM timer");
    query.step();
    return query.get<std::optional<Moment>>();
}

std::vector<Timer> Reader::timers_of_port(PortId const& id) const {
    auto query = impl_->database->query(
        "SELECT kind, id, name, due_ms, rule, from_ms, armed_in, rulebook FROM timer WHERE kind = 'line' "
        "AND id > ?1 || '/' AND id < ?1 || '0' UNION ALL "
        "SELECT t.kind, t.id, t.name, t.due_ms, t.rule, t.from_ms, t.armed_in, t.rulebook FROM claim c "
        "JOIN timer t ON t.kind = 'claim' AND t.id = c.id WHERE c.port = ?1 UNION ALL "
        "SELECT t.kind, t.id, t.name, t.due_ms, t.rule, t.from_ms, t.armed_in, t.rulebook FROM delivery d "
        "JOIN timer t ON t.kind = 'delivery' AND t.id = CAST(d.id AS TEXT) WHERE d.port = ?1 ORDER BY 4, 1, 2");
    query.with(id);
    return timers_of(query);
}

std::vector<Delivery> Reader::deliveries_of(PortId const& id) const {
    OneCommit const one(*impl_);
    auto query = impl_->database->query("SELECT id FROM delivery WHERE port = ?1 ORDER BY id");
    query.with(id);
    std::vector<Delivery> deliveries;
    while (query.step())
        if (auto delivery = impl_->book.delivery(query.get<std::int64_t>())) deliveries.push_back(std::move(*delivery));
    return deliveries;
}

std::vector<RoutingEntry> Reader::routing(Number after, int limit) const {
    auto query =
        impl_->database->query("SELECT number, operator, since_ms FROM routing WHERE number > ?1 ORDER BY number");
    query.with(after);
    std::vector<RoutingEntry> entries;
    while (query.step()) {
        RoutingEntry entry;
        query.into(entry.numbers.first, entry.operator_code, entry.since);
        entry.numbers.last = entry.numbers.first;
        if (!entries.empty() && entries.back().numbers.last.next() == entry.numbers.first &&
            entries.back().operator_code == entry.operator_code && entries.back().since == entry.since) {
            entries.back().numbers.last = entry.numbers.last;
            continue;
        }
        if (static_cast<int>(entries.size()) >= limit) break;
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<RoutingEntry> Reader::blocks(Number after, int limit) const {
    auto query = impl_->database->query("SELECT first_number, last_number, operator, since_ms FROM block "
                                        "WHERE first_number > ?1 ORDER BY first_number LIMIT ?2");
    query.with(after, limit);
    std::vector<RoutingEntry> entries;
    while (query.step()) {
        RoutingEntry entry;
        query.into(entry.numbers.first, entry.numbers.last, entry.operator_code, entry.since);
        entries.push_back(std::move(entry));
    }
    return entries;
}

// ------------------------------------------------------------------------------------------------------------ the log

std::vector<LogRow> Reader::log(std::int64_t after, int limit, bool with_body) const {
    return read_events(*impl_->database, after, limit, with_body);
}

std::vector<LogRow> Reader::log_about(std::string_view id, std::int64_t after, int limit, bool with_body) const {
    OneCommit const one(*impl_);
    return read_events_about(*impl_->database, id, after, limit, with_body);
}

std::int64_t Reader::wal_bytes() const {
    std::error_code none;
    auto const bytes = impl_->database->in_memory() ? 0 : std::filesystem::file_size(impl_->database->path() + "-wal", none);
    return none ? 0 : static_cast<std::int64_t>(bytes);
}

std::optional<LogRow> Reader::log_row(std::int64_t seq) const { return read_event(*impl_->database, seq, true); }
std::int64_t Reader::head_seq() const { return last_seq(*impl_->database); }

std::vector<KeptLaw> Reader::laws() const {
    OneCommit const one(*impl_);
    auto const in_force = meta(law_in_force_key);
    auto query =
        impl_->database->query("SELECT version, name, learned_at_ms, content FROM rulebook ORDER BY no");
    std::vector<KeptLaw> laws;
    while (query.step()) {
        KeptLaw law;
        query.into(law.version, law.name, law.learned_at, law.text);
        law.in_force = law.version == in_force;
        laws.push_back(std::move(law));
    }
    return laws;
}

std::vector<Delivery> Reader::undelivered(OperatorCode const& peer, int limit, std::int64_t after) const {
    OneCommit const one(*impl_);
    auto query = impl_->database->query(
        "SELECT id FROM delivery WHERE peer = ?1 AND settled = 0 AND id > ?3 ORDER BY id LIMIT ?2");
    query.with(peer, limit, after);
    std::vector<Delivery> deliveries;
    while (query.step())
        if (auto delivery = impl_->book.delivery(query.get<std::int64_t>())) deliveries.push_back(std::move(*delivery));
    for (auto& delivery : deliveries) {
        auto trace = impl_->database->query("SELECT t.traceparent FROM delivery d JOIN event_trace t ON t.seq = d.seq WHERE d.id = ?1");
        if (trace.with(delivery.id).step()) delivery.trace = trace.get<std::string>();
    }
    return deliveries;
}

std::map<std::int64_t, std::string> Reader::traces(std::int64_t first, std::int64_t last) const {
    auto query = impl_->database->query("SELECT seq, traceparent FROM event_trace WHERE seq BETWEEN ?1 AND ?2");
    query.with(first, last);
    std::map<std::int64_t, std::string> traces;
    while (query.step()) {
        auto const seq = query.get<std::int64_t>();
        traces.emplace(seq, query.get<std::string>());
    }
    return traces;
}

std::int64_t Reader::undelivered_count() const {
    auto query = impl_->database->query("SELECT count(*) FROM delivery WHERE settled = 0");
    query.step();
    return query.get<std::int64_t>();
}

} // namespace npod::storage
