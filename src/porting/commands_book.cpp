/// Contracts and blocks as the business systems know them.

#include "base/limits.hpp"
#include "porting/handlers.hpp"
#include "porting/licence.hpp"
#include "porting/numbering_plan.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

namespace npod::porting {

void check_number(Step& step, ContractId const& contract, Customer const& customer, Number number, std::string const& pointer) {
    auto const wrong = [&](RefusalCode code, std::string text, std::string next) {
        step.refuse({code, std::move(text), pointer, std::move(next), ""});
    };
    NumberRecord const* const record = step.number(number);
    if (record == nullptr) {
        auto const holder = step.book.block_holder(number);
        if (holder && *holder != step.settings.own && step.book.serving(number) != step.settings.own)
            wrong(RefusalCode::not_admissible, to_string(number) + " is of a block of " + holder->text + ".", "Port it in, or correct the block.");
        return;
    }
    if (record->state == "free" || record->contract == contract) return; // one that is leaving is still the contract's
    if (record->state == "in_service" && !record->contract) return;      // it came by a port whose contract had ended meanwhile
    if (record->state == "portable" && record->last_contract) {
        Contract const* const last = step.contract(record->last_contract);
        if (last && same_text(last->customer.name, customer.name)) return; // the same holder takes it back within his month
    }
    wrong(RefusalCode::conflict, fmt::format("{} is not free: it is {}{}.", to_string(number), record->state,
                                             record->contract ? " under contract " + record->contract.text : ""),
          "Leave it out, or wait until it is free: npctl number show " + to_string(number));
}

namespace {

void assign(Step& step, Contract& contract, NumberRange range) {
    for (Number n = range.first; n <= range.last; n = n.next()) {
        NumberRecord* record = step.number(n);
        if (record == nullptr) record = &step.add(NumberRecord{n, "free", step.now, {}, {}, {}, {}, {}, {}});
        if (record->contract == contract.id) continue;
        record->serving = step.settings.own;
        record->contract = contract.id;
        record->contract_ended_at.reset();
        record->portable_until.reset();
        record->ageing_until.reset();
        drive(step, *record, number::assigned);
    }
}

} // namespace

void take_numbers(Step& step, Contract& contract, std::vector<NumberRange> const& numbers) {
    bool const fresh = contract.original_numbers.empty();
    for (auto const& range : without(numbers, contract.numbers)) {
        contract.numbers.push_back(range);
        contract.original_numbers.push_back(range);
        if (!fresh) drive(step, contract, contract::number_added, to_string(range));
    }
    contract.numbers = joined(std::move(contract.numbers));
    contract.original_numbers = joined(std::move(contract.original_numbers));
    for (auto const& range : numbers) assign(step, contract, range);
    auto const licence = licence_of(contract, count(contract.numbers), step.rulebook, step.now);
    if (licence && !licence->in_order) step.note("licence of contract " + contract.id.text + ": " + licence->sentence);
}

namespace {

/// Whether the contract has had the range all along, in this network and zone: it was judged when it came.
bool held_already(Contract const* contract, input::PutContract const& put, NumberRange range) {
    return contract != nullptr && contract->network == put.network && contract->location.zone == put.location.zone &&
           without({range}, contract->numbers).empty();
}

/// A range is of one kind and one zone; that is the contract's network, and the zone of its installation (be.move).
void check_kind(Step& step, input::PutContract const& put, NumberRange range, std::string const& pointer) {
    auto const wrong = [&](RefusalCode code, std::string text, std::string next, std::string ground = {}) {
        step.refuse({code, std::move(text), pointer, std::move(next), std::move(ground)});
    };
    auto const first = belgian_plan(range.first), last = belgian_plan(range.last);
    if (!first || !last) {
        auto refusal = !first ? first.refusal() : last.refusal();
        refusal.pointer = pointer;
        return step.refuse(std::move(refusal));
    }
    if (first->zone != last->zone || first->kind != last->kind)
        return wrong(RefusalCode::malformed, to_string(range) + " spans more than one zone or kind of number.", "Split the range where the zone changes.");
    if (network_of(first->kind) != put.network)
        wrong(RefusalCode::not_admissible, fmt::format("{} is {}, which is no number of the {} network.", to_string(range), first->zone_name.empty() ? std::string(name_of(first->kind)) : first->zone_name, name_of(put.network)),
              "Put it into a contract of its own network.");
    auto const& zone = put.location.zone;
    if (first->kind == Kind::geographic && !zone.empty() && first->zone != zone)
        wrong(RefusalCode::not_admissible, fmt::format("{} belongs to zone {} ({}), the installation is in zone {} (be.move).", to_string(range), first->zone, first->zone_name, zone),
              "Correct the zone, or leave the number out; who moves is told with POST /v1/contracts/{id}/move.", std::string(code_of(Ground::out_of_zone)));
}

/// What the contract says of itself: a zone that there is, and its titular, who stays while a number is leaving in his name.
void check_itself(Step& step, input::PutContract const& put, Contract const* contract) {
    auto const& zone = put.location.zone;
    if (!zone.empty() && belgian_zone_name(zone).empty())
        step.refuse({RefusalCode::malformed, "There is no zone " + zone + ".", "/location/zone", "Give the prefix without the leading 0: \"2\" for Brussels.", ""});
    if (contract == nullptr || same_text(contract->customer.name, put.customer.name)) return;
    for (auto const& range : contract->numbers)
        for (Number n = range.first; n <= range.last; n = n.next())
            if (auto const live = step.book.live_port(n, Role::port_out))
                return step.refuse({RefusalCode::conflict, fmt::format("{} is leaving with {} in the name of {}; the titular does not change meanwhile (be.titular).", to_string(n), live->port.text, contract->customer.name),
                                    "/customer/name", "Keep the name until the port has ended: npctl port show " + live->port.text, ""});
}

/// Each service once, and with numbers of this very contract.
void check_services(Step& step, input::PutContract const& put) {
    auto const wrong = [&](std::size_t index, std::string text, std::string next) {
        step.refuse({RefusalCode::malformed, std::move(text), fmt::format("/related/{}", index), std::move(next), ""});
    };
    for (std::size_t i = 0; i < put.related.size(); ++i) {
        auto const& service = put.related[i];
        for (auto const& range : without(service.numbers, put.numbers))
            wrong(i, fmt::format("Service \"{}\" names {}, which is not of this contract.", service.name, to_string(range)), "Name numbers of the contract, or none.");
        for (std::size_t j = 0; j < i; ++j)
            if (same_text(put.related[j].name, service.name))
                wrong(i, fmt::format("Service \"{}\" is named twice.", service.name), "Name each service once, with all its numbers.");
    }
}

} // namespace

void handle(Step& step, input::PutContract const& put) {
    Contract* contract = step.contract(put.id);
    step.about(put.id.text);
    if (contract != nullptr && contract->state == "ended")
        return step.refuse({RefusalCode::illegal_now, "Contract " + put.id.text + " has ended.", "", "Use a new contract id.", ""});
    if (count(put.numbers) > limits::numbers_per_contract_max)
        return step.refuse({RefusalCode::too_large, fmt::format("A contract holds at most {} numbers.", limits::numbers_per_contract_max), "/numbers", "Split the contract.", ""});
    for (std::size_t i = 0; i < put.numbers.size(); ++i) {
        auto const pointer = fmt::format("/numbers/{}", i);
        if (!held_already(contract, put, put.numbers[i])) check_kind(step, put, put.numbers[i], pointer);
        for (std::size_t j = 0; j < i; ++j)
            if (put.numbers[i].overlaps(put.numbers[j]))
                step.refuse({RefusalCode::malformed, to_string(put.numbers[i]) + " overlaps " + to_string(put.numbers[j]) + ".", pointer, "Name each number once.", ""});
        for (Number n = put.numbers[i].first; n <= put.numbers[i].last; n = n.next()) check_number(step, put.id, put.customer, n, pointer);
    }
    check_itself(step, put, contract);
    check_services(step, put);
    if (contract != nullptr)
        for (auto const& gone : without(contract->numbers, put.numbers))
            step.refuse({RefusalCode::not_admissible, to_string(gone) + " is in the contract and missing in the new data; a number leaves only by a port or a termination.", "/numbers", "Name it, or terminate it.", ""});
    if (step.refused()) return;
    bool const fresh = contract == nullptr;
    if (fresh) {
        Contract made;
        made.id = put.id;
        made.state = contract::table.about(contract::table.initial).name;
        made.since = step.now;
        contract = &step.add(std::move(made));
    }
    contract->customer = put.customer;
    contract->product = put.product;
    contract->network = put.network;
    contract->end_users = put.end_users;
    contract->location = put.location;
    contract->related = put.related;
    take_numbers(step, *contract, put.numbers);
    step.answered(put.id.text, fresh);
}

void handle(Step& step, input::TerminateContract const& terminate) {
    Contract* const contract = step.contract(terminate.id);
    if (contract == nullptr) return step.refuse(no_such("contract", terminate.id.text));
    step.about(terminate.id.text);
    Moment const at = terminate.at.value_or(step.now);
    auto const& calendar = step.rulebook.calendar();
    if (calendar.day_of(at) < calendar.day_of(step.now))
        return step.refuse({RefusalCode::not_admissible, "A contract cannot be terminated for a day in the past.", "/at", "Give today or a later day.", ""});
    if (terminate.renounce_portability && !step.rulebook.flag("be.grace.renounceable", step.now))
        return step.refuse({RefusalCode::not_admissible, "The month after the contract cannot be renounced (be.grace.renounceable).", "/renounce_portability", "Terminate without it.", ""});
    contract->terminates_at = at;
    contract->renounced = terminate.renounce_portability;
    if (drive(step, *contract, contract::termination_requested, "for " + calendar.local_text(at)).verdict == machine::Verdict::refused)
        return step.refuse({RefusalCode::illegal_now, "Contract " + terminate.id.text + " is " + contract->state + ".", "", "", ""});
    step.answered(terminate.id.text);
}

void handle(Step& step, input::PutBlock const& put) {
    step.block(put.numbers, put.holder);
    step.note(to_string(put.numbers) + " is a block of " + put.holder.text);
    step.answered(to_string(put.numbers));
}

} // namespace npod::porting
