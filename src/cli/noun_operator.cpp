/// The other operators: who they are, what is agreed with them, how they are, and whether the way to them is open.

#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

/// "3 d 4 h ago" would need a clock; the moment itself does not.
Cell last_heard(json::object const& item, Times const& times) {
    if (flag_in(item, "own")) return "";
    auto const at = text_in(item, "last_heard_at");
    return at.empty() ? Cell("never", Tone::warning) : Cell(times.brief(at));
}

Cell trouble(json::object const& item, Times const& times) {
    auto const since = text_in(item, "failing_since");
    return since.empty() ? Cell("") : Cell("not reached since " + times.brief(since), Tone::alarm);
}

Exit list_operators(Session& session, Arguments const&) {
    auto const reply = get_object(session, "/v1/operators");
    Session::Items list{list_in(reply, "items"), 0};
    ListView view{"operator", "operators", {}, "code", {}};
    view.columns = {
        plain_column("OPERATOR", "code", Align::left, Give::rigid),
        {"",
         [](json::object const& item, Times const&) {
             return Cell(flag_in(item, "own") ? "ourselves" : flag_in(item, "hub") ? "the hub" : "");
         }},
        plain_column("WAY", "way"),
        {"LAST HEARD", last_heard, Align::left, Give::rigid},
        plain_column("QUEUED", "queued", Align::right, Give::rigid),
        plain_column("CODES", "codes", Align::left, Give::rigid, Shown::wide),
        {"TROUBLE", trouble},
    };
    return print_list(session, list, view);
}

// --------------------------------------------------------------------------------------------------------------- show

void add_codes(std::string& out, json::object const& shown, Paper const& paper) {
    Table blocking({{"WIRE", Align::right, Give::rigid},
                    {"GROUND", Align::left, Give::rigid},
                    {"STANDING", Align::left, Give::rigid},
                    {"MEANING", Align::left, Give::wraps}});
    for (auto const& one : list_in(shown, "blocking_codes"))
        blocking.add({text_in(one, "wire"), text_in(one, "ground"),
                      Cell(text_in(one, "standing"), text_in(one, "standing") == "assumed" ? Tone::warning : Tone::plain),
                      text_in(one, "meaning")});
    out += "\nBlocking codes\n" + blocking.render(paper.screen);
    Table delay({{"WIRE", Align::right, Give::rigid}, {"REASON FOR A LATE ANSWER", Align::left, Give::wraps}});
    for (auto const& one : list_in(shown, "delay_codes")) delay.add({text_in(one, "wire"), text_in(one, "meaning")});
    if (!delay.empty()) out += "\nDelay codes\n" + delay.render(paper.screen);
    Table error({{"WIRE", Align::right, Give::rigid}, {"FAULT", Align::left, Give::wraps}});
    for (auto const& one : list_in(shown, "error_codes")) error.add({text_in(one, "wire"), text_in(one, "word")});
    if (!error.empty()) out += "\nError codes\n" + error.render(paper.screen);
}

void add_quirks(std::string& out, json::object const& shown, Paper const& paper) {
    Table quirks({{"QUIRK", Align::left, Give::rigid}, {"HOW ITS MESSAGES ARE TAKEN", Align::left, Give::wraps}});
    for (auto const& one : list_in(shown, "quirks")) quirks.add({text_in(one, "name"), text_in(one, "meaning")});
    if (!quirks.empty()) out += "\nQuirks, against the public form and by agreement\n" + quirks.render(paper.screen);
}

std::string operator_page(json::object const& shown, Paper const& paper) {
    auto out = painted(text_in(shown, "code"), Tone::strong, paper.screen) +
               (flag_in(shown, "own") ? ": ourselves\n" : flag_in(shown, "hub") ? ": the hub\n" : ": a counterpart\n");
    Sheet sheet;
    sheet.add("Way", text_in(shown, "way"));
    sheet.add("User name", text_in(shown, "username"));
    if (shown.contains("secrets"))
        sheet.add("Proofs", fmt::format("{} and {} valid",
                                        counted(integer_in(shown, "secrets").value_or(0), "secret"),
                                        counted(integer_in(shown, "keys").value_or(0), "key")));
    sheet.add("Certificate", text_in(shown, "certificate"));
    sheet.add("We sign as", text_in(shown, "our_username"));
    sheet.add("Zone", text_in(shown, "zone"));
    auto const codes = text_in(shown, "codes");
    if (codes == "assumed")
        sheet.add("Codes", Cell("ASSUMED: the wire's codes are not public; ask the counterpart, then configure them",
                                Tone::warning));
    else
        sheet.add("Codes", codes);
    out += sheet.render(paper.screen);
    if (!list_in(shown, "blocking_codes").empty()) add_codes(out, shown, paper);
    add_quirks(out, shown, paper);
    return out;
}

Exit show_operator(Session& session, Arguments const& arguments) {
    auto const code = arguments.text("CODE");
    auto const shown = get_object(session, "/v1/operators/" + url_encoded(code));
    return print_one(session, shown, code, [&] { return operator_page(shown, paper_of(session)); });
}

// ------------------------------------------------------------------------------------------------------------- health

/// "12, the oldest since Tue 3 Mar 2026 10:00".
std::string backlog_text(json::object const& health, std::string_view count, std::string_view oldest,
                         Paper const& paper) {
    auto const number = integer_in(health, count).value_or(0);
    auto const since = text_in(health, oldest);
    return since.empty() ? std::to_string(number) : fmt::format("{}, the oldest since {}", number, paper.times.full(since));
}

Cell count_cell(json::object const& health, std::string_view name) {
    auto const number = integer_in(health, name).value_or(0);
    return {std::to_string(number), number > 0 ? Tone::warning : Tone::plain};
}

std::string offset_text(json::object const& health) {
    auto const offset = integer_in(health, "clock_offset_ms");
    if (!offset) return {};
    auto const seconds = *offset / 1'000;
    auto const samples = counted(integer_in(health, "clock_samples").value_or(0), "message");
    if (seconds == 0) return "its clock agrees with ours, by " + samples;
    return fmt::format("its clock is {} {} ours, by {}", length_text(std::chrono::seconds{std::abs(seconds)}),
                       seconds > 0 ? "ahead of" : "behind", samples);
}

void add_connection(Sheet& sheet, json::object const& health, Paper const& paper) {
    if (!health.contains("failed_attempts")) return;
    if (auto const failing = text_in(health, "failing_since"); !failing.empty())
        sheet.add("Not reached", Cell("since " + paper.times.full(failing), Tone::alarm));
    if (auto const stream = text_in(health, "stream"); !stream.empty()) {
        auto const since = text_in(health, "stream_since"), again = text_in(health, "stream_again_at");
        auto text = stream;
        if (!since.empty()) text += " since " + paper.times.full(since);
        if (!again.empty()) text += ", opened anew at " + paper.times.full(again);
        sheet.add("Stream", Cell(text, stream == "open" ? Tone::good : Tone::alarm));
    }
    if (auto const reached = text_in(health, "reached_at"); !reached.empty())
        sheet.add("Last reached", paper.times.full(reached));
    sheet.add("Failed calls", count_cell(health, "failed_attempts"));
    if (auto const error = text_in(health, "last_error"); !error.empty())
        sheet.add("Last error", error + ", at " + paper.times.full(text_in(health, "last_error_at")));
    sheet.add("Sent again", count_cell(health, "duplicates"));
    sheet.add("Refused here", count_cell(health, "refused"));
}

std::string health_page(json::object const& health, Paper const& paper) {
    auto out = painted(text_in(health, "code"), Tone::strong, paper.screen) + "\n";
    Sheet sheet;
    auto const heard = text_in(health, "last_heard_at");
    if (heard.empty())
        sheet.add("Last heard", Cell("never", Tone::warning));
    else
        sheet.add("Last heard",
                  fmt::format("{}, silent for {}", paper.times.full(heard),
                              length_text(std::chrono::milliseconds{integer_in(health, "silent_ms").value_or(0)})));
    sheet.add("Messages", fmt::format("{}, {} of them errors", integer_in(health, "messages").value_or(0),
                                      integer_in(health, "errors_received").value_or(0)));
    sheet.add("To send", backlog_text(health, "queued", "oldest_queued_at", paper));
    sheet.add("Trouble", Cell(text_in(health, "trouble"), Tone::alarm));
    sheet.add("Mailbox", backlog_text(health, "unconfirmed", "oldest_unconfirmed_at", paper));
    sheet.add("Late answers", count_cell(health, "late_answers"));
    sheet.add("Turned away", count_cell(health, "turned_away"));
    sheet.add("Contradictions", count_cell(health, "contradictions"));
    sheet.add("Clock", offset_text(health));
    out += sheet.render(paper.screen);
    Sheet connection;
    add_connection(connection, health, paper);
    auto const rest = connection.render(paper.screen);
    return rest.empty() ? out : out + "\nSince the daemon started\n" + rest;
}

Exit operator_health(Session& session, Arguments const& arguments) {
    auto const code = arguments.text("CODE");
    auto const health = get_object(session, "/v1/operators/" + url_encoded(code) + "/health");
    return print_one(session, health, code, [&] { return health_page(health, paper_of(session)); });
}

// -------------------------------------------------------------------------------------------------------------- check

std::string check_steps_page(json::object const& report, Paper const& paper) {
    Table table({{"STEP", Align::left, Give::rigid}, {"", Align::left, Give::rigid}, {"WHAT WAS SEEN", Align::left, Give::wraps}});
    for (auto const& step : list_in(report, "steps")) {
        bool const passed = step.is_object() && flag_in(step.get_object(), "passed");
        table.add({text_in(step, "step"), Cell(passed ? "good" : "FAILED", passed ? Tone::good : Tone::alarm),
                   text_in(step, "said")});
    }
    return table.render(paper.screen);
}

Exit check_operator(Session& session, Arguments const& arguments) {
    auto const code = arguments.text("CODE");
    auto const reply = session.change("POST", "/v1/operators/" + url_encoded(code) + "/check", {});
    static json::object const none;
    auto const& report = reply.is_object() ? reply.get_object() : none;
    auto const exit = print_one(session, reply, code, [&] { return check_steps_page(report, paper_of(session)); });
    return exit == Exit::ok && !flag_in(report, "passed") ? Exit::findings : exit;
}

} // namespace

std::vector<Verb> operator_verbs() {
    Operand const code{"CODE", "the operator's code, BRAVO"};
    return {{"operator", "list", "Lists the operators that are known here, and how they are.", {}, {}, Does::read, list_operators},
            {"operator",
             "show",
             "Shows what is agreed with a counterpart: the way, the proofs, the zone, the codes of its wire.",
             {code},
             {},
             Does::read,
             show_operator},
            {"operator",
             "health",
             "Says how a counterpart is: silent, late, doubled, refused; what waits for it; how the way to it is.",
             {code},
             {},
             Does::read,
             operator_health},
            {"operator",
             "check",
             "Connects to a counterpart, proves who we are, and changes nothing there; exit 9 when a step fails.",
             {code},
             {},
             Does::read,
             check_operator}};
}

} // namespace npod::cli
