/// What we see of a counterpart, on one sheet that may be sent to it: figures and dossiers, nobody's name or number.

#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "filter/filter.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

/// A dossier that waits for the counterpart, by what it and we both call it.
struct Waiting {
    std::string dossier, state, since, meaning;
};

struct CounterpartSheet {
    std::string to, from, as_of;
    Facts facts;
    std::vector<Waiting> waiting;
    std::int64_t waiting_total = 0;
};

void add_count(Facts& facts, json::object const& health, std::string_view member, std::string name, std::string_view one, std::string_view several) {
    facts.emplace_back(std::move(name), counted(integer_in(health, member).value_or(0), one, several));
}

std::string clock_text(json::object const& health) {
    auto const offset = integer_in(health, "clock_offset_ms");
    if (!offset) return "no message yet that would show it";
    auto const samples = counted(integer_in(health, "clock_samples").value_or(0), "message");
    if (std::abs(*offset) < 1'000) return "agrees with ours, by " + samples;
    return fmt::format("{} {} ours, by {}", length_text(std::chrono::milliseconds{std::abs(*offset)}), *offset > 0 ? "ahead of" : "behind", samples);
}

Facts facts_of(json::object const& health, Times const& times) {
    Facts facts;
    auto const heard = text_in(health, "last_heard_at");
    facts.emplace_back("Last heard from you", heard.empty() ? "never" : times.full(heard));
    add_count(facts, health, "messages", "Messages received", "message", "messages");
    add_count(facts, health, "late_answers", "Answers past their deadline", "answer", "answers");
    add_count(facts, health, "errors_received", "Error messages from you", "message", "messages");
    add_count(facts, health, "turned_away", "Messages you turned away", "message", "messages");
    add_count(facts, health, "contradictions", "Other content under a used id", "message", "messages");
    add_count(facts, health, "queued", "Waiting to be sent to you", "message", "messages");
    add_count(facts, health, "unconfirmed", "Waiting in your mailbox here", "message", "messages");
    facts.emplace_back("Your clock", clock_text(health));
    if (auto const since = text_in(health, "failing_since"); !since.empty()) facts.emplace_back("Not reached since", times.full(since));
    if (auto const error = text_in(health, "last_error"); !error.empty()) facts.emplace_back("Last error on the way to you", error);
    return facts;
}

/// Open ports in which the law waits for them: as donor of our port-ins, as recipient of our port-outs.
void add_waiting(CounterpartSheet& sheet, Session& session, Times const& times) {
    auto const q = fmt::format("with={} and (role=in and waiting_for=donor or role=out and waiting_for=recipient)", filter::quoted(sheet.to));
    auto const found = session.list("/v1/ports?open=true&q=" + url_encoded(q));
    sheet.waiting_total = found.total;
    for (auto const& port : found.items)
        sheet.waiting.push_back({text_in(port, "dossier"), words_of(text_in(port, "state")), times.brief(text_in(port, "requested_at")),
                                text_in(port, "waits_for")});
}

std::string sheet_text(CounterpartSheet const& sheet, Screen const& screen) {
    auto out = fmt::format("{} to {}: what we see of our exchange\nas known at {}\n\n", sheet.from, sheet.to, sheet.as_of);
    Sheet facts;
    for (auto const& [name, text] : sheet.facts) facts.add(name, text);
    out += facts.render(screen) + "\n";
    if (sheet.waiting.empty()) return out + "No dossier waits for you.\n";
    out += fmt::format("Dossiers that wait for you: {}\n", sheet.waiting_total);
    Table table({{"DOSSIER", Align::left, Give::rigid}, {"REQUESTED", Align::left, Give::rigid}, {"STATE"}, {"WHAT WE WAIT FOR"}});
    for (auto const& one : sheet.waiting) table.add({one.dossier, one.since, one.state, one.meaning});
    return out + table.render(screen);
}

std::string html(std::string_view text) {
    std::string out;
    for (char const c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
    return out;
}

std::string sheet_html(CounterpartSheet const& sheet) {
    auto const title = html(fmt::format("{} to {}: what we see of our exchange", sheet.from, sheet.to));
    auto out = fmt::format("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>"
                           "<style>body{{font:15px system-ui,sans-serif;max-width:50em;margin:2em auto;padding:0 1em}}"
                           "th,td{{text-align:left;padding:.2em 1em .2em 0;vertical-align:top}}</style>\n"
                           "<h1>{0}</h1><p>as known at {1}</p>\n<table>\n",
                           title, html(sheet.as_of));
    for (auto const& [name, text] : sheet.facts) out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", html(name), html(text));
    out += "</table>\n";
    if (sheet.waiting.empty()) return out + "<p>No dossier waits for you.</p></html>\n";
    out += fmt::format("<h2>Dossiers that wait for you: {}</h2>\n<table><tr><th>Dossier</th><th>Requested</th><th>State</th><th>What we wait for</th></tr>\n",
                       sheet.waiting_total);
    for (auto const& one : sheet.waiting)
        out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", html(one.dossier), html(one.since), html(one.state), html(one.meaning));
    return out + "</table></html>\n";
}

json::object sheet_json(CounterpartSheet const& sheet) {
    json::object facts;
    for (auto const& [name, text] : sheet.facts) facts[name] = text;
    json::array waiting;
    for (auto const& one : sheet.waiting)
        waiting.push_back({{"dossier", one.dossier}, {"requested", one.since}, {"state", one.state}, {"waits_for", one.meaning}});
    return {{"to", sheet.to}, {"from", sheet.from}, {"as_of", sheet.as_of}, {"facts", std::move(facts)}, {"waiting", std::move(waiting)}, {"waiting_total", sheet.waiting_total}};
}

Exit operator_sheet(Session& session, Arguments const& arguments) {
    auto const status = get_object(session, "/v1/status");
    auto const& times = session.times();
    CounterpartSheet sheet{arguments.text("CODE"), text_in(status, "operator"), times.full(text_in(status, "clock/now")), {}, {}, 0};
    sheet.facts = facts_of(get_object(session, "/v1/operators/" + url_encoded(sheet.to) + "/health"), times);
    add_waiting(sheet, session, times);
    if (arguments.has("--html")) {
        session.print(sheet_html(sheet));
        return Exit::ok;
    }
    return print_one(session, sheet_json(sheet), sheet.to, [&] { return sheet_text(sheet, session.screen()); });
}

} // namespace

std::vector<Verb> operator_sheet_verbs() {
    return {{"operator",
             "sheet",
             "Writes what we see of a counterpart, to be sent to it: figures and dossiers, nobody's name or number.",
             {{"CODE", "the operator's code, BRAVO"}},
             {{"--html", "", "as a page for a browser or a mail"}},
             Does::read,
             operator_sheet}};
}

} // namespace npod::cli
