#include "fill.hpp"

#include "rules/rulebook.hpp"
#include "served.hpp"
#include "storage/ledger.hpp"

#include <fmt/format.h>

namespace npod::bench {

using namespace porting;

namespace {

/// Ports in one commit: this is preparation, nobody waits for an answer.
constexpr int ports_per_commit = 5'000;

class Filler {
public:
    Filler(std::string const& path, Book const& book)
        : ledger_({path, OperatorCode{"ALFA"}, true}), book_(book), law_(rules::Rulebook::shipped("be")),
          began_((book.now == Moment{} ? *parse_rfc3339(law_time) : book.now) - std::chrono::hours{72}) {}

    void run() {
        auto const all = book_.completed + book_.parked;
        ledger_.begin();
        write_beginning(all);
        for (std::int64_t i = 0; i < all; ++i) {
            if (i % ports_per_commit == 0 && i > 0) {
                ledger_.commit();
                ledger_.checkpoint();
                ledger_.begin();
            }
            write(i + 1, i >= book_.completed);
        }
        ledger_.commit();
        ledger_.checkpoint();
    }

private:
    /// Who holds the numbers, and where the counters stand afterwards.
    void write_beginning(std::int64_t all) {
        Effects effects;
        effects.blocks = {{{Number{32'470'000'000}, Number{32'489'999'999}}, OperatorCode{"BRAVO"}, began_},
                          {{Number{32'490'000'000}, Number{32'499'999'999}}, OperatorCode{"ALFA"}, began_}};
        effects.counters = {{"port_in", all}, {"claim", all}, {"dossier", all}};
        append(effects, {});
    }

    void write(std::int64_t no, bool parked) {
        Number const number{book_.first_number + no - 1};
        Effects effects;
        effects.ports = {port(no, parked)};
        effects.lines = {line(effects.ports.front(), number, parked)};
        effects.claims = {claim(no, effects.ports.front().id, parked)};
        if (parked) {
            effects.arm = {{subject_of(effects.lines.front()), "activation_time", book_.activation, "agreed", book_.activation, "scheduled"},
                           {subject_of(effects.claims.front()), "delay_start", book_.activation + std::chrono::hours{24 * 30}, "be.comp.start", began_, "nothing_due"}};
        } else {
            effects.contracts = {contract(number)};
            effects.numbers = {record(number, effects.contracts.front().id)};
        }
        append(effects, {effects.ports.front().id.text, effects.claims.front().id.text, to_string(number)});
    }

    void append(Effects const& effects, std::vector<std::string> about) {
        storage::LogRow row;
        row.learned_at = row.happened_at = began_;
        row.kind = "npod.filled"; // the house's own: nothing that replay would decide again
        row.source = "bench";
        row.about = std::move(about);
        ledger_.append(row);
        ledger_.apply(effects, {}, row.seq);
    }

    Port port(std::int64_t no, bool parked) const {
        Port port;
        port.id = PortId{fmt::format("PI-{:06}", no)};
        port.dossier = DossierId{fmt::format("ALFA-{:08}", no)};
        port.order = OrderId{fmt::format("filled-{}", no)};
        port.recipient = OperatorCode{"ALFA"};
        port.donor = OperatorCode{"BRAVO"};
        port.network = Network::mobile;
        port.contract = ContractId{fmt::format("F-{}", no)};
        port.customer = customer(no);
        port.requested_at = began_;
        port.rulebook = law_.version();
        port.state = parked ? "scheduled" : "completed";
        port.settled = !parked;
        port.lines = 1;
        port.version = 3;
        return port;
    }

    Customer customer(std::int64_t no) const {
        return {false, "Jeanne Peeters", fmt::format("K-{}", no), {"Rue Haute", "12", "", "1000", "Brussels"}};
    }

    Line line(Port const& port, Number number, bool parked) const {
        Line line;
        line.port = port.id;
        line.no = 1;
        line.numbers = {number, number};
        line.state = port.state;
        line.since = line.planned_at.emplace(began_);
        line.answered_at = line.approved_at = line.first_possible = began_;
        line.agreed_at = parked ? book_.activation : began_;
        if (!parked) line.effective_at = began_;
        return line;
    }

    Claim claim(std::int64_t no, PortId const& port, bool parked) const {
        Claim claim;
        claim.id = ClaimId{fmt::format("CL-{:06}", no)};
        claim.port = port;
        claim.state = parked ? "nothing_due" : "not_due";
        claim.since = began_;
        return claim;
    }

    Contract contract(Number number) const {
        Contract contract;
        contract.id = ContractId{fmt::format("F-{}", number.digits - book_.first_number + 1)};
        contract.customer = customer(number.digits - book_.first_number + 1);
        contract.network = Network::mobile;
        contract.numbers = contract.original_numbers = {{number, number}};
        contract.state = "active";
        contract.since = began_;
        return contract;
    }

    NumberRecord record(Number number, ContractId const& contract) const {
        NumberRecord record;
        record.number = number;
        record.state = "in_service";
        record.since = began_;
        record.serving = OperatorCode{"ALFA"};
        record.contract = record.last_contract = contract;
        return record;
    }

    storage::Ledger ledger_;
    Book book_;
    rules::Rulebook law_;
    Moment began_;
};

} // namespace

void fill(std::string const& path, Book const& book) { Filler(path, book).run(); }

Fired fired_activations(std::string const& path) {
    storage::Reader const reader(path);
    Fired fired;
    Moment last_due{};
    std::int64_t after = 0;
    for (auto rows = reader.log(after, 1'000); !rows.empty(); rows = reader.log(after, 1'000))
        for (auto const& row : rows) {
            after = row.seq;
            if (row.kind != "timer.activation_time") continue;
            ++fired.count;
            fired.out_of_order += row.happened_at < last_due; // a timer's event happened when it was due
            fired.early += row.learned_at < row.happened_at;
            last_due = row.happened_at;
        }
    return fired;
}

} // namespace npod::bench
