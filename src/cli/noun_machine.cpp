/// The machines, from the very tables that decide; no daemon is needed.

#include "api/views.hpp"
#include "cli/drawing.hpp"
#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "state_machines/draw.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

namespace {

machine::Outline const& find_machine(std::string const& name) {
    if (auto const* outline = machine::find_outline(name)) return *outline;
    std::vector<std::string_view> known;
    for (auto const& outline : machine::all_outlines()) known.push_back(outline.name);
    auto const near = closest(name, known);
    throw Stop(Exit::not_found,
               fmt::format("There is no machine \"{}\".{}\n  next:  choose one of {}.", name.substr(0, 64),
                           near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near), fmt::join(known, ", ")));
}

Exit list_machines(Session& session, Arguments const&) {
    Session::Items list;
    for (auto const& outline : machine::all_outlines()) list.items.push_back(api::summary_of(outline));
    ListView view{"machine", "machines", {}, "name", {}};
    view.columns = {plain_column("MACHINE", "name", Align::left, Give::rigid),
                    plain_column("STATES", "states", Align::right),
                    plain_column("EVENTS", "events", Align::right),
                    plain_column("ROWS", "rows", Align::right),
                    plain_column("STARTS IN", "initial"),
                    plain_column("FINGERPRINT", "fingerprint", Align::left, Give::rigid)};
    return print_list(session, list, view);
}

Exit show_machine(Session& session, Arguments const& arguments) {
    auto const machine = api::view_of(find_machine(arguments.text("NAME")));
    Paper const paper{session.times_if_offline(), session.screen(), session.options().output == Output::wide};
    return print_one(session, machine, arguments.text("NAME"), [&] { return machine_page(machine, paper); });
}

Exit draw_machine(Session& session, Arguments const& arguments) {
    auto const& outline = find_machine(arguments.text("NAME"));
    auto const lit = arguments.text("--state");
    if (!lit.empty() && !machine::find_named(outline.states, lit)) {
        std::vector<std::string_view> known;
        for (auto const& state : outline.states) known.push_back(state.name);
        auto const near = closest(lit, known);
        throw Stop(Exit::not_found,
                   fmt::format("{} has no state \"{}\".{}\n  next:  choose one of {}.", outline.name, lit.substr(0, 64),
                               near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near), fmt::join(known, ", ")));
    }
    switch (session.options().output) {
    case Output::table:
    case Output::mermaid: session.print(machine::draw_mermaid(outline, lit)); return Exit::ok;
    case Output::dot: session.print(machine::draw_dot(outline, lit)); return Exit::ok;
    case Output::svg: session.print(draw_svg(outline, lit)); return Exit::ok;
    case Output::wide:
    case Output::json:
    case Output::jsonl:
    case Output::csv:
    case Output::name: break;
    }
    throw Stop(Exit::usage, "A picture is not drawn in that form.\n  next:  ask for -o mermaid, dot or svg; npctl "
                            "machine show -o json gives the table.");
}

// --------------------------------------------------------------------------------------------------------------- check

/// What must hold of any machine, asked again of the outline that everybody sees: the build has proved it of the
/// tables.
std::vector<std::string> findings_of(machine::Outline const& outline) {
    std::vector<std::string> findings;
    std::vector<std::string_view> reached{outline.initial};
    for (std::size_t i = 0; i < reached.size(); ++i)
        for (auto const& row : outline.rows)
            if (row.in == reached[i] && std::find(reached.begin(), reached.end(), row.go_to) == reached.end())
                reached.push_back(row.go_to);
    for (auto const& state : outline.states) {
        auto const say = [&](std::string_view what) {
            findings.push_back(fmt::format("{}: {} {}", outline.name, state.name, what));
        };
        if (std::find(reached.begin(), reached.end(), state.name) == reached.end()) say("cannot be reached");
        bool leaves = false, opens = false;
        for (auto const& row : outline.rows) {
            bool const leads_on = row.in == state.name && row.go_to != state.name;
            auto const* target = machine::find_named(outline.states, row.go_to);
            leaves = leaves || leads_on;
            opens = opens || (leads_on && (!target || target->kind != machine::Kind::settled)); // settled otherwise is a correction
        }
        if (state.kind == machine::Kind::settled && opens) say("is settled and yet opens again");
        if (state.kind == machine::Kind::waiting && !leaves) say("waits and has no way out");
        if (state.kind != machine::Kind::waiting) continue;
        auto const* timer = machine::find_named(outline.timers, state.deadline);
        if (!timer) say("waits without a deadline");
        if (state.owner == machine::Owner::nobody) say("waits for nobody");
        if (timer && machine::rows_for(outline, state.name, timer->event).empty())
            say("does not know what to do when its deadline passes");
    }
    return findings;
}

/// Whether a daemon runs the same tables as this program.
std::vector<std::string> differences(Session& session) {
    std::vector<std::string> findings;
    auto const reply = get_object(session, "/v1/machines");
    for (auto const& outline : machine::all_outlines()) {
        auto const ours = machine::fingerprint_text(machine::fingerprint(outline));
        std::string theirs;
        for (auto const& item : list_in(reply, "items"))
            if (text_in(item, "name") == outline.name) theirs = text_in(item, "fingerprint");
        if (theirs != ours)
            findings.push_back(fmt::format("{}: the daemon runs {}, this npctl knows {}", outline.name,
                                           theirs.empty() ? "none" : theirs, ours));
    }
    return findings;
}

Exit check_machines(Session& session, Arguments const&) {
    std::vector<std::string> findings;
    for (auto const& outline : machine::all_outlines()) {
        auto const found = findings_of(outline);
        findings.insert(findings.end(), found.begin(), found.end());
    }
    if (session.options().url_given) {
        auto const found = differences(session);
        findings.insert(findings.end(), found.begin(), found.end());
    }
    json::object const verdict{{"ok", findings.empty()}, {"findings", json::array(findings.begin(), findings.end())}};
    print_one(session, verdict, findings.empty() ? "ok" : "findings", [&] {
        if (findings.empty())
            return fmt::format("{} machines: every state is reached, waits within bounds and can settle.\n",
                               machine::all_outlines().size());
        return fmt::format("{}\n", fmt::join(findings, "\n"));
    });
    return findings.empty() ? Exit::ok : Exit::findings;
}

} // namespace

std::vector<Verb> machine_verbs() {
    Operand const name{"NAME", "port_in, port_out, number, contract, claim or delivery"};
    return {
        {"machine", "list", "Lists the machines.", {}, {}, Does::read, list_machines},
        {"machine",
         "show",
         "Shows the states and rows of a machine; -o wide shows meanings and actions, too.",
         {name},
         {},
         Does::read,
         show_machine},
        {"machine",
         "draw",
         "Draws a machine from the table that decides: Mermaid, Graphviz (-o dot), or a picture (-o svg).",
         {name},
         {{"--state", "NAME", "light up this state"}},
         Does::read,
         draw_machine},
        {"machine",
         "check",
         "Checks every machine; with --url also that the daemon runs the same ones. Ends with 9 on findings.",
         {},
         {},
         Does::read,
         check_machines},
    };
}

} // namespace npod::cli
