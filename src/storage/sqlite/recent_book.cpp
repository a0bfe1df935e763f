#include "storage/sqlite/recent_book.hpp"

#include <algorithm>

namespace npod::storage::sqlite {

using namespace porting;

static std::string key_of(Number number) { return std::to_string(number.digits); }
static std::string key_of(DossierId const& dossier, Role role) { return std::string(name_of(role)) + ' ' + dossier.text; }

// ------------------------------------------------------------------------------------------------------ what is kept

std::optional<Port> RecentBook::port(PortId const& id) const {
    auto& known = ports_.of(id.text).port;
    if (!known) known = SqliteBook::port(id);
    return *known;
}

std::vector<Line> const& RecentBook::kept_lines(PortId const& id) const {
    auto& known = ports_.of(id.text).lines;
    if (!known) known = SqliteBook::lines(id);
    return *known;
}

std::vector<Line> RecentBook::lines(PortId const& id) const { return kept_lines(id); }

Line const* RecentBook::line(PortId const& id, int no) const {
    auto const& lines = kept_lines(id);
    auto const at = std::ranges::lower_bound(lines, no, {}, &Line::no);
    return at != lines.end() && at->no == no ? &*at : nullptr;
}

std::optional<Claim> RecentBook::claim_of(PortId const& id) const {
    auto& known = ports_.of(id.text).claim;
    if (!known) known = SqliteBook::claim_of(id);
    return *known;
}

std::optional<Timer> RecentBook::timer(Subject const& subject) const {
    auto& known = timers_.of(key_of(subject));
    if (!known) known = SqliteBook::timer(subject);
    return *known;
}

std::int64_t RecentBook::counter(std::string_view name) const {
    auto known = counters_.find(name);
    if (known == counters_.end()) known = counters_.emplace(name, SqliteBook::counter(name)).first;
    return known->second;
}

std::optional<Port> RecentBook::port_by_dossier(DossierId const& dossier, Role role) const {
    auto& known = dossiers_.of(key_of(dossier, role));
    if (known) return *known ? port(**known) : std::nullopt;
    auto found = SqliteBook::port_by_dossier(dossier, role);
    known = found ? std::optional(found->id) : std::nullopt;
    return found;
}

std::optional<Contract> RecentBook::contract(ContractId const& id) const {
    auto& known = contracts_.of(id.text);
    if (!known) known = SqliteBook::contract(id);
    return *known;
}

std::optional<NumberRecord> RecentBook::number(Number number) const {
    auto& known = numbers_.of(key_of(number));
    if (!known) known = SqliteBook::number(number);
    return *known;
}

std::optional<OperatorCode> RecentBook::block_holder(Number number) const {
    auto& known = holders_.of(key_of(number));
    if (!known) known = SqliteBook::block_holder(number);
    return *known;
}

std::optional<Delivery> RecentBook::delivery(std::int64_t id) const {
    auto& known = deliveries_.of(std::to_string(id));
    if (!known) known = SqliteBook::delivery(id);
    return *known;
}

// ------------------------------------------------------------------------------------------------------ what changes

void RecentBook::note(Effects const& effects, std::vector<Delivery> const& queued) {
    for (auto const& port : effects.ports) {
        auto& kept = ports_.of(port.id.text);
        if (kept.port && !*kept.port) kept = {{}, std::vector<Line>{}, std::optional<Claim>{}}; // it is new, and has only what comes now
        kept.port = std::optional(port);
        if (!port.dossier.text.empty()) dossiers_.of(key_of(port.dossier, port.role)) = std::optional(port.id);
    }
    for (auto const& port : effects.advanced) ports_.of(port.id.text).port = std::optional(port);
    for (auto const& line : effects.lines) {
        auto& lines = ports_.of(line.port.text).lines;
        if (!lines) continue; // asked for when they are needed
        auto const at = std::ranges::lower_bound(*lines, line.no, {}, &Line::no);
        if (at != lines->end() && at->no == line.no) *at = line;
        else lines->insert(at, line);
    }
    for (auto const& claim : effects.claims) ports_.of(claim.port.text).claim = std::optional(claim);
    for (auto const& contract : effects.contracts) contracts_.of(contract.id.text) = std::optional(contract);
    for (auto const& record : effects.numbers) numbers_.of(key_of(record.number)) = std::optional(record);
    for (auto const& delivery : queued) deliveries_.of(std::to_string(delivery.id)) = std::optional(delivery);
    for (auto const& delivery : effects.deliveries) {
        auto& kept = deliveries_.of(std::to_string(delivery.id));
        if (!kept || !*kept) kept.reset(); // asked for when it is needed
        else (*kept)->state = delivery.state, (*kept)->receipt = delivery.receipt, (*kept)->trouble = delivery.trouble; // nothing else changes
    }
    for (auto const& subject : effects.cancel) timers_.of(key_of(subject)) = std::optional<Timer>();
    for (auto const& timer : effects.arm) timers_.of(key_of(timer.subject)) = std::optional(timer);
    if (!effects.blocks.empty()) holders_.forget();
    for (auto const& [name, value] : effects.counters) counters_.insert_or_assign(name, value);
}

void RecentBook::forget() {
    ports_.forget();
    dossiers_.forget();
    timers_.forget();
    contracts_.forget();
    numbers_.forget();
    holders_.forget();
    deliveries_.forget();
    counters_.clear();
}

} // namespace npod::storage::sqlite
