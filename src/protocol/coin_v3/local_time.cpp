#include "protocol/coin_v3/local_time.hpp"

#include "base/fault.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

namespace npod::protocol::coin_v3 {

namespace {

date::time_zone const* zone_named(std::string const& name) {
    try {
        return date::locate_zone(name);
    } catch (std::runtime_error const&) {
        throw ConfigFault(fmt::format("The time zone \"{}\" is not known to this system. Use an IANA name such as "
                                      "Europe/Brussels, and see that the package tzdata is installed.",
                                      name));
    }
}

int number_at(std::string_view digits, std::size_t at, std::size_t length) {
    int number = 0;
    for (char const c : digits.substr(at, length)) number = number * 10 + (c - '0');
    return number;
}

Refusal no_such_time(std::string_view digits) {
    return {RefusalCode::not_admissible,
            fmt::format("\"{}\" is not a time that can be meant.", digits),
            {},
            "Send YYYYMMDDhhmmss, a local time of the years 1990 to 2100.",
            {}};
}

} // namespace

LocalTime::LocalTime(std::string_view zone) : name_(zone), zone_(zone_named(name_)) {}

std::string LocalTime::write(Moment moment) const {
    auto const local = zone_->to_local(date::floor<std::chrono::seconds>(moment));
    auto const midnight = date::floor<date::days>(local);
    date::year_month_day const day(midnight);
    date::hh_mm_ss<std::chrono::seconds> const time(local - midnight);
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

Outcome<Moment> LocalTime::read(std::string_view digits) const {
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.size() != 14 || !std::all_of(digits.begin(), digits.end(), is_digit)) return no_such_time(digits);
    date::year_month_day const day{date::year{number_at(digits, 0, 4)},
                                   date::month{static_cast<unsigned>(number_at(digits, 4, 2))},
                                   date::day{static_cast<unsigned>(number_at(digits, 6, 2))}};
    int const hour = number_at(digits, 8, 2), minute = number_at(digits, 10, 2), second = number_at(digits, 12, 2);
    bool const in_range = day.year() >= date::year{1990} && day.year() <= date::year{2100};
    if (!day.ok() || !in_range || hour > 23 || minute > 59 || second > 59) return no_such_time(digits);

    auto const local =
        date::local_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
    auto const info = zone_->get_info(local);
    if (info.result == date::local_info::nonexistent) return Moment{info.first.end};
    return Moment{std::chrono::seconds{(local.time_since_epoch() - info.first.offset).count()}};
}

} // namespace npod::protocol::coin_v3
