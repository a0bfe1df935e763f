#pragma once
/// The forms of -o: tables for people, json, jsonl, csv and name for programs.

#include "cli/session.hpp"
#include "cli/table.hpp"

#include <functional>
#include <string>
#include <vector>

namespace npod::cli {

enum class Shown { always, wide }; ///< wide: only with -o wide and csv

/// A column of a list.
struct ListColumn {
    std::string title;
    std::function<Cell(json::object const&, Times const&)> value;
    Align align = Align::left;
    Give give = Give::wraps;
    Shown shown = Shown::always;
    /// The members that csv has instead, each under its own name: what people read in two lines is no value for a program.
    std::vector<std::string> members = {};
};

/// A column that shows a member as it is.
ListColumn plain_column(std::string title, std::string path, Align align = Align::left, Give give = Give::wraps,
                        Shown shown = Shown::always);
/// A column that shows a moment.
ListColumn moment_column(std::string title, std::string path, Shown shown = Shown::always);

struct ListView {
    std::string one, several; ///< "port", "ports": for "n of m" and for empty lists
    std::vector<ListColumn> columns;
    std::string name = "id";     ///< path of what -o name prints
    std::string when_empty = {}; ///< a hint behind "No ports."
};

/// The list in the form asked for, as text; pure.
std::string render_list(json::array const& items, ListView const& view, Output output, Times const& times,
                        Screen const& screen);
/// Prints it; says "n of m" and emptiness on stderr.
Exit print_list(Session& session, Session::Items const& list, ListView const& view);

/// What --fail-on any or none makes of a list of so many; throws Stop (usage) for what only the radar knows.
Exit verdict_on(Session const& session, std::int64_t count);

/// Prints one thing: `page` makes the text for people; as csv it is a sheet of members and values, arrays by index.
Exit print_one(Session& session, json::value const& value, std::string const& name,
               std::function<std::string()> const& page);

/// One line of comma-separated values (RFC 4180, but "\n" at the end).
std::string csv_line(std::vector<std::string> const& values);

} // namespace npod::cli
