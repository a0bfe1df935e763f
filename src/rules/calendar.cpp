#include "rules/calendar.hpp"

#include "rules/holidays.hpp"
#include "rules/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace npod::rules {

using namespace std::chrono;

namespace {

constexpr year first_year = calendar_first_year, last_year = calendar_last_year;

constexpr std::array weekday_names{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string time_text(minutes time_of_day) {
    return fmt::format("{:02}:{:02}", time_of_day.count() / 60, time_of_day.count() % 60);
}

/// "1 working day", "2 working days".
std::string counted(int n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

/// "Sat 4 Apr 2026 (Saturday), Mon 6 Apr 2026 (Easter Monday)"; long lists are only counted, they stand in `skipped`.
std::string skipped_text(std::vector<SkippedDay> const& skipped) {
    constexpr std::size_t shown_max = 12;
    if (skipped.size() > shown_max) return fmt::format("{} days that do not count", skipped.size());
    std::string text;
    for (auto const& [day, reason] : skipped) {
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", day_text(day), reason);
    }
    return text;
}

void check(CalendarRules const& rules) {
    if (rules.window_opens < 0min || rules.window_opens >= rules.window_closes || rules.window_closes > 24h) {
        throw ConfigFault(
            fmt::format("The porting window {0}-{1} does not open before it closes, within one day. Mend the "
                        "rules {2}.window.opens and {2}.window.closes.",
                        time_text(rules.window_opens), time_text(rules.window_closes), rules.country));
    }
    if (rules.cut_off <= rules.window_opens || rules.cut_off > rules.window_closes) {
        throw ConfigFault(fmt::format("The cut-off {} is not inside the porting window {}-{}. Mend the rule "
                                      "{}.window.cut_off.",
                                      time_text(rules.cut_off), time_text(rules.window_opens),
                                      time_text(rules.window_closes), rules.country));
    }
    if (!public_holidays(rules.country, first_year)) {
        throw ConfigFault(fmt::format("There is no table of holidays for country \"{}\". Known are \"be\" and \"nl\".",
                                      rules.country));
    }
}

} // namespace

std::string day_text(Day day) {
    return fmt::format("{:.3} {} {} {}", weekday_names[weekday{sys_days{day}}.c_encoding()],
                       static_cast<unsigned>(day.day()), month_names[static_cast<unsigned>(day.month()) - 1],
                       static_cast<int>(day.year()));
}

struct Calendar::Impl {
    CalendarRules rules;
    Zone zone;
    std::map<sys_days, std::string> holidays; ///< of first_year to last_year

    explicit Impl(CalendarRules r) : rules(std::move(r)), zone(rules.zone) {
        for (auto y = first_year; y <= last_year; ++y) {
            for (auto const& holiday : holidays_of(y)) {
                auto const [place, fresh] = holidays.try_emplace(sys_days{holiday.day}, holiday.name);
                if (!fresh) place->second += " and " + holiday.name; // 1 May 2008 was Ascension Day as well
            }
        }
    }

    std::vector<Holiday> holidays_of(year of) const {
        if (!rules.holidays.empty()) {
            std::vector<Holiday> told;
            std::ranges::copy_if(rules.holidays, std::back_inserter(told), [&](auto const& h) { return h.day.year() == of; });
            return told;
        }
        auto list = public_holidays(rules.country, of).value();
        for (auto const& extra : rules.extra_holidays) {
            bool const listed = std::ranges::find(list, extra.day, &Holiday::day) != list.end();
            if (extra.day.year() == of && !listed) list.push_back(extra);
        }
        std::ranges::stable_sort(list, {}, &Holiday::day);
        return list;
    }

    std::optional<std::string> holiday_on(Day day) const {
        if (day.year() < first_year || day.year() > last_year)
            throw ConfigFault(fmt::format("The calendar knows the holidays of 1990 to 2100: nobody can say whether {} is a working "
                                          "day. Give an earlier moment or a shorter term.",
                                          day_text(day)));
        auto const found = holidays.find(sys_days{day});
        if (found == holidays.end()) return std::nullopt;
        return found->second;
    }
};

/// The next working day after `day`; days passed over are appended to `skipped` when there is one.
static Day working_day_after(Calendar const& calendar, Day day, std::vector<SkippedDay>* skipped) {
    for (auto next = sys_days{day} + days{1};; next += days{1}) {
        auto reason = calendar.reason_off(next);
        if (!reason) return next;
        if (skipped) skipped->push_back({next, std::move(*reason)});
    }
}

Calendar::Calendar(CalendarRules rules) {
    check(rules);
    impl_ = std::make_shared<Impl const>(std::move(rules));
}
Calendar::~Calendar() = default;
Calendar::Calendar(Calendar const&) = default;
Calendar& Calendar::operator=(Calendar const&) = default;

CalendarRules const& Calendar::rules() const { return impl_->rules; }

// ------------------------------------------------------------------------------------------------------------- days

std::vector<Holiday> Calendar::holidays(year of) const {
    if (of < first_year || of > last_year) {
        throw ConfigFault(
            fmt::format("The calendar knows the holidays of 1990 to 2100, not of {}. Ask for a year between.",
                        static_cast<int>(of)));
    }
    return impl_->holidays_of(of);
}

std::optional<std::string> Calendar::reason_off(Day day) const {
    NPOD_PROMISE(day.ok());
    if (auto holiday = impl_->holiday_on(day)) return holiday;
    weekday const name{sys_days{day}};
    if (name == Sunday || (name == Saturday && !impl_->rules.saturday_works)) return weekday_names[name.c_encoding()];
    return std::nullopt;
}

bool Calendar::is_working_day(Day day) const { return !reason_off(day); }

Day Calendar::day_of(Moment moment) const {
    return sys_days{floor<days>(impl_->zone.wall_time(moment)).time_since_epoch()};
}

Moment Calendar::start_of(Day day) const { return at(day, 0min); }

Moment Calendar::at(Day day, minutes time_of_day) const {
    NPOD_PROMISE(day.ok());
    return impl_->zone.instant(WallTime{sys_days{day}.time_since_epoch() + time_of_day});
}

// ------------------------------------------------------------------------------------------------------- for people

std::string Calendar::local_rfc3339(Moment moment) const {
    auto const offset = impl_->zone.offset(moment);
    auto text = to_rfc3339(moment + offset);
    auto const magnitude = floor<minutes>(offset < 0s ? -offset : offset);
    text.back() = offset < 0s ? '-' : '+'; // takes the place of the Z
    return text + time_text(magnitude);
}

std::string Calendar::local_text(Moment moment) const {
    auto const time = impl_->zone.wall_time(moment);
    auto const day = floor<days>(time);
    return day_text(sys_days{day.time_since_epoch()}) + " " + time_text(floor<minutes>(time - day));
}

// ------------------------------------------------------------------------------------------------------------ terms

namespace {

/// On which day something counts as received, and why.
struct Reception {
    Day day;
    std::vector<SkippedDay> skipped;
    std::vector<std::string> steps;
};

/// A sentence is made only for whoever wants to read it.
template <class Sentence>
void tell(std::vector<std::string>& steps, Words words, Sentence sentence) {
    if (words == Words::told) steps.push_back(sentence());
}

} // namespace

/// Shared by received_on() and add_working_days(), so that the law stands in one place.
static Reception reception(Calendar const& calendar, Moment moment, Words words) {
    auto const& rules = calendar.rules();
    Day const day = calendar.day_of(moment);
    Reception result{day, {}, {}};
    auto reason = calendar.reason_off(day);
    if (!reason && moment < calendar.at(day, rules.cut_off)) {
        tell(result.steps, words, [&] {
            return fmt::format("Happened on {}, a working day before the cut-off of {}: counts as received that day.",
                               calendar.local_text(moment), time_text(rules.cut_off));
        });
        return result;
    }
    bool const too_late = !reason;
    result.skipped.push_back({day, too_late ? "arrived after the cut-off of " + time_text(rules.cut_off) : *reason});
    result.day = working_day_after(calendar, day, &result.skipped);
    tell(result.steps, words, [&] {
        return fmt::format("Happened on {}, {}: counts as received on {}, the next working day.", calendar.local_text(moment),
                           too_late ? "not before the cut-off of " + time_text(rules.cut_off)
                                    : "no working day (" + result.skipped.front().reason + ")",
                           day_text(result.day));
    });
    return result;
}

Day Calendar::received_on(Moment moment) const { return reception(*this, moment, Words::left_out).day; }

/// n working days after the day of a reception, to the end of the last day's window.
static Derivation count_on(Calendar const& calendar, Reception received, int n, Words words) {
    NPOD_PROMISE(n >= 0);
    Derivation result{{}, received.day, std::move(received.skipped), std::move(received.steps)};
    Day last = received.day;
    std::vector<SkippedDay> passed;
    for (int i = 0; i < n; ++i) last = working_day_after(calendar, last, &passed);
    result.result = calendar.at(last, calendar.rules().window_closes);
    tell(result.steps, words, [&] {
        if (n == 0) return std::string("The term ends on that same working day.");
        return fmt::format("{} after {} is {}.", counted(n, "working day"), day_text(received.day), day_text(last));
    });
    if (!passed.empty()) tell(result.steps, words, [&] { return "Not counted: " + skipped_text(passed) + "."; });
    tell(result.steps, words, [&] {
        return fmt::format("It ends when the window of that day closes: {}.", calendar.local_text(result.result));
    });
    result.skipped.insert(result.skipped.end(), passed.begin(), passed.end());
    return result;
}

Derivation Calendar::add_working_days(Moment from, int n, Words words) const {
    return count_on(*this, reception(*this, from, words), n, words);
}

Derivation Calendar::add_working_days_to_plan(Moment from, int n, Words words) const {
    Reception counted{day_of(from), {}, {}};
    tell(counted.steps, words, [&] { return "Counted from the day of " + local_text(from) + ", as planned or agreed."; });
    return count_on(*this, std::move(counted), n, words);
}

/// The end of a term that runs to 24:00 of `last`.
static void end_at_midnight(Calendar const& calendar, Derivation& derivation, Day last, Words words) {
    derivation.result = calendar.start_of(sys_days{last} + days{1});
    tell(derivation.steps, words, [&] {
        return fmt::format("It ends at 24:00 of that day, written {} and exclusive.", calendar.local_text(derivation.result));
    });
}

Derivation Calendar::add_calendar_days(Moment from, int n, Words words) const {
    NPOD_PROMISE(n >= 0);
    Day const day = day_of(from);
    Day const last = sys_days{day} + days{n};
    Derivation result{{}, day, {}, {}};
    tell(result.steps, words, [&] { return "Counted from the day of " + local_text(from) + "."; });
    tell(result.steps, words, [&] {
        return fmt::format("{} after {} is {}.", counted(n, "calendar day"), day_text(day), day_text(last));
    });
    end_at_midnight(*this, result, last, words);
    return result;
}

Derivation Calendar::add_months(Moment from, int n, Words words) const {
    NPOD_PROMISE(n >= 0);
    Day const day = day_of(from);
    Day last = day + months{n};
    bool const clamped = !last.ok();
    if (clamped) last = last.year() / last.month() / std::chrono::last;
    Derivation result{{}, day, {}, {}};
    tell(result.steps, words, [&] { return "Counted from the day of " + local_text(from) + "."; });
    tell(result.steps, words, [&] {
        auto const term = counted(n, "month");
        if (!clamped) return fmt::format("{} after {} is {}.", term, day_text(day), day_text(last));
        return fmt::format("{} after {} falls in a month without a day {}: its last day, {}.", term, day_text(day),
                           static_cast<unsigned>(day.day()), day_text(last));
    });
    end_at_midnight(*this, result, last, words);
    return result;
}

Derivation Calendar::rolled_to_working_day(Derivation derivation, Words words) const {
    Day const last = day_of(derivation.result - 1ms); // terms end exclusively
    auto reason = reason_off(last);
    if (!reason) return derivation;
    derivation.skipped.push_back({last, *reason});
    Day const next = working_day_after(*this, last, &derivation.skipped);
    tell(derivation.steps, words, [&] {
        return fmt::format("{} is no working day ({}): the term runs to the next one, {}.", day_text(last), *reason, day_text(next));
    });
    end_at_midnight(*this, derivation, next, words);
    return derivation;
}

// ----------------------------------------------------------------------------------------------- measuring and windows

Duration Calendar::working_time(Moment from, Moment to) const {
    if (to < from) return -working_time(to, from);
    Duration total{0};
    for (auto day = sys_days{day_of(from)}; day <= sys_days{day_of(to)}; day += days{1}) {
        if (!is_working_day(day)) continue;
        auto const begin = std::max(from, at(day, impl_->rules.window_opens));
        auto const end = std::min(to, at(day, impl_->rules.window_closes));
        if (begin < end) total += end - begin;
    }
    return total;
}

Moment Calendar::next_window_opening(Moment moment) const {
    Day const day = day_of(moment);
    if (is_working_day(day) && moment < at(day, impl_->rules.window_closes)) {
        return std::max(moment, at(day, impl_->rules.window_opens));
    }
    return at(working_day_after(*this, day, nullptr), impl_->rules.window_opens);
}

std::int64_t Calendar::civil_days_begun(Moment from, Moment until) const {
    if (until <= from) return 0;
    return (sys_days{day_of(until)} - sys_days{day_of(from)}).count();
}

} // namespace npod::rules
