#include "porting/step.hpp"

#include "base/limits.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace npod::porting {

namespace {

/// What was ordered: most of a port, and hardly ever changed while its lines advance.
auto order_of(Port const& port) {
    return std::tie(port.role, port.dossier, port.order, port.recipient, port.donor, port.network, port.complex, port.contract, port.customer,
                    port.donor_account, port.location, port.wish, port.mandate, port.related, port.note);
}

} // namespace

template <class Key, class T>
T* Step::keep(Shelf<Key, T>& shelf, Key const& key, std::optional<T> read) {
    if (!read) return nullptr;
    auto const [at, fresh] = shelf.try_emplace(key, Kept<T>{read, *read});
    return &at->second.now;
}

Port* Step::port(PortId const& id) {
    if (auto const at = ports_.find(id); at != ports_.end()) return &at->second.now;
    return keep(ports_, id, book.port(id));
}

Port* Step::port_of(DossierId const& dossier, Role role) {
    for (auto& [id, kept] : ports_)
        if (kept.now.dossier == dossier && kept.now.role == role) return &kept.now;
    auto found = book.port_by_dossier(dossier, role);
    if (!found) return nullptr;
    auto const id = found->id;
    return keep(ports_, id, std::move(found));
}

std::list<Step::Kept<Line>>& Step::load_lines(PortId const& id) {
    auto const [at, fresh] = lines_.try_emplace(id);
    if (fresh)
        for (auto& line : book.lines(id)) at->second.push_back({line, line});
    return at->second;
}

std::vector<Line*> Step::lines(PortId const& id) {
    std::vector<Line*> all;
    for (auto& kept : load_lines(id)) all.push_back(&kept.now);
    return all;
}

Line* Step::line(PortId const& id, int no) {
    for (auto& kept : load_lines(id))
        if (kept.now.no == no) return &kept.now;
    return nullptr;
}

NumberRecord* Step::number(Number number) {
    if (auto const at = numbers_.find(number); at != numbers_.end()) return &at->second.now;
    return keep(numbers_, number, book.number(number));
}

Contract* Step::contract(ContractId const& id) {
    if (!id) return nullptr;
    if (auto const at = contracts_.find(id); at != contracts_.end()) return &at->second.now;
    return keep(contracts_, id, book.contract(id));
}

Claim* Step::claim(ClaimId const& id) {
    if (auto const at = claims_.find(id); at != claims_.end()) return &at->second.now;
    return keep(claims_, id, book.claim(id));
}

Claim* Step::claim_of(PortId const& id) {
    for (auto& [key, kept] : claims_)
        if (kept.now.port == id) return &kept.now;
    auto found = book.claim_of(id);
    if (!found) return nullptr;
    auto const key = found->id;
    return keep(claims_, key, std::move(found));
}

Delivery* Step::delivery(std::int64_t id) {
    if (auto const at = deliveries_.find(id); at != deliveries_.end()) return &at->second.now;
    return keep(deliveries_, id, book.delivery(id));
}

std::optional<Timer> Step::timer(Subject const& subject) const {
    if (auto const at = timers_.find(subject); at != timers_.end()) return at->second;
    return book.timer(subject);
}

Port& Step::add(Port port) {
    auto const id = port.id;
    lines_.try_emplace(id); // a new port has no stored lines to load
    return ports_.insert_or_assign(id, Kept<Port>{{}, std::move(port)}).first->second.now;
}

Line& Step::add_line(Port& port, Line line) {
    line.port = port.id;
    line.no = ++port.lines;
    auto& all = load_lines(port.id);
    all.push_back({{}, std::move(line)});
    return all.back().now;
}

NumberRecord& Step::add(NumberRecord number) {
    auto const key = number.number;
    return numbers_.insert_or_assign(key, Kept<NumberRecord>{{}, std::move(number)}).first->second.now;
}

Contract& Step::add(Contract contract) {
    auto const key = contract.id;
    return contracts_.insert_or_assign(key, Kept<Contract>{{}, std::move(contract)}).first->second.now;
}

Claim& Step::add(Claim claim) {
    auto const key = claim.id;
    return claims_.insert_or_assign(key, Kept<Claim>{{}, std::move(claim)}).first->second.now;
}

/// Cuts `part` out of `line`: the line keeps one remainder (or becomes the part), further remainders become new lines.
Line* Step::split(Port& port, Line& line, NumberRange part) {
    auto const whole = line.numbers;
    if (whole == part) return &line;
    auto const armed = timer(subject_of(line));
    auto const sibling = [&](NumberRange numbers) -> Line* {
        Line copy = line;
        copy.numbers = numbers;
        Line& added = add_line(port, std::move(copy));
        if (armed) {
            Timer again = *armed;
            again.subject = subject_of(added);
            arm(std::move(again));
        }
        return &added;
    };
    if (whole.first < part.first) {
        line.numbers.last = part.first.next(-1);
        Line* const cut = sibling(part);
        if (part.last < whole.last) sibling({part.last.next(), whole.last});
        return cut;
    }
    line.numbers = part;
    sibling({part.last.next(), whole.last});
    return &line;
}

std::vector<Line*> Step::cover(Port& port, std::vector<NumberRange> const& numbers, Lines which) {
    std::vector<Line*> covering;
    for (Line* const line : lines(port.id)) {
        if (which == Lines::open && line_settled(port.role, line->state)) continue;
        if (numbers.empty()) {
            covering.push_back(line);
            continue;
        }
        if (std::ranges::none_of(numbers, [&](NumberRange range) { return range.overlaps(line->numbers); })) continue;
        for (auto const part : in_both({line->numbers}, numbers))
            for (Line* const holder : lines(port.id)) // an earlier cut may have moved the part to a new line
                if (holder->numbers.contains(part)) {
                    covering.push_back(split(port, *holder, part));
                    break;
                }
    }
    return covering;
}

void Step::arm(Timer timer) {
    auto const subject = timer.subject;
    timers_[subject] = std::move(timer);
}

void Step::cancel(Subject const& subject) { timers_[subject] = std::nullopt; }

std::int64_t Step::next(std::string_view counter) {
    auto at = effects_.counters.find(counter);
    if (at == effects_.counters.end()) at = effects_.counters.emplace(std::string(counter), book.counter(counter)).first;
    return ++at->second;
}

void Step::park(ParkedMessage message) {
    Timer timer = by_rule(*this, "npod.parked.expires", now);
    timer.subject = {SubjectKind::parked, std::to_string(message.seq)};
    timer.name = "parked_expiry";
    timer.armed_in = "parked";
    arm(std::move(timer));
    effects_.park.push_back(std::move(message));
}

void Step::park_until(ParkedMessage message, Moment planned) {
    Timer timer = at_agreed(planned);
    timer.subject = {SubjectKind::parked, std::to_string(message.seq)};
    timer.name = planned_day;
    timer.armed_in = "parked";
    arm(std::move(timer));
    effects_.park.push_back(std::move(message));
}

void Step::route(NumberRange numbers, OperatorCode const& serving, Moment at) {
    RoutingEntry entry{numbers, serving, book.routes_by_moment() ? std::min(at, now) : now};
    if (effects_.routing.empty() || effects_.routing.back() != entry) effects_.routing.push_back(std::move(entry));
}

std::vector<NumberRange> Step::route_as_told(NumberRange numbers, OperatorCode const& serving, Moment told) {
    auto const known_better = book.routed_after(numbers, told);
    for (auto const& range : known_better) {
        auto sentence = fmt::format("older news: {} is with {} since {}; the routing table knows something later and stays as it is", to_string(range), serving.text, to_rfc3339(told));
        if (std::ranges::find(effects_.notes, sentence) == effects_.notes.end()) note(std::move(sentence));
    }
    auto moved = without({numbers}, known_better);
    for (auto const& range : moved) route(range, serving, told);
    return moved;
}

void Step::unpark(std::int64_t seq, bool deal_with_it_now) {
    cancel({SubjectKind::parked, std::to_string(seq)});
    effects_.unpark.push_back(seq);
    if (deal_with_it_now) effects_.retry.push_back(seq);
}

void Step::complain(OperatorCode const& to, DossierId const& dossier, std::string code, std::string description, PortId const& port_id) {
    note(fmt::format("told {}: {}", to.text, description));
    for (auto& earlier : effects_.sends) { // one message for all that is wrong with a dossier, however many numbers that are
        auto* const found = earlier.receiver == to && earlier.port == port_id ? std::get_if<message::ErrorFound>(&earlier.body) : nullptr;
        if (found == nullptr || found->dossier != dossier || found->items.size() >= limits::series_per_message_max) continue;
        found->items.push_back({"", std::move(code), std::move(description)});
        return;
    }
    send(to, message::ErrorFound{dossier, {{"", std::move(code), std::move(description)}}}, port_id);
}

void Step::send(OperatorCode receiver, message::Body body, PortId port_id) {
    auto const id = next("delivery");
    Timer timer = by_rule(*this, "npod.delivery.expires", now);
    timer.subject = {SubjectKind::delivery, std::to_string(id)};
    timer.name = "delivery_expiry";
    timer.armed_in = "queued";
    arm(std::move(timer));
    effects_.sends.push_back({id, std::move(receiver), std::move(body), std::move(port_id)});
}

void Step::write_messages() {
    for (auto& [id, ranges] : requests_) send(port(id)->donor, request_message(*port(id), joined(ranges)), id);
    for (auto& [id, until] : delays_) send(port(id)->recipient, message::AnswerDelayed{port(id)->dossier, settings.own, until, ""}, id);
    for (auto& [id, ranges] : answers_) {
        std::ranges::sort(ranges, {}, &message::AnsweredRange::numbers);
        send(port(id)->recipient, message::Answer{port(id)->dossier, joined_answers(std::move(ranges))}, id);
    }
    for (auto const& [id, yes] : cancels_) send(port(id)->donor, message::Cancel{port(id)->dossier, ""}, id);
    for (auto& [what, ranges] : performed_) {
        auto const& [id, effective] = what;
        send(OperatorCode{std::string(message::everybody)},
             message::Performed{port(id)->dossier, settings.own, port(id)->donor, effective, joined(ranges)}, id);
    }
    for (auto& [holder, ranges] : returns_) {
        DossierId const dossier{fmt::format("{}-R{:07}", settings.dossier_prefix, next("return"))};
        send(OperatorCode{std::string(message::everybody)}, message::Deactivation{dossier, settings.own, holder, joined(ranges)}, {});
    }
}

std::vector<Port*> Step::touched_ports() {
    std::vector<Port*> touched;
    for (auto& [id, all] : lines_)
        if (std::ranges::any_of(all, [](auto const& kept) { return kept.changed(); })) touched.push_back(port(id));
    return touched;
}

Effects Step::finish() {
    if (refused()) {
        Effects only_the_record;
        only_the_record.answer = std::move(effects_.answer);
        only_the_record.notes = std::move(effects_.notes);
        only_the_record.about = std::move(effects_.about);
        for (auto& move : effects_.moves)
            if (move.verdict == "refused") only_the_record.moves.push_back(std::move(move));
        return only_the_record;
    }
    write_messages();
    auto const collect = [](auto& shelf, auto& into, auto version) {
        for (auto& [key, kept] : shelf)
            if (kept.changed()) {
                version(kept.now);
                into.push_back(std::move(kept.now));
            }
    };
    auto const unversioned = [](auto&) {};
    auto const grow = [](auto& entity) { ++entity.version; };
    for (Port* const touched : touched_ports()) ports_.at(touched->id).touched = true; // a changed line changes its port's version
    for (auto& [id, kept] : ports_)
        if (kept.changed()) {
            bool const same_order = kept.before && order_of(*kept.before) == order_of(kept.now);
            grow(kept.now);
            (same_order ? effects_.advanced : effects_.ports).push_back(std::move(kept.now));
        }
    for (auto& [id, all] : lines_)
        for (auto& kept : all)
            if (kept.changed()) effects_.lines.push_back(std::move(kept.now));
    collect(numbers_, effects_.numbers, unversioned);
    collect(contracts_, effects_.contracts, grow);
    collect(claims_, effects_.claims, grow);
    collect(deliveries_, effects_.deliveries, unversioned);
    for (auto& [subject, timer] : timers_) {
        if (timer) effects_.arm.push_back(std::move(*timer));
        else effects_.cancel.push_back(subject);
    }
    return std::move(effects_);
}

} // namespace npod::porting
