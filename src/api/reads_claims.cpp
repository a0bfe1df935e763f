/// Claims: lists, one claim, its statement, what the billing system has to pay.

#include "api/filters.hpp"
#include "api/in_words.hpp"
#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "api/views_claims.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

namespace npod::api {

namespace {

Refusal no_such_claim(std::string_view id) {
    return {RefusalCode::not_found,
            fmt::format("There is no claim \"{}\".", first_characters(id, 80)),
            {},
            "List them: GET /v1/claims.",
            {}};
}

} // namespace

http::Response read_claim(Reading const& reading) {
    auto const claim = reading.look.book.claim(ClaimId{reading.ids.at(0)});
    if (!claim) return problem(no_such_claim(reading.ids.at(0)));
    return ok_in_words(reading, with_learned_later(view_of(*claim, reading.look), claim->id.text, reading));
}

namespace {

http::Response page_of_claims(Reading const& reading, bool open, std::optional<filter::Expression> const& condition, int limit) {
    auto const after = reading.request.query("cursor").value_or("");
    auto claims = condition ? reading.reader.claims(open, *condition, after, limit + 1) : reading.reader.claims(open, after, limit + 1);
    bool const more = claims.size() > static_cast<std::size_t>(limit);
    if (more) claims.pop_back();
    json::array items;
    for (auto const& claim : claims) items.push_back(summary_of(claim));
    std::optional<std::int64_t> total;
    if (condition) total = reading.reader.count_claims(open, *condition);
    return ok(page(std::move(items), more ? claims.back().id.text : "", total));
}

} // namespace

http::Response read_claims(Reading const& reading) {
    auto const limit = limit_of(reading.request, limits::page_items_default);
    auto const open = flag_of(reading.request, "open");
    auto const condition = condition_of(reading.request, claim_fields(), reading.look);
    if (!limit) return problem(limit.refusals());
    if (!open) return problem(open.refusals());
    if (!condition) return problem(condition.refusals());
    try {
        return page_of_claims(reading, *open, *condition, *limit);
    } catch (storage::TooMuchWork const&) {
        return problem(too_much_work());
    }
}

http::Response read_statement(Reading const& reading) {
    auto const& id = reading.ids.at(0);
    auto const claim = reading.look.book.claim(ClaimId{id});
    auto const record = reading.reader.log_about(id, 0, limits::page_items_max);
    auto const statement = claim ? statement_of(*claim, record, reading.look) : std::nullopt;
    if (!statement) return problem(no_such_claim(id));
    if (accepts(reading.request, "text/plain"))
        return plain("text/plain; charset=utf-8", porting::statement_text(*statement, reading.look.law_of(statement->port)));
    return ok(statement_view(*statement, reading.look));
}

http::Response read_payments(Reading const& reading) {
    std::vector<json::object> payments;
    std::string after;
    for (auto claims = reading.reader.claims(true, after, limits::page_items_max); !claims.empty();
         claims = reading.reader.claims(true, after, limits::page_items_max)) {
        for (auto const& claim : claims)
            if (auto const port = reading.look.book.port(claim.port); port && claim.state == "approved")
                payments.push_back(payment_view(claim, *port, reading.look));
        after = claims.back().id.text;
    }
    if (accepts(reading.request, "text/csv")) return plain("text/csv; charset=utf-8", payments_csv(payments));
    auto const total = static_cast<std::int64_t>(payments.size());
    json::array items;
    for (auto& payment : payments) items.push_back(std::move(payment));
    return ok(page(std::move(items), "", total));
}

} // namespace npod::api
