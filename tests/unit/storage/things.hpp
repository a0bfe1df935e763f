#pragma once
/// Things to store: each with every field filled, so that a column left out shows.

#include "storage/ledger.hpp"
#include "storage/sqlite/database.hpp"
#include "support/folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace npod::storage::test {

using Folder = testing::TemporaryFolder;

inline OperatorCode const alfa{"ALFA"};
inline OperatorCode const bravo{"BRAVO"};
inline OpenOptions in_memory() { return {":memory:", alfa, true}; }
inline OpenOptions at(std::string path) { return {std::move(path), alfa, true}; }

/// 2026-04-03T14:00:00Z plus so many minutes.
inline Moment minute(int minutes) { return from_ms(1775224800000) + std::chrono::minutes{minutes}; }

/// Bytes that cannot be told in fewer.
inline std::string noise(std::size_t bytes) {
    std::string text;
    for (std::uint64_t seed = 1; text.size() < bytes; seed = seed * 6364136223846793005U + 1442695040888963407U) text += static_cast<char>(seed >> 56);
    return text;
}

inline porting::NumberRange range(std::int64_t first, std::int64_t last) { return {{first}, {last}}; }

inline porting::Port a_port(std::string id = "PI-000001", std::string dossier = "ALFA-0001") {
    porting::Port port;
    port.id = PortId{std::move(id)};
    port.role = port.id.text.starts_with("PI") ? porting::Role::port_in : porting::Role::port_out;
    port.dossier = DossierId{std::move(dossier)};
    port.order = OrderId{"ORD-" + port.id.text};
    port.recipient = alfa;
    port.donor = bravo;
    port.network = porting::Network::mobile;
    port.complex = true;
    port.contract = ContractId{"C-1"};
    port.customer = {true, "Frituur \"De Ster\" & Zonen", "BE-77", {"Rue Haute", "12", "b", "1000", "Bruxelles"}};
    port.donor_account = "99-1";
    port.location = {{"Kerkstraat", "1", "", "9000", "Gent"}, "9"};
    port.wish = {true, minute(600)};
    port.mandate = porting::Mandate{
        "M-1", "2", "De Ster", "A. Peeters", "online", minute(-60), {range(3225501100, 3225501109)}, "ab12"};
    port.related = {{range(3225501200, 3225501200), porting::Fate::cancel}, {{}, porting::Fate::keep, "fax"}};
    port.note = "ring first";
    port.requested_at = minute(0);
    port.rulebook = "be-2026";
    port.state = "awaiting_answer";
    port.settled = false;
    port.lines = 1;
    port.version = 3;
    return port;
}

inline porting::Line a_line(porting::Port const& port, int no, porting::NumberRange numbers,
                            std::string state = "awaiting_answer") {
    porting::Line line;
    line.port = port.id;
    line.no = no;
    line.numbers = numbers;
    line.state = std::move(state);
    line.since = minute(1);
    line.planned_at = minute(2);
    line.answered_at = minute(3);
    line.announced_at = minute(4);
    line.first_possible = minute(5);
    line.postponed_until = minute(6);
    line.agreed_at = minute(7);
    line.approved_at = minute(8);
    line.effective_at = minute(9);
    line.grounds = {porting::Ground::wrong_account, porting::Ground::out_of_zone};
    line.note = "seen";
    line.turns = {{minute(1), "awaiting_answer", porting::Causer::donor, minute(3)},
                  {minute(3), "scheduled", porting::Causer::calendar, {}}};
    line.earlier_plans = {{minute(2), minute(5)}};
    return line;
}

inline porting::NumberRecord a_number(std::int64_t digits = 3225501100) {
    return {{digits},          "ageing",  minute(1), bravo,    ContractId{"C-1"},
            ContractId{"C-0"}, minute(2), minute(3), minute(4)};
}

inline porting::Contract a_contract(std::string id = "C-1") {
    return {ContractId{std::move(id)},
            a_port().customer,
            "Voice 10",
            porting::Network::mobile,
            7,
            a_port().location,
            {range(3225501100, 3225501104)},
            {range(3225501100, 3225501109)},
            {porting::RelatedService{"internet"}, porting::RelatedService{"fax", {range(3225501100, 3225501101)}}},
            "ending",
            minute(1),
            minute(2),
            minute(3),
            true,
            5};
}

inline porting::Claim a_claim(std::string id = "CL-000001", std::string port = "PI-000001") {
    return {ClaimId{std::move(id)},
            PortId{std::move(port)},
            "claimed",
            minute(1),
            minute(2),
            "A. Peeters",
            "letter",
            true,
            Money{1250},
            minute(3),
            "late by two days",
            minute(4),
            "invoice",
            6};
}

inline porting::Delivery a_delivery(std::int64_t id = 1, std::string port = "PI-000001") {
    return {id,
            OperatorCode{"HUB"},
            bravo,
            "portingrequest",
            DossierId{"ALFA-0001"},
            PortId{std::move(port)},
            "queued",
            std::string("{\"a\":\0}", 7),
            minute(1),
            "T-9",
            "no answer"};
}

inline porting::Timer a_timer(porting::Subject subject, Moment due, std::string name = "answer_deadline",
                              std::string armed_in = "awaiting_answer") {
    return {std::move(subject), std::move(name), due, "be.answer.within", minute(0), std::move(armed_in)};
}

inline LogRow a_row(std::string kind = "order.port_in") {
    LogRow row;
    row.learned_at = minute(1);
    row.happened_at = minute(0);
    row.kind = std::move(kind);
    row.source = "api:desk:anna";
    row.key = "PI-000001";
    row.reason = "asked by phone";
    row.body = std::string("raw \0 bytes", 11);
    row.moves = {{{porting::SubjectKind::line, "PI-000001/1"},
                  "port_in",
                  "submitted",
                  "draft",
                  "requested",
                  "moved",
                  {"send_request"},
                  "first"}};
    row.notes = {"one", "two"};
    row.refusals = {{RefusalCode::not_admissible, "no", "/numbers/0", "mend it", "OUT_OF_ZONE"}};
    row.about = {"PI-000001", "+3225501100"};
    return row;
}

/// One event: a log row and what it decided, committed.
inline LogRow carry_out(Ledger& ledger, porting::Effects const& effects,
                        std::vector<porting::Delivery> const& encoded = {}, LogRow row = a_row()) {
    ledger.begin();
    ledger.savepoint();
    ledger.append(row);
    ledger.apply(effects, encoded, row.seq);
    ledger.release();
    ledger.commit();
    return row;
}

/// Effects that send these deliveries.
inline porting::Effects sending(std::vector<porting::Delivery> const& deliveries) {
    porting::Effects effects;
    for (auto const& delivery : deliveries)
        effects.sends.push_back({delivery.id, delivery.receiver, {}, delivery.port});
    return effects;
}

} // namespace npod::storage::test
