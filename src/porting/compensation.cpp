/// Money for delay (RULES-BE section 5). A pure function of port, lines, rules and a moment: the same log always yields the
/// same cents.

#include "porting/explain.hpp"
#include "porting/lives.hpp"

#include <fmt/format.h>

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
    auto const civil = calendar.civil_days_begun(starts, until);
    if (rulebook.rule("be.comp.days", at).value != "working_days") return civil;
    std::int64_t working = 0;
    auto day = std::chrono::sys_days{calendar.day_of(starts)};
    for (std::int64_t i = 0; i < civil; ++i) working += calendar.is_working_day(day += std::chrono::days{1}) ? 1 : 0;
    return working;
}

std::string sentence_of(LineCompensation const& line, rules::Calendar const& calendar) {
    if (!line.until) return fmt::format("{}: nothing is due; it ended without a transfer.", to_string(line.numbers));
    auto const began = calendar.local_text(line.starts_at);
    if (line.days == 0)
        return fmt::format("{}: nothing is due; planned {}, compensation starts to count after {}, {} {}.", to_string(line.numbers),
                           calendar.local_text(line.planned_at), began, line.final ? "effective" : "now it is",
                           calendar.local_text(*line.until));
    return fmt::format("{}: planned {}; {} civil day{} begun after {} {} {}; {} number{} x {} day{} x {} = {}.", to_string(line.numbers),
                       calendar.local_text(line.planned_at), line.days, line.days == 1 ? "" : "s", began,
                       line.final ? "until effective" : "until now,", calendar.local_text(*line.until), line.count,
                       line.count == 1 ? "" : "s", line.days, line.days == 1 ? "" : "s", to_string(line.rate), to_string(line.amount));
}

LineCompensation of_line(Port const& port, Line const& line, rules::Rulebook const& rulebook, Moment as_of) {
    LineCompensation due;
    due.line = line.no;
    due.numbers = line.numbers;
    due.count = line.numbers.count();
    due.planned_at = line.planned_at.value_or(planned_moment(port, rulebook));
    due.starts_at = rulebook.deadline("be.comp.start", due.planned_at).due;
    due.final = line_settled(port.role, line.state);
    due.rate = rulebook.money(rate_rule(port), port.requested_at);
    if (due.final) due.until = line.state == "completed" ? line.effective_at : std::nullopt;
    else due.until = as_of;
    if (due.until) due.days = days_of_delay(rulebook, port.requested_at, due.starts_at, *due.until);
    due.amount = due.rate * (due.days * due.count);
    due.sentence = sentence_of(due, rulebook.calendar());
    return due;
}

} // namespace

Moment planned_moment(Port const& port, rules::Rulebook const& rulebook) {
    bool const by_date = rulebook.rule(planned_rule(port), port.requested_at).value == "chosen_date";
    if (by_date && port.wish.on_date && port.wish.at) return *port.wish.at;
    return rulebook.deadline("be.total." + class_of(port), port.requested_at).due;
}

Compensation compensation(Port const& port, std::vector<Line> const& lines, rules::Rulebook const& rulebook, Moment as_of) {
    Compensation sum;
    sum.payer = rulebook.rule("be.comp.payer", port.requested_at).value;
    for (auto const& line : lines) {
        sum.lines.push_back(of_line(port, line, rulebook, as_of));
        sum.total += sum.lines.back().amount;
    }
    if (auto const cap = rulebook.cap("be.comp.cap", port.requested_at); cap && *cap < sum.total) sum.total = *cap;
    sum.claim_until = rulebook.deadline("be.comp.claim_within", port.requested_at).due;
    std::optional<Moment> done;
    for (auto const& line : lines)
        if (line.effective_at && (!done || *done < *line.effective_at)) done = line.effective_at;
    if (done && all_settled(port.role, lines)) sum.review_until = rulebook.deadline("be.comp.claim_review", *done).due;
    for (std::string const& id : {std::string("be.comp.payer"), std::string("be.comp.claimant"), rate_rule(port), planned_rule(port),
                                  "be.total." + class_of(port), std::string("be.comp.start"), std::string("be.comp.days"),
                                  std::string("be.comp.cap"), std::string("be.comp.claim_within"), std::string("be.comp.claim_review")})
        sum.rules.push_back(rulebook.rule(id, port.requested_at));
    return sum;
}

} // namespace npod::porting
