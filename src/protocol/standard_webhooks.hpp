#pragma once
/// Standard Webhooks 1.0 (standardwebhooks.com): how a receiver knows that a call is ours, fresh and whole. Pure.

#include "base/moment.hpp"
#include "base/outcome.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npod::protocol {

/// The key's bytes of "whsec_" and the base64 of 24 to 64 of them; else refused (malformed), without quoting the secret.
Outcome<std::string> webhook_key(std::string_view secret);

/// The three headers of one call. `id` is that of the event, the same at every attempt, without a full stop; `now` is real time
/// (receivers take five minutes of difference); one signature (v1, HMAC-SHA256 over "id.timestamp.body") for each key, so that
/// a secret can be replaced without losing a call.
std::vector<std::pair<std::string, std::string>> webhook_headers(std::vector<std::string> const& keys, std::string_view id, Moment now,
                                                                 std::string_view body);

} // namespace npod::protocol
