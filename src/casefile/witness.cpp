#include "casefile/witness.hpp"

#include <string_view>

namespace npod::casefile {

using namespace porting;

namespace {

/// 64-bit FNV-1a; 'kind' keeps a claim and a port of one name apart.
std::uint64_t key_of(std::string_view kind, std::string_view id) {
    std::uint64_t hash = 14695981039346656037ULL;
    auto const take = [&](std::string_view text) {
        for (char const c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        hash = (hash ^ 0xffU) * 1099511628211ULL;
    };
    take(kind), take(id);
    return hash;
}

std::uint64_t key_of(Subject const& subject) { return key_of("timer:" + std::string(name_of(subject.kind)), subject.id); }

void add_port(Footprint& to, Port const& port) {
    to.keys.insert(key_of("port", port.id.text));
    if (port.dossier) to.keys.insert(key_of("dossier", port.dossier.text));
    if (port.order) to.keys.insert(key_of("order", port.order.text));
}

void add_claim(Footprint& to, Claim const& claim) {
    to.keys.insert(key_of("claim", claim.id.text));
    to.keys.insert(key_of("claim of", claim.port.text));
}

} // namespace

/// The book, and a note of every question.
class Witness::Glass final : public Book {
public:
    Book const* book = nullptr;
    Trace* trace = nullptr;

    std::optional<Port> port(PortId const& id) const override { return seen("port", id.text), book->port(id); }
    std::optional<Port> port_by_dossier(DossierId const& dossier, Role role) const override {
        seen("dossier", dossier.text);
        auto port = book->port_by_dossier(dossier, role);
        if (port) seen("port", port->id.text);
        return port;
    }
    std::optional<Port> port_by_order(OrderId const& order) const override {
        seen("order", order.text);
        auto port = book->port_by_order(order);
        if (port) seen("port", port->id.text);
        return port;
    }
    std::vector<PortId> running_ports() const override {
        trace->read_all_running = true;
        return book->running_ports();
    }
    std::vector<Line> lines(PortId const& id) const override { return seen("port", id.text), book->lines(id); }
    std::optional<LivePort> live_port(Number number, Role role) const override { return seen({number, number}), book->live_port(number, role); }
    std::optional<NumberRecord> number(Number number) const override { return seen({number, number}), book->number(number); }
    std::optional<Contract> contract(ContractId const& id) const override { return seen("contract", id.text), book->contract(id); }
    std::optional<Claim> claim(ClaimId const& id) const override { return seen("claim", id.text), book->claim(id); }
    std::optional<Claim> claim_of(PortId const& id) const override { return seen("claim of", id.text), book->claim_of(id); }
    std::optional<Delivery> delivery(std::int64_t id) const override { return seen("delivery", std::to_string(id)), book->delivery(id); }
    std::optional<std::int64_t> deactivation_sent(DossierId const& dossier) const override {
        return seen("deactivation", dossier.text), book->deactivation_sent(dossier);
    }
    std::optional<Timer> timer(Subject const& subject) const override {
        trace->read.keys.insert(key_of(subject));
        return book->timer(subject);
    }
    std::vector<ParkedMessage> parked(DossierId const& dossier) const override { return seen("parked", dossier.text), book->parked(dossier); }
    std::optional<ParkedMessage> parked_one(std::int64_t seq) const override { return seen("parked row", std::to_string(seq)), book->parked_one(seq); }
    std::optional<OperatorCode> block_holder(Number number) const override { return seen({number, number}), book->block_holder(number); }
    std::vector<RoutingEntry> blocks_within(NumberRange numbers) const override { return seen(numbers), book->blocks_within(numbers); }
    std::optional<OperatorCode> serving(Number number) const override { return seen({number, number}), book->serving(number); }
    std::vector<NumberRange> routed_after(NumberRange numbers, Moment told) const override { return seen(numbers), book->routed_after(numbers, told); }
    bool routes_by_moment() const override { return book->routes_by_moment(); }
    std::int64_t counter(std::string_view name) const override {
        auto const value = book->counter(name);
        trace->counters.try_emplace(std::string(name), value);
        return value;
    }

private:
    void seen(std::string_view kind, std::string_view id) const { trace->read.keys.insert(key_of(kind, id)); }
    void seen(NumberRange numbers) const {
        auto& all = trace->read.numbers;
        if (!all.empty() && all.back().last.next() == numbers.first) all.back().last = numbers.last; // one after the other
        else if (all.empty() || !(all.back() == numbers)) all.push_back(numbers);
    }
};

Witness::Witness() : glass_(std::make_unique<Glass>()) {}
Witness::~Witness() = default;

Book const& Witness::deciding(std::int64_t seq, Book const& book) {
    now_ = &traces_[seq];
    glass_->book = &book;
    glass_->trace = now_;
    return *glass_;
}

void Witness::decided(Effects const& effects) {
    auto& written = now_->written;
    auto const park = [&](std::int64_t seq, std::string const& dossier) {
        written.keys.insert(key_of("parked", dossier));
        written.keys.insert(key_of("parked row", std::to_string(seq)));
    };
    for (auto const* ports : {&effects.ports, &effects.advanced})
        for (auto const& port : *ports) add_port(written, port);
    for (auto const& line : effects.lines) {
        written.keys.insert(key_of("port", line.port.text));
        written.numbers.push_back(line.numbers);
    }
    for (auto const& record : effects.numbers) written.numbers.push_back({record.number, record.number});
    for (auto const& contract : effects.contracts) written.keys.insert(key_of("contract", contract.id.text));
    for (auto const& claim : effects.claims) add_claim(written, claim);
    for (auto const& delivery : effects.deliveries) written.keys.insert(key_of("delivery", std::to_string(delivery.id)));
    for (auto const& send : effects.sends) {
        written.keys.insert(key_of("delivery", std::to_string(send.delivery)));
        if (std::holds_alternative<message::Deactivation>(send.body)) written.keys.insert(key_of("deactivation", message::dossier_of(send.body).text));
    }
    for (auto const& timer : effects.arm) written.keys.insert(key_of(timer.subject));
    for (auto const& subject : effects.cancel) written.keys.insert(key_of(subject));
    for (auto const* entries : {&effects.routing, &effects.blocks})
        for (auto const& entry : *entries) written.numbers.push_back(entry.numbers);
    for (auto const& parked : effects.park) {
        parked_under_[parked.seq] = parked.dossier.text;
        park(parked.seq, parked.dossier.text);
    }
    for (auto const seq : effects.unpark) park(seq, parked_under_[seq]);
}

Footprint footprint_of(Port const& port, std::vector<Line> const& lines) {
    Footprint footprint;
    add_port(footprint, port);
    footprint.keys.insert(key_of("claim of", port.id.text));
    for (auto const& line : lines) footprint.keys.insert(key_of(subject_of(line)));
    return footprint;
}

} // namespace npod::casefile
