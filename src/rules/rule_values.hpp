#pragma once
/// Values of rules as text, read and checked. For the files that make rulebooks.

#include "rules/rulebook.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::rules {

/// A whole number from 0 to term_amount_max, or nothing.
std::optional<int> whole_number(std::string_view text);
/// "3", "3.5" or "3.50" as cents, or nothing.
std::optional<Money> amount_of_money(std::string_view text);
/// "17:00" as minutes since midnight, 24:00 included, or nothing.
std::optional<std::chrono::minutes> time_of_day(std::string_view text);
/// "2026-12-24 Christmas Eve; 2027-05-07 Bridge day". Throws ConfigFault.
std::vector<Holiday> extra_holidays(std::string_view id, std::string_view text);

/// The value as it is kept, or ConfigFault when the rule cannot have it.
std::string usable_value(Rule const& rule, std::string_view value);
/// Throws the ConfigFault that says what the rule takes.
[[noreturn]] void unusable(std::string_view id, std::string_view value, std::string_view expected);

} // namespace npod::rules
