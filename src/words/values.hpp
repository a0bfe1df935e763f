#pragma once
/// Days, moments, amounts and lists, as each language writes them. Pure.

#include "base/language.hpp"
#include "base/money.hpp"
#include "rules/calendar.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npod::words {

/// Short, for tables and explanations: "Fri 3 Apr 2026", "vr 3 apr 2026", "ven 3 avr 2026".
std::string day(rules::Day day, Language language);
/// Long, for letters: "Friday 3 April 2026", "vrijdag 3 april 2026", "vendredi 3 avril 2026" (and "1er avril").
std::string long_day(rules::Day day, Language language);
/// Long with the local time: "Friday 3 April 2026 at 18:00", "… om 18:00 uur", "… à 18 h 00".
std::string long_moment(Moment moment, rules::Calendar const& calendar, Language language);
/// "9.00 EUR", "9,00 EUR".
std::string amount(Money money, Language language);
/// "a, b and c"; "a, b en c"; "a, b et c".
std::string list(std::vector<std::string> const& items, Language language);

/// Rewrites a day that rules::day_text() wrote, with whatever follows it (a time, an offset): "Fri 3 Apr 2026 18:00"
/// becomes "vr 3 apr 2026 18:00". What is no such day stays as it is.
std::string rewritten_day(std::string_view english, Language language);
/// How many letters a day with its time takes at the start of a text, "Fri 3 Apr 2026 18:00"; 0 when there is none.
std::size_t length_of_day(std::string_view english);
/// Rewrites "9.00 EUR"; what is no amount stays as it is.
std::string rewritten_amount(std::string_view english, Language language);

} // namespace npod::words
