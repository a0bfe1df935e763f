#include "api/reports.hpp"

#include "api/filters.hpp"
#include "api/in_words.hpp"
#include "api/problem.hpp"
#include "base/json.hpp"
#include "base/nearest.hpp"
#include "porting/claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::api {

// ------------------------------------------------------------------------------------------------------------- periods

namespace {

using std::chrono::months;
using std::chrono::sys_days;

std::optional<int> number_in(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() == '-' || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<rules::Day> day_in(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto const year = number_in(text.substr(0, 4)), month = number_in(text.substr(5, 2)), day = number_in(text.substr(8));
    if (!year || !month || !day) return std::nullopt;
    rules::Day const date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)), std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

/// "2026", "2026-Q1", "2026-03": the first day and how many months.
std::optional<std::pair<rules::Day, months>> months_in(std::string_view text) {
    using namespace std::chrono;
    auto const year_no = number_in(text.substr(0, 4));
    if (!year_no || text.size() < 4) return std::nullopt;
    auto const first = year(*year_no) / January / 1;
    auto const rest = text.substr(4);
    if (rest.empty()) return std::pair{first, months{12}};
    if (rest.size() != 3 || rest[0] != '-') return std::nullopt;
    bool const quarter = rest[1] == 'Q' || rest[1] == 'q';
    auto const part = number_in(rest.substr(quarter ? 2 : 1));
    if (!part || *part < 1 || *part > (quarter ? 4 : 12)) return std::nullopt;
    return std::pair{rules::Day{first + months{quarter ? 3 * (*part - 1) : *part - 1}}, months{quarter ? 3 : 1}};
}

} // namespace

Outcome<Period> parse_period(std::string_view text) {
    std::optional<Period> period;
    if (auto const some = months_in(text)) {
        period = Period{std::string(text), some->first, some->first + some->second};
    } else if (auto const dots = text.find(".."); dots != std::string_view::npos) {
        auto const first = day_in(text.substr(0, dots)), last = day_in(text.substr(dots + 2));
        if (first && last && sys_days{*first} <= sys_days{*last})
            period = Period{std::string(text), *first, sys_days{*last} + std::chrono::days{1}};
    }
    if (period && period->from.year() >= rules::calendar_first_year && period->until.year() <= rules::calendar_last_year) return *period;
    return Refusal{RefusalCode::malformed, fmt::format("\"{}\" is no period.", first_characters(text, 60)), "period",
                   "Write a year (2026), a quarter (2026-Q1), a month (2026-03), or two days (2026-01-15..2026-02-14).", {}};
}

std::string_view name_of(Unit unit) {
    switch (unit) {
    case Unit::ports: return "ports";
    case Unit::numbers: return "numbers";
    case Unit::number_days: return "number_days";
    case Unit::cents: return "cents";
    }
    return "";
}

// --------------------------------------------------------------------------------------------------------------- cells

namespace {

struct Cell {
    std::int64_t value = 0;
    std::string q;
};

std::string text_of(std::int64_t value, Unit unit) { return unit == Unit::cents ? to_string(Money{value}) : std::to_string(value); }

std::string both(std::string const& one, std::string const& other) {
    return one.empty() ? other : other.empty() ? one : one + " and " + other;
}

storage::PortFilter filter_of(std::string const& q, Look const& look) {
    auto parsed = filter::parse(q, port_fields());
    NPOD_PROMISE(parsed); // the tables are ours, and a test asks each cell
    auto ready = placed(std::move(*parsed), look.rulebook.calendar(), look.now);
    NPOD_PROMISE(ready); // its days are of the calendar: parse_period() made sure
    storage::PortFilter filter;
    filter.condition = std::move(*ready);
    return filter;
}

std::int64_t figure(storage::PortFilter const& filter, ReportColumn const& column, int causer, storage::Reader const& reader) {
    using enum porting::Causer;
    switch (column.unit) {
    case Unit::ports: return reader.count_ports(filter);
    case Unit::numbers: return reader.totals(filter).numbers;
    case Unit::cents: return causer < 0 ? reader.sum(filter, storage::Figure::owed) : reader.sum(filter, storage::Figure::caused_cents, causer);
    case Unit::number_days: break;
    }
    if (causer >= 0) return reader.sum(filter, storage::Figure::caused_days, causer);
    std::int64_t days = 0;
    for (auto const one : {recipient, donor, subscriber, hub, calendar}) days += reader.sum(filter, storage::Figure::caused_days, static_cast<int>(one));
    return days;
}

Cell cell_of(std::string const& period, ReportRow const& row, ReportColumn const& column, Reading const& reading) {
    auto q = both(both(period, row.q), column.q);
    auto const value = figure(filter_of(q, reading.look), column, row.causer, reading.reader);
    return {value, std::move(q)};
}

// -------------------------------------------------------------------------------------------------------------- forms

json::object head_of(Report const& report, Period const& period, Reading const& reading) {
    json::object view{{"name", report.name}, {"title", report.title}, {"operator", reading.reader.own_operator().text}};
    view["period"] = period.name;
    view["from"] = iso_day(period.from);
    view["until"] = iso_day(period.until);
    view["as_of"] = to_rfc3339(reading.look.now);
    json::array columns;
    for (auto const& column : report.columns)
        columns.push_back({{"name", column.name}, {"title", column.title}, {"unit", name_of(column.unit)}});
    view["columns"] = std::move(columns);
    return view;
}

json::object report_view(Report const& report, Period const& period, std::string const& asked, Reading const& reading) {
    auto view = head_of(report, period, reading);
    json::array rows;
    for (auto const& row : report.rows) {
        json::object cells;
        for (auto const& column : report.columns) {
            auto const cell = cell_of(asked, row, column, reading);
            cells[column.name] = {{"value", cell.value}, {"shown", text_of(cell.value, column.unit)}, {"q", cell.q}};
        }
        rows.push_back({{"name", row.name}, {"title", row.title}, {"cells", std::move(cells)}});
    }
    view["rows"] = std::move(rows);
    view["notes"] = view_of(report.notes);
    return view;
}

/// A line for each cell, so that a new column breaks nobody's sheet.
std::string report_csv(Report const& report, Period const& period, std::string const& asked, Reading const& reading) {
    std::string out = "report,operator,period,from,until,as_of,row,column,value,unit,q\n";
    auto const head = fmt::format("{},{},{},{},{},{}", report.name, reading.reader.own_operator().text, porting::csv_field(period.name),
                                  iso_day(period.from), iso_day(period.until), to_rfc3339(reading.look.now));
    for (auto const& row : report.rows)
        for (auto const& column : report.columns) {
            auto const cell = cell_of(asked, row, column, reading);
            out += fmt::format("{},{},{},{},{},{}\n", head, row.name, column.name, cell.value, name_of(column.unit), porting::csv_field(cell.q));
        }
    return out;
}

Refusal no_such_report(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& info : all_reports()) names.push_back(info.name);
    auto const close = nearest(name, names);
    return {RefusalCode::not_found, fmt::format("There is no report \"{}\".", first_characters(name, 60)), {},
            close.empty() ? fmt::format("Ask for one of: {}.", fmt::join(names, ", ")) : fmt::format("Did you mean \"{}\"?", close), {}};
}

} // namespace

http::Response read_reports(Reading const& reading) {
    json::array items;
    for (auto const& info : all_reports()) items.push_back({{"name", info.name}, {"title", info.title}});
    auto const total = static_cast<std::int64_t>(items.size());
    return ok_in_words(reading, page(std::move(items), "", total));
}

http::Response read_report(Reading const& reading) {
    auto const& name = reading.ids.at(0);
    auto const known = all_reports();
    if (std::none_of(known.begin(), known.end(), [&](auto const& info) { return info.name == name; })) return problem(no_such_report(name));
    auto const period = parse_period(reading.request.query("period").value_or(""));
    if (!period) return problem(period.refusals());
    auto const asked = fmt::format("requested>={} and requested<{}", iso_day(period->from), iso_day(period->until));
    try {
        Measuring const measuring(reading);
        auto const report = report_of(name, reading.reader.counterparts(filter_of(asked, reading.look)));
        if (accepts(reading.request, "text/csv")) return plain("text/csv; charset=utf-8", report_csv(report, *period, asked, reading));
        return ok_in_words(reading, report_view(report, *period, asked, reading));
    } catch (storage::TooMuchWork const&) {
        auto refusal = too_much_work();
        refusal.pointer = "period", refusal.next = "Ask for a shorter period: a quarter or a month.";
        return problem(std::move(refusal));
    }
}

} // namespace npod::api
