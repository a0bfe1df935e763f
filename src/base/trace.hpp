#pragma once
/// W3C Trace Context: who follows a request through several systems finds it here, too. It is kept beside the log and decides
/// nothing; what is malformed counts as absent, as the standard says.

#include <optional>
#include <string>
#include <string_view>

namespace npod {

/// A traceparent header in the form of version 00, "00-<32 hex>-<16 hex>-<2 hex>"; nothing when it is malformed (capital
/// letters, an id of noughts, version ff, a wrong length). Of a later version the four first parts count.
std::optional<std::string> parse_traceparent(std::string_view header);

/// The same trace, one step on: the span is that of `step` ("delivery 17"), the same whenever the step is repeated. Empty stays
/// empty.
std::string next_span(std::string_view traceparent, std::string_view step);

/// The 32 digits of the trace, for log lines; empty of an empty one.
std::string_view trace_id(std::string_view traceparent);

} // namespace npod
