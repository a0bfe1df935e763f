#pragma once
/// What the log says of calls that were refused and left no event: enough to find them, nothing of what people sent.

#include "base/log.hpp"
#include "http/http.hpp"

#include <string>
#include <string_view>

namespace npod::daemon {

/// Passes the answer on, and writes a line when a call to do something was refused: what is malformed never becomes an
/// event. A question without an answer is nobody's incident. The log outlives the call.
http::Respond recorded(http::Request const& request, http::Respond respond, Log& log);

/// A path without what its sender put in it: words that routes have, and ids such as PI-000001, stand; numbers are masked, and
/// anything else is "•••". "/v1/numbers/+3225501100/change" → "/v1/numbers/+3225•••00/change".
std::string shown_path(std::string_view path);

} // namespace npod::daemon
