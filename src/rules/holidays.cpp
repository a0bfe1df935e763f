/// Holiday tables. Belgium: the ten days of RULES-BE `be.working_day` (secondary). Netherlands: the days on which
/// operators do not work there (assumed: Liberation Day, 5 May, is a working day).

#include "rules/holidays.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace npod::rules {

namespace {

using namespace std::chrono;

/// One line of a table: a fixed day, or a number of days after Easter Sunday.
struct HolidayRule {
    std::string_view name;
    unsigned month = 0; ///< 0: counted from Easter
    int day = 0;        ///< day of the month, or days after Easter
    int first_year = 0, last_year = 9999;
    bool sunday_moves_to_saturday = false;
};

constexpr std::array belgium{
    HolidayRule{"New Year's Day", 1, 1},  HolidayRule{"Easter Monday", 0, 1},    HolidayRule{"Labour Day", 5, 1},
    HolidayRule{"Ascension Day", 0, 39},  HolidayRule{"Whit Monday", 0, 50},     HolidayRule{"National Day", 7, 21},
    HolidayRule{"Assumption Day", 8, 15}, HolidayRule{"All Saints' Day", 11, 1}, HolidayRule{"Armistice Day", 11, 11},
    HolidayRule{"Christmas Day", 12, 25},
};

constexpr std::array netherlands{
    HolidayRule{"New Year's Day", 1, 1},
    HolidayRule{"Easter Sunday", 0, 0},
    HolidayRule{"Easter Monday", 0, 1},
    HolidayRule{"Queen's Day", 4, 30, 0, 2013, true},
    HolidayRule{"King's Day", 4, 27, 2014, 9999, true},
    HolidayRule{"Ascension Day", 0, 39},
    HolidayRule{"Whit Sunday", 0, 49},
    HolidayRule{"Whit Monday", 0, 50},
    HolidayRule{"Christmas Day", 12, 25},
    HolidayRule{"Second Christmas Day", 12, 26},
};

std::span<HolidayRule const> table_of(std::string_view country) {
    if (country == "be") return belgium;
    if (country == "nl") return netherlands;
    return {};
}

sys_days day_of(HolidayRule const& rule, year in) {
    if (rule.month == 0) return sys_days{easter(in)} + days{rule.day};
    sys_days const fixed{in / month{rule.month} / rule.day};
    return rule.sunday_moves_to_saturday && weekday{fixed} == Sunday ? fixed - days{1} : fixed;
}

} // namespace

Day easter(year year_of) {
    // The "anonymous Gregorian" rule (Nature, 1876): golden number, century corrections, then the Sunday after the full
    // moon.
    int const y = static_cast<int>(year_of);
    int const golden = y % 19, century = y / 100, in_century = y % 100;
    int const solar = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    int const moon = (19 * golden + solar + 15) % 30;
    int const sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - moon - in_century % 4) % 7;
    int const correction = (golden + 11 * moon + 22 * sunday) / 451;
    int const days_from_march = moon + sunday - 7 * correction + 114;
    return year_of / month{static_cast<unsigned>(days_from_march / 31)} / (days_from_march % 31 + 1);
}

std::optional<std::vector<Holiday>> public_holidays(std::string_view country, year in) {
    auto const table = table_of(country);
    if (table.empty()) return std::nullopt;
    std::vector<Holiday> result;
    for (auto const& rule : table) {
        int const y = static_cast<int>(in);
        if (y < rule.first_year || y > rule.last_year) continue;
        result.push_back({Day{day_of(rule, in)}, std::string(rule.name)});
    }
    std::ranges::stable_sort(result, {}, &Holiday::day);
    return result;
}

} // namespace npod::rules
