/// Which reports there are, and what their rows and columns mean.

#include "api/reports.hpp"

#include <fmt/format.h>

namespace npod::api {

namespace {

// What became of a port as a whole: each is in exactly one of these, so that they add up to what was requested.
std::vector<ReportColumn> outcomes() {
    return {{"requested", "Asked", Unit::ports, ""},
            {"numbers", "Nos.", Unit::numbers, ""},
            {"running", "Open", Unit::ports, "open"},
            {"completed", "Done", Unit::ports, "settled and whole=completed|executed"},
            {"partly", "Part", Unit::ports, "settled and whole=partly_completed|partly_executed"},
            {"refused", "Refused", Unit::ports, "settled and whole=refused"},
            {"cancelled", "Cancelled", Unit::ports, "settled and whole=cancelled"},
            {"lapsed", "Lapsed", Unit::ports, "settled and whole=lapsed"},
            {"closed", "Closed", Unit::ports, "settled and whole=closed"}};
}

Report requests(std::vector<OperatorCode> const& with) {
    Report report{"requests", "Requests to port, and what became of them", outcomes(), {}, {}};
    for (auto const& [role, title] : {std::pair{"in", "in"}, std::pair{"out", "out"}}) {
        report.rows.push_back({role, title, fmt::format("role={}", role)});
        for (auto const& code : with)
            report.rows.push_back({fmt::format("{}.{}", role, code.text), fmt::format("{} {}", title, code.text), fmt::format("role={} and with={}", role, code.text)});
    }
    report.notes = {"A port counts in the period of its request, and once: what became of it is what was known at as_of.",
                    "Nos.: how many numbers. Part: some of them were transferred, others were not. Closed: by hand, or numbers ended differently."};
    return report;
}

Report refusals() {
    Report report{"refusals", "Refusals per ground", {{"in", "By others", Unit::ports, "role=in"}, {"out", "By us", Unit::ports, "role=out"}}, {}, {}};
    report.rows.push_back({"any", "Any ground", "state=refused"});
    for (auto const& ground : porting::all_grounds())
        report.rows.push_back({std::string(ground.code), std::string(ground.code), fmt::format("refused_for={}", ground.code)});
    report.notes = {"Ports requested in the period of which at least one line was refused, per ground; a port that was refused for "
                    "two grounds counts in both rows, and once under any."};
    return report;
}

Report delays() {
    Report report{"delays", "Delays that are compensated, and who caused them",
                  {{"ports", "Ports", Unit::ports, ""}, {"number_days", "Number-days", Unit::number_days, ""}, {"amount", "Amount", Unit::cents, ""}},
                  {}, {}};
    report.rows.push_back({"all", "All", "role=in and delay_days>0"});
    using enum porting::Causer;
    for (auto const causer : {recipient, donor, subscriber, hub, calendar}) {
        std::string const name(porting::name_of(causer));
        report.rows.push_back({name, name, fmt::format("role=in and delayed_by={}", name), static_cast<int>(causer)});
    }
    report.notes = {"Port-ins requested in the period, late by as_of: a day of delay counts for each number; the amount is what is "
                    "owed for these days. A port with several causers counts in the row of each, and once under all; number-days "
                    "and amounts add up."};
    return report;
}

Report compensation() {
    Report report{"compensation", "Compensation owed to customers",
                  {{"ports", "Ports", Unit::ports, "money>0"},
                   {"owed", "Owed", Unit::cents, "money>0"},
                   {"unclaimed", "Unclaimed", Unit::ports, "money>0 and claim=accruing|fixed|review_only"},
                   {"claimed", "To decide", Unit::ports, "money>0 and claim=claimed|in_review"},
                   {"approved", "To pay", Unit::ports, "money>0 and claim=approved"},
                   {"paid", "Paid", Unit::ports, "money>0 and claim=paid"},
                   {"amount_paid", "Amount paid", Unit::cents, "money>0 and claim=paid"},
                   {"rejected", "Rejected", Unit::ports, "money>0 and claim=rejected"},
                   {"lapsed", "Lapsed", Unit::ports, "money>0 and claim=lapsed"}},
                  {{"all", "All", "role=in"}, {"simple", "Simple", "role=in and class=simple"}, {"complex", "Complex", "role=in and class=complex"}},
                  {}};
    report.notes = {"Port-ins requested in the period, with what is owed for their delay by as_of. Amounts of running ports still grow."};
    return report;
}

} // namespace

std::vector<ReportInfo> all_reports() {
    return {{"requests", "Requests to port, and what became of them"},
            {"refusals", "Refusals per ground"},
            {"delays", "Delays that are compensated, and who caused them"},
            {"compensation", "Compensation owed to customers"}};
}

Report report_of(std::string_view name, std::vector<OperatorCode> const& with) {
    if (name == "requests") return requests(with);
    if (name == "refusals") return refusals();
    if (name == "delays") return delays();
    NPOD_PROMISE(name == "compensation");
    return compensation();
}

} // namespace npod::api
