/// What becomes of contracts and numbers between two ports: a termination taken back, a move, a change of number.

#include "porting/handlers.hpp"
#include "porting/numbering_plan.hpp"

#include <fmt/format.h>

namespace npod::porting {

namespace {

/// Of the contract's numbers those that may not be used in the zone: geographic ones of another (be.move).
std::vector<NumberRange> outside(Contract const& contract, std::string const& zone) {
    std::vector<NumberRange> numbers;
    for (auto const& range : contract.numbers)
        for (Number n = range.first; n <= range.last; n = n.next())
            if (auto const plan = belgian_plan(n); plan && plan->kind == Kind::geographic && plan->zone != zone) numbers.push_back({n, n});
    return joined(std::move(numbers));
}

std::string zone_text(std::string_view zone) { return fmt::format("zone {} ({})", zone, belgian_zone_name(zone)); }

/// A contract of ours that is in force, or a refusal.
Contract* contract_in_force(Step& step, ContractId const& id) {
    Contract* const contract = step.contract(id);
    if (contract == nullptr) step.refuse(no_such("contract", id.text));
    else if (contract->state == "ended")
        step.refuse({RefusalCode::illegal_now, "Contract " + id.text + " has ended.", "", "Look at it with: npctl contract show " + id.text, ""});
    step.about(id.text);
    return step.refused() ? nullptr : contract;
}

/// The number and the contract that holds it, or a refusal.
NumberRecord* held_number(Step& step, Number number) {
    NumberRecord* const record = step.number(number);
    auto const text = to_string(number);
    step.about(text);
    if (record == nullptr) step.refuse(no_such("number", text));
    else if (step.contract(record->contract) == nullptr)
        step.refuse({RefusalCode::illegal_now, text + " is held by no contract of ours: it is " + record->state + ".", "", "Look at it with: npctl number show " + text, ""});
    return step.refused() ? nullptr : record;
}

/// What stands in the place of a number is of its kind, and of its zone where it has one.
void check_new_number(Step& step, NumberRecord const& old, Number fresh) {
    Contract const& contract = *step.contract(old.contract);
    auto const was = belgian_plan(old.number), is = belgian_plan(fresh);
    if (!is) {
        auto refusal = is.refusal();
        refusal.pointer = "/new_number";
        return step.refuse(std::move(refusal));
    }
    if (was && (was->kind != is->kind || was->zone != is->zone))
        step.refuse({RefusalCode::not_admissible, fmt::format("{} is not of the kind and zone of {}.", to_string(fresh), to_string(old.number)), "/new_number", "Choose one that is.", ""});
    NumberRecord const* const record = step.number(fresh);
    if (record != nullptr && record->state != "free")
        step.refuse({RefusalCode::conflict, fmt::format("{} is not free: it is {}.", to_string(fresh), record->state), "/new_number", "Choose a free one.", ""});
    else
        check_number(step, contract.id, contract.customer, fresh, "/new_number");
}

} // namespace

void handle(Step& step, input::WithdrawTermination const& withdraw) {
    Contract* const contract = contract_in_force(step, withdraw.id);
    if (contract == nullptr) return;
    if (drive(step, *contract, contract::termination_withdrawn).verdict == machine::Verdict::refused)
        return step.refuse({RefusalCode::illegal_now, "No termination of contract " + withdraw.id.text + " is announced: it is " + contract->state + ".", "", "Look at it with: npctl contract show " + withdraw.id.text, ""});
    contract->terminates_at.reset();
    contract->renounced = false;
    step.answered(withdraw.id.text);
}

void handle(Step& step, input::MoveContract const& move) {
    Contract* const contract = contract_in_force(step, move.id);
    if (contract == nullptr) return;
    auto const& zone = move.location.zone;
    if (belgian_zone_name(zone).empty())
        return step.refuse({RefusalCode::malformed, zone.empty() ? "The move names no zone." : "There is no zone " + zone + ".", "/location/zone", "Give the prefix without the leading 0: \"2\" for Brussels.", ""});
    auto const numbers = outside(*contract, zone);
    if (!move.give_up)
        for (auto const& range : numbers) {
            auto const plan = belgian_plan(range.first);
            step.refuse({RefusalCode::not_admissible, fmt::format("{} is of {} and cannot be used in {} (be.move).", to_string(range), zone_text(plan ? plan->zone : ""), zone_text(zone)),
                         "/location/zone", "Give the numbers up with give_up (--give-up): they end, and may still be ported for a month.", std::string(code_of(Ground::out_of_zone))});
        }
    if (step.refused()) return;
    contract->location = move.location;
    step.note("contract " + move.id.text + " moves to " + zone_text(zone) + (numbers.empty() ? "; every number stays" : ""));
    if (!numbers.empty()) {
        end_numbers_of(step, *contract, numbers, step.now, "given up by a move to " + zone_text(zone));
        trim_services(step, *contract);
    }
    step.answered(move.id.text);
}

void handle(Step& step, input::ChangeNumber const& change) {
    NumberRecord* const record = held_number(step, change.number);
    if (record == nullptr) return;
    auto const notice = step.rulebook.deadline("be.number_change.notice", step.now);
    auto const& calendar = step.rulebook.calendar();
    auto const text = to_string(change.number);
    if (change.at && *change.at < notice.due)
        step.refuse({RefusalCode::not_admissible,
                     fmt::format("{} cannot be changed on {}: the notice is {} {} ({}), so the earliest is {}.", text, calendar.local_text(*change.at), notice.rule.value,
                                 name_of(notice.rule.unit), notice.rule.id, calendar.local_rfc3339(notice.due)),
                     "/at", "Choose that or a later moment.", ""});
    if (change.new_number) check_new_number(step, *record, *change.new_number);
    if (step.refused()) return;
    Moment const at = change.at.value_or(notice.due);
    auto const note = "for " + calendar.local_text(at) + (change.new_number ? ", to " + to_string(*change.new_number) : "");
    if (drive(step, *record, number::change_noticed, note).verdict == machine::Verdict::refused)
        return step.refuse({RefusalCode::illegal_now, text + " is " + record->state + ": no change can be announced now.", "", "Look at it with: npctl number show " + text, ""});
    if (at > notice.due) {
        Timer later = at_agreed(at);
        later.subject = subject_of(*record);
        later.name = number::table.about(number::Timer::change_date).name;
        later.armed_in = record->state;
        step.arm(std::move(later));
    }
    if (change.new_number) take_numbers(step, *step.contract(record->contract), {{*change.new_number, *change.new_number}});
    step.answered(text);
}

void handle(Step& step, input::WithdrawNumberChange const& withdraw) {
    NumberRecord* const record = held_number(step, withdraw.number);
    if (record == nullptr) return;
    auto const text = to_string(withdraw.number);
    if (drive(step, *record, number::change_withdrawn).verdict == machine::Verdict::refused)
        return step.refuse({RefusalCode::illegal_now, "No change of " + text + " is announced: it is " + record->state + ".", "", "Look at it with: npctl number show " + text, ""});
    step.answered(text);
}

} // namespace npod::porting
