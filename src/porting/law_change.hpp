#pragma once
/// What another law would do to what runs, if running ports were taken over into it: deadlines that move, money that
/// changes. Pure; nothing is stored.

#include "porting/explain.hpp"
#include "porting/model.hpp"
#include "rules/laws.hpp"

#include <optional>
#include <vector>

namespace npod::porting {

/// Whether a rule is a term of time, which a deadline can be counted by.
bool is_term(rules::Rule const& rule);

/// An armed deadline that the changed law sets elsewhere.
struct MovedDeadline {
    Timer timer;                   ///< as armed
    rules::Rule rule;              ///< of the changed law; of the present one when the changed one has no such term
    std::optional<Moment> new_due; ///< nothing: the changed law has no such term; the deadline would stay
    bool turns_overdue = false;    ///< lay ahead of `now`, and would not any more
};

/// Counts every armed timer again, by its rule and from its moment. Timers that the law which set them and `after` set
/// alike are left out, and those agreed between operators, which no rule moves.
std::vector<MovedDeadline> moved_deadlines(std::vector<Timer> const& timers, rules::Laws const& laws,
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
