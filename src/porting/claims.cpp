#include "porting/claims.hpp"

#include "porting/wire_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace npod::porting {

namespace {

constexpr std::size_t columns = 80;

/// Words of `text` on lines of at most 80 columns, all of them indented.
std::string wrapped(std::string_view text, std::size_t indent, std::string first = {}) {
    std::string out, line = std::move(first);
    line.resize(std::max(line.size(), indent), ' ');
    bool fresh = true;
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (!fresh && line.size() + 1 + word.size() > columns) {
            out += line + "\n";
            line.assign(indent, ' ');
            fresh = true;
        }
        if (!fresh) line += ' ';
        line += word;
        fresh = false;
    }
    return out + line + "\n";
}

std::string fact(std::string_view name, std::string_view text) {
    return text.empty() ? std::string{} : wrapped(text, 14, fmt::format("  {:<12}", name));
}

std::string arithmetic(Compensation const& owed) {
    std::string text;
    for (auto const& line : owed.lines) text += " " + line.sentence;
    return text;
}

std::string parties(Statement const& statement) {
    auto const& port = statement.port;
    auto const& customer = port.customer;
    auto who = customer.name + (customer.legal_person ? ", a legal person" : ", a natural person");
    if (!customer.customer_id.empty()) who += ", customer " + customer.customer_id;
    return "Parties\n" + fact("Customer", who) + fact("Recipient", port.recipient.text + ", who pays whoever caused the delay (be.comp.payer)") +
           fact("Donor", port.donor.text);
}

std::string port_part(Statement const& statement, rules::Calendar const& calendar) {
    auto const& port = statement.port;
    std::vector<NumberRange> ranges;
    for (auto const& line : statement.lines) ranges.push_back(line.numbers);
    std::string numbers;
    for (auto const& range : joined(std::move(ranges))) numbers += (numbers.empty() ? "" : ", ") + to_string(range);
    auto out = "\nPort\n" + fact("Port", fmt::format("{}, order {}, dossier {}", port.id.text, port.order.text, port.dossier.text)) +
               fact("Contract", port.contract.text) + fact("Numbers", numbers) + fact("Requested", calendar.local_text(port.requested_at)) +
               fact("Wish", port.wish.on_date && port.wish.at ? "on " + calendar.local_text(*port.wish.at) : "as soon as possible");
    for (auto const& line : statement.lines) {
        auto text = fmt::format("{} {}", to_string(line.numbers), line.state);
        if (line.planned_at) text += ", planned " + calendar.local_text(*line.planned_at);
        if (line.effective_at) text += ", effective " + calendar.local_text(*line.effective_at);
        out += fact(fmt::format("Line {}", line.no), text);
    }
    return out;
}

std::string causers(Statement const& statement, rules::Calendar const& calendar) {
    std::string out;
    for (auto const& line : statement.owed.lines)
        for (auto const& segment : line.segments)
            out += wrapped(fmt::format("{} to {}: {}{}, {}. {}", calendar.local_text(segment.from), calendar.local_text(segment.until),
                                       name_of(segment.causer), segment.recourse ? " (recourse)" : "", to_string(segment.amount), segment.reason),
                           14, fmt::format("  {:<12}", fmt::format("Line {}", line.line)));
    return out.empty() ? out : "\nWho caused the delay (between operators only; the customer is paid all the same)\n" + out;
}

std::string_view words_for(std::string_view event) {
    if (event == "filed") return "Claimed";
    if (event == "approved_by_person") return "Approved";
    if (event == "rejected_by_person") return "Rejected";
    if (event == "payment_made") return "Paid";
    return event;
}

std::string claim_part(Statement const& statement, rules::Calendar const& calendar) {
    auto const& claim = statement.claim;
    auto out = "\nClaim\n" + fact("Answer", claim_answer(statement, calendar));
    for (auto const& step : statement.steps) {
        auto text = calendar.local_text(step.at);
        if (step.learned_at != step.at) text += fmt::format(", written down {}", calendar.local_text(step.learned_at));
        out += fact(words_for(step.event), fmt::format("{}, by {}{}{}", text, step.by, step.note.empty() ? "" : ": ", step.note));
    }
    out += fact("Channel", claim.channel) + fact("Reason", claim.decision_reason);
    if (statement.owed.claim_until) out += fact("In time", "until " + calendar.local_text(*statement.owed.claim_until) + ", exclusive (be.comp.claim_within)");
    if (statement.owed.review_until) out += fact("By a person", "until " + calendar.local_text(*statement.owed.review_until) + ", exclusive (be.comp.claim_review)");
    out += fact("Payment", claim.paid_at ? fmt::format("{} by {}", calendar.local_text(*claim.paid_at), claim.paid_by) : "none yet");
    return out;
}

/// "1 working day", "3.00 EUR", "calendar_days".
std::string value_of(rules::Rule const& rule) {
    using enum rules::Unit;
    if (rule.unit == eur) return rule.value + " EUR";
    bool const term = rule.unit == working_days || rule.unit == calendar_days || rule.unit == months || rule.unit == hours;
    return term ? rules::to_string({std::atoi(rule.value.c_str()), rule.unit}) : rule.value;
}

std::string law_part(Compensation const& owed) {
    std::string out = "\nThe law\n";
    for (auto const& rule : owed.rules)
        out += wrapped(fmt::format("{} = {} ({}; {})", rule.id, value_of(rule), name_of(rule.standing), rule.source), 4, "  ");
    return out;
}

} // namespace

std::string claim_answer(Statement const& statement, rules::Calendar const& calendar) {
    auto const& [port, lines, claim, owed, steps, as_of] = statement;
    auto const amount = to_string(claim.amount.value_or(owed.total));
    auto const until = [&](std::optional<Moment> at) { return at ? calendar.local_text(*at) : std::string("then"); };
    if (claim.state == "nothing_due")
        return (claim.filed_at ? "Nothing is due so far; the claim stays on file should the port come late." : "Nothing is due so far.") + arithmetic(owed);
    if (claim.state == "not_due") return "Nothing is due." + arithmetic(owed);
    if (claim.state == "accruing")
        return fmt::format("{} so far; the amount is final when the last number has come to its end.{}", amount,
                           claim.filed_at ? " The claim is on file." : "");
    if (claim.state == "fixed") return fmt::format("{}, if the titular claims it before {} (be.comp.claimant).", amount, until(owed.claim_until));
    if (claim.state == "review_only") return fmt::format("{}; the time to claim is over, and a person decides on a claim before {}.", amount, until(owed.review_until));
    if (claim.state == "claimed") return fmt::format("{} was claimed in time by the titular; a person decides.", amount);
    if (claim.state == "in_review") return fmt::format("{} was claimed; it needs a person, because it came late or not from the titular.", amount);
    if (claim.state == "approved") return fmt::format("{} is approved and will be paid.", amount);
    if (claim.state == "paid") return fmt::format("{} was paid.", amount);
    if (claim.state == "rejected") return "The claim was rejected: " + claim.decision_reason;
    return fmt::format("Nobody claimed in time; the right lapsed on {}.", until(owed.review_until));
}

std::string statement_text(Statement const& statement, rules::Rulebook const& rulebook) {
    auto const& calendar = rulebook.calendar();
    auto out = fmt::format("Statement of claim {}, as of {}\n\n", statement.claim.id.text, calendar.local_text(statement.as_of));
    out += parties(statement) + port_part(statement, calendar) + "\nAmount\n";
    for (auto const& line : statement.owed.lines) out += fact(fmt::format("Line {}", line.line), line.sentence);
    out += fact("Total", to_string(statement.claim.amount.value_or(statement.owed.total)));
    return out + causers(statement, calendar) + claim_part(statement, calendar) + law_part(statement.owed);
}

std::string payment_method(Port const& port, std::optional<Contract> const& contract, rules::Rulebook const& rulebook) {
    auto const value = rulebook.rule("be.comp.paid_by", port.requested_at).value; // "invoice; call credit for mobile prepaid"
    bool const prepaid = port.network == Network::mobile && contract && contains_text(contract->product, "prepaid");
    if (prepaid && contains_text(value, "call credit for mobile prepaid")) return "call_credit";
    return value.substr(0, value.find(';'));
}

std::string csv_field(std::string_view text) {
    std::string field(text);
    bool const formula = !field.empty() && std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos;
    if (formula) field.insert(0, 1, '\''); // a spreadsheet would run it
    if (field.find_first_of(",\"\r\n;") == std::string::npos && !formula) return field;
    std::string quoted = "\"";
    for (char const c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

} // namespace npod::porting
