/// Numbers and contracts: what a transfer or a termination does to them.

#include "porting/lives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace npod::porting {

namespace {

/// The block is ours when we know so, or when nothing says that the number ever came from elsewhere.
bool block_is_ours(Step const& step, Number number) {
    if (auto const holder = step.book.block_holder(number)) return *holder == step.settings.own;
    return step.book.serving(number) != step.settings.own; // the routing table names us only for numbers that came by a port
}

/// Counted afresh from the contract's end: a contract may end while its number is leaving, and no month was noted then.
bool month_still_runs(Step& step, NumberRecord const& record) {
    Contract const* const last = step.contract(record.last_contract);
    if (!record.contract_ended_at || (last != nullptr && last->renounced)) return false;
    return step.now < step.rulebook.deadline("be.grace", *record.contract_ended_at).due;
}

number::Facts facts_of(Step& step, NumberRecord const& record) {
    number::Facts facts;
    Contract const* const contract = step.contract(record.contract);
    facts.contract_holds = contract != nullptr && contract->state != "ended";
    facts.month_still_runs = month_still_runs(step, record);
    facts.block_is_ours = block_is_ours(step, record.number);
    return facts;
}

Timer deadline_of(Step const& step, NumberRecord& record, number::Timer timer) {
    using enum number::Timer;
    Moment const ended = record.contract_ended_at.value_or(step.now);
    switch (timer) {
    case grace_end: {
        Timer t = by_rule(step, "be.grace", ended);
        record.portable_until = t.due;
        return t;
    }
    case ageing_end: {
        Timer t = by_rule(step, "be.ageing.min", ended);
        record.ageing_until = t.due;
        return t;
    }
    case change_date: return by_rule(step, "be.number_change.notice", step.now);
    case none: break;
    }
    NPOD_PROMISE(!"a state without a deadline arms none");
    return {};
}

void carry_out(Step& step, NumberRecord& record, number::Action action) {
    switch (action) {
    case number::leave_contract:
        if (Contract* const contract = step.contract(record.contract))
            contract->numbers = without(std::move(contract->numbers), {{record.number, record.number}});
        record.last_contract = record.contract;
        record.contract = {};
        break;
    case number::send_deactivation: {
        auto const holder = step.book.block_holder(record.number);
        step.give_back(holder.value_or(OperatorCode{}), {record.number, record.number});
        record.serving = holder.value_or(OperatorCode{});
        break;
    }
    case number::note_serving_operator: {
        bool const own_block_at_home = record.serving == step.settings.own && block_is_ours(step, record.number);
        if (record.serving && (!own_block_at_home || step.book.serving(record.number)))
            step.route({record.number, record.number}, record.serving);
        break;
    }
    case number::tell_customer: break; // the record of the move is the order
    }
}

void carry_out(Step& step, Contract& contract, contract::Action action) {
    switch (action) {
    case contract::end_wholly: contract.ended_at = step.now; break;
    case contract::end_numbers: {
        Moment const ended = std::min(contract.terminates_at.value_or(step.now), step.now);
        contract.ended_at = ended;
        auto const numbers = contract.numbers; // each number takes itself out of the contract
        for (auto const& range : numbers)
            for (Number n = range.first; n <= range.last; n = n.next()) {
                NumberRecord* const record = step.number(n);
                if (record == nullptr) continue;
                record->contract_ended_at = ended;
                drive(step, *record, number::contract_ended);
                if (contract.renounced) drive(step, *record, number::portability_renounced);
            }
        break;
    }
    case contract::end_in_part:
    case contract::tell_customer: break; // the record of the move is the order
    }
}

} // namespace

number::Decision drive(Step& step, NumberRecord& record, number::Event event, std::string note) {
    if (event == number::change_date_reached) record.contract_ended_at = step.now; // both clocks count from here
    auto const decision = drive(
        step, number::table, record, subject_of(record), event, facts_of(step, record),
        [&](number::Timer timer) { return deadline_of(step, record, timer); }, std::move(note));
    for (auto const action : decision.actions) carry_out(step, record, action);
    return decision;
}

contract::Decision drive(Step& step, Contract& contract, contract::Event event, std::string note) {
    contract::Facts facts;
    facts.numbers_remain = !contract.numbers.empty();
    facts.numbers_have_left = count(contract.numbers) < count(contract.original_numbers);
    facts.date_has_come = contract.terminates_at && *contract.terminates_at <= step.now;
    auto const decision = drive(
        step, contract::table, contract, subject_of(contract), event, facts,
        [&](contract::Timer) { return at_agreed(contract.terminates_at.value_or(step.now)); }, std::move(note));
    for (auto const action : decision.actions) carry_out(step, contract, action);
    return decision;
}

void release_numbers(Step& step, Port const& port, Line const& line) {
    std::map<ContractId, std::vector<NumberRange>> left;
    for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next()) {
        NumberRecord* record = step.number(n);
        if (record == nullptr) continue; // recognised by a person although we never knew it
        if (record->contract) left[record->contract].push_back({n, n});
        record->serving = port.recipient;
        drive(step, *record, number::port_out_executed);
    }
    for (auto& [id, numbers] : left)
        if (Contract* const contract = step.contract(id)) {
            auto const gone = joined(std::move(numbers));
            std::string note;
            for (auto const& range : gone) note += (note.empty() ? "" : ", ") + to_string(range);
            drive(step, *contract, contract::number_left, note + " went to " + port.recipient.text);
            if (contract->state == "ended") contract->ended_at = line.effective_at; // with its last number, not with the news of it
        }
}

void serve_numbers(Step& step, Port const& port, Line const& line) {
    for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next()) {
        NumberRecord* record = step.number(n);
        if (record == nullptr) record = &step.add(NumberRecord{n, "free", step.now, port.donor, {}, {}, {}, {}, {}});
        record->serving = step.settings.own;
        record->contract = port.contract;
        record->contract_ended_at.reset();
        record->portable_until.reset();
        record->ageing_until.reset();
        drive(step, *record, number::ported_in);
        step.route({n, n}, step.settings.own);
    }
    if (!port.contract) return;
    Contract* contract = step.contract(port.contract);
    if (contract == nullptr) {
        Contract fresh;
        fresh.id = port.contract;
        fresh.customer = port.customer;
        fresh.network = port.network;
        fresh.location = port.location;
        fresh.state = "active";
        fresh.since = step.now;
        contract = &step.add(std::move(fresh));
        step.note("contract " + port.contract.text + " was not known yet and starts with the order's data");
    }
    contract->numbers.push_back(line.numbers);
    contract->numbers = joined(std::move(contract->numbers));
    contract->original_numbers.push_back(line.numbers);
    contract->original_numbers = joined(std::move(contract->original_numbers));
    drive(step, *contract, contract::number_added, to_string(line.numbers) + " came from " + port.donor.text);
}

} // namespace npod::porting
