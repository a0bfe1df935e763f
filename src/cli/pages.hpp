#pragma once
/// What commands show to people: pure functions from the daemon's JSON to text that fits the screen.

#include "cli/json_text.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace npod::cli {

/// How a page is written.
struct Paper {
    Times const& times;
    Screen const& screen;
    bool wide = false;
};

/// Working time between two instants, by the calendar of the law.
using WorkingTime = std::function<Duration(Moment from, Moment to)>;

// ----------------------------------------------------------------------------------------- ports (pages_port.cpp)

/// "PI-000001: port-in from BRAVO, order o-1, awaiting answer".
std::string port_title(json::object const& port, Screen const& screen);
std::string port_page(json::object const& port, Paper const& paper);
std::string timeline_page(json::object const& timeline, Paper const& paper);
/// What would happen: POST /v1/ports/{id}/simulate.
std::string simulation_page(json::object const& simulation, Paper const& paper);
/// Of a view of the past: what had happened by then and was learned later; empty when nothing.
std::string learned_later_text(json::object const& view, std::string const& port, Paper const& paper);
std::string residue_page(json::object const& residue, Paper const& paper);
/// Which grounds may be used now, and why or why not.
std::string eligible_page(json::object const& eligible, Paper const& paper);
/// The verdict of GET /v1/port-ins/check.
std::string check_page(json::object const& verdict, Paper const& paper);
/// "npctl port cancel PI-000001  (…)" for everything that the port allows now; empty when nothing.
std::string legal_next_page(json::object const& port, Paper const& paper);

// -------------------------------------------------------------------------- whose turn, the law, money (pages_why.cpp)

/// The page that a clerk reads aloud: who must move, by when, by which law, what happens then, and the money.
std::string why_page(json::object const& port, json::object const& why, WorkingTime const& working_time,
                     Paper const& paper);
/// The same in short, with what has ended and what may be done: `npctl status`.
std::string status_page(json::object const& port, json::object const& why, WorkingTime const& working_time,
                        Paper const& paper);
std::string compensation_page(json::object const& compensation, Paper const& paper);
/// A standing in words: "read" → "read at the regulator or in a legal text".
std::string standing_text(std::string_view standing);
/// "2 working days", "3.00 EUR", "18:00".
std::string value_text(json::object const& rule);
/// "9 h 20 min of working time left (3 d 4 h by the clock)", "OVERDUE by 2 h".
Cell left_text(Moment now, Moment due, Duration working);
/// The owner of a state, as one would say it: "the donor (BRAVO)".
std::string owner_text(std::string_view owner, json::object const& port);

// --------------------------------------------------------------------------------- everything else (pages_things.cpp)

std::string number_page(json::object const& number, Paper const& paper);
std::string contract_page(json::object const& contract, Paper const& paper);
std::string claim_page(json::object const& claim, Paper const& paper);
std::string rule_page(json::object const& rule, Paper const& paper);
std::string machine_page(json::object const& machine, Paper const& paper);
std::string daemon_page(json::object const& status, Paper const& paper);
/// Members of any object, one per line, for shapes that grow.
std::string any_page(json::object const& object, Paper const& paper);

/// "+3225501100..+3225501109 (10)" of {first,last}; "+3225501100" for one number.
std::string range_text(json::value const& range);
/// "awaiting answer" of "awaiting_answer".
std::string words_of(std::string_view name);
/// How worrying a state is.
Tone tone_of_state(std::string_view state);
/// "Tue 7 Apr 2026" of "2026-04-07"; anything else as it is.
std::string day_words(std::string_view iso_day);

} // namespace npod::cli
