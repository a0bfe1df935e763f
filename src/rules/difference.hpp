#pragma once
/// What differs between two rulebooks, or between a rulebook and itself with other values. Pure.

#include "rules/rulebook.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace npod::rules {

/// A rule of one period that is not the same in both books. Rules of two countries are held against each other by the
/// rest of their ids: be.grace against nl.grace.
struct RuleDifference {
    std::optional<Rule> before, after; ///< nothing: that book does not have it
    bool value_differs = false;        ///< value, unit, anchor or validity: it can change a deadline or an amount
};

/// In the order of `before`, then what only `after` has. Titles and texts are not compared: a mended sentence is no new
/// law. Source and standing are.
std::vector<RuleDifference> rule_differences(Rulebook const& before, Rulebook const& after);

/// A working day of one calendar that is none of the other.
struct DayDifference {
    Day day;
    std::optional<std::string> off_before, off_after; ///< why it does not count; nothing: a working day
};

/// Days of `first` to `last` inclusive, in order. Throws ConfigFault for years outside the calendar's table
/// (1990–2100); a `last` before `first` gives nothing.
std::vector<DayDifference> day_differences(Calendar const& before, Calendar const& after, std::chrono::year first,
                                           std::chrono::year last);

} // namespace npod::rules
