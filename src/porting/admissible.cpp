/// RULES-BE section 3, as far as a donor's own book can judge it.

#include "porting/admissible.hpp"

#include "porting/examination.hpp"
#include "porting/residue.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

using enum Admissibility::Standing;

Admissibility barred_by(std::string why) { return {Ground::legal, barred, false, std::move(why)}; }
Admissibility given_by(std::string why) { return {Ground::legal, given, false, std::move(why)}; }
Admissibility up_to_a_person(std::string why) { return {Ground::legal, judgement, false, std::move(why)}; }
Admissibility with_a_text() { return {Ground::legal, judgement, true, "with a text that says what it is"}; }

bool gone(NumberRecord const& record) {
    return record.state == "free" || record.state == "returned" || record.state == "ported_out";
}

/// The wire carries the last name of a person only, so the whole need only end in it.
bool mentions(std::string_view whole, std::string_view part) {
    return part.empty() || same_text(whole, part) ||
           (whole.size() >= part.size() && same_text(whole.substr(whole.size() - part.size()), part));
}

bool differ(std::string const& a, std::string const& b) { return !a.empty() && !b.empty() && !same_text(a, b); }

constexpr auto no_contract = "no contract of ours is in force for it that the request could be compared with";

std::string first_of(std::vector<NumberRange> const& ranges) {
    constexpr std::size_t named_max = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(ranges.size(), named_max); ++i) text += (i == 0 ? "" : ", ") + to_string(ranges[i]);
    if (ranges.size() > named_max) text += fmt::format(" and {} more", ranges.size() - named_max);
    return text;
}

} // namespace

// --------------------------------------------------------------------------------------------------------- one number

Examination::Holding Examination::holding_of(Number number) {
    Holding holding;
    holding.record = step_.number(number);
    if (holding.record == nullptr || gone(*holding.record) || holding.record->state == "ageing") return holding;
    holding.contract = step_.contract(holding.record->contract ? holding.record->contract : holding.record->last_contract);
    return holding;
}

std::vector<NumberRange> const& Examination::unstated_around(Number number) {
    static std::vector<NumberRange> const none;
    NumberRecord const* const record = step_.number(number);
    Contract const* const contract = record ? step_.contract(record->contract) : nullptr;
    if (contract == nullptr) return none;
    auto const range = std::ranges::find_if(contract->numbers, [&](NumberRange held) { return held.contains(number); });
    if (range == contract->numbers.end()) return none;
    auto const [known, fresh] = unstated_.try_emplace(*range);
    if (!fresh) return known->second;
    std::vector<NumberRange> asked;
    for (Line const* const line : step_.lines(port_.id)) asked.push_back(line->numbers);
    known->second = unstated_in(*range, asked, stated_fates(port_), step_.book);
    return known->second;
}

Admissibility Examination::on_assignment(Number number, Holding const& holding) const {
    if (holding.record != nullptr) return barred_by("it is on our own record");
    if (auto const holder = step_.book.block_holder(number)) return barred_by("it is of a block of " + holder->text);
    return given_by("we know neither the number nor a block that it is of");
}

Admissibility Examination::on_never_used(Holding const& holding) const {
    if (port_.network != Network::mobile) return barred_by("only prepaid mobile numbers can be that, and it is fixed");
    if (holding.contract == nullptr) return barred_by(no_contract);
    auto const& product = holding.contract->product;
    if (!product.empty() && !contains_text(product, "prepaid"))
        return barred_by(fmt::format("contract {} is no prepaid one: {}", holding.contract->id.text, product));
    return up_to_a_person("only when no call was ever made on a prepaid card");
}

Admissibility Examination::on_ageing(Holding const& holding) const {
    auto const& calendar = step_.rulebook.calendar();
    if (holding.record == nullptr) return barred_by("it is not on our record");
    if (holding.record->state == "ageing")
        return given_by("it rests until " + calendar.local_text(holding.record->ageing_until.value_or(step_.now)) +
                        ", and its month is over");
    if (holding.record->state == "portable")
        return barred_by("it is portable until " + calendar.local_text(holding.record->portable_until.value_or(step_.now)) +
                         ": the month after its contract still runs (be.grace)");
    return barred_by("it is " + holding.record->state);
}

Admissibility Examination::on_zone(Number number) const {
    auto const plan = belgian_plan(number);
    if (!plan || plan->kind != Kind::geographic) return barred_by("only geographic numbers have a zone");
    auto const zone = fmt::format("zone {} ({})", plan->zone, plan->zone_name);
    if (port_.location.zone.empty()) return up_to_a_person("it is of " + zone + "; the request names no place (be.move)");
    if (port_.location.zone == plan->zone) return barred_by("it is of " + zone + ", where the installation is");
    return given_by("it is of " + zone + ", the installation is in zone " + port_.location.zone + " (be.move)");
}

Admissibility Examination::on_range(Number number) {
    auto const& unstated = unstated_around(number);
    if (unstated.empty()) return barred_by("every number of its range has a fate");
    return given_by("no fate is stated for " + first_of(unstated));
}

Admissibility Examination::on_name(Holding const& holding) const {
    if (holding.contract == nullptr) return barred_by(no_contract);
    auto const& asked = port_.customer;
    auto const& titular = holding.contract->customer;
    std::string wrong;
    if (!mentions(titular.name, asked.name)) wrong = "name";
    if (differ(asked.address.postcode, titular.address.postcode)) wrong += wrong.empty() ? "postcode" : ", postcode";
    if (differ(asked.address.house_number, titular.address.house_number)) wrong += wrong.empty() ? "house number" : ", house number";
    if (wrong.empty())
        return barred_by("name, postcode and house number agree with contract " + holding.contract->id.text + ", as far as told");
    return given_by("contract " + holding.contract->id.text + " differs in " + wrong);
}

Admissibility Examination::on_account(Holding const& holding) const {
    if (port_.customer.customer_id.empty()) return barred_by("the request names no customer number that could be wrong");
    if (holding.contract == nullptr) return barred_by(no_contract);
    auto const& kept = holding.contract->customer.customer_id;
    if (kept.empty()) return up_to_a_person("contract " + holding.contract->id.text + " keeps no customer number to compare with");
    if (same_text(kept, port_.customer.customer_id)) return barred_by("the customer number is that of contract " + holding.contract->id.text);
    return given_by("contract " + holding.contract->id.text + " has another customer number");
}

Admissibility Examination::on_titular(Holding const& holding) const {
    if (holding.contract == nullptr) return barred_by(no_contract);
    bool const same = mentions(holding.contract->customer.name, port_.customer.name);
    if (same && holding.contract->customer.legal_person)
        return barred_by("the request is in the name of the titular of contract " + holding.contract->id.text);
    if (same) return up_to_a_person("the request carries the last name only; another person may bear it");
    return up_to_a_person("the request is in another name than contract " + holding.contract->id.text);
}

Admissibility Examination::on_activity(Number number, Holding const& holding) const {
    if (holding.record == nullptr) {
        auto const holder = step_.book.block_holder(number);
        return holder ? given_by("we do not serve it; its block is of " + holder->text) : barred_by("it is not assigned at all");
    }
    if (gone(*holding.record)) return given_by("it is " + holding.record->state);
    if (holding.record->state == "ageing") return barred_by("it is ageing: that is the ground");
    return barred_by("it is " + holding.record->state);
}

Admissibility Examination::on_other_port(Number number) const {
    auto const live = step_.book.live_port(number, Role::port_out);
    if (live && live->port != port_.id) return given_by(live->port.text + " asks for it already");
    return barred_by("nobody else asks for it");
}

Admissibility Examination::judge(Number number, Holding const& holding, Ground ground) {
    switch (ground) {
    case Ground::not_assigned: return on_assignment(number, holding);
    case Ground::never_used: return on_never_used(holding);
    case Ground::ageing: return on_ageing(holding);
    case Ground::out_of_zone: return on_zone(number);
    case Ground::incomplete_range: return on_range(number);
    case Ground::name_address_mismatch: return on_name(holding);
    case Ground::wrong_account: return on_account(holding);
    case Ground::not_titular: return on_titular(holding);
    case Ground::mandate_missing:
    case Ground::mandate_invalid: return up_to_a_person("the wire carries no mandate: ask the recipient for it first (be.mandate)");
    case Ground::inactive: return on_activity(number, holding);
    case Ground::port_in_progress: return on_other_port(number);
    case Ground::technical:
    case Ground::legal: return with_a_text();
    }
    NPOD_PROMISE(!"every ground is judged");
    return {};
}

Admissibility Examination::of(Number number, Ground ground) {
    auto judged = judge(number, holding_of(number), ground);
    judged.ground = ground;
    return judged;
}

std::vector<Admissibility> Examination::of(Number number) {
    auto const holding = holding_of(number);
    std::vector<Admissibility> all;
    for (auto const& entry : all_grounds()) {
        all.push_back(judge(number, holding, entry.ground));
        all.back().ground = entry.ground;
    }
    return all;
}

std::vector<Ground> Examination::given(Number number) {
    std::vector<Ground> grounds;
    for (auto const& judged : of(number))
        if (judged.standing == Admissibility::Standing::given) grounds.push_back(judged.ground);
    return grounds;
}

// ---------------------------------------------------------------------------------------------------- for who asks

std::vector<EligibleRange> eligible_grounds(Port const& port, Book const& book, rules::Laws const& laws,
                                            Settings const& settings, Moment now) {
    Step step(book, laws, settings, now);
    Examination examination(step, port);
    std::vector<EligibleRange> ranges;
    for (Line const* const line : step.lines(port.id)) {
        if (!waits_for_our_answer(*line)) continue;
        for (Number n = line->numbers.first; n <= line->numbers.last; n = n.next()) {
            auto grounds = examination.of(n);
            bool const extends = n != line->numbers.first && ranges.back().grounds == grounds;
            if (extends) ranges.back().numbers.last = n;
            else ranges.push_back({line->no, {n, n}, std::move(grounds)});
        }
    }
    return ranges;
}

} // namespace npod::porting
