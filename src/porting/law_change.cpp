#include "porting/law_change.hpp"

namespace npod::porting {

bool is_term(rules::Rule const& rule) {
    using enum rules::Unit;
    return rule.unit == working_days || rule.unit == calendar_days || rule.unit == months || rule.unit == hours;
}

std::vector<MovedDeadline> moved_deadlines(std::vector<Timer> const& timers, rules::Laws const& laws,
                                           rules::Rulebook const& after, Moment now) {
    std::vector<MovedDeadline> moved;
    for (auto const& timer : timers) {
        auto const& before = laws.pinned(timer.rulebook);
        auto const old_rule = before.find(timer.rule, timer.from);
        if (!old_rule || !is_term(*old_rule)) continue; // agreed
        auto const new_rule = after.find(timer.rule, timer.from);
        if (!new_rule || !is_term(*new_rule)) {
            moved.push_back({timer, new_rule ? *new_rule : *old_rule, {}, false});
            continue;
        }
        auto const due = after.due(timer.rule, timer.from);
        // A reminder was counted from another moment than its rule's: only what the change itself moves is told.
        if (due == before.due(timer.rule, timer.from) || due == timer.due) continue;
        moved.push_back({timer, *new_rule, due, timer.due > now && due <= now});
    }
    return moved;
}

std::optional<ChangedMoney> changed_money(Port const& port, std::vector<Line> const& lines,
                                          std::optional<Claim> const& claim, rules::Rulebook const& before,
                                          rules::Rulebook const& after, Moment now) {
    bool const fixed = claim ? claim->amount.has_value() : port.settled;
    if (port.role != Role::port_in || port.state == "draft" || fixed) return std::nullopt;
    auto const old_total = compensation(port, lines, before, now).total;
    auto const new_total = compensation(port, lines, after, now).total;
    if (old_total == new_total) return std::nullopt;
    return ChangedMoney{port.id, claim ? claim->id : ClaimId{}, old_total, new_total,
                        old_total.cents == 0 && new_total.cents > 0};
}

} // namespace npod::porting
