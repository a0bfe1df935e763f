/// Looking at ports. What changes them is in noun_port_write.cpp.

#include "cli/lookup.hpp"
#include "cli/notices.hpp"
#include "cli/port_list.hpp"
#include "cli/text.hpp"
#include "state_machines/outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <thread>

namespace npod::cli {

namespace {

std::string counterpart_of(json::object const& port) {
    return text_in(port, text_in(port, "role") == "port_in" ? "donor" : "recipient");
}

/// Whose turn it is: what next_expected says before its colon.
std::string turn_of(json::object const& port) {
    auto const next = text_in(port, "next_expected");
    auto const colon = next.find(':');
    return colon == std::string::npos ? std::string{} : next.substr(0, colon);
}

} // namespace

ListView ports_view() {
    ListView view{"port", "ports", {}, "id", {}};
    auto const wide = Shown::wide;
    view.columns = {
        plain_column("PORT", "id", Align::left, Give::rigid),
        {"WITH", [](json::object const& port, Times const&) { return Cell(counterpart_of(port)); }, Align::left,
         Give::rigid},
        {"STATE",
         [](json::object const& port, Times const&) {
             auto const state = text_in(port, "state");
             return Cell(words_of(state), tone_of_state(state));
         }},
        {"TURN", [](json::object const& port, Times const&) { return Cell(turn_of(port)); }},
        moment_column("DUE", "next_due"),
        plain_column("NUMBERS", "numbers"),
        plain_column("COUNT", "count", Align::right, Give::rigid, wide),
        plain_column("ORDER", "order_id", Align::left, Give::rigid, wide),
        plain_column("DOSSIER", "dossier", Align::left, Give::rigid, wide),
        plain_column("WAITS FOR", "waits_for", Align::left, Give::wraps, wide),
        plain_column("THEN", "on_expiry", Align::left, Give::wraps, wide),
        plain_column("NEXT", "next_expected", Align::left, Give::wraps, wide),
        moment_column("REQUESTED", "requested_at", wide),
    };
    return view;
}

namespace {

/// Said where nothing was found with an operator that nobody knows; empty when it is known.
std::string no_such_operator(Session& session, std::string const& typed) {
    auto const reply = session.get_if_there("/v1/operators");
    std::vector<std::string> codes;
    if (reply && reply->is_object())
        for (auto const& one : list_in(reply->get_object(), "items")) codes.push_back(text_in(one, "code"));
    std::vector<std::string_view> const known(codes.begin(), codes.end());
    if (known.empty() || std::find(known.begin(), known.end(), typed) != known.end()) return {};
    auto const near = closest(typed, known);
    return fmt::format("There is no operator \"{}\".{} npctl operator list shows all.", typed.substr(0, 64),
                       near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near));
}

Exit list(Session& session, Arguments const& arguments) {
    std::string target = "/v1/ports";
    char separator = '?';
    auto const filter = [&](std::string_view name, std::string const& value) {
        target += fmt::format("{}{}={}", std::exchange(separator, '&'), name, url_encoded(value));
    };
    struct Filter {
        std::string_view flag, parameter;
    };
    bool settled_wanted = session.options().all;
    if (arguments.has("--query")) {
        filter("q", arguments.text("--query"));
        settled_wanted = settled_wanted || asks_for_settled(arguments.text("--query"));
    }
    for (auto const& [flag, parameter] :
         {Filter{"--state", "state"}, Filter{"--with", "counterpart"}, Filter{"--contract", "contract"},
          Filter{"--order", "order"}, Filter{"--dossier", "dossier"}})
        if (arguments.has(flag)) filter(parameter, arguments.text(flag));
    if (arguments.has("--state")) settled_wanted = true; // whoever asks for "completed" wants to see them
    if (arguments.has("--number")) filter("number", as_e164(arguments.text("--number")));
    if (arguments.has("--role")) {
        auto const role = arguments.text("--role");
        filter("role", role == "in" || role == "out" ? "port_" + role : role);
    }
    if (!settled_wanted) filter("open", "true");
    auto view = ports_view();
    if (!settled_wanted) view.when_empty = "--all shows finished ones, too.";
    auto const found = session.list(target);
    if (found.items.empty() && arguments.has("--with"))
        if (auto hint = no_such_operator(session, arguments.text("--with")); !hint.empty()) view.when_empty = std::move(hint);
    return print_list(session, found, view);
}

Exit show(Session& session, Arguments const& arguments) {
    auto const id = find_port(session, arguments.text("ID"));
    auto const port = get_object(session, port_target(id));
    return print_one(session, port, id, [&] { return port_page(port, paper_of(session)); });
}

Exit why(Session& session, Arguments const& arguments) {
    auto const id = find_port(session, arguments.text("ID"));
    auto const why = get_object(session, port_target(id, "why"));
    return print_one(session, why, id, [&] {
        return why_page(get_object(session, port_target(id)), why, working_time_of(why), paper_of(session));
    });
}

using Page = std::string (*)(json::object const&, Paper const&);

template <Page page>
Exit part(Session& session, Arguments const& arguments, std::string_view name) {
    auto const id = find_port(session, arguments.text("ID"));
    auto const value = get_object(session, port_target(id, name));
    return print_one(session, value, id, [&] { return page(value, paper_of(session)); });
}

Exit compensation(Session& session, Arguments const& arguments) {
    return part<compensation_page>(session, arguments, "compensation");
}

Exit residue(Session& session, Arguments const& arguments) { return part<residue_page>(session, arguments, "residue"); }

Exit notice(Session& session, Arguments const& arguments) {
    auto const id = find_port(session, arguments.text("ID"));
    return print_notice(session, arguments, port_target(id, "notice"), id);
}

Exit timeline(Session& session, Arguments const& arguments) {
    auto const id = find_port(session, arguments.text("ID"));
    auto value = get_object(session, port_target(id, "timeline"));
    for (auto next = text_in(value, "next"); !next.empty(); next = text_in(value, "next")) { // a long story has several pages
        auto page = get_object(session, port_target(id, "timeline") + "?cursor=" + url_encoded(next));
        auto items = list_in(value, "items");
        for (auto& item : page["items"].as_array()) items.push_back(std::move(item));
        page["items"] = std::move(items);
        value = std::move(page);
    }
    if (arguments.has("--reverse")) {
        auto items = list_in(value, "items");
        std::reverse(items.begin(), items.end());
        value["items"] = std::move(items);
    }
    return print_one(session, value, id, [&] { return timeline_page(value, paper_of(session)); });
}

// --------------------------------------------------------------------------------------------------------------- wait

/// What `--for` names: states of the port, or "settled".
struct Wanted {
    std::vector<std::string> states;
    bool settled = false;

    bool met(json::object const& port) const {
        if (settled && flag_in(port, "settled")) return true;
        return std::find(states.begin(), states.end(), text_in(port, "state")) != states.end();
    }
};

/// A port's state as the machines name it, or Stop (usage): waiting for what never comes would end only when time is up.
std::string_view known_state(std::string_view typed) {
    std::vector<std::string_view> known{"closed", "partly_completed"};
    for (auto const machine : {"port_in", "port_out"})
        for (auto const& state : machine::find_outline(machine)->states) known.push_back(state.name);
    if (typed.starts_with("partly_") || std::find(known.begin(), known.end(), typed) != known.end()) return typed;
    auto const near = closest(typed, known);
    throw Stop(Exit::usage, fmt::format("No port is ever \"{}\".{}\n  next:  npctl machine show port_in lists the states.", typed.substr(0, 64),
                                        near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near)));
}

Wanted wanted_of(std::string const& text) {
    Wanted wanted;
    if (text == "settled") {
        wanted.settled = true;
        return wanted;
    }
    constexpr std::string_view prefix = "state=";
    std::string_view rest = text;
    if (!rest.starts_with(prefix) || rest.size() == prefix.size())
        throw Stop(Exit::usage, fmt::format("--for cannot be \"{}\".\n  next:  write state=completed, several as "
                                            "state=completed|refused, or settled.",
                                            text.substr(0, 64)));
    rest.remove_prefix(prefix.size());
    while (!rest.empty()) {
        auto const bar = std::min(rest.find('|'), rest.size());
        wanted.states.emplace_back(known_state(rest.substr(0, bar)));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    return wanted;
}

/// "30s", "5min", "2h"; real time: this is patience, not law.
std::chrono::milliseconds patience_of(std::string const& text) {
    std::int64_t amount = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 6 && std::isdigit(static_cast<unsigned char>(text[digits])))
        amount = amount * 10 + (text[digits++] - '0');
    auto const unit = text.substr(digits);
    if (digits > 0 && (unit == "s" || (unit.empty() && amount == 0))) return std::chrono::seconds{amount};
    if (digits > 0 && (unit == "min" || unit == "m")) return std::chrono::minutes{amount};
    if (digits > 0 && unit == "h") return std::chrono::hours{amount};
    throw Stop(Exit::usage, fmt::format("--timeout cannot be \"{}\".\n  next:  write 30s, 5min or 2h; 0 asks once.",
                                        text.substr(0, 64)));
}

Exit wait(Session& session, Arguments const& arguments) {
    auto const wanted = wanted_of(arguments.text("--for"));
    auto const patience =
        arguments.has("--timeout") ? patience_of(arguments.text("--timeout")) : std::chrono::minutes{10};
    auto const id = find_port(session, arguments.text("ID"));
    auto const until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        auto const port = get_object(session, port_target(id));
        auto const state = text_in(port, "state");
        if (wanted.met(port)) return print_one(session, port, id, [&] { return port_title(port, session.screen()); });
        if (flag_in(port, "settled"))
            throw Stop(Exit::failure, fmt::format("{} is {} and will not change any more; waiting for {} is in vain.\n "
                                                  " next:  npctl port timeline {} tells why.",
                                                  id, state, arguments.text("--for"), id));
        if (patience.count() == 0) {
            session.say(fmt::format("{} is {}, not yet {}. Expected next: {}", id, state, arguments.text("--for"),
                                    text_in(port, "next_expected")));
            return Exit::pending;
        }
        if (std::chrono::steady_clock::now() >= until)
            throw Stop(
                Exit::wait_timed_out,
                fmt::format("{} is still {} after {}.\n  next:  npctl port why {} says who must move, and until when.",
                            id, state, arguments.has("--timeout") ? arguments.text("--timeout") : "10min", id));
        std::this_thread::sleep_for(std::chrono::milliseconds{250});
    }
}

Operand const any_key{"ID", "port id, or the order, dossier or number of one port"};

} // namespace

std::vector<Verb> port_read_verbs() {
    return {
        {"port",
         "list",
         "Lists ports, the most urgent first; finished ones are hidden.",
         {},
         {query_flag,
          {"--all", "", "finished ports, too"},
          {"--state", "STATE", "of the port or of any of its lines"},
          {"--role", "in|out", "coming to us, or leaving"},
          {"--with", "OPERATOR", "the other operator"},
          {"--contract", "ID", "of this contract"},
          {"--number", "E164", "with this number"},
          {"--order", "ID", "of this order"},
          {"--dossier", "ID", "of this dossier"}},
         Does::list,
         list},
        {"port", "show", "Shows a port with its lines and what may be done now.", {any_key}, {}, Does::read, show},
        {"port",
         "why",
         "Says who must move, by when, by which law, what happens then, and what it costs.",
         {any_key},
         {},
         Does::read,
         why},
        {"port",
         "timeline",
         "Tells what happened, when it was learned, and who said it.",
         {any_key},
         {{"--reverse", "", "latest first"}},
         Does::read,
         timeline},
        {"port",
         "compensation",
         "Computes what is owed, per number and day, and until when it may be claimed.",
         {any_key},
         {},
         Does::read,
         compensation},
        {"port",
         "notice",
         "Writes the letter to the customer: date, delay, refusal, what stays. --lang: its language.",
         {any_key},
         {{"--plain", "", "without the footer for the desk"}},
         Does::read,
         notice},
        {"port", "residue", "Says what a port-out takes along, leaves and ends.", {any_key}, {}, Does::read, residue},
        {"port",
         "wait",
         "Waits until a port is in a state; ends with 5 when time is up, with 8 when asked once.",
         {any_key},
         {{"--for", "WHAT", "state=completed, state=completed|refused, or settled", true},
          {"--timeout", "TIME", "30s, 5min or 2h; 0 asks once; 10min when not told"}},
         Does::tell,
         wait},
    };
}

} // namespace npod::cli
