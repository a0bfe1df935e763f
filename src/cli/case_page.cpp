#include "cli/case_page.hpp"

#include "api/api.hpp"
#include "cli/drawing.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "cli/times.hpp"
#include "state_machines/outline.hpp"
#include "storage/values_json.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace npod::cli {

namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#595959;--line:#c8c8c8;--good:#14602a;--bad:#9b1c1c;--raw:#f4f4f4}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--soft:#b0b0b0;--line:#4a4a4a;--good:#7fd694;--bad:#ff9a9a;--raw:#232323}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:68em;margin:0 auto;padding:1em}
h1{font-size:1.6em;margin:.5em 0}h2{font-size:1.2em;margin:1.8em 0 .4em;border-bottom:1px solid var(--line)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft)}
th,td{text-align:left;vertical-align:top;padding:.3em .8em .3em 0;border-bottom:1px solid var(--line)}th{font-weight:600}
td.num{text-align:right}.verdict{font-size:1.2em;font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}.soft{color:var(--soft)}
pre{background:var(--raw);padding:.8em;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85em}
code{font-size:.9em;overflow-wrap:anywhere}summary{cursor:pointer;padding:.2em 0}.drawing{background:#fff;overflow-x:auto;padding:.5em}
@media print{details{display:block}}
)";

std::string html(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
        out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : control ? "?" : std::string(1, c);
    }
    return out;
}

/// Bytes as a person reads them: JSON set out, anything else as it is, what is no text as a count.
std::string readable(std::string const& body) {
    boost::system::error_code error;
    auto const value = json::parse(body, error);
    if (!error) return pretty(value);
    bool const text = std::ranges::all_of(body, [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t'; });
    return text ? body : fmt::format("({} bytes that are no text)", body.size());
}

/// A table whose cells are escaped.
class HtmlTable {
public:
    HtmlTable(std::string_view caption, std::initializer_list<std::string_view> heads) {
        out_ = fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption>{0}</caption>\n<thead><tr>", html(caption));
        for (auto const head : heads) out_ += fmt::format("<th scope=\"col\">{}</th>", html(head));
        out_ += "</tr></thead>\n<tbody>\n";
    }
    void add(std::initializer_list<std::string> cells) {
        out_ += "<tr>";
        for (auto const& cell : cells) out_ += "<td>" + html(cell) + "</td>";
        out_ += "</tr>\n";
    }
    std::string done() { return std::move(out_) + "</tbody></table></div>\n"; }

private:
    std::string out_;
};

std::string section(std::string_view title, std::string const& content) { return content.empty() ? "" : fmt::format("<h2>{}</h2>\n{}", html(title), content); }
std::string folded(std::string_view summary, std::string const& content) {
    return fmt::format("<details><summary>{}</summary>\n{}</details>\n", html(summary), content);
}
std::string raw(std::string const& body) { return "<pre tabindex=\"0\">" + html(readable(body)) + "</pre>\n"; }

/// Asks the views of the Business API about the book that was told again.
class Book {
public:
    explicit Book(CasePage const& page) : language_(page.language) {
        if (!page.verdict.book || !page.verdict.laws) return;
        api::Context context;
        context.open_reader = [&verdict = page.verdict] { return verdict.reader(); };
        context.rulebook = page.verdict.laws->shared("");
        context.settings = page.opened.content.settings;
        context.interchange = page.opened.content.dialects.interchange();
        context.now = [at = page.opened.content.as_of] { return at; };
        api_ = std::make_unique<api::Api>(std::move(context));
    }
    /// An empty object where nothing is known.
    json::object get(std::string const& target) const {
        if (!api_) return {};
        http::Request request;
        request.method = "GET";
        request.target = target;
        request.headers = {{"Accept-Language", std::string(name_of(language_))}};
        request.peer = "unix";
        json::object answer;
        api_->handle(request, [&](http::Response const& response) {
            boost::system::error_code error;
            auto value = json::parse(response.body, error);
            if (!error && response.status == 200 && value.is_object()) answer = std::move(value.as_object());
        });
        return answer;
    }

private:
    Language language_;
    std::unique_ptr<api::Api> api_;
};

std::string head_of(CasePage const& page, json::object const& port, Times const& times) {
    auto const& content = page.opened.content;
    auto out = fmt::format("<h1>{} of {}: {}</h1>\n<p class=\"verdict {}\">{}</p>\n", html(content.port.text), html(content.own.text),
                           html(words_of(text_in(port, "state"))), page.word == "SAME" ? "good" : "bad", html(page.verdict_text));
    HtmlTable facts("What this case is", {"", ""});
    facts.add({"As known at", times.full(to_rfc3339(content.as_of))});
    facts.add({"Recipient and donor", text_in(port, "recipient") + " from " + text_in(port, "donor")});
    facts.add({"Order", text_in(port, "order_id")});
    facts.add({"Dossier", text_in(port, "dossier")});
    facts.add({"Requested", times.full(text_in(port, "requested_at"))});
    facts.add({"Law", fmt::format("{} in the case; the port runs under {}", counted(static_cast<long long>(content.laws.size()), "law"), text_in(port, "rulebook"))});
    facts.add({"Seal", page.seal_text});
    facts.add({"SHA-256", page.opened.seal});
    facts.add({"Signature", page.signature});
    facts.add({"Written by", fmt::format("npod {}, from {} of {} rows of its log{}", content.program, content.rows.size(), content.head_seq,
                                         content.redacted ? "; personal data were replaced by tokens before it was sealed" : "")});
    out += facts.done();
    for (auto const& remark : page.verdict.remarks) out += "<p class=\"soft\">" + html(remark) + "</p>\n";
    return out;
}

std::string lines_of(json::object const& port, Times const& times) {
    HtmlTable table("The numbers, by lines of one fate", {"Line", "Numbers", "State", "Since", "Agreed", "Effective", "Grounds"});
    for (auto const& line : list_in(port, "lines")) {
        std::string grounds;
        for (auto const& ground : list_in(line.as_object(), "grounds")) grounds += (grounds.empty() ? "" : "; ") + text_in(ground, "code") + ": " + text_in(ground, "meaning");
        table.add({text_in(line, "no"), text_in(line, "first") + " to " + text_in(line, "last"), words_of(text_in(line, "state")), times.brief(text_in(line, "since")),
                   times.brief(text_in(line, "agreed_at")), times.brief(text_in(line, "effective_at")), grounds});
    }
    return table.done();
}

std::string deadlines_of(json::object const& why, Times const& times) {
    auto const& deadlines = list_in(why, "deadlines");
    if (deadlines.empty()) return "<p>No deadline runs.</p>\n";
    HtmlTable table("Each deadline with its law", {"Line", "Due", "Who must move", "Why then", "Rule", "Standing and source", "Then"});
    for (auto const& one : deadlines)
        table.add({text_in(one, "line"), times.full(text_in(one, "due")), text_in(one, "owner"), text_in(one, "sentence"),
                   text_in(one, "rule/id") + " = " + text_in(one, "rule/value") + " " + words_of(text_in(one, "rule/unit")),
                   text_in(one, "rule/standing") + "; " + text_in(one, "rule/source"), text_in(one, "on_expiry")});
    return table.done();
}

std::string money_of(json::object const& money, Times const& times) {
    if (money.empty()) return {};
    auto out = fmt::format("<p>In all <strong>{}</strong>, paid by {}. To be claimed until {}; looked at until {}.</p>\n", html(text_in(money, "total/text")),
                           html(text_in(money, "payer")), html(times.full(text_in(money, "claim_until"))), html(times.full(text_in(money, "review_until"))));
    HtmlTable table("Per line", {"Line", "Planned", "Days", "Amount", "Arithmetic"});
    HtmlTable causes("Who caused the delay", {"Line", "From", "Until", "By", "Amount", "Because"});
    for (auto const& line : list_in(money, "lines")) {
        table.add({text_in(line, "line"), times.brief(text_in(line, "planned_at")), text_in(line, "days"), text_in(line, "amount/text"), text_in(line, "sentence")});
        for (auto const& part : list_in(line.as_object(), "segments"))
            causes.add({text_in(line, "line"), times.brief(text_in(part, "from")), times.brief(text_in(part, "until")),
                        text_in(part, "causer") + (text_in(part, "recourse") == "yes" ? " (recourse)" : ""), text_in(part, "amount/text"), text_in(part, "reason")});
    }
    out += table.done() + causes.done();
    HtmlTable rules("Rules of the sum", {"Rule", "Value", "Standing", "Source"});
    for (auto const& rule : list_in(money, "rules"))
        rules.add({text_in(rule, "id"), text_in(rule, "value") + " " + words_of(text_in(rule, "unit")), text_in(rule, "standing"), text_in(rule, "source")});
    return out + rules.done();
}

std::string what_happened(storage::LogRow const& row) {
    std::string out;
    auto const add = [&](std::string const& sentence) { out += (out.empty() ? "" : "; ") + sentence; };
    for (auto const& move : row.moves)
        add(fmt::format("{}: {}, {}{}", move.subject.id, words_of(move.event),
                        move.verdict == "moved" ? move.from == move.to ? "stays " + words_of(move.to) : words_of(move.from) + " to " + words_of(move.to) : move.verdict,
                        move.note.empty() ? "" : " (" + move.note + ")"));
    for (auto const& note : row.notes) add(note);
    for (auto const& refusal : row.refusals) add("refused: " + refusal.text);
    if (!row.reason.empty()) add("because: " + row.reason);
    return out;
}

std::string timeline_of(casefile::Case const& content, Times const& times, bool about_the_port) {
    HtmlTable table(about_the_port ? "Every event of the port, with both times" : "Earlier events on which these depend",
                    {"Event", "Happened", "We learned it", "Said by", "Kind", "What it brought"});
    bool any = false;
    for (auto const& [row, previous, counters] : content.rows) {
        bool const about_it = std::ranges::find(row.about, content.port.text) != row.about.end();
        if (about_it != about_the_port) continue;
        any = true;
        table.add({std::to_string(row.seq), times.brief(to_rfc3339(row.happened_at)), times.brief(to_rfc3339(row.learned_at)), row.source, row.kind, what_happened(row)});
    }
    return any ? table.done() : std::string{};
}

std::string messages_of(CasePage const& page, Times const& times) {
    std::string out;
    auto const& content = page.opened.content;
    for (auto const& one : content.rows)
        if (one.row.kind.starts_with("message."))
            out += folded(fmt::format("received, event {}: {} from {}, {}", one.row.seq, one.row.kind.substr(8), one.row.source, times.full(to_rfc3339(one.row.learned_at))), raw(one.row.body));
    if (!page.verdict.book) return out;
    for (auto const& sent : page.verdict.reader()->deliveries_of(content.port))
        out += folded(fmt::format("sent, delivery {}: {} to {}, queued {}, {}", sent.id, sent.type, sent.receiver.text, times.full(to_rfc3339(sent.queued_at)), words_of(sent.state)), raw(sent.bytes));
    return out;
}

/// One drawing for each state in which a line is.
std::string drawings_of(json::object const& port) {
    std::set<std::string> states;
    for (auto const& line : list_in(port, "lines")) states.insert(text_in(line, "state"));
    std::string out;
    for (auto const& outline : machine::all_outlines())
        if (outline.name == text_in(port, "role"))
            for (auto const& state : states)
                out += folded(fmt::format("The machine {} with {} lit", outline.name, words_of(state)), "<div class=\"drawing\">" + draw_svg(outline, state) + "</div>\n");
    return out;
}

std::string ground_of(casefile::Case const& content) {
    auto out = folded("Settings and dialects that decided", raw(storage::to_json(content.settings)) + raw(engine::to_json(content.dialects)));
    for (auto const& law : content.laws) out += folded(fmt::format("Law {} {}, whole, with its calendar", law.name, law.version), raw(law.text));
    std::string machines;
    for (auto const& [name, fingerprint] : content.machines) machines += name + "  " + fingerprint + "\n";
    return out + folded("Fingerprints of the machines", raw(machines)) + folded("The other inputs, as they came", [&] {
               std::string bodies;
               for (auto const& one : content.rows)
                   if (!one.row.kind.starts_with("message.") && !one.row.body.empty())
                       bodies += fmt::format("<p>Event {}: {}</p>\n", one.row.seq, html(one.row.kind)) + raw(one.row.body);
               return bodies;
           }());
}

} // namespace

std::string case_page(CasePage page) {
    Times const times(TimeStyle::local);
    auto const& content = page.opened.content;
    Book const book(page);
    auto const target = "/v1/ports/" + content.port.text;
    auto const port = book.get(target);
    auto out = fmt::format("<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
                           "<title>Case of {}</title>\n<style>{}</style></head>\n<body>\n<main>\n",
                           name_of(page.language), html(content.port.text), style);
    out += head_of(page, port, times);
    out += section("Lines", lines_of(port, times));
    out += section("Deadlines", deadlines_of(book.get(target + "/why"), times));
    out += section("Money", money_of(book.get(target + "/compensation"), times));
    out += section("Timeline", timeline_of(content, times, true));
    out += section("Messages as they were sent and received", messages_of(page, times));
    out += section("The process", drawings_of(port));
    out += section("What it stands on", timeline_of(content, times, false) + ground_of(content));
    out += "<h2>What the seal proves</h2>\n<p>The bytes of the case are those that were sealed, for whoever knows the SHA-256 from elsewhere or trusts the "
           "signature. It does not prove that the log was true when it was written. The verdict says that the same program, told the same "
           "events, decides the same; anybody can repeat it: <code>npctl case verify FILE</code>.</p>\n</main>\n</body>\n</html>\n";
    return out;
}

} // namespace npod::cli
