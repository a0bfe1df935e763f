#include "storage/sqlite/recent_book.hpp"

#include <algorithm>

namespace npod::storage::sqlite {

using namespace porting;

std::string key_of(Subject const& subject) { return std::string(name_of(subject.kind)) + ' ' + subject.id; }

static std::string key_of(Number number) { return std::to_string(number.digits); }
static std::string key_of(DossierId const& dossier, Role role) { return std::string(name_of(role)) + ' ' + dossier.text; }

// ------------------------------------------------------------------------------------------------------ what is kept

std::optional<Port> RecentBook::port(PortId const& id) const {
    auto& known = ports_.of(id.text).port;
    if (!known) known = about(Topic::port, id.text).port(id);
    return *known;
}

std::vector<Line> const& RecentBook::kept_lines(PortId const& id) const {
    auto& known = ports_.of(id.text).lines;
    if (!known) known = about(Topic::port, id.text).lines(id);
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
    if (!known) known = about(Topic::port, id.text).claim_of(id);
    return *known;
}

std::optional<Timer> RecentBook::timer(Subject const& subject) const {
    auto const key = key_of(subject);
    auto& known = timers_.of(key);
    if (!known) known = about(Topic::timer, key).timer(subject);
    return *known;
}

std::int64_t RecentBook::counter(std::string_view name) const {
    auto known = counters_.find(name);
    if (known == counters_.end()) known = counters_.emplace(name, about(Topic::counter, name).counter(name)).first;
    return known->second;
}

std::optional<Port> RecentBook::port_by_dossier(DossierId const& dossier, Role role) const {
    auto& known = dossiers_.of(key_of(dossier, role));
    if (!known) known = about(Topic::dossier, dossier.text).id_by_dossier(dossier, role);
    return *known ? port(**known) : std::nullopt;
}

std::optional<Contract> RecentBook::contract(ContractId const& id) const {
    auto& known = contracts_.of(id.text);
    if (!known) known = about(Topic::contract, id.text).contract(id);
    return *known;
}

std::optional<NumberRecord> RecentBook::number(Number number) const {
    auto& known = numbers_.of(key_of(number));
    if (!known) known = about(Topic::record, {number, number}).number(number);
    return *known;
}

std::optional<OperatorCode> RecentBook::block_holder(Number number) const {
    auto& known = holders_.of(key_of(number));
    if (!known) known = about(Topic::blocks, "").block_holder(number);
    return *known;
}

std::optional<Delivery> RecentBook::delivery(std::int64_t id) const {
    auto const key = std::to_string(id);
    auto& known = deliveries_.of(key);
    if (!known) known = about(Topic::delivery, key).delivery(id);
    return *known;
}

// ---------------------------------------------------------------------------------------------- what is looked up

std::optional<Port> RecentBook::port_by_order(OrderId const& order) const {
    auto const id = about(Topic::order, order.text).id_by_order(order);
    return id ? port(*id) : std::nullopt;
}

std::optional<OperatorCode> RecentBook::serving(Number number) const {
    auto const ported = about(Topic::routing, {number, number}).ported_to(number);
    return ported ? ported : block_holder(number);
}

std::vector<PortId> RecentBook::running_ports() const { return SqliteBook(desk_->settled()).running_ports(); }
std::optional<LivePort> RecentBook::live_port(Number number, Role role) const { return about(Topic::live, {number, number}).live_port(number, role); }
std::optional<Claim> RecentBook::claim(ClaimId const& id) const { return about(Topic::claim, id.text).claim(id); }
std::optional<std::int64_t> RecentBook::deactivation_sent(DossierId const& dossier) const { return about(Topic::sent, dossier.text).deactivation_sent(dossier); }
std::vector<ParkedMessage> RecentBook::parked(DossierId const& dossier) const { return about(Topic::waiting, "").parked(dossier); }
std::optional<ParkedMessage> RecentBook::parked_one(std::int64_t seq) const { return about(Topic::waiting, "").parked_one(seq); }
std::vector<RoutingEntry> RecentBook::blocks_within(NumberRange numbers) const { return about(Topic::blocks, "").blocks_within(numbers); }
std::vector<NumberRange> RecentBook::routed_after(NumberRange numbers, Moment told) const { return about(Topic::routing, numbers).routed_after(numbers, told); }

/// The last commit will do: it is false only for rows of a log that is told again, and that is told in memory.
bool RecentBook::routes_by_moment() const { return about(Topic::blocks, "").routes_by_moment(); }

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
