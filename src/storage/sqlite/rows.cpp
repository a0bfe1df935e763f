#include "storage/sqlite/rows.hpp"

#include "storage/sqlite/machine_states.hpp"
#include "storage/values_json.hpp"

#include <fmt/format.h>

namespace npod::storage::sqlite {

using namespace porting;

void write_port(Database& database, Port const& port) {
    auto query = database.query(
        "INSERT INTO port (id, role, dossier, order_id, recipient, donor, network, complex, contract, customer, "
        "donor_account, location, wish, mandate, related, note, requested_at_ms, rulebook, state, settled, lines, "
        "version) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22) "
        "ON CONFLICT (id) DO UPDATE SET role = ?2, dossier = ?3, order_id = ?4, recipient = ?5, donor = ?6, network = "
        "?7, "
        "complex = ?8, contract = ?9, customer = ?10, donor_account = ?11, location = ?12, wish = ?13, mandate = ?14, "
        "related = ?15, note = ?16, requested_at_ms = ?17, rulebook = ?18, state = ?19, settled = ?20, lines = ?21, "
        "version = ?22");
    std::optional<std::string> mandate;
    if (port.mandate) mandate = to_json(*port.mandate);
    query.run(port.id, name_of(port.role), port.dossier, port.order, port.recipient, port.donor, name_of(port.network),
              port.complex, port.contract, to_json(port.customer), port.donor_account, to_json(port.location),
              to_json(port.wish), mandate, to_json(port.related), port.note, port.requested_at, port.rulebook,
              port.state, port.settled, port.lines, port.version);
}

void advance_port(Database& database, Port const& port) {
    // "PI-000001/" to "PI-0000010" are exactly the ids of its lines: '0' follows '/'.
    auto query = database.query(
        "UPDATE port SET requested_at_ms = ?2, rulebook = ?3, state = ?4, settled = ?5, lines = ?6, version = ?7, "
        "next_due_ms = coalesce((SELECT min(due_ms) FROM timer WHERE kind = 'line' AND id > ?1 || '/' AND id < ?1 || '0'), "
        "9223372036854775807) WHERE id = ?1");
    if (query.run(port.id, port.requested_at, port.rulebook, port.state, port.settled, port.lines, port.version) == 0)
        throw ConstraintBroken(fmt::format("the port {} is not there", port.id.text));
}

void write_line(Database& database, Line const& line, bool settled) {
    auto query =
        database.query("INSERT INTO line (port, no, first_number, last_number, state, settled, since_ms, "
                       "planned_at_ms, answered_at_ms, "
                       "announced_at_ms, first_possible_ms, postponed_until_ms, agreed_at_ms, approved_at_ms, "
                       "effective_at_ms, grounds, note, turns, earlier_plans) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) "
                       "ON CONFLICT (port, no) DO UPDATE SET first_number = ?3, last_number = ?4, state = ?5, settled "
                       "= ?6, since_ms = ?7, "
                       "planned_at_ms = ?8, answered_at_ms = ?9, announced_at_ms = ?10, first_possible_ms = ?11, "
                       "postponed_until_ms = ?12, "
                       "agreed_at_ms = ?13, approved_at_ms = ?14, effective_at_ms = ?15, grounds = ?16, note = ?17, turns = ?18, "
                       "earlier_plans = ?19");
    query.run(line.port, line.no, line.numbers.first, line.numbers.last, line.state, settled, line.since,
              line.planned_at, line.answered_at, line.announced_at, line.first_possible, line.postponed_until,
              line.agreed_at, line.approved_at, line.effective_at, to_json(line.grounds), line.note, to_json(line.turns),
              to_json(line.earlier_plans));
}

void advance_line(Database& database, Line const& line, bool settled) {
    auto query = database.query("UPDATE line SET state = ?3, settled = ?4, since_ms = ?5, planned_at_ms = ?6, answered_at_ms = ?7, "
                                "announced_at_ms = ?8, first_possible_ms = ?9, postponed_until_ms = ?10, agreed_at_ms = ?11, "
                                "approved_at_ms = ?12, effective_at_ms = ?13, grounds = ?14, note = ?15, turns = ?16, earlier_plans = ?17 "
                                "WHERE port = ?1 AND no = ?2");
    query.run(line.port, line.no, line.state, settled, line.since, line.planned_at, line.answered_at, line.announced_at,
              line.first_possible, line.postponed_until, line.agreed_at, line.approved_at, line.effective_at,
              to_json(line.grounds), line.note, to_json(line.turns), to_json(line.earlier_plans));
}

void write_number(Database& database, NumberRecord const& number) {
    auto query = database.query(
        "INSERT INTO number (number, state, since_ms, serving, contract, last_contract, contract_ended_at_ms, "
        "portable_until_ms, ageing_until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
        "ON CONFLICT (number) DO UPDATE SET state = ?2, since_ms = ?3, serving = ?4, contract = ?5, last_contract = "
        "?6, "
        "contract_ended_at_ms = ?7, portable_until_ms = ?8, ageing_until_ms = ?9");
    query.run(number.number, number.state, number.since, number.serving, number.contract, number.last_contract,
               number.contract_ended_at, number.portable_until, number.ageing_until);
}

void write_contract(Database& database, Contract const& contract) {
    auto query = database.query(
        "INSERT INTO contract (id, customer, product, network, end_users, location, numbers, original_numbers, "
        "related, state, "
        "since_ms, terminates_at_ms, ended_at_ms, renounced, version) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) "
        "ON CONFLICT (id) DO UPDATE SET customer = ?2, product = ?3, network = ?4, end_users = ?5, location = ?6, "
        "numbers = ?7, original_numbers = ?8, related = ?9, state = ?10, since_ms = ?11, terminates_at_ms = ?12, "
        "ended_at_ms = ?13, renounced = ?14, version = ?15");
    query.run(contract.id, to_json(contract.customer), contract.product, name_of(contract.network), contract.end_users,
               to_json(contract.location), to_json(contract.numbers), to_json(contract.original_numbers),
               to_json(contract.related), contract.state, contract.since, contract.terminates_at, contract.ended_at,
               contract.renounced, contract.version);
}

void write_claim(Database& database, Claim const& claim) {
    auto query = database.query("INSERT INTO claim (id, port, state, settled, since_ms, filed_at_ms, filed_by, "
                                "channel, by_titular, amount_cents, "
                                "port_done_at_ms, decision_reason, paid_at_ms, paid_by, version) "
                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) "
                                "ON CONFLICT (id) DO UPDATE SET state = ?3, settled = ?4, since_ms = ?5, "
                                "filed_at_ms = ?6, filed_by = ?7, "
                                "channel = ?8, by_titular = ?9, amount_cents = ?10, port_done_at_ms = ?11, "
                                "decision_reason = ?12, paid_at_ms = ?13, "
                                "paid_by = ?14, version = ?15");
    query.run(claim.id, claim.port, claim.state, claim_is_settled(claim.state), claim.since, claim.filed_at,
               claim.filed_by, claim.channel, claim.by_titular, claim.amount, claim.port_done_at, claim.decision_reason,
               claim.paid_at, claim.paid_by, claim.version);
}

void write_delivery(Database& database, Delivery const& delivery, std::int64_t seq) {
    auto query =
        database.query("INSERT INTO delivery (id, peer, receiver, type, dossier, port, state, settled, queued_at_ms, "
                       "receipt, trouble, seq, bytes) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    std::optional<PortId> port;
    if (delivery.port) port = delivery.port;
    query.run(delivery.id, delivery.peer, delivery.receiver, delivery.type, delivery.dossier, port, delivery.state,
              delivery_is_settled(delivery.state), delivery.queued_at, delivery.receipt, delivery.trouble, seq, Blob{delivery.bytes});
}

void advance_delivery(Database& database, Delivery const& delivery) {
    // The bytes never change: the same ones are sent again.
    auto query = database.query("UPDATE delivery SET state = ?2, settled = ?3, receipt = ?4, trouble = ?5 WHERE id = ?1");
    query.run(delivery.id, delivery.state, delivery_is_settled(delivery.state), delivery.receipt, delivery.trouble);
}

void write_timer(Database& database, Timer const& timer) {
    auto query = database.query("INSERT INTO timer (due_ms, kind, id, name, rule, from_ms, armed_in, rulebook) "
                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query.run(timer.due, name_of(timer.subject.kind), timer.subject.id, timer.name, timer.rule, timer.from,
              timer.armed_in, timer.rulebook);
}

void delete_timer(Database& database, Subject const& subject) {
    database.query("DELETE FROM timer WHERE kind = ?1 AND id = ?2").run(name_of(subject.kind), subject.id);
}

Timer timer_row(Query& query) {
    Timer timer;
    auto const kind = query.get<std::string>();
    query.into(timer.subject.id, timer.name, timer.due, timer.rule, timer.from, timer.armed_in, timer.rulebook);
    if (auto const known = subject_kind_of(kind)) {
        timer.subject.kind = *known;
        return timer;
    }
    throw StorageFault(fmt::format("A timer is about an unknown kind of thing, \"{}\". Run `npod check`.", kind));
}

} // namespace npod::storage::sqlite
