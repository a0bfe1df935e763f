/// What a backup that is put back may tear, and what it may not: an operator forgets what it did itself since the backup, and the numbers
/// that this was about are in the hands of people from then on. All else must hold as if nothing had happened: what others
/// sent is heard again from the hub, no id is given out twice, no number that it did nothing about is lost or doubled.

#include "base/hash.hpp"
#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
#include "sim/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::sim {

using porting::NumberRange;
using porting::SubjectKind;
using storage::LogRow;

namespace {

/// It comes again from the hub.
bool is_heard_again(LogRow const& row) { return row.kind.starts_with("message.") && row.source.starts_with("wire:"); }

} // namespace

void Watch::backed_up(Node& node) {
    auto const& seen = seen_[node.code()];
    if (seen.seq != node.ledger().head_seq()) broken(invariant::restored, node, "rows were not watched");
    kept_[node.code()] = seen;
}

void Watch::goes_back(Node& node, std::int64_t row) {
    auto const torn = disturbed_.size();
    for (auto const& lost : node.reader().log(row, longest_list, true)) row_goes_back(node, lost);
    market_.figures().torn += static_cast<std::int64_t>(disturbed_.size() - torn);
    seen_[node.code()] = kept_[node.code()];
    if (seen_[node.code()].seq != row) broken(invariant::restored, node, fmt::format("the backup ends at row {}, and was made at {}", row, seen_[node.code()].seq));
    std::erase_if(replies_, [&](auto const& one) { return one.first.starts_with(node.code().text + " "); });
}

void Watch::row_goes_back(Node& node, LogRow const& row) {
    acknowledged_.erase(asked_of(node, row.kind, row.source, row.key, row.body));
    for (auto const& move : row.moves) {
        auto const line = move.subject.kind == SubjectKind::line ? porting::parse_line_id(move.subject.id) : std::nullopt;
        auto const port = line ? node.book().port(line->first) : std::nullopt;
        if (port) told_again_.insert(port->dossier);
        if (is_heard_again(row) || move.machine == "delivery") continue;
        if (port)
            for (auto const& one : node.book().lines(port->id))
                for (auto n = one.numbers.first; n <= one.numbers.last; n = n.next()) disturbed_.insert(n);
        if (move.subject.kind != SubjectKind::number) continue;
        if (auto const number = porting::parse_e164(move.subject.id)) disturbed_.insert(*number);
    }
}

bool Watch::is_disturbed(NumberRange range) const {
    auto const found = disturbed_.lower_bound(range.first);
    return found != disturbed_.end() && *found <= range.last;
}

} // namespace npod::sim
