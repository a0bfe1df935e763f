/// The outline says what the tables say, its fingerprint changes when one cell does, and the pages that people read are
/// the ones that the tables draw.

#include "state_machines/draw.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace npod;
using machine::Kind;
using machine::Otherwise;
using machine::Outline;
using machine::Owner;

namespace {

/// The smallest machine with everything in it.
Outline lamp() {
    return {.name = "lamp",
            .initial = "off",
            .states = {{"off", Kind::resting, Owner::nobody, "", "Dark."},
                       {"on", Kind::waiting, Owner::calendar, "hours", "Light."}},
            .timers = {{"hours", "lamp.hours", "hours_passed", "It goes out."}},
            .events = {{"switched", Otherwise::refuse, "Somebody pressed the switch."},
                       {"hours_passed", Otherwise::ignore, "It burnt long enough."}},
            .guards = {{"always", ""}},
            .actions = {{"shine", "Give light."}},
            .rows = {{"off", "switched", "always", "on", false, {"shine"}},
                     {"on", "switched", "always", "on", true, {}},
                     {"on", "hours_passed", "always", "off", false, {}}}};
}

std::string fingerprint_of(Outline const& outline) { return machine::fingerprint_text(machine::fingerprint(outline)); }

std::size_t count_of(std::string const& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

std::string committed_page(Outline const& outline) {
    std::ifstream file(std::string(NPOD_SOURCE_DIR "/state_machines/") + std::string(outline.name) + ".md",
                       std::ios::binary);
    REQUIRE_MESSAGE(file.good(), "state_machines/" << std::string(outline.name) << ".md is missing; run scripts/draw");
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

} // namespace

TEST_CASE("there are six machines, found by name") {
    std::vector<std::string_view> names;
    for (auto const& outline : machine::all_outlines()) names.push_back(outline.name);
    CHECK(names == std::vector<std::string_view>{"port_in", "port_out", "number", "contract", "claim", "delivery"});
    for (auto name : names) CHECK(machine::find_outline(name)->name == name);
    CHECK(machine::find_outline("port") == nullptr);
    CHECK(machine::find_outline("") == nullptr);
}

TEST_CASE("an outline says what its table says") {
    auto const& outline = *machine::find_outline("port_in");
    CHECK(outline.initial == "draft");
    CHECK(outline.states.size() == 17); // the enumeration in port_in.hpp
    CHECK(outline.events.size() == 25);
    CHECK(outline.timers.size() == 10); // eleven less "none"
    CHECK(machine::find_named(outline.timers, "none") == nullptr);

    auto const& awaiting = *machine::find_named(outline.states, "awaiting_answer");
    CHECK(awaiting.kind == Kind::waiting);
    CHECK(awaiting.owner == Owner::donor);
    CHECK(awaiting.deadline == "answer_deadline");
    CHECK(machine::find_named(outline.states, "completed")->deadline == "");
    auto const& deadline = *machine::find_named(outline.timers, "answer_deadline");
    CHECK(deadline.rule == "be.answer.within");
    CHECK(deadline.event == "answer_deadline_passed");

    // A cancel in scheduled is the one event there that asks a guard: first the guarded row, then the other.
    auto const rows = machine::rows_for(outline, "scheduled", "cancel_requested");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0]->when == "last_safe_moment_not_passed");
    CHECK(rows[0]->go_to == "cancelling");
    CHECK(rows[0]->actions == std::vector<std::string_view>{"send_cancel"});
    CHECK(rows[1]->stays);
    CHECK(rows[1]->go_to == "scheduled");
}

TEST_CASE("the events of a state are listed once each, in the order of the event table") {
    auto const& port_out = *machine::find_outline("port_out");
    CHECK(machine::events_with_rows(port_out, "awaiting_execution") ==
          std::vector<std::string_view>{"request_received", "cancel_received", "performed_received", "error_received",
                                        "settled_by_person", "approval_expired"});
    CHECK(machine::events_with_rows(port_out, "closed") ==
          std::vector<std::string_view>{"cancel_received", "performed_received", "performance_recognised"});
    CHECK(machine::events_with_rows(port_out, "no_such_state").empty());
    auto const& contract = *machine::find_outline("contract"); // number_left has two rows and is listed once
    CHECK(machine::events_with_rows(contract, "active") ==
          std::vector<std::string_view>{"number_left", "number_added", "termination_requested"});
}

// The value was computed apart, by a few lines of Python over the texts that the docstring lists, each with its zero.
TEST_CASE("the fingerprint is the documented one: stored fingerprints depend on it") {
    CHECK(fingerprint_of(lamp()) == "09e4a9f660883791");
    CHECK(machine::fingerprint_text(0) == "0000000000000000");
    CHECK(machine::fingerprint_text(0x0123456789abcdefULL) == "0123456789abcdef");
}

TEST_CASE("the fingerprint changes with each single thing that decides") {
    using Change = std::function<void(Outline&)>;
    std::vector<Change> const changes{
        [](Outline& o) { o.name = "bulb"; },
        [](Outline& o) { o.initial = "on"; },
        [](Outline& o) { o.states[0].name = "dark"; },
        [](Outline& o) { o.states[0].kind = Kind::settled; },
        [](Outline& o) { o.states[1].owner = Owner::desk; },
        [](Outline& o) { o.states[1].deadline = ""; },
        [](Outline& o) {
            o.states.push_back({"broken", Kind::settled, Owner::nobody, "", ""});
        },
        [](Outline& o) { o.timers[0].name = "minutes"; },
        [](Outline& o) { o.timers[0].rule = "agreed"; },
        [](Outline& o) { o.timers[0].event = "switched"; },
        [](Outline& o) { o.events[0].name = "pressed"; },
        [](Outline& o) { o.events[0].otherwise = Otherwise::ignore; },
        [](Outline& o) { o.guards[0].name = "never"; },
        [](Outline& o) { o.actions[0].name = "glow"; },
        [](Outline& o) { o.rows[0].in = "on"; },
        [](Outline& o) { o.rows[0].on = "hours_passed"; },
        [](Outline& o) { o.rows[0].when = "never"; },
        [](Outline& o) { o.rows[0].go_to = "off"; },
        [](Outline& o) { o.rows[1].stays = false; }, // the same state, but its deadline would start afresh
        [](Outline& o) { o.rows[0].actions.clear(); },
        [](Outline& o) { std::swap(o.rows[0].actions, o.rows[1].actions); },
        [](Outline& o) { std::swap(o.rows[1], o.rows[2]); },
        [](Outline& o) { o.rows.pop_back(); },
    };
    std::set<std::uint64_t> seen{machine::fingerprint(lamp())};
    for (auto const& change : changes) {
        auto changed = lamp();
        change(changed);
        CHECK(seen.insert(machine::fingerprint(changed)).second);
    }
    for (auto const& outline : machine::all_outlines()) CHECK(seen.insert(machine::fingerprint(outline)).second);
}

TEST_CASE("mending a sentence for people does not change the fingerprint") {
    auto mended = lamp();
    mended.states[0].meaning = "Quite dark.";
    mended.timers[0].on_expiry = "It is put out.";
    mended.events[0].meaning = "The switch was pressed.";
    mended.guards[0].meaning = "in any case";
    mended.actions[0].meaning = "Give much light.";
    CHECK(machine::fingerprint(mended) == machine::fingerprint(lamp()));
}

TEST_CASE("a picture has an arrow for each way, none for rows that stay, and lights the state it is told to") {
    CHECK(machine::draw_mermaid(lamp()) == "stateDiagram-v2\n"
                                           "    [*] --> off\n"
                                           "    off --> on: switched\n"
                                           "    on --> off: hours_passed\n");
    CHECK(machine::draw_mermaid(lamp(), "on").ends_with("    class on lit\n"));
    CHECK(machine::draw_mermaid(lamp(), "red") == machine::draw_mermaid(lamp()));

    auto const dot = machine::draw_dot(lamp(), "on");
    CHECK(dot.find("off -> on [label=\"switched\"];") != std::string::npos);
    CHECK(dot.find("on -> on") == std::string::npos);
    CHECK(dot.find("on [tooltip=\"Light.\", style=filled, fillcolor=\"#ffd54f\", penwidth=3];") != std::string::npos);
    CHECK(count_of(dot, "fillcolor") == 1);
    CHECK(machine::draw_dot(lamp()).find("fillcolor") == std::string::npos);
}

TEST_CASE("several ways between two states share an arrow, and say under which guard each goes") {
    auto const& contract = *machine::find_outline("contract");
    auto const mermaid = machine::draw_mermaid(contract);
    CHECK(mermaid.find("    active --> partly_ended: number_left [numbers_remain]\n") != std::string::npos);
    CHECK(mermaid.find("    active --> ended: number_left [otherwise]<br/>termination_requested [date_has_come]\n") !=
          std::string::npos);
    CHECK(mermaid.find("    ended --> [*]\n") != std::string::npos);
}

TEST_CASE("the matrix has every cell, the refused and ignored ones too") {
    CHECK(machine::draw_matrix(lamp()) == "| event \\ state | off | on |\n"
                                          "| --- | --- | --- |\n"
                                          "| switched | **on** | stay |\n"
                                          "| hours_passed | ignore | **off** |\n");
    for (auto const& outline : machine::all_outlines()) {
        auto const lines = lines_of(machine::draw_matrix(outline));
        CHECK(lines.size() == outline.events.size() + 2);
        for (auto const& line : lines) CHECK(count_of(line, "|") == outline.states.size() + 2);
    }
    auto const& port_in = *machine::find_outline("port_in");
    auto const cell = [&](auto state, auto event) {
        return machine::draw_cell(port_in, state, *machine::find_named(port_in.events, event));
    };
    CHECK(cell("scheduled", "cancel_requested") == "**cancelling** if last_safe_moment_not_passed, else stay");
    CHECK(cell("scheduled", "reschedule_requested") == "**scheduled** afresh");
    CHECK(cell("completed", "cancel_requested") == "refuse");
    CHECK(cell("completed", "request_taken") == "ignore");
}

TEST_CASE("a row reads as a sentence") {
    CHECK(machine::draw_sentence(lamp(), 0) == "When off, on switched, go to on and shine.");
    CHECK(machine::draw_sentence(lamp(), 1) == "When on, on switched, stay.");
    CHECK(machine::draw_sentence(lamp(), 3).empty());
    auto const& contract = *machine::find_outline("contract"); // rows 1 and 2: a number left
    CHECK(machine::draw_sentence(contract, 1) ==
          "When active, on number_left, if numbers_remain, go to partly_ended, end_in_part and tell_customer.");
    CHECK(machine::draw_sentence(contract, 2) ==
          "When active, on number_left, otherwise, go to ended, end_wholly and tell_customer.");
}

TEST_CASE("a bar in a meaning does not break its table") {
    auto outline = lamp();
    outline.states[0].meaning = "Dark | quiet.";
    CHECK(machine::draw_states(outline).find("| Dark \\| quiet. |") != std::string::npos);
}

TEST_CASE("the committed pages are what the tables draw; if not, run scripts/draw and read the difference") {
    for (auto const& outline : machine::all_outlines()) {
        CAPTURE(std::string(outline.name));
        auto const drawn = lines_of(machine::draw_markdown(outline));
        auto const committed = lines_of(committed_page(outline));
        auto const [here, there] = std::mismatch(drawn.begin(), drawn.end(), committed.begin(), committed.end());
        std::string const differs = "the table draws: " + (here == drawn.end() ? "(nothing more)" : *here) +
                                    "\nthe page says:   " + (there == committed.end() ? "(nothing more)" : *there);
        CHECK_MESSAGE((here == drawn.end() && there == committed.end()), differs);
    }
}
