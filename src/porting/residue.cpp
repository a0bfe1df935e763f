#include "porting/residue.hpp"

#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

bool stopped(Line const& line) { return line_settled(Role::port_out, line.state) && line.state != "executed"; }

std::vector<NumberRange> numbers_of(std::vector<Line> const& lines, bool (*wanted)(Line const&)) {
    std::vector<NumberRange> numbers;
    for (auto const& line : lines)
        if (wanted(line)) numbers.push_back(line.numbers);
    return joined(std::move(numbers));
}
bool any(Line const&) { return true; }
bool goes(Line const& line) { return !stopped(line); }
bool has_gone(Line const& line) { return line.state == "executed"; }

std::vector<NumberRange> numbers_with(Fate fate, std::vector<RelatedNumber> const& fates) {
    std::vector<NumberRange> numbers;
    for (auto const& stated : fates)
        if (stated.service.empty() && stated.fate == fate) numbers.push_back(stated.numbers);
    return joined(std::move(numbers));
}

std::vector<NumberRange> both(std::vector<NumberRange> a, std::vector<NumberRange> const& b) {
    a.insert(a.end(), b.begin(), b.end());
    return joined(std::move(a));
}

/// One contract seen from one port; the parts of its residue, one function each.
struct View {
    Port const& port;
    std::vector<Line> const& lines;
    Contract const& contract;
    Book const& book;
    std::vector<RelatedNumber> fates = stated_fates(port);
    bool settled = all_settled(Role::port_out, lines);
    std::vector<NumberRange> asked = numbers_of(lines, any);
    std::vector<NumberRange> left = in_both(numbers_of(lines, has_gone), contract.original_numbers);
    bool something_left = !left.empty();
    std::vector<NumberRange> cancelled = without(in_both(numbers_with(Fate::cancel, fates), contract.original_numbers), asked);
    /// Cancelled numbers end with the complete transfer, and only if there was one.
    std::vector<NumberRange> ended = settled && something_left ? without(cancelled, contract.numbers) : std::vector<NumberRange>{};
    /// As the contract was before anything of this port left it.
    std::vector<NumberRange> before = both(contract.numbers, both(left, ended));
    std::vector<NumberRange> leaves = settled ? both(left, ended)
                                              : both(in_both(numbers_of(lines, goes), before), in_both(cancelled, before));
    std::vector<NumberRange> after = without(before, leaves);

    void add_lines(Residue& residue) const {
        for (auto const& line : lines)
            for (auto const& part : in_both({line.numbers}, contract.original_numbers)) {
                auto const* const fate = line.state == "executed" ? "left" : !stopped(line) ? "ports" : settled ? "stayed" : "stays";
                residue.numbers.push_back({part, fate, fmt::format("line {} is {}", line.no, line.state)});
            }
    }

    void add_stated(Residue& residue) const {
        for (auto const& stated : fates) {
            if (!stated.service.empty() || stated.fate == Fate::port) continue;
            bool const ours = std::ranges::find(port.related, stated) != port.related.end();
            auto const by = ours ? std::string("stated in our answer") : "stated by " + port.recipient.text;
            for (auto const& part : without(in_both(before, {stated.numbers}), asked)) {
                if (stated.fate == Fate::keep) residue.numbers.push_back({part, settled ? "stayed" : "stays", by + ": keep"});
                else if (!settled) residue.numbers.push_back({part, "ends", by + ": cancel, once the complete transfer is effective"});
                else add_cancelled(residue, part, by);
            }
        }
    }

    void add_cancelled(Residue& residue, NumberRange part, std::string const& by) const {
        for (auto const& range : in_both({part}, ended)) residue.numbers.push_back({range, "ended", by + ": cancel"});
        for (auto const& range : without({part}, ended))
            residue.numbers.push_back({range, "stayed", by + ": cancel, but " + (something_left ? "it was leaving otherwise" : "nothing left")});
    }

    void add_rest(Residue& residue) const {
        std::vector<NumberRange> spoken_for = asked;
        for (auto const& stated : fates)
            if (stated.service.empty()) spoken_for.push_back(stated.numbers);
        std::vector<NumberRange> unstated, elsewhere;
        for (auto const& held : contract.numbers) {
            if (settled || in_both({held}, numbers_of(lines, goes)).empty()) continue;
            auto const open = unstated_in(held, asked, fates, book);
            unstated = both(std::move(unstated), open);
            elsewhere = both(std::move(elsewhere), without(without({held}, spoken_for), open));
        }
        for (auto const& range : unstated)
            residue.numbers.push_back({range, "unstated", "of a range that is asked for in part: say keep or cancel before accepting"});
        for (auto const& range : elsewhere) residue.numbers.push_back({range, "ports", "by another port of it"});
        for (auto const& rest : without(without(contract.numbers, spoken_for), both(unstated, elsewhere)))
            residue.numbers.push_back({rest, settled ? "stayed" : "stays",
                                       "not asked for: a number without a stated choice stays (be.easyswitch.default)"});
    }

    Residue::Service outlook(RelatedService const& service, bool ends_wholly) const {
        if (settled) return {service.name, "stayed", "it is in force"}; // what ended is of the contract no more
        auto const word = [](bool ends) { return std::string(ends ? "ends" : "stays"); };
        if (service.numbers.empty())
            return {service.name, word(ends_wholly), ends_wholly ? "with the whole contract" : "it goes with the whole contract, of which something stays"};
        auto const rest = in_both(service.numbers, after);
        if (rest == in_both(service.numbers, before)) return {service.name, word(false), "none of its numbers leaves"};
        if (rest.empty()) return {service.name, word(true), "with the last of its numbers"};
        for (auto const& stated : fates)
            if (same_text(stated.service, service.name) && !stated.service.empty())
                return {service.name, word(stated.fate == Fate::cancel), "stated in our answer: " + std::string(name_of(stated.fate))};
        return {service.name, "unstated", "some of its numbers leave: say keep or cancel before accepting"};
    }

    void add_services(Residue& residue) const {
        for (auto const& service : contract.related) residue.services.push_back(outlook(service, residue.ends_wholly));
        if (!settled) return;
        for (auto const& stated : fates) { // the port remembers what ended
            auto const is_it = [&](RelatedService const& service) { return same_text(service.name, stated.service); };
            if (stated.service.empty() || stated.fate != Fate::cancel || std::ranges::any_of(contract.related, is_it)) continue;
            residue.services.push_back({stated.service, "ended", "with this port"});
        }
    }

    std::string sentence(bool ends_wholly) const {
        auto const& id = contract.id.text;
        if (!settled && ends_wholly)
            return "Once the last of these numbers is effective, contract " + id + " ends wholly (be.end.full).";
        if (!settled)
            return "Contract " + id + " ends only for the numbers whose transfer is effective; the rest stays in force (be.end.partial).";
        if (!something_left) return "Nothing of contract " + id + " ended by this port.";
        auto const gone = fmt::format("{} left{}", count(left), ended.empty() ? "" : fmt::format(" and {} ended", count(ended)));
        if (ends_wholly) return fmt::format("Contract {} ended wholly with this port: {} (be.end.full).", id, gone);
        return fmt::format("Contract {} ended in part: {}, {} stayed in force (be.end.partial).", id, gone, count(after));
    }
};

} // namespace

std::vector<RelatedNumber> stated_fates(Port const& port) {
    auto all = port.related;
    std::vector<NumberRange> known;
    for (auto const& stated : all)
        if (stated.service.empty()) known.push_back(stated.numbers);
    for (auto const& noted : fates_in(port.note))
        for (auto const& part : without({noted.numbers}, known)) all.push_back({part, noted.fate});
    return all;
}

std::vector<NumberRange> unstated_in(NumberRange held, std::vector<NumberRange> const& asked, std::vector<RelatedNumber> const& fates,
                                     Book const& book) {
    std::vector<NumberRange> spoken_for = asked;
    for (auto const& stated : fates)
        if (stated.service.empty()) spoken_for.push_back(stated.numbers);
    std::vector<NumberRange> open;
    for (auto const& rest : without({held}, spoken_for))
        for (Number n = rest.first; n <= rest.last; n = n.next())
            if (!book.live_port(n, Role::port_out)) open.push_back({n, n});
    return joined(std::move(open));
}

std::vector<Contract> contracts_of(Port const& port, std::vector<Line> const& lines, Book const& book) {
    std::vector<Contract> all;
    auto const holder_of = [&](Number n) -> Contract const* {
        for (auto const& contract : all)
            if (!in_both(contract.original_numbers, {{n, n}}).empty()) return &contract;
        return nullptr;
    };
    if (auto own = book.contract(port.contract)) all.push_back(std::move(*own));
    for (auto const& line : lines)
        for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next()) {
            if (Contract const* const known = holder_of(n)) { // on to the end of its range
                for (auto const& range : known->original_numbers)
                    if (range.contains(n)) n = std::min(range.last, line.numbers.last);
                continue;
            }
            auto const record = book.number(n);
            auto contract = record ? book.contract(record->contract ? record->contract : record->last_contract) : std::nullopt;
            if (contract && std::ranges::find(all, contract->id, &Contract::id) == all.end()) all.push_back(std::move(*contract));
        }
    return all;
}

bool Residue::complete() const {
    return std::ranges::none_of(numbers, [](Item const& item) { return item.fate == "unstated"; }) &&
           std::ranges::none_of(services, [](Service const& service) { return service.fate == "unstated"; });
}

Residue residue(Port const& port, std::vector<Line> const& lines, Contract const& contract, Book const& book,
                rules::Rulebook const& rulebook) {
    View const view{port, lines, contract, book};
    Residue result;
    result.contract = contract.id;
    result.settled = view.settled;
    result.ends_wholly = view.settled ? view.something_left && view.after.empty() : view.after.empty();
    view.add_lines(result);
    view.add_stated(result);
    view.add_rest(result);
    view.add_services(result);
    std::ranges::sort(result.numbers, {}, &Residue::Item::numbers);
    result.licence_before = licence_of(contract, count(view.before), rulebook, port.requested_at);
    result.licence_after = licence_of(contract, count(view.after), rulebook, port.requested_at);
    result.sentence = view.sentence(result.ends_wholly);
    return result;
}

std::optional<Residue> residue_without_contract(Port const& port, std::vector<Line> const& lines, std::vector<Contract> const& contracts) {
    std::vector<NumberRange> held;
    for (auto const& contract : contracts) held = both(std::move(held), contract.original_numbers);
    Residue rest;
    rest.settled = all_settled(port.role, lines);
    for (auto const& line : lines)
        for (auto const& part : without({line.numbers}, held)) {
            auto const* const fate = line.state == "executed" ? "left" : !line_settled(port.role, line.state) ? "ports" : rest.settled ? "stayed" : "stays";
            rest.numbers.push_back({part, fate, fmt::format("line {} is {}", line.no, line.state)});
        }
    if (rest.numbers.empty()) return {};
    rest.sentence = "No contract of ours is in force for these numbers; nothing ends by this port.";
    return rest;
}

} // namespace npod::porting
