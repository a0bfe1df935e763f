#include "protocol/auth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace npod::protocol {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Digits only, all of them; nothing else.
std::optional<int> number(std::string_view text) {
    int value = 0;
    auto const* end = text.data() + text.size();
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    return value;
}

} // namespace

std::string to_http_date(Moment moment) {
    auto const midnight = std::chrono::floor<std::chrono::days>(moment);
    std::chrono::year_month_day const day(midnight);
    std::chrono::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(moment - midnight));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       weekdays[std::chrono::weekday(midnight).c_encoding()], static_cast<unsigned>(day.day()),
                       months[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::optional<Moment> parse_http_date(std::string_view text) {
    // "Fri, 03 Apr 2026 14:59:00 GMT": after the comma, five words.
    auto const comma = text.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    std::array<std::string_view, 5> words;
    auto rest = text.substr(comma + 2);
    for (auto& word : words) {
        auto const end = std::min(rest.find(' '), rest.size());
        word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    auto const& [day_text, month_text, year_text, time, zone] = words;
    auto const month = std::find(months.begin(), months.end(), month_text);
    bool const form = rest.empty() && (zone == "GMT" || zone == "UTC") && day_text.size() <= 2 &&
                      year_text.size() == 4 && month != months.end() && time.size() == 8 && time[2] == ':' &&
                      time[5] == ':';
    if (!form) return std::nullopt;
    auto const day = number(day_text), year = number(year_text), hour = number(time.substr(0, 2)),
               minute = number(time.substr(3, 2)), second = number(time.substr(6, 2));
    if (!day || !year || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Moment{std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
                  std::chrono::seconds{*second}};
}

} // namespace npod::protocol
