#pragma once
/// A donor's look at the numbers of one request. Internal to porting.

#include "porting/admissible.hpp"
#include "porting/step.hpp"

#include <map>
#include <vector>

namespace npod::porting {

/// Judges grounds for the numbers of one port-out, and remembers what it found out about the ranges that they are of. Lives no longer
/// than its step; what the step changes meanwhile is not seen.
class Examination {
public:
    Examination(Step& step, Port const& port) : step_(step), port_(port) {}

    Admissibility of(Number number, Ground ground);
    std::vector<Admissibility> of(Number number); ///< every ground, in the order of the enumeration
    std::vector<Ground> given(Number number);     ///< every ground that our own book gives against letting it go

    /// Numbers of the contract's consecutive range around `number` whose fate nobody stated: not asked for, not leaving already, and
    /// not spoken of. None when no contract of ours holds the number.
    std::vector<NumberRange> const& unstated_around(Number number);

private:
    struct Holding {
        NumberRecord const* record = nullptr;
        Contract const* contract = nullptr; ///< in force, or the last one while its month runs
    };
    Holding holding_of(Number number);
    Admissibility judge(Number number, Holding const& holding, Ground ground);
    Admissibility on_never_used(Holding const& holding) const;
    Admissibility on_ageing(Holding const& holding) const;
    Admissibility on_zone(Number number) const;
    Admissibility on_range(Number number);
    Admissibility on_name(Holding const& holding) const;
    Admissibility on_account(Holding const& holding) const;
    Admissibility on_titular(Holding const& holding) const;
    Admissibility on_activity(Number number, Holding const& holding) const;
    Admissibility on_assignment(Number number, Holding const& holding) const;
    Admissibility on_other_port(Number number) const;

    Step& step_;
    Port const& port_;
    std::map<NumberRange, std::vector<NumberRange>> unstated_; ///< by range of a contract
};

/// Whether a line of a port-out has not had its yes or no; one that a person must settle has no use for an answer either.
bool waits_for_our_answer(Line const& line);

} // namespace npod::porting
