#include "rules/zone.hpp"

#include "rules/calendar.hpp"

#include <date/tz.h>

#include <fmt/format.h>

#include <charconv>
#include <fstream>

namespace npod::rules {

namespace {

using namespace std::chrono;

constexpr char const* zone_files = "/usr/share/zoneinfo/";

/// The files list every change until 2037 and give a rule for the years beyond, which the date library does not read. A
/// later year is therefore looked up as an earlier one with the same calendar: same length, same weekdays. Any 28 years
/// in a row hold all fourteen calendars.
constexpr year last_listed_year{2037};

/// How far a year beyond the list lies after its stand-in; nothing for a listed year.
days beyond_list(year asked) {
    if (asked <= last_listed_year) return days{0};
    sys_days const asked_start{asked / January / 1};
    for (auto candidate = last_listed_year;; --candidate) {
        sys_days const start{candidate / January / 1};
        if (candidate.is_leap() == asked.is_leap() && weekday{start} == weekday{asked_start})
            return asked_start - start;
    }
}

template <class Time>
days beyond_list_at(Time time) {
    return beyond_list(year_month_day{sys_days{floor<days>(time).time_since_epoch()}}.year());
}

/// The rule for the years beyond the list is the last line of a zone file: "CET-1CEST,M3.5.0,M10.5.0/3". A comma in it
/// means that the zone changes its clocks.
bool changes_its_clocks(std::string const& name) {
    std::ifstream file(zone_files + name, std::ios::binary);
    std::string line, last;
    while (std::getline(file, line)) last = line;
    return last.find(',') != std::string::npos;
}

} // namespace

struct Zone::Impl {
    date::time_zone const* zone = nullptr;
};

Zone::Zone(std::string const& name) {
    auto impl = std::make_shared<Impl>();
    try {
        impl->zone = date::locate_zone(name);
    } catch (std::exception const&) {
        throw ConfigFault(
            fmt::format("The time zone \"{}\" is not in the time-zone database of this system. Write an IANA "
                        "name such as Europe/Brussels, or install the package tzdata.",
                        name));
    }
    impl_ = impl;
    bool const listed = offset(sys_days{January / 1 / 2037}) != offset(sys_days{July / 1 / 2037});
    if (!listed && changes_its_clocks(name)) {
        throw ConfigFault(
            fmt::format("The file of time zone {} under {} lists no changes to daylight-saving time (it is of "
                        "the slim format). Install time-zone files of the fat format (zic -b fat).",
                        name, zone_files));
    }
}

std::chrono::seconds Zone::offset(Moment moment) const {
    return impl_->zone->get_info(moment - beyond_list_at(moment)).offset;
}

WallTime Zone::wall_time(Moment moment) const { return WallTime{moment.time_since_epoch() + offset(moment)}; }

Moment Zone::instant(WallTime time) const {
    auto const shift = beyond_list_at(time);
    auto const since_epoch = (time - shift).time_since_epoch();
    auto const info = impl_->zone->get_info(date::local_time<Duration>{since_epoch});
    if (info.result == date::local_info::nonexistent) return Moment{info.first.end} + shift;
    // Unique, or the earlier of two: the offset in force first.
    return Moment{since_epoch - info.first.offset} + shift;
}

std::string time_zone_database_version() {
    std::ifstream file(std::string(zone_files) + "tzdata.zi");
    std::string line;
    constexpr std::string_view lead = "# version ";
    if (!std::getline(file, line) || !line.starts_with(lead)) return "unknown";
    return line.substr(lead.size());
}

bool zone_database_is_old(std::string_view version, Day today) {
    int year = 0;
    auto const [end, error] = std::from_chars(version.data(), version.data() + version.size(), year);
    return error != std::errc{} || static_cast<int>(today.year()) - year > 1;
}

} // namespace npod::rules
