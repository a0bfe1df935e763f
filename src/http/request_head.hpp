#pragma once
/// A head that passed the gate, as a Request. No sockets.

#include "http/gate.hpp"

#include <optional>
#include <string_view>

namespace npod::http {

/// Appends method, target and headers of a complete head to an empty `request`. judge_head() must have taken the head;
/// should the parser not take it nevertheless, the refusal says why.
std::optional<Refused> read_head(std::string_view head, Limits const& limits, Request& request);

} // namespace npod::http
