/// What fires next, and what happened.

#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

namespace {

// -------------------------------------------------------------------------------------------------------------- timers

/// "3 d 4 h" by the clock and below it the working time in it: the second is what the law counts.
Cell timer_left(json::object const& timer, Times const&) {
    Duration const left{integer_in(timer, "left_ms").value_or(0)};
    Duration const working{integer_in(timer, "working_left_ms").value_or(0)};
    if (left < Duration{0}) return {"late by\n" + length_text(left), Tone::alarm};
    if (left == working) return length_text(left);
    return length_text(left) + "\nwork " + working_text(working);
}

Exit list_timers(Session& session, Arguments const& arguments) {
    ListView view{"timer", "timers", {}, "subject/id", {}};
    view.columns = {
        moment_column("NEXT", "due"),
        {"LEFT", timer_left, Align::left, Give::rigid, Shown::always, {"left_ms", "working_left_ms"}},
        {"RULE",
         [](json::object const& timer, Times const&) {
             bool const assumed = text_in(timer, "standing") == "assumed";
             return Cell(text_in(timer, "rule") + (assumed ? " (assumed)" : ""), assumed ? Tone::warning : Tone::plain);
         },
         Align::left, Give::wraps, Shown::always, {"rule", "standing"}},
        plain_column("ON EXPIRY", "on_expiry"),
        plain_column("SUBJECT", "subject/id", Align::left, Give::rigid),
        plain_column("MUST MOVE", "owner", Align::left, Give::rigid, Shown::wide),
        plain_column("TIMER", "timer", Align::left, Give::rigid, Shown::wide),
        plain_column("STATE", "state", Align::left, Give::rigid, Shown::wide),
    };
    Session::Items list;
    constexpr std::int64_t page_max = 500;
    auto const limit = std::min(session.options().limit, page_max);
    auto const reply = get_object(session, with_query(fmt::format("/v1/timers?limit={}", limit), arguments));
    list.items = list_in(reply, "items");
    list.total = integer_in(reply, "total").value_or(static_cast<std::int64_t>(list.items.size()));
    return print_list(session, list, view);
}

// -------------------------------------------------------------------------------------------------------------- events

/// "port_in acceptance received" of "be.np.port_in.acceptance_received.v1".
std::string event_words(std::string type) {
    if (type.starts_with("be.np.")) type.erase(0, 6);
    if (type.ends_with(".v1")) type.erase(type.size() - 3);
    auto const dot = type.find('.');
    if (dot != std::string::npos) type = type.substr(0, dot) + ": " + words_of(type.substr(dot + 1));
    return type;
}

std::string what_of_event(json::object const& event) {
    auto const from = text_in(event, "data/move/from"), to = text_in(event, "data/move/to");
    auto const note = text_in(event, "data/move/note");
    std::string out = to.empty() ? "" : from == to ? "stays " + words_of(to) : "now " + words_of(to);
    if (auto const verdict = text_in(event, "data/move/verdict"); verdict == "refused" || verdict == "ignored")
        out = verdict + " in " + words_of(from);
    if (!note.empty()) out += (out.empty() ? "" : "; ") + note;
    if (auto const reason = text_in(event, "data/reason"); !reason.empty() && reason != note)
        out += (out.empty() ? "" : "; ") + ("reason: " + reason);
    return out;
}

ListView events_view() {
    ListView view{"event", "events", {}, "id", {}};
    view.columns = {
        plain_column("EVENT", "id", Align::right, Give::rigid),
        moment_column("LEARNED", "time"),
        plain_column("SUBJECT", "subject"),
        {"WHAT", [](json::object const& event, Times const&) { return Cell(event_words(text_in(event, "type"))); }},
        {"BECAME", [](json::object const& event, Times const&) { return Cell(what_of_event(event)); }},
        plain_column("WHO SAID IT", "data/source", Align::left, Give::wraps, Shown::wide),
        plain_column("TYPE", "type", Align::left, Give::rigid, Shown::wide),
    };
    return view;
}

/// One event as one line, as it happens.
std::string event_line(json::object const& event, Times const& times) {
    auto const became = what_of_event(event);
    return fmt::format("{}  {}  {}  {}{}\n", text_in(event, "id"), times.brief(text_in(event, "time")),
                       text_in(event, "subject"), event_words(text_in(event, "type")),
                       became.empty() ? "" : ", " + became);
}

Exit follow(Session& session, std::string const& after) {
    auto const output = session.options().output;
    bool const lines = session.wants_table();
    auto const& times = lines ? session.times() : session.times_if_offline();
    auto headers = session.headers();
    headers.emplace_back("Accept", "text/event-stream");
    headers.emplace_back("Last-Event-ID", after);
    auto const on_event = [&](http::StreamEvent const& event) {
        boost::system::error_code error;
        auto const value = json::parse(event.data, error);
        if (error || !value.is_object()) return;
        if (lines)
            session.print(event_line(value.get_object(), times));
        else if (output == Output::json)
            session.print(pretty(value) + "\n");
        else
            session.print(render_list(json::array{value}, events_view(),
                                      output == Output::name ? output : Output::jsonl, times, session.screen()));
        session.flush();
    };
    try {
        session.transport().follow("/v1/events", headers, on_event);
    } catch (NetworkFault const& fault) {
        throw Stop(Exit::unreachable, fmt::format("The stream of events broke off: {}.\n  next:  npctl event list -f "
                                                  "--after ID goes on behind the last one shown.",
                                                  fault.what()));
    }
    return Exit::ok;
}

Exit list_events(Session& session, Arguments const& arguments) {
    bool const following = arguments.has("--follow");
    auto after = arguments.text("--after");
    if (after.empty()) {
        auto const head = integer_in(get_object(session, "/v1/status"), "head_seq").value_or(0);
        after = std::to_string(following ? head : std::max<std::int64_t>(0, head - session.options().limit));
    }
    if (following) return follow(session, after);
    Session::Items list;
    constexpr std::int64_t page_max = 500;
    auto const limit = session.options().limit;
    while (!after.empty() && static_cast<std::int64_t>(list.items.size()) < limit) {
        auto const left = std::min(limit - static_cast<std::int64_t>(list.items.size()), page_max);
        auto const reply = get_object(session, fmt::format("/v1/events?after={}&limit={}", url_encoded(after), left));
        for (auto const& item : list_in(reply, "items")) list.items.push_back(item);
        auto next = text_in(reply, "next");
        after = next == after ? std::string{} : std::move(next);
    }
    list.total = static_cast<std::int64_t>(list.items.size());
    auto const exit = print_list(session, list, events_view());
    if (!after.empty()) session.say(fmt::format("There are more: npctl event list --after {}", after));
    return exit;
}

} // namespace

std::vector<Verb> timer_verbs() {
    return {{"timer",
             "list",
             "Lists what fires next: when, whose turn it is, by which rule, and what happens then.",
             {},
             {query_flag},
             Does::list,
             list_timers}};
}

std::vector<Verb> event_verbs() {
    return {{"event",
             "list",
             "Lists what happened, the latest events unless told otherwise.",
             {},
             {{"--follow", "", "go on as things happen, until interrupted", false, false, "-f"},
              {"--after", "ID", "behind this event (17.2) or log row (17)"}},
             Does::list,
             list_events}};
}

} // namespace npod::cli
