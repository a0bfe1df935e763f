/// Figures for the regulator, and the ports behind each of them.

#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/port_list.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

Exit list_reports(Session& session, Arguments const&) {
    auto const reply = get_object(session, "/v1/reports");
    ListView view{"report", "reports", {}, "name", {}};
    view.columns = {plain_column("REPORT", "name", Align::left, Give::rigid), plain_column("WHAT", "title")};
    auto const& items = list_in(reply, "items");
    return print_list(session, {items, static_cast<std::int64_t>(items.size())}, view);
}

std::string shown_cell(json::value const& row, json::value const& column) {
    auto const shown = text_in(row, fmt::format("cells/{}/shown", text_in(column, "name")));
    return shown == "0" || shown == "0.00 EUR" ? "-" : shown;
}

/// Rows and columns change places when there are more columns: that fits on a narrow screen.
Table figures_of(json::array const& rows, json::array const& columns) {
    bool const turned = columns.size() > rows.size();
    auto const& down = turned ? columns : rows;
    auto const& across = turned ? rows : columns;
    std::vector<Column> heads{{"", Align::left, Give::rigid}};
    for (auto const& one : across) heads.push_back({text_in(one, "title"), Align::right, Give::rigid});
    Table table(heads);
    for (auto const& one : down) {
        std::vector<Cell> cells{text_in(one, "title")};
        for (auto const& other : across) cells.emplace_back(turned ? shown_cell(other, one) : shown_cell(one, other));
        table.add(std::move(cells));
    }
    return table;
}

std::string report_page(json::object const& report, Paper const& paper) {
    auto out = painted(fmt::format("{}: {}, {}", text_in(report, "operator"), text_in(report, "title"), text_in(report, "period")),
                       Tone::strong, paper.screen) + "\n";
    out += fmt::format("from {} to before {}, as known at {}\n\n", text_in(report, "from"), text_in(report, "until"),
                       paper.times.full(text_in(report, "as_of")));
    auto const table = figures_of(list_in(report, "rows"), list_in(report, "columns"));
    out += table.render(paper.screen) + "\n";
    for (auto const& note : list_in(report, "notes")) out += paragraph(text_of(note), paper.screen);
    return out;
}

/// The names that --cell can take: "in.BRAVO/refused".
std::string q_of_cell(json::object const& report, std::string const& wanted) {
    std::vector<std::string> known;
    for (auto const& row : list_in(report, "rows"))
        for (auto const& column : list_in(report, "columns")) {
            auto const name = fmt::format("{}/{}", text_in(row, "name"), text_in(column, "name"));
            if (name == wanted) return text_in(row, fmt::format("cells/{}/q", text_in(column, "name")));
            known.push_back(name);
        }
    std::vector<std::string_view> const names(known.begin(), known.end());
    auto const near = closest(wanted, names);
    throw Stop(Exit::usage, fmt::format("This report has no cell \"{}\".{}\n  next:  write ROW/COLUMN; -o csv shows both names.",
                                        wanted.substr(0, 64), near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near)));
}

Exit show_report(Session& session, Arguments const& arguments) {
    auto const name = arguments.text("NAME");
    auto const target = fmt::format("/v1/reports/{}?period={}", url_encoded(name), url_encoded(arguments.text("--period")));
    if (arguments.has("--cell")) {
        auto const report = get_object(session, target);
        auto const q = q_of_cell(report, arguments.text("--cell"));
        session.say(q);
        return print_list(session, session.list("/v1/ports?q=" + url_encoded(q)), ports_view());
    }
    if (session.options().output == Output::csv) {
        session.print(session.get_text(target, "text/csv"));
        return Exit::ok;
    }
    auto const report = get_object(session, target);
    auto const exit = print_one(session, report, name, [&] { return report_page(report, paper_of(session)); });
    if (session.wants_table() && session.options().as_of.empty())
        session.say(fmt::format("The same again, byte for byte: --as-of {}", text_in(report, "as_of")));
    return exit;
}

} // namespace

std::vector<Verb> report_verbs() {
    return {{"report", "list", "Lists the figures for the regulator.", {}, {}, Does::list, list_reports},
            {"report",
             "show",
             "Shows the figures of a period; the same again with the same --as-of, byte for byte.",
             {{"NAME", "requests, refusals, delays or compensation"}},
             {{"--period", "PERIOD", "2026, 2026-Q1, 2026-03 or 2026-01-15..2026-02-14", true},
              {"--cell", "ROW/COLUMN", "list the ports behind this figure; -o csv shows both names"}},
             Does::list,
             show_report}};
}

} // namespace npod::cli
