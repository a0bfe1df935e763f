#pragma once
/// Query parameters and header fields of the Business API, read strictly.

#include "base/moment.hpp"
#include "base/outcome.hpp"
#include "http/http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

/// Every problem of the request's parameters: one that the route does not take, with the nearest that it does.
std::vector<Refusal> unknown_parameters(http::Request const& request, std::vector<std::string_view> const& known);

/// limit=; `usual` when absent; 1 to limits::page_items_max.
Outcome<int> limit_of(http::Request const& request, int usual);
/// A whole number from 0.
Outcome<std::int64_t> count_of(http::Request const& request, std::string_view name, std::int64_t usual);
/// RFC 3339; `usual` when absent.
Outcome<Moment> moment_of(http::Request const& request, std::string_view name, Moment usual);
/// true or false; false when absent.
Outcome<bool> flag_of(http::Request const& request, std::string_view name);

/// If-Match: "v17" with or without quotes; nothing when absent or "*".
Outcome<std::optional<std::int64_t>> if_match_of(http::Request const& request);
/// Idempotency-Key: 1 to 255 visible ASCII characters.
Outcome<std::string> idempotency_key_of(http::Request const& request);
/// Dry-Run: true.
Outcome<bool> dry_run_of(http::Request const& request);

} // namespace npod::api
