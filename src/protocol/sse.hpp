#pragma once
/// Writing server-sent events (WHATWG HTML, text/event-stream) as COIN's stream wants them.

#include <string>
#include <string_view>

namespace npod::protocol {

/// One event: `id`, `event: {type}-v3` and one line of data, closed by an empty line. Line breaks in `json` become
/// spaces: in JSON they can only stand between tokens. Line breaks and NUL in `id` and `type` are dropped: they would
/// end the field.
std::string sse_event(std::string_view id, std::string_view type, std::string_view json);

/// A comment that keeps the connection alive; readers pass over it.
inline constexpr std::string_view sse_heartbeat = ":\n\n";

} // namespace npod::protocol
