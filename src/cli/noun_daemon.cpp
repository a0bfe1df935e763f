/// The daemon and its clock.

#include "cli/changes.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

Exit daemon_status(Session& session, Arguments const&) {
    auto const status = get_object(session, "/v1/status");
    print_one(session, status, text_in(status, "operator"), [&] { return daemon_page(status, paper_of(session)); });
    bool const well = flag_in(status, "accepting") || !session.options().db.empty();
    return well ? Exit::ok : Exit::unreachable;
}

std::string clock_page(json::object const& clock, json::value const* next_due, Paper const& paper) {
    auto const manual = flag_in(clock, "manual");
    auto out = paper.times.full(text_in(clock, "now")) +
               (manual ? ", manual: it moves by npctl clock advance only" : "") + "\n";
    if (next_due && !text_of(*next_due).empty()) out += "Next deadline: " + paper.times.full(text_of(*next_due)) + "\n";
    return out;
}

Exit show_clock(Session& session, Arguments const&) {
    auto const status = get_object(session, "/v1/status");
    auto clock = object_in(status, "clock");
    auto const* next_due = status.if_contains("next_due");
    return print_one(session, clock, text_in(clock, "now"),
                     [&] { return clock_page(clock, next_due, paper_of(session)); });
}

Exit advance_clock(Session& session, Arguments const& arguments) {
    auto const to = arguments.moment("--to");
    if (to.has_value() == arguments.has("BY"))
        throw Stop(Exit::usage,
                   "Where shall the clock go?\n  next:  give either a term (2wd, 3d, PT3H) or --to MOMENT.");
    json::object body;
    if (to)
        body["to"] = *to;
    else
        body["by"] = arguments.text("BY");
    auto const reply = session.change("POST", "/v1/clock/advance", body);
    static json::object const none;
    auto const& clock = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, text_in(clock, "now"),
                     [&] { return clock_page(clock, clock.if_contains("next_due"), paper_of(session)); });
}

} // namespace

std::vector<Verb> clock_verbs() {
    return {
        {"clock", "show", "Tells the daemon's clock.", {}, {}, Does::read, show_clock},
        {"clock",
         "advance",
         "Moves a manual clock forward; every deadline on the way fires in order, at its own moment.",
         {{"[BY]", "2wd, 3d or PT3H"}},
         {{"--to", "MOMENT", "to this moment"}},
         Does::write,
         advance_clock},
    };
}

std::vector<Verb> daemon_verbs() {
    return {{"daemon",
             "status",
             "Says how the daemon is: clock, queue, mail to send, ports by state.",
             {},
             {},
             Does::read,
             daemon_status}};
}

} // namespace npod::cli
