#include "base/moment.hpp"

#include <fmt/format.h>

#include <optional>

namespace npod {

namespace {

/// Walks over the text; every step says whether it found what it needs.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    /// Exactly `digits` decimal digits.
    std::optional<int> number(std::size_t digits) {
        if (rest_.size() < digits) return std::nullopt;
        int value = 0;
        for (char const c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }
    /// One character out of `choices`, or NUL.
    char one_of(std::string_view choices) {
        if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return '\0';
        char const found = rest_.front();
        rest_.remove_prefix(1);
        return found;
    }

private:
    std::string_view rest_;
};

/// One to nine decimals, cut to milliseconds.
std::optional<int> read_decimals(Reader& reader) {
    int value = 0;
    int count = 0;
    while (auto const digit = reader.number(1)) {
        if (++count > 9) return std::nullopt;
        if (count <= 3) value = value * 10 + *digit;
    }
    if (count == 0) return std::nullopt;
    for (; count < 3; ++count) value *= 10;
    return value;
}

Refusal refused(std::string_view text, std::string_view why) {
    return {RefusalCode::malformed, fmt::format("\"{}\" is not an instant: {}.", text.substr(0, 64), why), "",
            "Write RFC 3339 with an offset, for example 2026-04-03T16:59:00+02:00 or 2026-04-03T14:59:00Z.", ""};
}

constexpr auto earliest = std::chrono::sys_days{std::chrono::January / 1 / 1990};
constexpr auto too_late = std::chrono::sys_days{std::chrono::January / 1 / 2101};

} // namespace

std::string to_rfc3339(Moment moment) {
    auto const day = std::chrono::floor<std::chrono::days>(moment);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{moment - day};
    std::string text;
    // Digit by digit: an answer holds a dozen instants, and formatting them was a third of what writing it cost.
    auto const add = [&text](char before, std::int64_t value, int digits) {
        if (before != '\0') text += before;
        for (std::int64_t place = digits == 4 ? 1000 : digits == 3 ? 100 : 10; place > 0; place /= 10)
            text += static_cast<char>('0' + value / place % 10);
    };
    text.reserve(sizeof "2026-04-03T14:59:00.000Z");
    auto const year = static_cast<int>(date.year());
    if (year < 0 || year > 9'999) text += fmt::format("{:04}", year);
    else add('\0', year, 4);
    add('-', static_cast<unsigned>(date.month()), 2);
    add('-', static_cast<unsigned>(date.day()), 2);
    add('T', time.hours().count(), 2);
    add(':', time.minutes().count(), 2);
    add(':', time.seconds().count(), 2);
    if (time.subseconds().count() != 0) add('.', time.subseconds().count(), 3);
    return text += 'Z';
}

Outcome<Moment> parse_rfc3339(std::string_view text) {
    Reader reader(text);
    auto const year = reader.number(4);
    bool const dash_1 = reader.one_of("-");
    auto const month = reader.number(2);
    bool const dash_2 = reader.one_of("-");
    auto const day = reader.number(2);
    if (!year || !dash_1 || !month || !dash_2 || !day) return refused(text, "it does not begin with a day, YYYY-MM-DD");
    std::chrono::year_month_day const date{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return refused(text, "there is no such day in the calendar");

    if (!reader.one_of("Tt")) return refused(text, "after the day a \"T\" and the time of day must follow");
    auto const hour = reader.number(2);
    bool const colon = reader.one_of(":");
    auto const minute = reader.number(2);
    if (!hour || !colon || !minute) return refused(text, "the time of day is not HH:MM or HH:MM:SS");
    int seconds = 0;
    int milliseconds = 0;
    if (reader.one_of(":")) {
        auto const read = reader.number(2);
        if (!read) return refused(text, "the seconds are not two digits");
        seconds = *read;
        if (reader.one_of(".")) {
            auto const decimals = read_decimals(reader);
            if (!decimals) return refused(text, "a fraction of a second has one to nine digits");
            milliseconds = *decimals;
        }
    }
    if (seconds == 60) return refused(text, "leap seconds (:60) are not kept");
    if (*hour > 23 || *minute > 59 || seconds > 59) return refused(text, "there is no such time of day");

    std::chrono::minutes offset{0};
    if (char const sign = reader.one_of("+-Zz"); sign == '\0') {
        return refused(text, "it has no offset, so nobody can know which instant it means");
    } else if (sign == '+' || sign == '-') {
        auto const hours = reader.number(2);
        bool const separator = reader.one_of(":");
        auto const minutes = reader.number(2);
        if (!hours || !separator || !minutes || *hours > 23 || *minutes > 59) {
            return refused(text, "the offset is not +HH:MM, -HH:MM or Z");
        }
        offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
        if (sign == '-') offset = -offset;
    }
    if (!reader.done()) return refused(text, "something follows the offset");

    Moment const moment = std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
                          std::chrono::seconds{seconds} + Duration{milliseconds} - offset;
    if (moment < earliest || moment >= too_late) return refused(text, "the year is outside 1990 to 2100");
    return moment;
}

} // namespace npod
