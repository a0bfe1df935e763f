#include "daemon/check.hpp"

#include "rules/calendar.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::daemon;

namespace {

bool names_zones(std::vector<std::string> const& texts) {
    return std::ranges::any_of(
        texts, [](std::string const& text) { return text.find("time-zone database") != std::string::npos; });
}

/// What npod check says about time zones on the first day of the year that many years after the database's own.
CheckReport checked_years_later(int years) {
    npod::testing::Folder const folder;
    auto const config = read_config({"", {{"operator", "ALFA"}, {"db", folder.path("npod.db")}}, {}});
    auto const year = std::stoi(rules::time_zone_database_version()) + years;
    return check(config, ManualClock(std::chrono::sys_days{std::chrono::year{year} / 1 / 1}));
}

} // namespace

TEST_CASE("a time-zone database older than a year is a finding with a cure") {
    auto const next_year = checked_years_later(1); // it may be of last December
    CHECK(names_zones(next_year.good));
    CHECK_FALSE(names_zones(next_year.findings));
    auto const year_after = checked_years_later(2);
    CHECK(names_zones(year_after.findings));
    CHECK_FALSE(names_zones(year_after.good));
    CHECK(std::ranges::any_of(year_after.findings,
                              [](auto const& text) { return text.find("update the package") != std::string::npos; }));
}

TEST_CASE("a table of holidays that ends within three years is a finding") {
    npod::testing::Folder const folder;
    auto const config = read_config({"", {{"operator", "ALFA"}, {"db", folder.path("npod.db")}}, {}});
    auto const speaks_of_the_table = [&](int year) {
        auto const report = check(config, ManualClock(std::chrono::sys_days{std::chrono::year{year} / 6 / 1}));
        return std::ranges::any_of(report.findings, [](auto const& text) { return text.find("1990 to 2100") != std::string::npos; });
    };
    CHECK_FALSE(speaks_of_the_table(2097));
    CHECK(speaks_of_the_table(2098)); // 2101 is three years ahead
}
