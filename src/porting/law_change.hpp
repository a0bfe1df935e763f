#pragma once
/// What another law would do to what runs: deadlines that move, money that changes. Pure; nothing is stored.

#include "porting/explain.hpp"
#include "porting/model.hpp"
#include "rules/rulebook.hpp"

#include <optional>
#include <vector>

namespace npod::porting {

/// An armed deadline that the changed law sets elsewhere.
struct MovedDeadline {
    Timer timer;                   ///< as armed
    rules::Rule rule;              ///< of the changed law
    std::optional<Moment> new_due; ///< nothing: the changed law has no such term
    bool turns_overdue = false;    ///< lay ahead of `now`, and would not any more
};

/// Counts every armed timer again, by its rule and from its moment. Timers that both laws set alike are left out, and
/// those agreed between operators, which no rule moves.
std::vector<MovedDeadline> moved_deadlines(std::vector<Timer> const& timers, rules::Rulebook const& before,
                                           rules::Rulebook const& after, Moment now);

/// A port-in of which another amount would be owed at `now`.
struct ChangedMoney {
    PortId port;
    ClaimId claim; ///< empty: nobody has a claim on it yet
    Money before, after;
    bool turns_payable = false; ///< nothing was owed, now something is
};

/// Nothing when both laws owe the same, for a port-out, a draft, or a port whose amount is fixed or that ended
/// unclaimed: what was promised to a customer stays. Plans of running lines were made at the request and stay, too.
std::optional<ChangedMoney> changed_money(Port const& port, std::vector<Line> const& lines,
                                          std::optional<Claim> const& claim, rules::Rulebook const& before,
                                          rules::Rulebook const& after, Moment now);

} // namespace npod::porting
