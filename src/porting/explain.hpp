#pragma once
/// Why a deadline is when it is, whose turn it is, what is owed. Pure; for people and programs alike.

#include "porting/book.hpp"
#include "porting/delay.hpp"
#include "rules/laws.hpp"

#include <optional>
#include <string>
#include <vector>

namespace npod::porting {

/// An armed deadline with its law and its arithmetic.
struct ExplainedDeadline {
    Timer timer;
    std::string owner;       ///< who must move: "donor", "desk", …
    std::string waits_for;   ///< the state's meaning
    std::string on_expiry;   ///< what happens then
    std::string on_expiry_event;
    std::optional<rules::Deadline> law; ///< nothing for an agreed moment
    std::string sentence;    ///< one sentence a clerk can read aloud
};
/// By the law that set it.
ExplainedDeadline explain(Timer const& timer, rules::Laws const& laws);

/// What the present state of a line allows: event names a person or system of ours may cause, with the npctl verb.
struct LegalNext {
    std::string event, verb, meaning;
};
std::vector<LegalNext> legal_next(Role role, std::string_view state);
/// "donor: by Tue 7 Apr 2026 18:00" in one line: who must move first, and until when; empty when settled.
std::string next_expected(Port const& port, std::vector<Line> const& lines, std::vector<Timer> const& timers, rules::Laws const& laws);

/// Days of delay under one plan.
struct PlanDelay {
    Moment planned_at{}, starts_at{}; ///< plan, and plan + be.comp.start
    Moment until{};
    std::int64_t days = 0;
};

/// Money for one line of one port-in: per number and day (RULES-BE section 5).
struct LineCompensation {
    int line = 0;
    NumberRange numbers;
    Moment planned_at{}, starts_at{}; ///< the plan in force, and plan + be.comp.start
    std::vector<PlanDelay> earlier;   ///< under plans that the subscriber replaced when they were over already
    std::optional<Moment> until;      ///< effective, or the moment asked for while it still runs; nothing: no delay can accrue
    bool final = false;               ///< the line is settled: the amount no longer grows
    std::int64_t days = 0, count = 0; ///< days under all plans
    Money rate, amount;               ///< amount = days × count × rate, less what a cap takes
    std::string sentence;             ///< the arithmetic in words; empty when they are left out
    /// Who caused which part of [planned_at, until), and of the same under earlier plans; days and amounts add up to these.
    std::vector<DelaySegment> segments;
};
/// What one party's parts of the delay come to; the amounts add up to the total.
struct Caused {
    Causer causer = Causer::recipient;
    std::int64_t days = 0; ///< number-days: days × numbers
    Money amount;
    bool recourse = false; ///< at least a part of it can be claimed back
};
struct Compensation {
    std::vector<LineCompensation> lines;
    Money total;
    std::string payer;                ///< the recipient, always (be.comp.payer)
    std::vector<Caused> caused;       ///< by party, in the order of Causer; those who caused nothing that costs are left out
    std::optional<Moment> claim_until, review_until; ///< exclusive
    std::vector<rules::Rule> rules;   ///< every rule used, with standing and source; empty when words are left out
};
/// Cents owed for a port-in if nothing else happened until `as_of`. A refused, cancelled, lapsed or closed line is owed nothing.
Compensation compensation(Port const& port, std::vector<Line> const& lines, rules::Rulebook const& rulebook, Moment as_of,
                          rules::Words words = rules::Words::told);

/// When a line is planned (be.comp.planned.*), from request and wish.
Moment planned_moment(Port const& port, rules::Rulebook const& rulebook);

} // namespace npod::porting
