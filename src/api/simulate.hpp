#pragma once
/// POST /v1/ports/{id}/simulate: what would happen to a port. The engine rehearses it and undoes it; nothing is stored
/// or sent.

#include "api/reads.hpp"

namespace npod::api {

/// The answer: what would be written on the way, and the port, its money and its contracts as they would be then.
http::Response simulate(Reading const& reading);

/// Names of the events that can be simulated for a port of that role, "silence" first.
std::vector<std::string_view> simulated_events(porting::Role role);

} // namespace npod::api
