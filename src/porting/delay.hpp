#pragma once
/// Who caused which part of a delay. The recipient pays for all of it (be.comp.payer); the parts are for recourse. Pure.

#include "base/money.hpp"
#include "porting/model.hpp"
#include "rules/calendar.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::porting {

/// How long the law gives the party that a state waits for.
enum class OwnTime : std::uint8_t {
    none,     ///< no term of its own: it overruns once the plan is over
    term,     ///< until a legal deadline
    used_up,  ///< the term ended when the state was entered
};

/// One line of the rule: in a state, this party is waited for.
struct Blame {
    std::string_view state;
    Causer causer;
    OwnTime own_time;
    std::string_view reason; ///< one sentence without its full stop
};
/// The row of that state and party; the state's first when it knows no such party, and one that says so for a state that
/// has none at all (every state of port_in that waits has its own).
Blame const& blame(std::string_view state, Causer causer);

/// Who is waited for in a state that knows only one party, or `before` where the state may be two parties' doing and the
/// one of before is one of them (the donor is silent because the interchange never took our request).
Causer waits_for(std::string_view state, std::optional<Causer> before);

/// The turns of a scheduled line from `now` to its agreed moment: who made it so late, in the order in which their bounds
/// end: the donor's first possible date, the subscriber's wish, whoever rescheduled, the porting window.
std::vector<Turn> turns_of_schedule(Port const& port, Line const& line, Moment now, rules::Calendar const& calendar);

/// Adds turns to the line's: what was planned from their beginning on is void; a party that is waited for already is not
/// written again.
void take_turns(Line& line, Moment now, std::vector<Turn> const& turns);

/// A part of a delay.
struct DelaySegment {
    Moment from{}, until{};      ///< half open
    Causer causer = Causer::recipient;
    std::string state;           ///< what the line waited in
    /// Whoever was waited for was in its own legal time: `causer` pushed it past the plan, or nobody overran at all.
    bool in_time = false;
    bool recourse = false;       ///< the overrun of somebody else than the customer, the calendar and us
    std::string reason;          ///< a sentence
    std::int64_t days = 0;       ///< compensated days that began in it
    Money amount;                ///< rate × count × days, before a cap
};

/// Cuts the delay [planned, until) at the turns; the segments join without a gap. Empty when there is no delay.
std::vector<DelaySegment> delay_segments(Line const& line, Moment planned, Moment until);

} // namespace npod::porting
