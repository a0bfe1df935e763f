#include "storage/sqlite/book.hpp"

#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/squeeze.hpp"
#include "storage/values_json.hpp"

#include <fmt/format.h>

namespace npod::storage::sqlite {

using namespace porting;

namespace {

Role role_from(std::string const& name) {
    if (auto const role = role_of(name)) return *role;
    throw StorageFault(fmt::format("A port has the unknown role \"{}\". Run `npod check`.", name));
}

Network network_from(std::string const& name) {
    for (auto const network : {Network::fixed, Network::mobile})
        if (name_of(network) == name) return network;
    throw StorageFault(fmt::format("A row has the unknown network \"{}\". Run `npod check`.", name));
}

Line line_row(Query& query) {
    Line line;
    query.into(line.port, line.no, line.numbers.first, line.numbers.last, line.state, line.since, line.planned_at,
               line.answered_at, line.announced_at, line.first_possible, line.postponed_until, line.agreed_at,
               line.approved_at, line.effective_at);
    line.grounds = grounds_from_json(query.get<std::string>());
    query.into(line.note);
    line.turns = turns_from_json(query.get<std::string>());
    line.earlier_plans = earlier_plans_from_json(query.get<std::string>());
    return line;
}

std::optional<Claim> claim_row(Query& query) {
    if (!query.step()) return {};
    Claim claim;
    query.into(claim.id, claim.port, claim.state, claim.since, claim.filed_at, claim.filed_by, claim.channel,
               claim.by_titular, claim.amount, claim.port_done_at, claim.decision_reason, claim.paid_at, claim.paid_by,
               claim.version);
    return claim;
}

ParkedMessage parked_row(Query& query) {
    ParkedMessage parked;
    query.into(parked.seq, parked.dossier, parked.sender, parked.type, parked.received_at);
    return parked;
}

} // namespace

std::string key_of(Subject const& subject) { return std::string(name_of(subject.kind)) + ' ' + subject.id; }

std::optional<Port> SqliteBook::port(PortId const& id) const {
    auto query = knowing(Topic::port, id.text).query("SELECT id, role, dossier, order_id, recipient, donor, network, complex, contract, "
                                  "customer, donor_account, location, "
                                  "wish, mandate, related, note, requested_at_ms, rulebook, state, settled, lines, "
                                  "version FROM port WHERE id = ?1");
    query.with(id);
    if (!query.step()) return {};
    Port port;
    query.into(port.id);
    port.role = role_from(query.get<std::string>());
    query.into(port.dossier, port.order, port.recipient, port.donor);
    port.network = network_from(query.get<std::string>());
    query.into(port.complex, port.contract);
    port.customer = customer_from_json(query.get<std::string>());
    query.into(port.donor_account);
    port.location = location_from_json(query.get<std::string>());
    port.wish = wish_from_json(query.get<std::string>());
    if (auto const mandate = query.get<std::optional<std::string>>()) port.mandate = mandate_from_json(*mandate);
    port.related = related_from_json(query.get<std::string>());
    query.into(port.note, port.requested_at, port.rulebook, port.state, port.settled, port.lines, port.version);
    return port;
}

std::vector<PortId> SqliteBook::running_ports() const {
    auto query = knowing(Topic::every_port, "").query("SELECT id FROM port WHERE settled = 0 ORDER BY no");
    std::vector<PortId> running;
    while (query.step()) running.push_back(query.get<PortId>());
    return running;
}

std::optional<Port> SqliteBook::port_by_dossier(DossierId const& dossier, Role role) const {
    auto query = knowing(Topic::dossier, dossier.text).query("SELECT id FROM port WHERE dossier = ?1 AND role = ?2 AND dossier <> ''");
    query.with(dossier, name_of(role));
    if (!query.step()) return {};
    return port(query.get<PortId>());
}

std::optional<Port> SqliteBook::port_by_order(OrderId const& order) const {
    auto query =
        knowing(Topic::order, order.text).query("SELECT id FROM port WHERE order_id = ?1 AND order_id <> '' ORDER BY no DESC LIMIT 1");
    query.with(order);
    if (!query.step()) return {};
    return port(query.get<PortId>());
}

std::vector<Line> SqliteBook::lines(PortId const& id) const {
    auto query = knowing(Topic::port, id.text).query(
        "SELECT port, no, first_number, last_number, state, since_ms, planned_at_ms, answered_at_ms, announced_at_ms, "
        "first_possible_ms, postponed_until_ms, agreed_at_ms, approved_at_ms, effective_at_ms, grounds, note, turns, "
        "earlier_plans "
        "FROM line WHERE port = ?1 ORDER BY no");
    query.with(id);
    std::vector<Line> lines;
    while (query.step()) lines.push_back(line_row(query));
    return lines;
}

std::optional<LivePort> SqliteBook::live_port(Number number, Role role) const {
    auto query = knowing(Topic::live, {number, number}).query("SELECT port, line FROM live_number WHERE number = ?1 AND role = ?2");
    query.with(number, name_of(role));
    if (!query.step()) return {};
    LivePort live;
    query.into(live.port, live.line);
    return live;
}

std::optional<NumberRecord> SqliteBook::number(Number number) const {
    auto query =
        knowing(Topic::record, {number, number}).query("SELECT number, state, since_ms, serving, contract, last_contract, contract_ended_at_ms, "
                         "portable_until_ms, ageing_until_ms FROM number WHERE number = ?1");
    query.with(number);
    if (!query.step()) return {};
    NumberRecord record;
    query.into(record.number, record.state, record.since, record.serving, record.contract, record.last_contract,
               record.contract_ended_at, record.portable_until, record.ageing_until);
    return record;
}

std::optional<Contract> SqliteBook::contract(ContractId const& id) const {
    auto query = knowing(Topic::contract, id.text).query("SELECT id, customer, product, network, end_users, location, numbers, "
                                  "original_numbers, related, state, since_ms, "
                                  "terminates_at_ms, ended_at_ms, renounced, version FROM contract WHERE id = ?1");
    query.with(id);
    if (!query.step()) return {};
    Contract contract;
    query.into(contract.id);
    contract.customer = customer_from_json(query.get<std::string>());
    query.into(contract.product);
    contract.network = network_from(query.get<std::string>());
    query.into(contract.end_users);
    contract.location = location_from_json(query.get<std::string>());
    contract.numbers = ranges_from_json(query.get<std::string>());
    contract.original_numbers = ranges_from_json(query.get<std::string>());
    contract.related = services_from_json(query.get<std::string>());
    query.into(contract.state, contract.since, contract.terminates_at, contract.ended_at, contract.renounced,
               contract.version);
    return contract;
}

std::optional<Claim> SqliteBook::claim(ClaimId const& id) const {
    auto query = knowing(Topic::claim, id.text).query(
        "SELECT id, port, state, since_ms, filed_at_ms, filed_by, channel, by_titular, amount_cents, port_done_at_ms, "
        "decision_reason, paid_at_ms, paid_by, version FROM claim WHERE id = ?1");
    query.with(id);
    return claim_row(query);
}

std::optional<Claim> SqliteBook::claim_of(PortId const& id) const {
    auto query = knowing(Topic::port, id.text).query(
        "SELECT id, port, state, since_ms, filed_at_ms, filed_by, channel, by_titular, amount_cents, port_done_at_ms, "
        "decision_reason, paid_at_ms, paid_by, version FROM claim WHERE port = ?1");
    query.with(id);
    return claim_row(query);
}

std::optional<Delivery> SqliteBook::delivery(std::int64_t id) const {
    auto query =
        knowing(Topic::delivery, std::to_string(id)).query("SELECT id, peer, receiver, type, dossier, port, state, queued_at_ms, receipt, trouble, "
                         "bytes FROM delivery WHERE id = ?1");
    query.with(id);
    if (!query.step()) return {};
    Delivery delivery;
    query.into(delivery.id, delivery.peer, delivery.receiver, delivery.type, delivery.dossier, delivery.port,
               delivery.state, delivery.queued_at, delivery.receipt, delivery.trouble, delivery.bytes);
    delivery.bytes = unsqueezed(std::move(delivery.bytes));
    return delivery;
}

std::optional<std::int64_t> SqliteBook::deactivation_sent(DossierId const& dossier) const {
    auto query = knowing(Topic::sent, dossier.text).query("SELECT max(id) FROM delivery WHERE dossier = ?1 AND type = 'deactivation' AND port IS NULL");
    query.with(dossier);
    query.step();
    return query.get<std::optional<std::int64_t>>();
}

std::optional<Timer> SqliteBook::timer(Subject const& subject) const {
    auto query = knowing(Topic::timer, key_of(subject)).query("SELECT kind, id, name, due_ms, rule, from_ms, armed_in, rulebook FROM timer "
                                  "WHERE kind = ?1 AND id = ?2");
    query.with(name_of(subject.kind), subject.id);
    if (!query.step()) return {};
    return timer_row(query);
}

std::vector<ParkedMessage> SqliteBook::parked(DossierId const& dossier) const {
    auto query = knowing(Topic::waiting, "").query("SELECT seq, dossier, sender, type, received_at_ms FROM parked "
                                  "WHERE dossier = ?1 ORDER BY seq");
    query.with(dossier);
    std::vector<ParkedMessage> messages;
    while (query.step()) messages.push_back(parked_row(query));
    return messages;
}

std::optional<ParkedMessage> SqliteBook::parked_one(std::int64_t seq) const {
    auto query = knowing(Topic::waiting, "").query("SELECT seq, dossier, sender, type, received_at_ms FROM parked WHERE seq = ?1");
    query.with(seq);
    if (!query.step()) return {};
    return parked_row(query);
}

std::optional<OperatorCode> SqliteBook::block_holder(Number number) const {
    auto query = knowing(Topic::blocks, "").query("SELECT last_number, operator FROM block WHERE first_number <= ?1 "
                                  "ORDER BY first_number DESC LIMIT 1");
    query.with(number);
    if (!query.step() || query.get<Number>() < number) return {};
    return query.get<OperatorCode>();
}

std::vector<RoutingEntry> SqliteBook::blocks_within(NumberRange numbers) const {
    // Blocks never overlap: the one that reaches into the range from below is the last that begins before it.
    auto query = knowing(Topic::blocks, "").query(
        "SELECT max(first_number, ?1), min(last_number, ?2), operator, since_ms FROM block WHERE last_number >= ?1 AND first_number "
        "BETWEEN coalesce((SELECT max(first_number) FROM block WHERE first_number <= ?1), ?1) AND ?2 ORDER BY first_number");
    query.with(numbers.first, numbers.last);
    std::vector<RoutingEntry> blocks;
    while (query.step()) {
        RoutingEntry block;
        query.into(block.numbers.first, block.numbers.last, block.operator_code, block.since);
        blocks.push_back(std::move(block));
    }
    return blocks;
}

std::optional<OperatorCode> SqliteBook::serving(Number number) const {
    auto query = knowing(Topic::routing, {number, number}).query("SELECT operator FROM routing WHERE number = ?1");
    query.with(number);
    if (query.step()) return query.get<OperatorCode>();
    return block_holder(number);
}

std::vector<NumberRange> SqliteBook::routed_after(NumberRange numbers, Moment told) const {
    if (!routes_by_moment()) return {};
    auto query = knowing(Topic::routing, numbers).query("SELECT number FROM routing WHERE number BETWEEN ?1 AND ?2 AND since_ms >= ?3 UNION ALL "
                                  "SELECT number FROM came_home WHERE number BETWEEN ?1 AND ?2 AND since_ms >= ?3");
    query.with(numbers.first, numbers.last, Moment(std::chrono::floor<std::chrono::seconds>(told) + std::chrono::seconds(1)));
    std::vector<NumberRange> later;
    while (query.step()) {
        auto const number = query.get<Number>();
        later.push_back({number, number});
    }
    return porting::joined(std::move(later));
}

bool SqliteBook::routes_by_moment() const {
    // The last commit will do: it is false only for rows of a log that is told again, and that is told in memory.
    // The row that is decided follows the last of the log.
    auto query = knowing(Topic::blocks, "").query("SELECT coalesce((SELECT max(seq) FROM event), 0) >= CAST(value AS INTEGER) FROM meta WHERE key = ?1");
    query.with(routed_by_news_key);
    return !query.step() || query.get<std::int64_t>() != 0;
}

std::int64_t SqliteBook::counter(std::string_view name) const {
    auto query = knowing(Topic::counter, name).query("SELECT value FROM counter WHERE name = ?1");
    query.with(name);
    return query.step() ? query.get<std::int64_t>() : 0;
}

} // namespace npod::storage::sqlite
