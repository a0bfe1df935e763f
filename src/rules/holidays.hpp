#pragma once
/// The public holidays of the countries we know, as tables.

#include "rules/calendar.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace npod::rules {

/// Easter Sunday of the Gregorian calendar, any year from 1583.
Day easter(std::chrono::year year);

/// The public holidays of a country ("be", "nl") in a year, in order of days; nothing for a country without a table.
std::optional<std::vector<Holiday>> public_holidays(std::string_view country, std::chrono::year year);

} // namespace npod::rules
