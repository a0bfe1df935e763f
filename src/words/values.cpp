#include "words/values.hpp"

#include "words/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::words {

namespace {

constexpr std::array weekdays{
    Text{"Sunday", "zondag", "dimanche"},       Text{"Monday", "maandag", "lundi"},
    Text{"Tuesday", "dinsdag", "mardi"},        Text{"Wednesday", "woensdag", "mercredi"},
    Text{"Thursday", "donderdag", "jeudi"},     Text{"Friday", "vrijdag", "vendredi"},
    Text{"Saturday", "zaterdag", "samedi"},
};
constexpr std::array short_weekdays{
    Text{"Sun", "zo", "dim"}, Text{"Mon", "ma", "lun"}, Text{"Tue", "di", "mar"}, Text{"Wed", "wo", "mer"},
    Text{"Thu", "do", "jeu"}, Text{"Fri", "vr", "ven"}, Text{"Sat", "za", "sam"},
};
constexpr std::array months{
    Text{"January", "januari", "janvier"},     Text{"February", "februari", "février"},
    Text{"March", "maart", "mars"},            Text{"April", "april", "avril"},
    Text{"May", "mei", "mai"},                 Text{"June", "juni", "juin"},
    Text{"July", "juli", "juillet"},           Text{"August", "augustus", "août"},
    Text{"September", "september", "septembre"}, Text{"October", "oktober", "octobre"},
    Text{"November", "november", "novembre"},  Text{"December", "december", "décembre"},
};
constexpr std::array short_months{
    Text{"Jan", "jan", "janv"}, Text{"Feb", "feb", "févr"}, Text{"Mar", "mrt", "mars"}, Text{"Apr", "apr", "avr"},
    Text{"May", "mei", "mai"},  Text{"Jun", "jun", "juin"}, Text{"Jul", "jul", "juil"}, Text{"Aug", "aug", "août"},
    Text{"Sep", "sep", "sept"}, Text{"Oct", "okt", "oct"},  Text{"Nov", "nov", "nov"},  Text{"Dec", "dec", "déc"},
};

std::string_view weekday_in(rules::Day day, Language language, std::array<Text, 7> const& names) {
    return names[std::chrono::weekday{std::chrono::sys_days{day}}.c_encoding()].in(language);
}
std::string_view month_in(rules::Day day, Language language, std::array<Text, 12> const& names) {
    return names[static_cast<unsigned>(day.month()) - 1].in(language);
}

/// The next word of a text and what follows it.
std::pair<std::string_view, std::string_view> first_word(std::string_view text) {
    auto const space = std::min(text.find(' '), text.size());
    return {text.substr(0, space), text.substr(std::min(space + 1, text.size()))};
}

bool all_digits(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

template <std::size_t N>
Text const* named(std::array<Text, N> const& names, std::string_view english) {
    auto const found = std::ranges::find(names, english, &Text::en);
    return found == names.end() ? nullptr : &*found;
}

/// "Fri 3 Apr 2026" at the start of a text, taken apart.
struct WrittenDay {
    Text const* weekday = nullptr;
    std::string_view number;
    Text const* month = nullptr;
    std::string_view year;
    bool found() const { return month != nullptr; }
    std::size_t length() const { return weekday->en.size() + number.size() + month->en.size() + year.size() + 3; }
};

WrittenDay day_in(std::string_view english) {
    auto const [weekday, after_weekday] = first_word(english);
    auto const [number, after_number] = first_word(after_weekday);
    auto const [month, after_month] = first_word(after_number);
    auto const year = after_month.substr(0, 4);
    WrittenDay const day{named(short_weekdays, weekday), number, named(short_months, month), year};
    bool const whole = day.weekday && day.month && all_digits(number, 1, 2) && all_digits(year, 4, 4);
    return whole ? day : WrittenDay{};
}

} // namespace

std::string day(rules::Day of, Language language) {
    return fmt::format("{} {} {} {}", weekday_in(of, language, short_weekdays), static_cast<unsigned>(of.day()),
                       month_in(of, language, short_months), static_cast<int>(of.year()));
}

std::string long_day(rules::Day of, Language language) {
    auto const number = static_cast<unsigned>(of.day());
    bool const first_in_french = language == Language::fr && number == 1;
    return fmt::format("{} {}{} {} {}", weekday_in(of, language, weekdays), number, first_in_french ? "er" : "",
                       month_in(of, language, months), static_cast<int>(of.year()));
}

std::string long_moment(Moment moment, rules::Calendar const& calendar, Language language) {
    auto const local = calendar.local_rfc3339(moment); // "2026-04-07T18:00:00+02:00"
    auto const hour = local.substr(11, 2), minute = local.substr(14, 2);
    auto const on = long_day(calendar.day_of(moment), language);
    switch (language) {
    case Language::en: return fmt::format("{} at {}:{}", on, hour, minute);
    case Language::nl: return fmt::format("{} om {}:{} uur", on, hour, minute);
    case Language::fr: return fmt::format("{} à {}\u00a0h\u00a0{}", on, hour.starts_with('0') ? hour.substr(1) : hour, minute);
    }
    return on;
}

std::string amount(Money money, Language language) { return rewritten_amount(to_string(money), language); }

std::string list(std::vector<std::string> const& items, Language language) {
    constexpr Text last{" and ", " en ", " et "};
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i)
        out.append(i == 0 ? "" : i + 1 == items.size() ? last.in(language) : ", ").append(items[i]);
    return out;
}

std::size_t length_of_day(std::string_view english) {
    auto const day = day_in(english);
    if (!day.found()) return 0;
    auto const rest = english.substr(day.length());
    bool const timed = rest.size() >= 6 && rest[0] == ' ' && all_digits(rest.substr(1, 2), 2, 2) && rest[3] == ':' &&
                       all_digits(rest.substr(4, 2), 2, 2);
    return day.length() + (timed ? 6 : 0);
}

std::string rewritten_day(std::string_view english, Language language) {
    auto const day = day_in(english);
    if (!day.found()) return std::string(english);
    return fmt::format("{} {} {} {}{}", day.weekday->in(language), day.number, day.month->in(language), day.year,
                       english.substr(day.length()));
}

std::string rewritten_amount(std::string_view english, Language language) {
    std::string out(english);
    auto const point = out.size() < 7 ? std::string::npos : out.size() - 7; // ".00 EUR"
    if (language != Language::en && english.ends_with(" EUR") && point != std::string::npos && out[point] == '.') out[point] = ',';
    return out;
}

} // namespace npod::words
