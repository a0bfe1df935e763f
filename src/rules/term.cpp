/// Terms of time, and adding them to an instant.

#include "rules/rulebook.hpp"

#include "base/json.hpp"
#include <fmt/format.h>

#include <array>
#include <charconv>

namespace npod::rules {

namespace {

struct UnitWords {
    Unit unit;
    std::string_view suffix; ///< "wd" in "2wd"
    std::string_view word;   ///< "working day"
};
constexpr std::array units_of_time{
    UnitWords{Unit::working_days, "wd", "working day"},
    UnitWords{Unit::calendar_days, "d", "calendar day"},
    UnitWords{Unit::months, "mo", "month"},
    UnitWords{Unit::hours, "h", "hour"},
};

} // namespace

std::string to_string(Term term) {
    for (auto const& [unit, suffix, word] : units_of_time) {
        if (unit == term.unit) return fmt::format("{} {}{}", term.amount, word, term.amount == 1 ? "" : "s");
    }
    NPOD_PROMISE(false);
    return {};
}

Outcome<Term> parse_term(std::string_view text) {
    int amount = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    auto const suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    if (error == std::errc{} && amount >= 0 && amount <= term_amount_max && text.front() != '-') {
        for (auto const& unit : units_of_time) {
            if (unit.suffix == suffix) return Term{amount, unit.unit};
        }
    }
    return Refusal{
        RefusalCode::malformed, fmt::format("\"{}\" is not a term of time.", first_characters(text, 32)), "",
        fmt::format("Write a number up to {} and a unit: 2wd (working days), 30d (calendar days), 3mo (months) or "
                    "4h (hours).",
                    term_amount_max),
        ""};
}

Derivation add(Calendar const& calendar, Moment from, Term term, Anchor anchor, Words words) {
    switch (term.unit) {
    case Unit::working_days:
        return anchor == Anchor::moment ? calendar.add_working_days_to_plan(from, term.amount, words)
                                        : calendar.add_working_days(from, term.amount, words);
    case Unit::calendar_days: return calendar.add_calendar_days(from, term.amount, words);
    case Unit::months: return calendar.add_months(from, term.amount, words);
    case Unit::hours: {
        Derivation result{from + std::chrono::hours{term.amount}, calendar.day_of(from), {}, {}};
        if (words == Words::told)
            result.steps.push_back(fmt::format("{} after {}, by the clock, is {}.", to_string(term), calendar.local_text(from),
                                               calendar.local_text(result.result)));
        return result;
    }
    case Unit::eur:
    case Unit::flag:
    case Unit::count:
    case Unit::text: break;
    }
    NPOD_PROMISE(false); // not a term of time
    return {};
}

} // namespace npod::rules
