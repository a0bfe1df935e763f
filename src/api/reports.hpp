#pragma once
/// Figures for the regulator. Every cell is a filter over ports and what is counted of them, so that asking for its ports
/// and asking for its figure are one question. Pure but for reading; the same as_of gives the same bytes.

#include "api/reads.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

/// Civil days of the rulebook's zone, the last one exclusive.
struct Period {
    std::string name; ///< as asked: "2026-Q1"
    rules::Day from, until;
};
/// "2026", "2026-Q1", "2026-03" or "2026-01-15..2026-02-14" (both days inclusive), 1990 to 2099.
Outcome<Period> parse_period(std::string_view text);

/// One figure of one cell.
enum class Unit : std::uint8_t { ports, numbers, number_days, cents };
std::string_view name_of(Unit unit);

struct ReportColumn {
    std::string name, title;
    Unit unit = Unit::ports;
    std::string q;    ///< what the ports of the column meet, besides the period and the row; may be empty
    int causer = -1;  ///< number_days and cents of this porting::Causer only
};
struct ReportRow {
    std::string name, title, q;
    int causer = -1;
};
struct Report {
    std::string name, title;
    std::vector<ReportColumn> columns;
    std::vector<ReportRow> rows;
    std::vector<std::string> notes; ///< what is counted, in sentences
};

/// The names of all reports with their titles, in the order in which they are listed.
struct ReportInfo {
    std::string_view name, title;
};
std::vector<ReportInfo> all_reports();
/// Its table; `in` the operators that the ports of the period were with.
Report report_of(std::string_view name, std::vector<OperatorCode> const& with);

http::Response read_reports(Reading const&);
/// GET /v1/reports/{name}: JSON, or text/csv by Accept.
http::Response read_report(Reading const&);

} // namespace npod::api
