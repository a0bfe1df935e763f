/// Everything that is wrong with an order, all at once, before anything is stored or sent.

#include "base/limits.hpp"
#include "porting/decide.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

/// Collects what is wrong; each check is one function below.
struct Check {
    input::OrderPortIn const& order;
    Book const& book;
    rules::Rulebook const& rulebook;
    Settings const& settings;
    Moment now;
    std::vector<Refusal> problems;

    void wrong(RefusalCode code, std::string text, std::string pointer, std::string next, std::string ground = {}) {
        problems.push_back({code, std::move(text), std::move(pointer), std::move(next), std::move(ground)});
    }
    void by_ground(Ground ground, std::string text, std::string pointer) {
        wrong(RefusalCode::not_admissible, std::move(text), std::move(pointer), std::string(about(ground).fix), std::string(code_of(ground)));
    }
};

void check_parties(Check& check) {
    auto const& donor = check.order.donor;
    if (donor == check.settings.own)
        check.wrong(RefusalCode::not_admissible, "The donor is ourselves; a number that we serve is not ported in.", "/donor", "Name the operator that serves the numbers now.");
    else if (!check.settings.operators.contains(donor))
        check.wrong(RefusalCode::not_admissible, "Operator " + donor.text + " is not configured here.", "/donor", "Name a configured operator, or have it configured as a [[member]].");
    if (check.order.order && check.book.port_by_order(check.order.order))
        check.wrong(RefusalCode::conflict, "Order " + check.order.order.text + " exists already as port " + check.book.port_by_order(check.order.order)->id.text + ".", "/order_id", "Look at that port, or use a new order id.");
}

void check_range(Check& check, NumberRange range, std::string const& pointer) {
    auto const first = belgian_plan(range.first);
    auto const last = belgian_plan(range.last);
    if (!first || !last) {
        auto refusal = !first ? first.refusal() : last.refusal();
        refusal.pointer = pointer;
        check.problems.push_back(refusal);
        return;
    }
    if (!first->portable || !last->portable)
        check.by_ground(Ground::technical, to_string(range) + " is of a kind that cannot be ported.", pointer);
    if (first->zone != last->zone || first->kind != last->kind)
        check.wrong(RefusalCode::malformed, to_string(range) + " spans more than one zone or kind of number.", pointer, "Split the range where the zone changes.");
    if ((first->kind == Kind::mobile) != (check.order.network == Network::mobile))
        check.wrong(RefusalCode::not_admissible, fmt::format("{} is not a {} number; between fixed and mobile nothing is ported.", to_string(range), name_of(check.order.network)), pointer, "Order it under its own network.");
    auto const& zone = check.order.location.zone;
    if (first->kind == Kind::geographic && !zone.empty() && first->zone != zone)
        check.by_ground(Ground::out_of_zone, fmt::format("{} belongs to zone {} ({}), the installation is in zone {} (be.move).", to_string(range), first->zone, first->zone_name, zone), pointer);
}

void check_holdings(Check& check, NumberRange range, std::string const& pointer) {
    for (Number n = range.first; n <= range.last; n = n.next()) {
        if (auto const live = check.book.live_port(n, Role::port_in))
            check.by_ground(Ground::port_in_progress, fmt::format("{} is already being ported by {} line {}.", to_string(n), live->port.text, live->line), pointer);
        auto const record = check.book.number(n);
        if (!record || !record->contract) continue;
        auto const contract = check.book.contract(record->contract);
        if (contract && !same_text(contract->customer.name, check.order.customer.name))
            check.by_ground(Ground::not_titular, fmt::format("{} is held by another customer of ours (contract {}).", to_string(n), contract->id.text), pointer);
        else
            check.wrong(RefusalCode::not_admissible, to_string(n) + " is served by us already under contract " + record->contract.text + ".", pointer, "Leave it out of the order.");
    }
}

void check_numbers(Check& check) {
    auto const& numbers = check.order.numbers;
    if (numbers.empty()) check.wrong(RefusalCode::malformed, "The order names no number.", "/numbers", "Name at least one number or range.");
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto const pointer = fmt::format("/numbers/{}", i);
        check_range(check, numbers[i], pointer);
        for (std::size_t j = 0; j < i; ++j)
            if (numbers[i].overlaps(numbers[j]))
                check.wrong(RefusalCode::malformed, fmt::format("{} overlaps {} of the same order.", to_string(numbers[i]), to_string(numbers[j])), pointer, "Name each number once.");
        if (numbers[i].count() <= limits::numbers_per_order_max) check_holdings(check, numbers[i], pointer);
    }
    if (count(numbers) > limits::numbers_per_order_max)
        check.wrong(RefusalCode::too_large, fmt::format("The order names {} numbers, more than {}.", count(numbers), limits::numbers_per_order_max), "/numbers", "Split the order.");
    for (std::size_t i = 0; i < check.order.related.size(); ++i) {
        auto const& related = check.order.related[i];
        bool const in_order = std::ranges::any_of(numbers, [&](NumberRange r) { return r.overlaps(related.numbers); });
        if (related.fate == Fate::port && !in_order)
            check.by_ground(Ground::incomplete_range, to_string(related.numbers) + " shall be ported but is not among the order's numbers.", fmt::format("/related/{}", i));
        if (related.fate != Fate::port && in_order)
            check.wrong(RefusalCode::malformed, to_string(related.numbers) + " is ordered to be ported and at the same time to " + std::string(name_of(related.fate)) + ".", fmt::format("/related/{}", i), "Give each number one fate.");
    }
}

void check_mandate(Check& check) {
    auto const& mandate = check.order.mandate;
    if (!mandate) {
        check.by_ground(Ground::mandate_missing, "No request leaves before a mandate signed, or validated on-line, by the titular (be.mandate).", "/mandate");
        return;
    }
    if (mandate->channel != "paper" && mandate->channel != "online" && mandate->channel != "sms")
        check.by_ground(Ground::mandate_invalid, "A mandate comes by paper, online or sms; a phone call is not enough (be.mandate).", "/mandate/channel");
    if (mandate->id.empty() || mandate->signer.empty())
        check.by_ground(Ground::mandate_invalid, "The mandate has no id or no signer.", "/mandate");
    if (mandate->signed_at > check.now)
        check.by_ground(Ground::mandate_invalid, "The mandate is signed in the future.", "/mandate/signed_at");
    if (!same_text(mandate->titular, check.order.customer.name))
        check.by_ground(Ground::not_titular, fmt::format("The mandate is given in the name of \"{}\", the order in the name of \"{}\"; a customer may ask only for his own numbers (be.titular).", mandate->titular, check.order.customer.name), "/mandate/titular");
    if (mandate->numbers.empty()) return;
    for (auto const& range : without(check.order.numbers, mandate->numbers))
        check.by_ground(Ground::mandate_invalid, to_string(range) + " is not covered by the mandate.", "/mandate/numbers");
}

void check_customer_and_date(Check& check) {
    if (check.order.customer.name.empty()) check.wrong(RefusalCode::malformed, "The customer has no name.", "/customer/name", "Give the titular's full name.");
    if (auto const contract = check.order.contract ? check.book.contract(check.order.contract) : std::nullopt; contract && contract->state == "ended")
        check.wrong(RefusalCode::not_admissible, "Contract " + contract->id.text + " has ended.", "/contract_id", "Name the customer's new contract.");
    else if (contract && !check.order.customer.name.empty() && !same_text(contract->customer.name, check.order.customer.name))
        check.by_ground(Ground::not_titular, fmt::format("Contract {} is held by another customer than the order's.", contract->id.text), "/contract_id");
    else if (contract && contract->network != check.order.network)
        check.wrong(RefusalCode::not_admissible, fmt::format("Contract {} is of the {} network, the order of the {} one.", contract->id.text, name_of(contract->network), name_of(check.order.network)), "/contract_id", "Name a contract of the order's network.");
    if (auto const contract = check.order.contract ? check.book.contract(check.order.contract) : std::nullopt; contract && contract->state == "ending")
        check.wrong(RefusalCode::not_admissible, "Contract " + contract->id.text + " is terminated for " + check.rulebook.calendar().local_text(*contract->terminates_at) + "; it takes no more numbers.", "/contract_id", "Name another contract, or have the termination withdrawn.");
    auto const& wish = check.order.wish;
    if (!wish.on_date) return;
    if (!wish.at) check.wrong(RefusalCode::malformed, "A date was chosen but not given.", "/wish/at", "Give the date, or choose asap.");
    else if (*wish.at < check.now) check.wrong(RefusalCode::not_admissible, "The wished date is in the past.", "/wish/at", "Choose a later date.");
    else if (*wish.at > check.rulebook.due("npod.horizon", check.now))
        check.wrong(RefusalCode::not_admissible, "The wished date is further away than npod.horizon allows.", "/wish/at", "Choose an earlier date.");
    else if (*wish.at > check.rulebook.due("be.approval.valid", check.now))
        check.wrong(RefusalCode::not_admissible, "The donor's acceptance would lapse before the wished date (be.approval.valid).", "/wish/at", "Choose an earlier date, or order later.");
}

} // namespace

std::vector<Refusal> problems_of(input::OrderPortIn const& order, Book const& book, rules::Rulebook const& rulebook,
                                 Settings const& settings, Moment now) {
    Check check{order, book, rulebook, settings, now, {}};
    check_parties(check);
    check_numbers(check);
    check_mandate(check);
    check_customer_and_date(check);
    return check.problems;
}

} // namespace npod::porting
