/// Money for delay (RULES-BE section 5). A pure function of port, lines, rules and a moment: the same log always yields the
/// same cents.

#include "porting/explain.hpp"
#include "porting/lives.hpp"
#include "rules/working_days.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

std::string person_of(Port const& port) { return port.customer.legal_person ? "legal" : "natural"; }

std::string planned_rule(Port const& port) {
    return "be.comp.planned." + person_of(port) + (port.wish.on_date ? ".date" : ".asap");
}

std::string rate_rule(Port const& port) { return port.complex ? "be.comp.rate.complex" : "be.comp.rate.simple"; }

/// be.comp.days: civil days, or only those of them on which people work.
std::int64_t days_of_delay(rules::Rulebook const& rulebook, Moment at, Moment starts, Moment until) {
    auto const& calendar = rulebook.calendar();
    if (rulebook.rule("be.comp.days", at).value == "working_days") return rules::working_days_begun(calendar, starts, until);
    return calendar.civil_days_begun(starts, until);
}

std::string days_text(std::int64_t days) { return fmt::format("{} day{}", days, days == 1 ? "" : "s"); }

/// "planned …; 3 civil days begun after … until …": one plan's days.
std::string days_sentence(PlanDelay const& plan, std::string_view end, rules::Calendar const& calendar) {
    return fmt::format("planned {}; {} civil {} begun after {} {} {}", calendar.local_text(plan.planned_at), plan.days,
                       plan.days == 1 ? "day" : "days", calendar.local_text(plan.starts_at), end, calendar.local_text(plan.until));
}

std::string sentence_of(LineCompensation const& line, PlanDelay const& last, rules::Calendar const& calendar) {
    if (!line.until) return fmt::format("{}: nothing is due; it ended without a transfer.", to_string(line.numbers));
    if (line.days == 0)
        return fmt::format("{}: nothing is due; planned {}, compensation starts to count after {}, {} {}.", to_string(line.numbers),
                           calendar.local_text(line.planned_at), calendar.local_text(line.starts_at),
                           line.final ? "effective" : "now it is", calendar.local_text(*line.until));
    auto text = to_string(line.numbers) + ": ";
    for (auto const& plan : line.earlier) text += days_sentence(plan, "until a later date was agreed with the subscriber at", calendar) + "; ";
    if (last.days > 0 || line.earlier.empty()) text += days_sentence(last, line.final ? "until effective" : "until now,", calendar) + "; ";
    return text + fmt::format("{} number{} x {} x {} = {}.", line.count, line.count == 1 ? "" : "s", days_text(line.days), to_string(line.rate),
                              to_string(line.amount));
}

PlanDelay delay_under(Moment planned, Moment until, rules::Rulebook const& rulebook, Moment at) {
    PlanDelay delay{planned, rulebook.due("be.comp.start", planned), until, 0};
    delay.days = days_of_delay(rulebook, at, delay.starts_at, until);
    return delay;
}

/// Who caused which part. A compensated day belongs to whoever was waited for when it began.
void add_segments(LineCompensation& due, PlanDelay const& plan, Line const& line, rules::Rulebook const& rulebook, Moment at) {
    auto segments = delay_segments(line, plan.planned_at, plan.until);
    std::int64_t told = 0;
    for (auto& segment : segments) {
        Moment const end = &segment == &segments.back() ? segment.until : segment.until - Duration{1};
        std::int64_t const by_then = end <= plan.starts_at ? 0 : days_of_delay(rulebook, at, plan.starts_at, end);
        segment.days = by_then - told;
        segment.amount = due.rate * (segment.days * due.count);
        told = by_then;
    }
    due.segments.insert(due.segments.end(), segments.begin(), segments.end());
}

LineCompensation of_line(Port const& port, Line const& line, rules::Rulebook const& rulebook, Moment as_of, rules::Words words) {
    LineCompensation due;
    due.line = line.no;
    due.numbers = line.numbers;
    due.count = line.numbers.count();
    due.final = line_settled(port.role, line.state);
    due.rate = rulebook.money(rate_rule(port), port.requested_at);
    if (due.final) due.until = line.state == "completed" ? line.effective_at : std::nullopt;
    else due.until = as_of;
    auto const planned = line.planned_at.value_or(planned_moment(port, rulebook));
    auto const last = delay_under(planned, due.until.value_or(planned), rulebook, port.requested_at);
    due.planned_at = last.planned_at;
    due.starts_at = last.starts_at;
    if (due.until) {
        for (auto const& plan : line.earlier_plans) {
            auto const until = std::min(plan.until, *due.until); // it may turn out to have been effective before
            due.earlier.push_back(delay_under(plan.planned_at, until, rulebook, port.requested_at));
            due.days += due.earlier.back().days;
            add_segments(due, due.earlier.back(), line, rulebook, port.requested_at);
        }
        due.days += last.days;
        add_segments(due, last, line, rulebook, port.requested_at);
    }
    due.amount = due.rate * (due.days * due.count);
    if (words == rules::Words::told) due.sentence = sentence_of(due, last, rulebook.calendar());
    return due;
}

std::vector<Caused> caused_in(std::vector<LineCompensation> const& lines) {
    std::vector<Caused> all;
    for (auto const causer : {Causer::recipient, Causer::donor, Causer::subscriber, Causer::hub, Causer::calendar}) {
        Caused sum;
        sum.causer = causer;
        for (auto const& line : lines)
            for (auto const& segment : line.segments)
                if (segment.causer == causer && segment.days > 0) {
                    sum.days += segment.days * line.count;
                    sum.amount += segment.amount;
                    sum.recourse = sum.recourse || segment.recourse;
                }
        if (sum.days > 0) all.push_back(sum);
    }
    return all;
}

/// be.comp.cap: days are paid in the order of lines and segments until the cap is reached, so that the parts add up to what is paid.
void apply_cap(Compensation& sum, Money cap, rules::Words words) {
    Money left = cap;
    for (auto& line : sum.lines) {
        auto const uncapped = line.amount;
        Money paid{};
        for (auto& segment : line.segments) {
            segment.amount = std::min(segment.amount, left);
            left = Money{left.cents - segment.amount.cents};
            paid += segment.amount;
        }
        line.amount = paid;
        if (words == rules::Words::told && paid < uncapped)
            line.sentence += fmt::format(" Of that {} is owed: one claim comes to {} at most (be.comp.cap).", to_string(paid), to_string(cap));
    }
    sum.total = cap;
}

std::vector<rules::Rule> rules_used(Port const& port, rules::Rulebook const& rulebook) {
    std::vector<rules::Rule> rules;
    for (std::string const& id : {std::string("be.comp.payer"), std::string("be.comp.claimant"), rate_rule(port), planned_rule(port),
                                  "be.total." + class_of(port), std::string("be.comp.start"), std::string("be.comp.days"),
                                  std::string("be.comp.cap"), std::string("be.comp.claim_within"), std::string("be.comp.claim_review")})
        rules.push_back(rulebook.rule(id, port.requested_at));
    return rules;
}

} // namespace

Moment planned_moment(Port const& port, rules::Rulebook const& rulebook) {
    bool const by_date = rulebook.rule(planned_rule(port), port.requested_at).value == "chosen_date";
    if (by_date && port.wish.on_date && port.wish.at) return *port.wish.at;
    return rulebook.due("be.total." + class_of(port), port.requested_at);
}

Compensation compensation(Port const& port, std::vector<Line> const& lines, rules::Rulebook const& rulebook, Moment as_of,
                          rules::Words words) {
    Compensation sum;
    sum.payer = rulebook.rule("be.comp.payer", port.requested_at).value;
    for (auto const& line : lines) {
        sum.lines.push_back(of_line(port, line, rulebook, as_of, words));
        sum.total += sum.lines.back().amount;
    }
    if (auto const cap = rulebook.cap("be.comp.cap", port.requested_at); cap && *cap < sum.total) apply_cap(sum, *cap, words);
    sum.caused = caused_in(sum.lines);
    sum.claim_until = rulebook.due("be.comp.claim_within", port.requested_at);
    std::optional<Moment> done;
    for (auto const& line : lines)
        if (line.effective_at && (!done || *done < *line.effective_at)) done = line.effective_at;
    if (done && all_settled(port.role, lines)) sum.review_until = rulebook.due("be.comp.claim_review", *done);
    if (words == rules::Words::told) sum.rules = rules_used(port, rulebook);
    return sum;
}

} // namespace npod::porting
