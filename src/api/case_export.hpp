#pragma once
/// GET /v1/ports/{id}/case: the sealed case file of a port. Takes as long as deciding the log again.

#include "api/api.hpp"

namespace npod::api {

/// 200 with JSON Lines, or a problem.
http::Response export_case(Context const& context, storage::Reader const& reader, PortId const& port, Moment now,
                           http::Request const& request);

} // namespace npod::api
