#pragma once
/// Draws a machine from the very tables that decide: pictures (Mermaid, Graphviz), the full matrix of events and
/// states, and a page for porting people. The same outline always gives the same bytes. Standard library only.

#include "state_machines/outline.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace npod::machine {

namespace drawing {

inline void add(std::string& out, std::initializer_list<std::string_view> parts) {
    for (auto part : parts) out += part;
}

/// `text` with a backslash before every letter of `special`.
inline std::string escaped(std::string_view text, std::string_view special) {
    std::string out;
    for (char letter : text) {
        if (special.find(letter) != std::string_view::npos) out += '\\';
        out += letter;
    }
    return out;
}

/// Text that may stand in a cell of a Markdown table.
inline std::string cell(std::string_view text) { return escaped(text, "|"); }

inline void add_row(std::string& out, std::vector<std::string> const& cells) {
    out += '|';
    for (auto const& text : cells) add(out, {" ", text, " |"});
    out += '\n';
}

inline void add_head(std::string& out, std::vector<std::string> const& titles) {
    add_row(out, titles);
    add_row(out, std::vector<std::string>(titles.size(), "---"));
}

/// An arrow of a picture: every row that leads from one state to another (or enters the same one afresh).
struct Arrow {
    std::string_view from;
    std::string_view to;
    std::vector<std::string> labels; ///< "event" or "event [guard]", one per row
};

/// The arrows in the order of their first rows. Rows that stay are no arrows: they would only hide the ways that lead
/// somewhere; the matrix has them.
inline std::vector<Arrow> arrows_of(Outline const& outline) {
    std::vector<Arrow> arrows;
    for (auto const& row : outline.rows) {
        if (row.stays) continue;
        auto arrow = std::find_if(arrows.begin(), arrows.end(),
                                  [&](Arrow const& a) { return a.from == row.in && a.to == row.go_to; });
        if (arrow == arrows.end()) arrow = arrows.insert(arrow, {row.in, row.go_to, {}});
        std::string label(row.on);
        if (row.when != "always")
            add(label, {" [", row.when, "]"});
        else if (&row != rows_for(outline, row.in, row.on).front())
            label += " [otherwise]";
        arrow->labels.push_back(label);
    }
    return arrows;
}

inline std::string joined(std::vector<std::string> const& parts, std::string_view between) {
    std::string out;
    for (auto const& part : parts) add(out, {out.empty() ? "" : between, part});
    return out;
}

} // namespace drawing

/// A Mermaid state diagram, without its fence. `lit` names the state to highlight; an unknown or empty name lights
/// none.
inline std::string draw_mermaid(Outline const& outline, std::string_view lit = {}) {
    std::string out = "stateDiagram-v2\n";
    drawing::add(out, {"    [*] --> ", outline.initial, "\n"});
    for (auto const& arrow : drawing::arrows_of(outline))
        drawing::add(out, {"    ", arrow.from, " --> ", arrow.to, ": ", drawing::joined(arrow.labels, "<br/>"), "\n"});
    for (auto const& state : outline.states)
        if (state.kind == Kind::settled) drawing::add(out, {"    ", state.name, " --> [*]\n"});
    if (find_named(outline.states, lit))
        drawing::add(out, {"    classDef lit fill:#ffd54f,stroke:#333,stroke-width:3px\n    class ", lit, " lit\n"});
    return out;
}

/// A Graphviz picture. Waiting states are boxes, resting ones rounded, settled ones have a double line; pointing at a
/// state shows its meaning. `lit` names the state to highlight; an unknown or empty name lights none.
inline std::string draw_dot(Outline const& outline, std::string_view lit = {}) {
    std::string out;
    drawing::add(out,
                 {"digraph ", outline.name, " {\n    rankdir=TB;\n    node [shape=box, fontname=\"sans-serif\"];\n"});
    out += "    edge [fontname=\"sans-serif\", fontsize=10];\n    \"\" [shape=point];\n";
    for (auto const& state : outline.states) {
        drawing::add(out, {"    ", state.name, " [tooltip=\"", drawing::escaped(state.meaning, "\"\\"), "\""});
        if (state.kind == Kind::settled) out += ", peripheries=2";
        bool const is_lit = state.name == lit;
        if (state.kind == Kind::resting)
            out += is_lit ? ", style=\"rounded,filled\"" : ", style=rounded";
        else if (is_lit)
            out += ", style=filled";
        if (is_lit) out += ", fillcolor=\"#ffd54f\", penwidth=3";
        out += "];\n";
    }
    drawing::add(out, {"    \"\" -> ", outline.initial, ";\n"});
    for (auto const& arrow : drawing::arrows_of(outline))
        drawing::add(
            out, {"    ", arrow.from, " -> ", arrow.to, " [label=\"", drawing::joined(arrow.labels, "\\n"), "\"];\n"});
    return out + "}\n";
}

/// What one event means in one state, in a few words: "**scheduled**", "stay", "**draft** afresh", "refuse", "ignore",
/// or several with their guards: "**cancelling** if last_safe_moment_not_passed, else stay".
inline std::string draw_cell(Outline const& outline, std::string_view state, Outline::Event const& event) {
    std::string out;
    for (auto const* row : rows_for(outline, state, event.name)) {
        if (!out.empty()) out += ", else ";
        if (row->stays)
            out += "stay";
        else
            drawing::add(out, {"**", row->go_to, row->go_to == state ? "** afresh" : "**"});
        if (row->when != "always") drawing::add(out, {" if ", row->when});
    }
    return out.empty() ? std::string(name_of(event.otherwise)) : out;
}

/// A Markdown table of every event in every state, with the cells nobody wrote a row for.
inline std::string draw_matrix(Outline const& outline) {
    std::string out;
    std::vector<std::string> cells{"event \\ state"};
    for (auto const& state : outline.states) cells.emplace_back(state.name);
    drawing::add_head(out, cells);
    for (auto const& event : outline.events) {
        cells.assign(1, std::string(event.name));
        for (auto const& state : outline.states) cells.push_back(drawing::cell(draw_cell(outline, state.name, event)));
        drawing::add_row(out, cells);
    }
    return out;
}

/// A Markdown table of the states: who must move, by when, and what happens if he does not.
inline std::string draw_states(Outline const& outline) {
    std::string out;
    drawing::add_head(out, {"state", "kind", "who must move", "deadline", "rule", "what happens then", "meaning"});
    for (auto const& state : outline.states) {
        auto const* timer = find_named(outline.timers, state.deadline);
        drawing::add_row(out,
                         {std::string(state.name), std::string(name_of(state.kind)), std::string(name_of(state.owner)),
                          std::string(timer ? timer->name : "–"), timer ? drawing::cell(timer->rule) : "–",
                          timer ? drawing::cell(timer->on_expiry) : "–", drawing::cell(state.meaning)});
    }
    return out;
}

/// A Markdown table of the events: where each goes when the state has no row for it, and what it means.
inline std::string draw_events(Outline const& outline) {
    std::string out;
    drawing::add_head(out, {"event", "without a row", "meaning"});
    for (auto const& event : outline.events)
        drawing::add_row(
            out, {std::string(event.name), std::string(name_of(event.otherwise)), drawing::cell(event.meaning)});
    return out;
}

/// A Markdown table of guards or actions with their meanings; `title` heads the first column.
inline std::string draw_names(std::vector<Outline::Name> const& names, std::string_view title) {
    std::string out;
    drawing::add_head(out, {std::string(title), "meaning"});
    for (auto const& name : names)
        if (name.name != "always") drawing::add_row(out, {std::string(name.name), drawing::cell(name.meaning)});
    return out;
}

/// One row as a sentence: "When scheduled, on hold_requested, go to on_hold and tell_customer." `number` is an index
/// into the rows, as Decision::row and the log have it; one that the machine does not have gives an empty text.
inline std::string draw_sentence(Outline const& outline, std::size_t number) {
    if (number >= outline.rows.size()) return {};
    auto const& row = outline.rows[number];
    bool const is_first = rows_for(outline, row.in, row.on).front() == &row;
    std::string out;
    drawing::add(out, {"When ", row.in, ", on ", row.on, ", "});
    if (row.when != "always")
        drawing::add(out, {is_first ? "if " : "or else if ", row.when, ", "});
    else if (!is_first)
        out += "otherwise, ";
    if (row.stays)
        out += "stay";
    else
        drawing::add(out, {row.go_to == row.in ? "start afresh in " : "go to ", row.go_to});
    for (std::size_t i = 0; i < row.actions.size(); ++i)
        drawing::add(out, {i + 1 == row.actions.size() ? " and " : ", ", row.actions[i]});
    return out + ".";
}

/// The whole page of a machine, for people: picture, states, matrix, events, guards, actions and rows as sentences.
inline std::string draw_markdown(Outline const& outline) {
    std::string out;
    drawing::add(out, {"# ", outline.name, "\n\nDrawn by `scripts/draw` from `", outline.name,
                       ".hpp`, the table that the daemon runs: change the table, not this page. Fingerprint `",
                       fingerprint_text(fingerprint(outline)), "`.\n\n```mermaid\n", draw_mermaid(outline), "```\n\n"});
    out += "The picture leaves out the rows that stay; the matrix has every cell.\n\n";
    drawing::add(out, {"## States\n\n", draw_states(outline), "\n## Matrix\n\n", draw_matrix(outline)});
    drawing::add(out, {"\n## Events\n\n", draw_events(outline)});
    if (outline.guards.size() > 1) drawing::add(out, {"\n## Guards\n\n", draw_names(outline.guards, "guard")});
    drawing::add(out, {"\n## Actions\n\n", draw_names(outline.actions, "action")});
    out += "\n## Rows\n\nThe number is the one that the log keeps. Rows of one state and event are asked in order; the "
           "first whose guard "
           "holds applies.\n";
    std::string_view state;
    for (std::size_t i = 0; i < outline.rows.size(); ++i) {
        if (outline.rows[i].in != state) drawing::add(out, {"\n### ", outline.rows[i].in, "\n\n"});
        state = outline.rows[i].in;
        drawing::add(out, {"- ", std::to_string(i), ": ", draw_sentence(outline, i), "\n"});
    }
    return out;
}

} // namespace npod::machine
