#include "api/filters.hpp"

#include "porting/explain.hpp"
#include "state_machines/outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace npod::api {

using filter::Field;
using filter::Kind;

// ------------------------------------------------------------------------------------------------------------- fields

namespace {

std::vector<std::string_view> states_of(std::initializer_list<std::string_view> machines) {
    std::vector<std::string_view> names;
    for (auto const machine : machines)
        for (auto const& state : machine::find_outline(machine)->states)
            if (std::find(names.begin(), names.end(), state.name) == names.end()) names.push_back(state.name);
    return names;
}

/// States of lines, and what a port of several lines can be as a whole.
std::vector<std::string_view> port_states() {
    static std::vector<std::string> const partly = [] {
        std::vector<std::string> names;
        for (auto const state : states_of({"port_in", "port_out"})) names.push_back("partly_" + std::string(state));
        return names;
    }();
    auto names = states_of({"port_in", "port_out"});
    names.emplace_back("closed");
    names.insert(names.end(), partly.begin(), partly.end());
    return names;
}

std::vector<std::string_view> ground_codes() {
    std::vector<std::string_view> codes;
    for (auto const& ground : porting::all_grounds()) codes.push_back(ground.code);
    return codes;
}

std::vector<std::string_view> const owner_words{"recipient", "donor", "customer", "hub", "network", "desk", "calendar"};
std::vector<std::string_view> const causer_words{"recipient", "donor", "subscriber", "hub", "calendar"};
std::vector<std::string_view> const role_words{"in", "out", "port_in", "port_out"};

} // namespace

std::vector<Field> const& port_fields() {
    static std::vector<Field> const fields{
        {"state", Kind::word, "of the port or of any of its lines", port_states()},
        {"whole", Kind::word, "state of the port as a whole", port_states()},
        {"waiting_for", Kind::word, "who must move", owner_words},
        {"due", Kind::moment, "the next deadline"},
        {"money", Kind::money, "what is owed to the customer by now"},
        {"per_day", Kind::money, "what each further day of delay costs"},
        {"role", Kind::word, "in: it comes to us; out: it leaves", role_words},
        {"with", Kind::text, "the other operator"},
        {"donor", Kind::text, "who loses the numbers"},
        {"recipient", Kind::text, "who wins them"},
        {"number", Kind::e164, "a number of the port; number~+32255 finds how it begins"},
        {"customer", Kind::text, "the titular's name"},
        {"order", Kind::text, "id of the order"},
        {"dossier", Kind::text, "id of the dossier on the wire"},
        {"contract", Kind::text, "id of the contract"},
        {"account", Kind::text, "the customer's account with the donor"},
        {"id", Kind::text, "of the port"},
        {"open", Kind::flag, "not finished"},
        {"settled", Kind::flag, "finished"},
        {"requested", Kind::moment, "when the legal clock started"},
        {"planned", Kind::moment, "when a line was to be over, by law or wish"},
        {"answered", Kind::moment, "the donor's last answer about a line"},
        {"agreed", Kind::moment, "when a line is to be switched"},
        {"effective", Kind::moment, "when a line was transferred"},
        {"ground", Kind::word, "a ground that a line was refused or postponed for", ground_codes()},
        {"refused_for", Kind::word, "a ground that a line was refused for, for good", ground_codes()},
        {"rule", Kind::text, "the rule of a running deadline, be.answer.within.fixed.simple"},
        {"delay_days", Kind::count, "days of delay that count, of the line with most"},
        {"delayed_by", Kind::word, "who caused days that cost", causer_words},
        {"claim", Kind::word, "state of the customer's claim", states_of({"claim"})},
        {"count", Kind::count, "how many numbers"},
        {"lines", Kind::count, "how many lines"},
        {"network", Kind::word, "fixed or mobile", {"fixed", "mobile"}},
        {"class", Kind::word, "of the installation", {"simple", "complex"}},
    };
    return fields;
}

std::vector<Field> const& timer_fields() {
    static std::vector<Field> const fields{
        {"due", Kind::moment, "when it fires"},
        {"waiting_for", Kind::word, "who must move", owner_words},
        {"port", Kind::text, "whose line it is about"},
        {"rule", Kind::text, "that set it, be.answer.within.fixed.simple"},
        {"timer", Kind::text, "its name in the machine, answer_deadline"},
        {"kind", Kind::word, "what it is about", {"line", "number", "contract", "claim", "delivery", "parked"}},
        {"subject", Kind::text, "id of what it is about, PI-000001/1"},
        {"state", Kind::word, "in which it was armed", states_of({"port_in", "port_out", "number", "contract", "claim", "delivery"})},
        {"from", Kind::moment, "what the rule was counted from"},
    };
    return fields;
}

std::vector<Field> const& claim_fields() {
    static std::vector<Field> const fields{
        {"state", Kind::word, "of the claim", states_of({"claim"})},
        {"amount", Kind::money, "final once the port is finished"},
        {"port", Kind::text, "what it is about"},
        {"open", Kind::flag, "not settled"},
        {"settled", Kind::flag, "paid, rejected, lapsed or not due"},
        {"filed", Kind::moment, "when it reached us"},
        {"paid", Kind::moment, "when it was paid"},
        {"done", Kind::moment, "when the port's last line was transferred"},
        {"claimant", Kind::text, "who claimed"},
        {"channel", Kind::text, "how it was claimed"},
        {"method", Kind::text, "how it was paid"},
        {"id", Kind::text, "of the claim"},
    };
    return fields;
}

// ------------------------------------------------------------------------------------------------------------ moments

Moment after_working_time(rules::Calendar const& calendar, Moment now, Duration working) {
    if (working <= Duration{0}) return now;
    Moment enough = now;
    while (calendar.working_time(now, enough) < working) enough += std::chrono::days{7}; // throws past the calendar
    Moment less = std::max(now, enough - std::chrono::days{7});
    while (less < enough) { // the first instant at which it is over
        Moment const middle = less + (enough - less) / 2;
        if (calendar.working_time(now, middle) < working) less = middle + Duration{1};
        else enough = middle;
    }
    return enough;
}

namespace {

struct Stretch {
    Moment from, until;
};

Stretch instant(Moment at) { return {at, at + Duration{1}}; }

Stretch day(rules::Day which, rules::Calendar const& calendar) {
    return {calendar.start_of(which), calendar.start_of(std::chrono::sys_days{which} + std::chrono::days{1})};
}

Moment at_distance(filter::Distance const& distance, rules::Calendar const& calendar, Moment now) {
    using Unit = filter::Distance::Unit;
    switch (distance.unit) {
    case Unit::working_days: return calendar.add_working_days(now, static_cast<int>(distance.amount)).result;
    case Unit::working_hours: return after_working_time(calendar, now, std::chrono::hours{distance.amount});
    case Unit::days: return now + std::chrono::days{distance.amount};
    case Unit::hours: return now + std::chrono::hours{distance.amount};
    case Unit::minutes: return now + std::chrono::minutes{distance.amount};
    }
    return now;
}

Stretch named(filter::Named which, rules::Calendar const& calendar, Moment now) {
    if (which == filter::Named::now) return instant(now);
    auto const shift = which == filter::Named::tomorrow ? 1 : which == filter::Named::yesterday ? -1 : 0;
    return day(std::chrono::sys_days{calendar.day_of(now)} + std::chrono::days{shift}, calendar);
}

Stretch stretch_of(filter::When const& when, rules::Calendar const& calendar, Moment now) {
    if (auto const* at = std::get_if<Moment>(&when.said)) return instant(*at);
    if (auto const* which = std::get_if<rules::Day>(&when.said)) return day(*which, calendar);
    if (auto const* which = std::get_if<filter::Named>(&when.said)) return named(*which, calendar, now);
    return instant(at_distance(std::get<filter::Distance>(when.said), calendar, now));
}

} // namespace

Outcome<filter::Expression> placed(filter::Expression expression, rules::Calendar const& calendar, Moment now) {
    try {
        filter::each_comparison(expression, [&](filter::Comparison& comparison) {
            for (auto& value : comparison.values)
                if (auto* when = std::get_if<filter::When>(&value)) {
                    auto const stretch = stretch_of(*when, calendar, now);
                    when->from = stretch.from, when->until = stretch.until;
                }
        });
    } catch (ConfigFault const& fault) { // the calendar ends in 2100
        return Refusal{RefusalCode::malformed, fault.what(), "q", "Ask for a moment that the calendar holds.", {}};
    }
    return expression;
}

namespace {

/// Forms and most HTTP libraries write a space of a query as "+". One that stands behind a comparison and before a digit is
/// the plus of a telephone number that somebody typed as it is.
std::optional<std::string> query_text(http::Request request) {
    std::string target;
    for (std::size_t i = 0; i < request.target.size(); ++i) {
        char const letter = request.target[i];
        bool const of_number = i > 0 && i + 1 < request.target.size() && std::string_view("=~|\"'").find(request.target[i - 1]) != std::string_view::npos &&
                               request.target[i + 1] >= '0' && request.target[i + 1] <= '9';
        if (letter == '+' && !of_number) target += "%20";
        else target += letter;
    }
    request.target = std::move(target);
    return request.query("q");
}

} // namespace

Outcome<std::optional<filter::Expression>> condition_of(http::Request const& request, std::vector<Field> const& fields,
                                                        Look const& look) {
    auto const text = query_text(request);
    if (!text) return std::optional<filter::Expression>{};
    auto parsed = filter::parse(*text, fields);
    if (!parsed) return parsed.refusals();
    auto ready = placed(std::move(*parsed), look.rulebook.calendar(), look.now);
    if (!ready) return ready.refusals();
    return std::optional(std::move(*ready));
}

Refusal too_much_work() {
    return {RefusalCode::not_admissible,
            "This filter looks at more than one question may.",
            "q",
            "Narrow it: ask for open ports, for a period (requested>=2026-01-01) or one operator first, joined with \"and\" "
            "before money or delay.",
            {}};
}

// ----------------------------------------------------------------------------------------------------------- measures

storage::PortMeasures measures_of(PortId const& id, Look const& look) {
    auto const port = look.book.port(id);
    if (!port || port->role != porting::Role::port_in) return {};
    auto const owed = porting::compensation(*port, look.book.lines(id), look.law_of(*port), look.now);
    storage::PortMeasures measures;
    measures.owed_cents = owed.total.cents;
    measures.per_day_cents = measures.delay_days = 0;
    for (auto const& line : owed.lines) {
        if (!line.final) *measures.per_day_cents += line.count * line.rate.cents;
        measures.delay_days = std::max(*measures.delay_days, line.days);
    }
    for (auto const& caused : owed.caused) {
        auto const causer = static_cast<std::size_t>(caused.causer);
        measures.causers |= std::int64_t{1} << causer;
        measures.caused_cents.at(causer) = caused.amount.cents;
        measures.caused_days.at(causer) = caused.days;
    }
    return measures;
}

Measuring::Measuring(Reading const& reading) : reader_(reading.reader) {
    reader_.measure_by([look = reading.look](PortId const& id) { return measures_of(id, look); });
}

Measuring::~Measuring() { reader_.measure_by({}); }

} // namespace npod::api
