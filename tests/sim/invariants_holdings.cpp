/// Numbers between contracts, and contracts between their first and their last number: what is looked at in each step.

#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
#include "sim/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::sim {

using porting::Move;
using porting::SubjectKind;
using storage::LogRow;
using namespace invariant;

namespace {

constexpr int month_of_porting = 1, months_of_ageing = 6; // be.grace and be.ageing.min, from the end of the contract

/// The end of the day so many months on, counted on a calendar without zones: nothing of the law can end before. Two hours are what
/// Brussels is ahead.
Moment not_before(Moment ended, int months) {
    using namespace std::chrono;
    year_month_day date{floor<days>(ended)};
    date += std::chrono::months{months};
    if (!date.ok()) date = date.year() / date.month() / last;
    return sys_days{date} + days{1} - hours{2};
}

std::optional<porting::Number> number_of(Move const& move) {
    auto const number = porting::parse_e164(move.subject.id);
    return number ? std::optional(*number) : std::nullopt;
}

} // namespace

void Watch::holdings(Node const& node, Seen& seen, LogRow const& row) {
    for (auto const& move : row.moves) {
        if (move.subject.kind == SubjectKind::contract) contract_ends_on_the_moment(node, seen, row, move);
        auto const number = move.subject.kind == SubjectKind::number ? number_of(move) : std::nullopt;
        if (!number) continue;
        auto& was = seen.numbers[move.subject.id];
        if (!was.state.empty() && was.state != move.from)
            broken(window, node, fmt::format("row {}: {} went on from {}, and was last seen {}", row.seq, move.subject.id, move.from, was.state));
        auto const record = node.book().number(*number);
        if (!record) broken(window, node, move.subject.id + " moved and is not known");
        number_waits_its_window(node, was, row, move);
        number_leaves(node, seen, row, move);
        was.state = move.to;
        if (move.to == "in_service" && move.from != move.to) {
            auto const contract = node.book().contract(record->contract ? record->contract : record->last_contract);
            was = {move.to, contract ? contract->id : ContractId{}, contract ? contract->customer.name : "", {}, false};
        }
        if (move.event == "contract_ended" || move.event == "change_date_reached") was.ended = record->contract_ended_at;
        if (move.event == "portability_renounced") was.renounced = true;
        if (move.to == "ported_out" || move.to == "returned") was.ended.reset();
    }
}

/// The last holder's own month, then the rest that it owes to its next one.
void Watch::number_waits_its_window(Node const& node, NumberSeen const& was, LogRow const& row, Move const& move) {
    auto const what = fmt::format("row {} ({}, learned {}): {} went {} -> {}", row.seq, row.kind, to_rfc3339(row.learned_at), move.subject.id, move.from, move.to);
    bool const given = move.event == "assigned" && move.from != move.to;
    if (given && move.from == "portable") {
        auto const contract = node.book().contract(ContractId{row.key});
        if (contract && !was.holder.empty() && contract->customer.name != was.holder)
            broken(window, node, fmt::format("{} from {} to {} within the month", what, was.holder, contract->customer.name));
    }
    if (given && move.from != "portable" && move.from != "free") broken(window, node, what + ", which is not free");
    if (given && !was.state.empty()) ++market_.figures().given_again;
    if (!was.ended) return;
    bool const month_over = move.from == "portable" && move.event == "grace_ended";
    if (month_over && row.learned_at < not_before(*was.ended, month_of_porting)) broken(window, node, what + ", its contract ended " + to_rfc3339(*was.ended));
    bool const aged = move.event == "ageing_ended" && move.from != move.to;
    if ((aged || (given && move.from == "free")) && row.learned_at < not_before(*was.ended, months_of_ageing))
        broken(window, node, what + " before it had aged; its contract ended " + to_rfc3339(*was.ended));
}

/// Keeps of each contract when its last number left: at the effective moment of a transfer, or when it ended otherwise.
void Watch::number_leaves(Node const& node, Seen& seen, LogRow const& row, Move const& move) {
    auto const number = *number_of(move);
    std::optional<Moment> at;
    if ((move.event == "contract_ended" || move.event == "change_date_reached") && move.from != move.to) at = node.book().number(number)->contract_ended_at;
    if (move.event == "port_out_executed" && move.from != move.to)
        for (auto const& other : row.moves) {
            if (other.machine != "port_out" || other.to != "executed" || other.from == other.to) continue;
            auto const id = porting::parse_line_id(other.subject.id);
            for (auto const& line : node.book().lines(id->first))
                if (line.no == id->second && line.numbers.first <= number && number <= line.numbers.last) at = line.effective_at;
        }
    if (!at) return;
    auto& last = seen.left[seen.numbers[move.subject.id].contract];
    last = std::max(last, *at);
}

void Watch::contract_ends_on_the_moment(Node const& node, Seen& seen, LogRow const& row, Move const& move) {
    if (move.to != "ended" || move.from == move.to) return;
    auto const contract = node.book().contract(ContractId{move.subject.id});
    if (!contract || !contract->ended_at) broken(contracts, node, move.subject.id + " is over, and nobody knows since when");
    auto const by_date = contract->terminates_at ? std::min(*contract->terminates_at, row.learned_at) : row.learned_at;
    auto const last = seen.left.find(contract->id);
    auto const expected = move.event != "number_left" ? by_date : last == seen.left.end() ? row.learned_at : last->second;
    if (*contract->ended_at != expected)
        broken(contracts, node, fmt::format("row {} ({}): {} ended {}, and should have {}", row.seq, row.kind, contract->id.text, to_rfc3339(*contract->ended_at), to_rfc3339(expected)));
}

} // namespace npod::sim
