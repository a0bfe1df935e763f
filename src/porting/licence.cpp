#include "porting/licence.hpp"

#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <charconv>

namespace npod::porting {

namespace {

std::string counted(std::int64_t count, std::string_view thing) { return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s"); }

/// A count of the rulebook; another country's book may have none.
struct Count {
    std::string id;
    int value = 0;
};
std::optional<Count> count_of(rules::Rulebook const& rulebook, std::string_view id, Moment at) {
    auto const rule = rulebook.find(id, at);
    if (!rule) return {};
    return Count{rule->id, rulebook.count(id, at)};
}

/// The product as the rulebook's ids name it: "multi", "2go", "classic"; empty for others.
std::string_view product_of(Contract const& contract) {
    for (std::string_view const name : {"multi", "2go", "classic"})
        if (contains_text(contract.product, "voice pro") && contains_text(contract.product, name)) return name;
    return {};
}

void check_end_users(Licence& licence, std::optional<Count> const& most) {
    if (!most || licence.end_users <= most->value) return;
    licence.in_order = false;
    licence.rule = most->id;
    licence.sentence += fmt::format(" It serves at most {} ({}).", counted(most->value, "end user"), most->id);
}

Licence by_end_users(Licence licence, Contract const& contract, Count const& extra) {
    licence.rule = extra.id;
    if (licence.end_users == 0) {
        licence.sentence = fmt::format("{}: how many end users there are was not told.", contract.product);
        return licence;
    }
    licence.foreseen = licence.end_users + extra.value;
    licence.in_order = licence.numbers == *licence.foreseen;
    licence.sentence = fmt::format("{} with {} has {} ({}); {} {}.", contract.product, counted(licence.end_users, "end user"),
                                   counted(*licence.foreseen, "number"), extra.id, licence.in_order ? "it holds" : "but it holds",
                                   licence.numbers);
    return licence;
}

Licence by_number(Licence licence, Contract const& contract, Count const& each) {
    licence.rule = each.id;
    licence.licences = (licence.numbers + each.value - 1) / each.value;
    licence.sentence = fmt::format("{}: {} for {} ({}).", contract.product, counted(licence.licences, "licence"),
                                   counted(licence.numbers, "number"), each.id);
    return licence;
}

} // namespace

std::optional<Licence> licence_of(Contract const& contract, std::int64_t numbers, rules::Rulebook const& rulebook, Moment at) {
    auto const product = product_of(contract);
    if (product.empty() || numbers == 0) return {};
    auto const rule = [&](std::string_view rest) { return count_of(rulebook, fmt::format("be.licence.{}.{}", product, rest), at); };
    Licence licence;
    licence.end_users = contract.end_users;
    licence.numbers = numbers;
    if (auto const extra = rule("extra_numbers")) licence = by_end_users(licence, contract, *extra);
    else if (auto const each = rule("numbers_per_licence"); each && each->value > 0) licence = by_number(licence, contract, *each);
    else return {};
    check_end_users(licence, rule("end_users_max"));
    return licence;
}

} // namespace npod::porting
