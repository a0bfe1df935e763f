#include "api/views_claims.hpp"

#include <algorithm>

namespace npod::api {

json::object summary_of(porting::Claim const& claim) {
    json::object view{
        {"id", claim.id.text}, {"port", claim.port.text}, {"state", claim.state}, {"since", to_rfc3339(claim.since)}};
    put(view, "filed_at", claim.filed_at);
    put(view, "filed_by", claim.filed_by);
    put(view, "channel", claim.channel);
    view["by_titular"] = claim.by_titular;
    if (claim.amount) view["amount"] = view_of(*claim.amount);
    put(view, "port_done_at", claim.port_done_at);
    put(view, "decision_reason", claim.decision_reason);
    put(view, "paid_at", claim.paid_at);
    put(view, "paid_by", claim.paid_by);
    view["version"] = claim.version;
    return view;
}

namespace {

/// What the claim waits for, until when, and by which law.
void put_deadline(json::object& view, porting::Claim const& claim, Look const& look) {
    auto const timer = look.book.timer(porting::subject_of(claim));
    if (!timer) return;
    auto const explained = porting::explain(*timer, look.laws);
    json::object deadline{{"timer", timer->name}, {"due", to_rfc3339(timer->due)}, {"on_expiry", explained.on_expiry}};
    if (explained.law) deadline["rule"] = view_of(explained.law->rule);
    view["deadline"] = std::move(deadline);
}

} // namespace

json::object view_of(porting::Claim const& claim, Look const& look) {
    auto view = summary_of(claim);
    view.erase("version");
    put_deadline(view, claim, look);
    if (auto const statement = statement_of(claim, {}, look)) {
        view["answer"] = porting::claim_answer(*statement, look.law_of(statement->port).calendar());
        auto compensation = compensation_view(statement->port, look);
        for (auto const name : {"claim_until", "review_until"})
            if (auto const* until = compensation.if_contains(name)) view[name] = *until;
        view["compensation"] = std::move(compensation);
    }
    view["version"] = claim.version;
    return view;
}

std::optional<porting::Statement> statement_of(porting::Claim const& claim, std::vector<storage::LogRow> const& record,
                                               Look const& look) {
    auto port = look.book.port(claim.port);
    if (!port) return std::nullopt;
    porting::Statement statement;
    statement.lines = look.book.lines(claim.port);
    statement.owed = porting::compensation(*port, statement.lines, look.law_of(*port), look.now);
    statement.port = std::move(*port);
    statement.claim = claim;
    statement.as_of = look.now;
    auto const by_people = {"filed", "approved_by_person", "rejected_by_person", "payment_made"};
    for (auto const& row : record)
        for (auto const& move : row.moves) {
            bool const counts = move.subject == porting::subject_of(claim) && move.verdict == "moved" &&
                                std::find(by_people.begin(), by_people.end(), move.event) != by_people.end();
            if (counts) statement.steps.push_back({row.happened_at, row.learned_at, move.event, row.source, move.note});
        }
    return statement;
}

json::object statement_view(porting::Statement const& statement, Look const& look) {
    auto const& port = statement.port;
    json::array lines, steps;
    for (auto const& line : statement.lines) lines.push_back(view_of(line));
    for (auto const& step : statement.steps)
        steps.push_back({{"event", step.event},
                         {"happened_at", to_rfc3339(step.at)},
                         {"learned_at", to_rfc3339(step.learned_at)},
                         {"source", step.by},
                         {"note", step.note}});
    auto claim = summary_of(statement.claim);
    claim.erase("version");
    return {{"claim", std::move(claim)},
            {"answer", porting::claim_answer(statement, look.law_of(port).calendar())},
            {"as_of", to_rfc3339(statement.as_of)},
            {"port", port.id.text},
            {"order_id", port.order.text},
            {"dossier", port.dossier.text},
            {"contract_id", port.contract.text},
            {"customer", view_of(port.customer)},
            {"recipient", port.recipient.text},
            {"donor", port.donor.text},
            {"requested_at", to_rfc3339(port.requested_at)},
            {"lines", std::move(lines)},
            {"amount", view_of(statement.claim.amount.value_or(statement.owed.total))},
            {"compensation", compensation_view(port, look)},
            {"steps", std::move(steps)},
            {"text", porting::statement_text(statement, look.law_of(port))}};
}

json::object payment_view(porting::Claim const& claim, porting::Port const& port, Look const& look) {
    auto const amount = claim.amount.value_or(Money{});
    return {{"claim", claim.id.text},
            {"port", port.id.text},
            {"order_id", port.order.text},
            {"contract_id", port.contract.text},
            {"customer_id", port.customer.customer_id},
            {"customer", port.customer.name},
            {"amount", view_of(amount)},
            {"method", porting::payment_method(port, look.book.contract(port.contract), look.law_of(port))},
            {"approved_at", to_rfc3339(claim.since)}};
}

std::string payments_csv(std::vector<json::object> const& payments) {
    std::string out = "claim,port,order,contract,customer_id,customer,amount_cents,currency,method,approved_at\r\n";
    for (auto const& payment : payments) {
        auto const text = [&](char const* name) {
            auto const& value = payment.at(name).as_string();
            return porting::csv_field({value.data(), value.size()});
        };
        auto const& amount = payment.at("amount").as_object();
        for (auto const name : {"claim", "port", "order_id", "contract_id", "customer_id", "customer"})
            out += text(name) + ",";
        out += std::to_string(amount.at("cents").as_int64()) + ",";
        auto const& currency = amount.at("currency").as_string();
        out +=
            std::string(currency.data(), currency.size()) + "," + text("method") + "," + text("approved_at") + "\r\n";
    }
    return out;
}

} // namespace npod::api
