#include "cli/times.hpp"

#include "rules/calendar.hpp"

#include <fmt/format.h>

#include <array>

namespace npod::cli {

namespace {

using namespace std::chrono;

/// A civil time with what it is ahead of UTC.
struct Civil {
    year_month_day day;
    hh_mm_ss<Duration> time;
};

Civil civil(rules::WallTime wall) {
    auto const day = floor<days>(wall);
    return {year_month_day{day}, hh_mm_ss<Duration>{wall - day}};
}

std::string clock_text(Civil const& at) {
    auto const text = fmt::format("{:02}:{:02}", at.time.hours().count(), at.time.minutes().count());
    bool const whole = at.time.seconds().count() == 0;
    return whole ? text : text + fmt::format(":{:02}", at.time.seconds().count());
}

std::string offset_text(seconds offset, bool in_full) {
    auto const value = duration_cast<minutes>(offset).count();
    auto const size = value < 0 ? -value : value;
    bool const with_minutes = in_full || size % 60 != 0;
    return fmt::format("{}{:02}{}", value < 0 ? '-' : '+', size / 60,
                       with_minutes ? fmt::format(":{:02}", size % 60) : "");
}

} // namespace

rules::Zone const& Times::zone() const {
    if (!zone_) zone_ = std::make_unique<rules::Zone>(zone_name_);
    return *zone_;
}

std::string Times::brief(Moment moment) const {
    if (style_ == TimeStyle::rfc3339) return to_rfc3339(moment);
    if (style_ == TimeStyle::relative && now_) return distance_text(moment, *now_);
    bool const local = style_ == TimeStyle::local;
    auto const at = civil(local ? zone().wall_time(moment) : rules::WallTime{moment.time_since_epoch()});
    return fmt::format("{}-{:02}-{:02} {}{}", int(at.day.year()), unsigned(at.day.month()), unsigned(at.day.day()),
                       clock_text(at), local ? offset_text(zone().offset(moment), false) : "Z");
}

std::string Times::full(Moment moment) const {
    if (style_ == TimeStyle::rfc3339) return to_rfc3339(moment);
    bool const local = style_ != TimeStyle::utc;
    auto const at = civil(local ? zone().wall_time(moment) : rules::WallTime{moment.time_since_epoch()});
    auto const text = fmt::format("{} {} ({})", rules::day_text(at.day), clock_text(at),
                                  local ? offset_text(zone().offset(moment), true) : "UTC");
    return style_ == TimeStyle::relative && now_ ? text + ", " + distance_text(moment, *now_) : text;
}

std::string Times::brief(std::string_view rfc3339) const {
    auto const moment = parse_rfc3339(rfc3339);
    return moment ? brief(*moment) : std::string(rfc3339);
}

std::string Times::full(std::string_view rfc3339) const {
    auto const moment = parse_rfc3339(rfc3339);
    return moment ? full(*moment) : std::string(rfc3339);
}

std::string length_text(Duration length) {
    auto rest = duration_cast<seconds>(length < Duration{0} ? -length : length).count();
    struct Unit {
        std::int64_t seconds;
        char const* name;
    };
    constexpr std::array units{Unit{86'400, "d"}, Unit{3'600, "h"}, Unit{60, "min"}, Unit{1, "s"}};
    for (std::size_t i = 0; i + 1 < units.size(); ++i) {
        if (rest < units[i].seconds) continue;
        auto const count = rest / units[i].seconds;
        auto const below = rest % units[i].seconds / units[i + 1].seconds;
        auto const text = fmt::format("{} {}", count, units[i].name);
        return below == 0 ? text : text + fmt::format(" {} {}", below, units[i + 1].name);
    }
    return fmt::format("{} s", rest);
}

std::string working_text(Duration length) {
    auto const all = duration_cast<minutes>(length < Duration{0} ? -length : length).count();
    if (all < 60) return all == 0 ? length_text(length) : fmt::format("{} min", all);
    return all % 60 == 0 ? fmt::format("{} h", all / 60) : fmt::format("{} h {} min", all / 60, all % 60);
}

std::string distance_text(Moment moment, Moment now) {
    if (moment == now) return "now";
    return moment > now ? "in " + length_text(moment - now) : length_text(now - moment) + " ago";
}

namespace {

/// The groups of digits in a text, at most six.
std::vector<std::string> digit_groups(std::string_view text) {
    std::vector<std::string> groups;
    bool inside = false;
    for (char const c : text) {
        bool const digit = c >= '0' && c <= '9';
        if (digit && !inside) groups.emplace_back();
        if (digit) groups.back() += c;
        inside = digit;
        if (groups.size() > 6 || (inside && groups.back().size() > 4)) return {};
    }
    return groups;
}

/// What a date without its offset, or written in another order, was probably meant to be, as it should be typed; empty
/// when nothing can be made of it. It is only ever suggested.
std::string moment_meant(std::string_view text) {
    auto groups = digit_groups(text);
    if (groups.size() < 3) return {};
    if (groups[0].size() != 4 && groups[2].size() == 4) std::swap(groups[0], groups[2]); // 3/4/2026: the day comes first here
    if (groups[0].size() != 4) return {};
    int parts[6] = {};
    for (std::size_t i = 0; i < groups.size(); ++i) parts[i] = std::stoi(groups[i]);
    year_month_day const day{year(parts[0]), month(static_cast<unsigned>(parts[1])), std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (!day.ok() || parts[0] < 1990 || parts[0] > 2099 || parts[3] > 23 || parts[4] > 59) return {};
    rules::Zone const zone("Europe/Brussels");
    auto const moment = zone.instant(rules::WallTime(local_days{day} + hours{parts[3]} + minutes{parts[4]}));
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}{}", parts[0], parts[1], parts[2], parts[3], parts[4], offset_text(zone.offset(moment), true));
}

} // namespace

Outcome<Moment> parse_typed_moment(std::string_view text) {
    std::string full(text);
    // "2026-04-03T16:59+02:00": sixteen letters to the minute, then the offset.
    bool const without_seconds = full.size() > 16 && full[13] == ':' && full[16] != ':';
    if (without_seconds) full.insert(16, ":00");
    auto moment = parse_rfc3339(full);
    if (moment) return moment;
    auto refusal = moment.refusal();
    auto const meant = moment_meant(text);
    refusal.next = meant.empty() ? "Write it with its offset, such as 2026-04-03T16:59+02:00."
                                 : fmt::format("Did you mean {}? Write it with its offset.", meant);
    return refusal;
}

} // namespace npod::cli
