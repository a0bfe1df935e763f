#pragma once
/// The reading routes of the Business API: each answers from one snapshot of the database and changes nothing.

#include "api/api.hpp"
#include "api/views.hpp"

#include <string>
#include <vector>

namespace npod::api {

/// One read on its way: what was asked, and where to look.
struct Reading {
    http::Request const& request;
    std::vector<std::string> const& ids; ///< what stands in the {…} of the pattern
    storage::Reader const& reader;
    Look look;
    Context const& context;
    engine::Status const& engine; ///< asked before the snapshot was taken: what it calls done is in the snapshot
    storage::Reader const& present; ///< what is known now; the same as `reader` unless as_of was asked for
};
using Read = http::Response (*)(Reading const&);

/// 200 with JSON; with an ETag when the view has a version.
http::Response ok(json::object const& view);
/// Everything in the log about an id, bodies left out.
std::vector<storage::LogRow> record_about(storage::Reader const& reader, std::string_view id);
/// A view of the past shows what we knew then. What had happened to `id` by then and was learned only later is told besides; a
/// view of the present stays as it is.
json::object with_learned_later(json::object view, std::string_view id, Reading const& reading);
/// Whether Accept names that type, "text/plain" or "text/csv".
bool accepts(http::Request const& request, std::string_view type);
/// 200 with something else than JSON.
http::Response plain(std::string_view type, std::string body);
/// `"v17"` of a view that ends in its version; empty for others.
std::string etag_of(std::string_view body);

/// GET /v1/status; also the body of /readyz.
json::object status_view(Reading const& reading);

http::Response read_status(Reading const&);
http::Response read_find(Reading const&);

http::Response read_contracts(Reading const&);
http::Response read_contract(Reading const&);
http::Response read_numbers(Reading const&);
http::Response read_number(Reading const&);
http::Response read_claims(Reading const&);
http::Response read_claim(Reading const&);
/// GET /v1/claims/{id}/statement: JSON, or text/plain by Accept.
http::Response read_statement(Reading const&);
/// GET /v1/claims/payments: approved and not yet paid; JSON, or text/csv by Accept.
http::Response read_payments(Reading const&);
http::Response read_timers(Reading const&);
/// GET /v1/radar: what is late or will be, and counterparts in trouble (radar.cpp).
http::Response read_radar(Reading const&);

// ------------------------------------------------------------------------- the wire between operators (reads_wire.cpp)

http::Response read_operators(Reading const&);
http::Response read_operator(Reading const&);
http::Response read_operator_health(Reading const&);
http::Response read_routing(Reading const&);
http::Response read_blocks(Reading const&);
/// Why there is no such operator here, with the nearest code; nothing when there is.
std::optional<Refusal> unknown_operator(OperatorCode const& code, Context const& context);
/// Every code that is known here, the own one first.
std::vector<OperatorCode> known_operators(Context const& context);
/// The answer of POST /v1/operators/{code}/check.
json::object view_of_check(std::string const& code, std::vector<CheckStep> const& steps);

/// What is said of a port or a contract that is not there.
Refusal no_such_port(std::string_view id);
Refusal no_such_contract(std::string_view id);
http::Response read_ports(Reading const&);
http::Response read_port(Reading const&);
http::Response read_timeline(Reading const&);
http::Response read_why(Reading const&);
http::Response read_compensation(Reading const&);
/// GET …/notice: the letter to the customer; JSON, or text/plain by Accept.
http::Response read_port_notice(Reading const&);
http::Response read_contract_notice(Reading const&);
http::Response read_residue(Reading const&);
http::Response read_eligible(Reading const&);
/// POST /v1/port-ins/check: a verdict per number; nothing is stored or sent.
http::Response check_order(Reading const&);

http::Response read_events(Reading const&);
http::Response read_rules(Reading const&);
http::Response read_rule(Reading const&);
http::Response read_calendar_addition(Reading const&);
http::Response read_machines(Reading const&);
http::Response read_machine(Reading const&);

} // namespace npod::api
