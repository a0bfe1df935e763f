#pragma once
/// Every text that the product says to people, in three languages.
///
/// The domain speaks English, each sentence built in one place; it does not know that there are other languages. Here the
/// same sentence stands in all three, with the same places, and is found by its English form. A sentence that somebody
/// rewrites is no longer found: people see it in English, and a test names it.

#include "words/text.hpp"

#include <span>
#include <string>
#include <string_view>

namespace npod::words {

/// The text in a language; as it is when the catalogue has no such text.
std::string translated(std::string_view english, Language language);
/// Whether the catalogue has the text, and for all that stands in its places where texts stand.
bool is_known(std::string_view english);

/// The parts of the catalogue, a file each.
std::span<Text const> machine_texts();     ///< states, deadlines, events, who must move
std::span<Text const> rule_texts();        ///< titles and texts of the rulebook, its sources, standings and units
std::span<Text const> calendar_texts();    ///< days, holidays, the arithmetic of terms
std::span<Text const> explanation_texts(); ///< why, compensation, residue, grounds
std::span<Text const> ground_texts();      ///< why a ground may be given for a number, or may not
std::span<Text const> page_texts();        ///< labels and sentences of npctl

} // namespace npod::words
