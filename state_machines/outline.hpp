#pragma once
/// Any machine, seen without its types: the same content as its tables, as names. What the API lists, npctl prints, the
/// drawings draw and the database remembers by fingerprint is taken from here, and here is taken from the very tables
/// that decide. This header depends on nothing but the standard library.

#include "state_machines/claim.hpp"
#include "state_machines/contract.hpp"
#include "state_machines/delivery.hpp"
#include "state_machines/grammar.hpp"
#include "state_machines/number.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npod::machine {

/// "waiting", "resting" or "settled".
constexpr std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::waiting: return "waiting";
    case Kind::resting: return "resting";
    case Kind::settled: return "settled";
    }
    return "";
}

/// Who must move, in one word of the trade ("nobody", "recipient", "donor", …).
constexpr std::string_view name_of(Owner owner) {
    switch (owner) {
    case Owner::nobody: return "nobody";
    case Owner::recipient: return "recipient";
    case Owner::donor: return "donor";
    case Owner::customer: return "customer";
    case Owner::hub: return "hub";
    case Owner::network: return "network";
    case Owner::desk: return "desk";
    case Owner::calendar: return "calendar";
    }
    return "";
}

/// "refuse" or "ignore".
constexpr std::string_view name_of(Otherwise otherwise) {
    switch (otherwise) {
    case Otherwise::refuse: return "refuse";
    case Otherwise::ignore: return "ignore";
    }
    return "";
}

/// One machine as names. Every text is a view of a literal in its table and lives as long as the program.
struct Outline {
    struct State {
        std::string_view name; ///< stored in databases
        Kind kind;
        Owner owner;               ///< who must move; nobody unless it waits
        std::string_view deadline; ///< the timer's name; empty unless it waits
        std::string_view meaning;
    };
    struct Timer {
        std::string_view name;
        std::string_view rule;      ///< rule id or family of the rulebook, or "agreed"
        std::string_view event;     ///< the event as which it expires
        std::string_view on_expiry; ///< one sentence for people
    };
    struct Event {
        std::string_view name;
        Otherwise otherwise; ///< what becomes of it where no row speaks of it
        std::string_view meaning;
    };
    /// A guard or an action.
    struct Name {
        std::string_view name;
        std::string_view meaning; ///< empty for the guard "always"
    };
    struct Row {
        std::string_view in;
        std::string_view on;
        std::string_view when;  ///< the guard's name, perhaps "always"
        std::string_view go_to; ///< the state afterwards; equals `in` where it stays
        bool stays;             ///< the state is not left: its deadline keeps running
        std::vector<std::string_view> actions;
    };

    std::string_view name;
    std::string_view initial;
    std::vector<State> states;
    std::vector<Timer> timers; ///< without the empty first row of the table
    std::vector<Event> events;
    std::vector<Name> guards;
    std::vector<Name> actions;
    std::vector<Row> rows; ///< in the table's order: Decision::row is an index into it
};

/// The outline of any machine. Copies every row; ask once and keep it, or use all_outlines().
template <class M>
Outline outline_of(M const& m) {
    Outline outline{m.name, m.about(m.initial).name, {}, {}, {}, {}, {}, {}};
    for (auto const& state : m.states) {
        bool const has_deadline = state.deadline != M::Timer::none;
        outline.states.push_back({state.name, state.kind, state.owner,
                                  has_deadline ? m.about(state.deadline).name : std::string_view{}, state.meaning});
    }
    for (auto const& timer : m.timers)
        if (timer.timer != M::Timer::none)
            outline.timers.push_back({timer.name, timer.rule, m.about(timer.when_it_expires).name, timer.on_expiry});
    for (auto const& event : m.events) outline.events.push_back({event.name, event.otherwise, event.meaning});
    for (auto const& guard : m.guards) outline.guards.push_back({guard.name, guard.meaning});
    for (auto const& action : m.actions) outline.actions.push_back({action.name, action.meaning});
    for (auto const& row : m.transitions) {
        outline.rows.push_back({m.about(row.in).name,
                                m.about(row.on).name,
                                m.about(row.when).name,
                                m.about(row.lands_in()).name,
                                row.go_to.stays,
                                {}});
        for (auto action : row.actions) outline.rows.back().actions.push_back(m.about(action).name);
    }
    return outline;
}

/// The six machines, in the order in which people read them. Safe from any thread.
inline std::vector<Outline> const& all_outlines() {
    static std::vector<Outline> const outlines{
        outline_of(port_in::table),  outline_of(port_out::table), outline_of(number::table),
        outline_of(contract::table), outline_of(claim::table),    outline_of(delivery::table),
    };
    return outlines;
}

/// The element of that name, or nullptr.
template <class Named>
Named const* find_named(std::vector<Named> const& list, std::string_view name) {
    auto const found = std::find_if(list.begin(), list.end(), [&](Named const& item) { return item.name == name; });
    return found == list.end() ? nullptr : &*found;
}

/// The machine of that name ("port_in", …), or nullptr.
inline Outline const* find_outline(std::string_view name) { return find_named(all_outlines(), name); }

/// The rows that one event may take in one state, in the order in which their guards are asked; perhaps none.
inline std::vector<Outline::Row const*> rows_for(Outline const& outline, std::string_view state,
                                                 std::string_view event) {
    std::vector<Outline::Row const*> rows;
    for (auto const& row : outline.rows)
        if (row.in == state && row.on == event) rows.push_back(&row);
    return rows;
}

/// The events that a state knows what to do with, each once, in the order of the event table. What is not listed is
/// refused or ignored as the event itself says.
inline std::vector<std::string_view> events_with_rows(Outline const& outline, std::string_view state) {
    std::vector<std::string_view> names;
    for (auto const& event : outline.events)
        if (!rows_for(outline, state, event.name).empty()) names.push_back(event.name);
    return names;
}

/// A number that changes when, and only when, something that decides changes: the machine's name and initial state;
/// each state's name, kind, owner (a delay is counted to him) and deadline; each timer's name, rule and event; each
/// event's name and its answer without a row; each guard's and action's name; each row, and the order of all of these
/// (the log keeps row numbers). Sentences for people are left out: mending a meaning changes nothing.
///
/// It is 64-bit FNV-1a over those texts, each followed by a zero byte, each table preceded by its title. The value is
/// stored in databases: changing this function is changing every stored fingerprint.
inline std::uint64_t fingerprint(Outline const& outline) {
    std::uint64_t hash = 14695981039346656037ULL;
    auto const byte = [&](unsigned char value) { hash = (hash ^ value) * 1099511628211ULL; };
    auto const text = [&](std::string_view value) {
        for (char letter : value) byte(static_cast<unsigned char>(letter));
        byte(0);
    };
    text(outline.name), text(outline.initial);
    text("states");
    for (auto const& s : outline.states) text(s.name), text(name_of(s.kind)), text(name_of(s.owner)), text(s.deadline);
    text("timers");
    for (auto const& t : outline.timers) text(t.name), text(t.rule), text(t.event);
    text("events");
    for (auto const& e : outline.events) text(e.name), text(name_of(e.otherwise));
    text("guards");
    for (auto const& g : outline.guards) text(g.name);
    text("actions");
    for (auto const& a : outline.actions) text(a.name);
    text("rows");
    for (auto const& row : outline.rows) {
        text(row.in), text(row.on), text(row.when), text(row.go_to), text(row.stays ? "stays" : "enters");
        for (auto action : row.actions) text(action);
        text(""); // where the actions end
    }
    return hash;
}

/// A fingerprint as people see it: sixteen lower-case hexadecimal digits.
inline std::string fingerprint_text(std::uint64_t value) {
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4)
        *digit = "0123456789abcdef"[value & 15];
    return text;
}

} // namespace npod::machine
