/// What is late or will be next, and counterparts in trouble.

#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

bool is_trouble(json::object const& item) { return text_in(item, "kind") == "counterpart"; }

/// "3 h 10 min of work", "LATE 2 h of work", "trouble".
Cell left_cell(json::object const& item, Times const&) {
    if (is_trouble(item)) return {"trouble", Tone::alarm};
    Duration const working{integer_in(item, "working_left_ms").value_or(0)};
    if (text_in(item, "severity") == "late") return {"LATE\n" + working_text(working), Tone::alarm};
    constexpr Duration soon = std::chrono::hours{2};
    return {"work\n" + working_text(working), working < soon ? Tone::warning : Tone::plain};
}

Cell due_cell(json::object const& item, Times const& times) {
    auto const member = is_trouble(item) ? "since" : text_in(item, "severity") == "late" ? "late_since" : "due";
    auto const at = text_in(item, member);
    if (at.empty()) return "";
    return {(std::string_view(member) == "due" ? "" : "since\n") + times.brief(at)};
}

Cell what_cell(json::object const& item, Times const&) {
    auto const port = text_in(item, "port");
    return is_trouble(item) ? text_in(item, "operator") : port.empty() ? text_in(item, "subject") : port;
}

Cell risk_cell(json::object const& item, Times const&) {
    auto const per_day = integer_in(item, "per_day/cents").value_or(0), owed = integer_in(item, "owed/cents").value_or(0);
    std::string out;
    if (per_day > 0) out = text_in(item, "per_day/text") + "/day" + (flag_in(item, "recourse") ? "\nrecourse" : "");
    if (owed > 0) out += "\nowed " + text_in(item, "owed/text");
    return {out, owed > 0 ? Tone::alarm : Tone::plain};
}

Cell then_cell(json::object const& item, Times const&) {
    if (is_trouble(item)) return text_in(item, "sentence");
    return text_in(item, text_in(item, "severity") == "late" ? "waits_for" : "on_expiry");
}

ListView radar_view() {
    ListView view{"line", "lines", {}, "port", "Nothing is late or near, and no counterpart is in trouble."};
    view.columns = {
        {"LEFT", left_cell, Align::left, Give::rigid, Shown::always, {"working_left_ms", "left_ms"}},
        {"DUE", due_cell, Align::left, Give::rigid, Shown::always, {"due", "late_since", "since"}},
        plain_column("TURN", "must_move", Align::left, Give::rigid),
        {"WHAT", what_cell, Align::left, Give::rigid},
        {"AT RISK", risk_cell, Align::right, Give::rigid, Shown::always, {"per_day/cents", "owed/cents", "recourse"}},
        {"WHAT HAPPENS", then_cell},
        plain_column("WITH", "with", Align::left, Give::rigid, Shown::wide),
        plain_column("NUMBERS", "numbers", Align::left, Give::rigid, Shown::wide),
        plain_column("STATE", "state", Align::left, Give::rigid, Shown::wide),
        plain_column("RULE", "rule", Align::left, Give::rigid, Shown::wide),
        moment_column("COSTS FROM", "costs_from", Shown::wide),
        plain_column("NEXT", "next", Align::left, Give::wraps, Shown::wide),
        plain_column("SEVERITY", "severity", Align::left, Give::rigid, Shown::wide),
    };
    return view;
}

Exit radar_verdict(std::string const& reason, json::object const& radar) {
    auto const count = [&](std::string_view member) { return integer_in(radar, member).value_or(0); };
    bool const failed = reason == "any"       ? count("total") > 0
                        : reason == "none"    ? count("total") == 0
                        : reason == "late"    ? count("late") + count("troubles") > 0
                        : reason == "trouble" ? count("troubles") > 0
                                              : false;
    return failed ? Exit::findings : Exit::ok;
}

Exit radar(Session& session, Arguments const& arguments) {
    constexpr std::int64_t page_max = 500;
    auto target = fmt::format("/v1/radar?limit={}", std::min(session.options().limit, page_max));
    if (arguments.has("--within")) target += "&within=" + url_encoded(arguments.text("--within"));
    auto const radar = get_object(session, target);
    if (session.options().output == Output::json) {
        session.print(pretty(radar) + "\n");
        return radar_verdict(session.options().fail_on, radar);
    }
    auto const& items = list_in(radar, "items");
    auto const view = radar_view();
    if (session.options().output == Output::name)
        for (auto const& item : items) session.print(what_cell(item.as_object(), session.times_if_offline()).text + "\n");
    else
        session.print(render_list(items, view, session.options().output,
                                  session.wants_table() ? session.times() : session.times_if_offline(), session.screen()));
    if (session.wants_table()) {
        if (items.empty()) session.say(view.when_empty);
        session.say(fmt::format("Within {}: {} late, {} in trouble.\n{} a day at risk, {} owed already.", text_in(radar, "within"),
                                text_in(radar, "late"), counted(integer_in(radar, "troubles").value_or(0), "counterpart"),
                                text_in(radar, "per_day/text"), text_in(radar, "owed/text")));
    }
    auto const total = integer_in(radar, "total").value_or(0);
    if (total > static_cast<std::int64_t>(items.size()))
        session.say(fmt::format("{} of {}; --limit {} shows all.", items.size(), counted(total, "line"), total));
    return radar_verdict(session.options().fail_on, radar);
}

} // namespace

std::vector<Verb> radar_verbs() {
    return {{"radar",
             no_verb,
             "Says what is late or will be next, by working time left and money at risk, and which counterparts are in trouble. "
             "--fail-on takes late (or trouble with a counterpart) and trouble, too.",
             {},
             {{"--within", "TIME", "how far to look: 4wh, 2wd, 12h; 1wd when not told"}},
             Does::list,
             radar}};
}

} // namespace npod::cli
