/// Numbers and contracts: what a transfer or a termination does to them.

#include "porting/lives.hpp"
#include "porting/residue.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace npod::porting {

namespace {

std::string list_of(std::vector<NumberRange> const& ranges) {
    std::string text;
    for (auto const& range : ranges) text += (text.empty() ? "" : ", ") + to_string(range);
    return text;
}

/// The block is ours when we know so, or when nothing says that the number ever came from elsewhere.
bool block_is_ours(Step const& step, Number number) {
    if (auto const holder = step.book.block_holder(number)) return *holder == step.settings.own;
    return step.book.serving(number) != step.settings.own; // the routing table names us only for numbers that came by a port
}

/// Counted afresh from the contract's end: a contract may end while its number is leaving, and no month was noted then.
bool month_still_runs(Step& step, NumberRecord const& record) {
    Contract const* const last = step.contract(record.last_contract);
    if (!record.contract_ended_at || (last != nullptr && last->renounced)) return false;
    return step.now < step.rulebook.due("be.grace", *record.contract_ended_at);
}

number::Facts facts_of(Step& step, NumberRecord const& record) {
    number::Facts facts;
    Contract const* const contract = step.contract(record.contract);
    facts.contract_holds = contract != nullptr && contract->state != "ended";
    facts.month_still_runs = month_still_runs(step, record);
    facts.block_is_ours = block_is_ours(step, record.number);
    facts.needs_no_ageing = facts.block_is_ours && !step.rulebook.flag("be.ageing.own", step.now);
    facts.holder_is_known = step.book.block_holder(record.number).has_value();
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
        if (t.due <= step.now) return by_rule(step, "npod.reminder", step.now); // it has aged, and there is nobody to give it back to
        record.ageing_until = t.due;
        return t;
    }
    case change_date: return by_rule(step, "be.number_change.notice", step.now); // a later date that was named replaces it
    case none: break;
    }
    NPOD_PROMISE(!"a state without a deadline arms none");
    return {};
}

void carry_out(Step& step, NumberRecord& record, number::Action action, Moment at) {
    switch (action) {
    case number::leave_contract:
        if (Contract* const contract = step.contract(record.contract))
            contract->numbers = without(std::move(contract->numbers), {{record.number, record.number}});
        record.last_contract = record.contract;
        record.contract = {};
        break;
    case number::send_deactivation: {
        auto const holder = step.book.block_holder(record.number);
        NPOD_PROMISE(holder.has_value()); // the machine's guard
        step.give_back(*holder, {record.number, record.number});
        record.serving = *holder;
        break;
    }
    case number::note_serving_operator: {
        bool const own_block_at_home = record.serving == step.settings.own && block_is_ours(step, record.number);
        if (!record.serving || (own_block_at_home && !step.book.serving(record.number))) break;
        NumberRange const itself{record.number, record.number};
        if (record.state == "ported_out") step.route_as_told(itself, record.serving, at); // it may have gone on from there meanwhile
        else step.route(itself, record.serving, at);
        break;
    }
    case number::call_a_person:
        step.note("nobody knows whose block " + to_string(record.number) + " is of, so it cannot go home; say it with PUT /v1/blocks");
        if (auto const longest = step.rulebook.due("be.ageing.max", record.contract_ended_at.value_or(step.now)); longest <= step.now)
            step.note(to_string(record.number) + " rests for longer than be.ageing.max allows: since " + step.rulebook.calendar().local_text(longest));
        break;
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

number::Decision drive(Step& step, NumberRecord& record, number::Event event, std::string note, std::optional<Moment> at) {
    if (event == number::change_date_reached) record.contract_ended_at = step.now; // both clocks count from here
    auto const decision = drive(
        step, number::table, record, subject_of(record), event, facts_of(step, record),
        [&](number::Timer timer) { return deadline_of(step, record, timer); }, std::move(note));
    for (auto const action : decision.actions) carry_out(step, record, action, at.value_or(step.now));
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

namespace {

/// The whole ends when its last number left, and news of it may come in another order (be.end.full). `at`: of the one just told.
Moment last_left(Step& step, Contract const& contract, Moment at) {
    for (auto const& range : contract.original_numbers)
        for (Number n = range.first; n <= range.last; n = n.next()) {
            NumberRecord const* const record = step.number(n);
            if (record != nullptr && !record->contract && record->last_contract == contract.id) at = std::max(at, record->contract_ended_at.value_or(at));
        }
    return at;
}

} // namespace

void number_has_left(Step& step, Contract& contract, Moment at, std::string note) {
    drive(step, contract, contract::number_left, std::move(note));
    if (contract.state == "ended") contract.ended_at = last_left(step, contract, at);
}

void release_numbers(Step& step, Port const& port, Line const& line) {
    std::map<ContractId, std::vector<NumberRange>> left;
    Moment const effective = line.effective_at.value_or(step.now); // a person may recognise what nobody dated
    for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next()) {
        NumberRecord* record = step.number(n);
        if (record == nullptr) continue; // recognised by a person although we never knew it
        if (record->contract) {
            left[record->contract].push_back({n, n});
            record->contract_ended_at = effective; // in part, for this number (be.end.partial)
        }
        record->serving = port.recipient;
        drive(step, *record, number::port_out_executed, {}, effective);
    }
    for (auto& [id, numbers] : left)
        if (Contract* const contract = step.contract(id)) {
            auto const gone = joined(std::move(numbers));
            number_has_left(step, *contract, effective, list_of(gone) + " went to " + port.recipient.text);
        }
}

std::vector<std::string> trim_services(Step& step, Contract& contract) {
    std::vector<std::string> ended;
    std::erase_if(contract.related, [&](RelatedService& service) {
        bool const had_numbers = !service.numbers.empty();
        service.numbers = in_both(service.numbers, contract.numbers);
        bool const ends = contract.state == "ended" || (had_numbers && service.numbers.empty());
        if (ends) ended.push_back(service.name);
        return ends;
    });
    for (auto const& name : ended) step.note("service \"" + name + "\" of contract " + contract.id.text + " ended with its numbers");
    return ended;
}

void end_numbers_of(Step& step, Contract& contract, std::vector<NumberRange> const& numbers, Moment ended, std::string const& note) {
    for (auto const& range : numbers)
        for (Number n = range.first; n <= range.last; n = n.next()) {
            NumberRecord* const record = step.number(n);
            if (record == nullptr || record->contract != contract.id) continue;
            record->contract_ended_at = ended;
            drive(step, *record, number::contract_ended, note);
        }
    number_has_left(step, contract, ended, list_of(numbers) + " ended: " + note);
}

namespace {

/// When the transfer was complete: at its last effective moment, or when the last open line was settled without one.
Moment complete_at(std::vector<Line*> const& lines, Moment now) {
    std::optional<Moment> last;
    for (Line const* const line : lines) {
        if (line->since == now && line->state != "executed") return now;
        if (line->state == "executed" && (!last || *last < *line->effective_at)) last = line->effective_at;
    }
    return last.value_or(now);
}

/// What services a contract loses through this port is kept with the port, so that its residue can tell.
void end_services(Step& step, Port& port, Contract& contract) {
    for (auto const& stated : port.related) {
        if (stated.service.empty() || stated.fate != Fate::cancel) continue;
        if (std::erase_if(contract.related, [&](RelatedService const& service) { return same_text(service.name, stated.service); }) > 0)
            step.note("service \"" + stated.service + "\" of contract " + contract.id.text + " ended as stated");
    }
    for (auto& name : trim_services(step, contract)) port.related.push_back({{}, Fate::cancel, std::move(name)});
}

} // namespace

void end_cancelled(Step& step, Port& port) {
    auto const lines = step.lines(port.id);
    if (std::ranges::none_of(lines, [](Line const* line) { return line->state == "executed"; })) return;
    std::vector<Line> copies;
    for (Line const* const line : lines) copies.push_back(*line);
    std::vector<NumberRange> cancelled;
    for (auto const& stated : stated_fates(port))
        if (stated.service.empty() && stated.fate == Fate::cancel) cancelled.push_back(stated.numbers);
    for (auto const& known : contracts_of(port, copies, step.book)) {
        Contract* const contract = step.contract(known.id);
        std::vector<NumberRange> ending;
        for (auto const& range : in_both(contract->numbers, cancelled))
            for (Number n = range.first; n <= range.last; n = n.next())
                if (!step.book.live_port(n, Role::port_out)) ending.push_back({n, n}); // one that leaves by another port is not ended by this
        ending = joined(std::move(ending));
        if (!ending.empty()) end_numbers_of(step, *contract, ending, complete_at(lines, step.now), "cancelled with " + port.id.text);
        end_services(step, port, *contract);
    }
}

void serve_numbers(Step& step, Port const& port, Line const& line) {
    Contract* contract = step.contract(port.contract);
    bool const ended_meanwhile = contract != nullptr && contract->state == "ended";
    for (Number n = line.numbers.first; n <= line.numbers.last; n = n.next()) {
        NumberRecord* record = step.number(n);
        if (record == nullptr) record = &step.add(NumberRecord{n, "free", step.now, port.donor, {}, {}, {}, {}, {}});
        record->serving = step.settings.own;
        record->contract = ended_meanwhile ? ContractId{} : port.contract;
        record->contract_ended_at.reset();
        record->portable_until.reset();
        record->ageing_until.reset();
        Moment const effective = line.effective_at.value_or(step.now);
        drive(step, *record, number::ported_in, {}, effective);
        step.route({n, n}, step.settings.own, effective);
    }
    if (!port.contract) return;
    if (ended_meanwhile)
        return step.note("contract " + port.contract.text + " has ended meanwhile; " + to_string(line.numbers) + " is served, and needs a contract that takes it");
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
