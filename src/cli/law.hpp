#pragma once
/// Which law a command is about: a rulebook as shipped, as a daemon has it, or as a configuration makes it.

#include "cli/session.hpp"
#include "rules/rulebook.hpp"

#include <string>
#include <utility>
#include <vector>

namespace npod::cli {

extern Flag const rulebook_flag; ///< --rulebook NAME: as shipped, whatever a daemon has

/// True when the rules of a daemon or a database are asked for, and no shipped book is.
bool asks_daemon(Session const& session, Arguments const& arguments);
/// The book that --rulebook names, "be" when not told. Throws ConfigFault for an unknown one.
rules::Rulebook shipped_book(Arguments const& arguments);

/// The book that --in-force or --rulebook names, else that of the file of --db or of the daemon at --url, else the Belgian one as
/// shipped. Throws Stop (usage) for an unreadable file, ConfigFault for unknown rules and values.
rules::Rulebook book_in_use(Session& session, Arguments const& arguments);

/// Two laws that are held against each other.
struct TwoBooks {
    rules::Rulebook before, after;
};
/// --rulebook, --in-force, --to, --config-overrides and --set; before: also what the file of --db or the daemon at --url has. Throws Stop
/// (usage) when nothing says what is to change, ConfigFault for unknown rules and values.
TwoBooks books_of(Session& session, Arguments const& arguments);
/// The flags that books_of() reads.
std::vector<Flag> const& book_flags();

/// "2026" or "2026..2028", inside the calendar's table. Throws Stop (usage).
std::pair<std::chrono::year, std::chrono::year> years_of(std::string const& text);

/// `npctl rule diff` and `npctl calendar diff` (noun_law_diff.cpp).
Exit diff_rules(Session& session, Arguments const& arguments);
Exit diff_calendars(Session& session, Arguments const& arguments);
/// `npctl rule adopt` (noun_law_adopt.cpp).
Exit adopt_rules(Session& session, Arguments const& arguments);

} // namespace npod::cli
