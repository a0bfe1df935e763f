#pragma once
/// The civil and working-day calendar of a country. All law is applied here; instants go in and come out, never a civil
/// time without a zone. Pure and thread-safe after construction.

#include "base/moment.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::rules {

using Day = std::chrono::year_month_day; ///< a civil day of the calendar's zone

/// The years whose holidays the calendar holds as a table.
inline constexpr std::chrono::year calendar_first_year{1990}, calendar_last_year{2100};

/// For people: "Tue 7 Apr 2026".
std::string day_text(Day day);

/// Why a day does not count.
struct SkippedDay {
    Day day;
    std::string reason; ///< "Saturday", "Sunday", "Easter Monday", "arrived after the cut-off of 17:00", …
};

/// A holiday of the country.
struct Holiday {
    Day day;
    std::string name; ///< "Ascension Day"
};

/// How a calendar is told to work; be.window and be.working_day as data.
struct CalendarRules {
    std::string country = "be";            ///< "be"; selects the holiday table
    std::string zone = "Europe/Brussels";  ///< an IANA name
    std::chrono::minutes window_opens{8 * 60}, window_closes{18 * 60}, cut_off{17 * 60}; ///< local times of day
    bool saturday_works = false;
    std::vector<Holiday> extra_holidays;   ///< days off by configuration
    std::vector<Holiday> holidays;         ///< all of them, of every year; empty: the country's with the extra ones
};

/// A term with the arithmetic that led to it.
struct Derivation {
    Moment result;
    Day counted_from;                  ///< the day on which the trigger counts as received
    std::vector<SkippedDay> skipped;   ///< in order
    std::vector<std::string> steps;    ///< sentences for people, in order: how the result came about; none when left out
};

/// Whether a term tells how it came about. The words cost ten times the counting: whoever only arms a timer leaves them out.
enum class Words : std::uint8_t { told, left_out };

class Calendar {
public:
    /// Throws ConfigFault for an unknown zone or country, or a window that does not open before it closes.
    explicit Calendar(CalendarRules rules);
    ~Calendar();
    Calendar(Calendar const&);
    Calendar& operator=(Calendar const&);

    CalendarRules const& rules() const;
    /// Holidays of a year, 1990–2100, in order; outside: ConfigFault.
    std::vector<Holiday> holidays(std::chrono::year year) const;
    /// Whether a day counts is known for 1990 to 2100. Beyond, this and every term of working days that would need such a
    /// day throw ConfigFault: a wrong deadline is worse than none.
    bool is_working_day(Day day) const;
    /// Why the day does not count, or nothing.
    std::optional<std::string> reason_off(Day day) const;

    Day day_of(Moment moment) const;                        ///< the civil day in the zone
    Moment start_of(Day day) const;                         ///< 00:00 local (the first instant of the day)
    Moment at(Day day, std::chrono::minutes time_of_day) const; ///< local time; a time in the spring gap gives the first instant after it, an ambiguous one the earlier
    std::string local_rfc3339(Moment moment) const;         ///< "2026-04-07T18:00:00+02:00"
    std::string local_text(Moment moment) const;            ///< for people: "Tue 7 Apr 2026 18:00"

    /// The day on which something that happened at `moment` counts as received: the same day on a working day before the
    /// cut-off (strictly before: 16:59:59.999 is in time, 17:00 is not), else the next working day.
    Day received_on(Moment moment) const;

    /// n working days after the day on which `from` counts as received; ends at the end of the window of the last day. n ≥ 0
    /// (0: the same working day, by the end of its window). RULES-BE section 2, "Time arithmetic".
    Derivation add_working_days(Moment from, int n, Words words = Words::told) const;
    /// The same for something planned or agreed at `from`: counted from its own civil day, no cut-off. n ≥ 0; with 0, or from a day off,
    /// the end of the window of that day or of the working day before which it lies.
    Derivation add_working_days_to_plan(Moment from, int n, Words words = Words::told) const;
    /// n calendar days after the civil day of `from`, ends at 24:00 local of that day (00:00 of the next, exclusive).
    Derivation add_calendar_days(Moment from, int n, Words words = Words::told) const;
    /// n months after the civil day of `from`, day clamped to the month's end, ends at 24:00 local (00:00 of the next day, exclusive).
    Derivation add_months(Moment from, int n, Words words = Words::told) const;

    /// A derivation whose last day (its result is exclusive) is no working day, moved to 24:00 of the next working day;
    /// others unchanged. For the rules whose `.rolls` switch is on (RULES-BE section 2: off unless configured).
    Derivation rolled_to_working_day(Derivation derivation, Words words = Words::told) const;

    /// Working time between two instants (window hours of working days); negative when `to` is before `from`.
    Duration working_time(Moment from, Moment to) const;
    /// The first instant at or after `moment` inside the window of a working day.
    Moment next_window_opening(Moment moment) const;
    /// Civil days begun after `from` until `until` inclusive of the running one: (from, until] in days of the zone; 0 when until ≤ from.
    std::int64_t civil_days_begun(Moment from, Moment until) const;

private:
    struct Impl;
    std::shared_ptr<Impl const> impl_;
};

/// The version line of the system's time-zone database ("2025b"), or "unknown".
std::string time_zone_database_version();

/// Whether a time-zone database of that version is certainly older than a year on `today`. A version tells only its
/// year, so the last day of that year is taken: "2025b" is old from 1 January 2027 on. An unknown version counts as old.
bool zone_database_is_old(std::string_view version, Day today);

} // namespace npod::rules
