#pragma once
/// Statements of claims and what the billing system has to pay, as JSON and as files. Pure.

#include "api/views.hpp"
#include "porting/claims.hpp"

namespace npod::api {

/// All that a claim stands on; `record`: the log rows about it. Nothing when its port is not there.
std::optional<porting::Statement> statement_of(porting::Claim const& claim, std::vector<storage::LogRow> const& record,
                                               Look const& look);
/// GET /v1/claims/{id}/statement
json::object statement_view(porting::Statement const& statement, Look const& look);

/// An approved claim that is not paid yet.
json::object payment_view(porting::Claim const& claim, porting::Port const& port, Look const& look);
/// Those views as a file (RFC 4180, with a header line): amounts in whole cents, no field is a formula.
std::string payments_csv(std::vector<json::object> const& payments);

} // namespace npod::api
