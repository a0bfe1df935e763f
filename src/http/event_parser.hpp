#pragma once
/// Reads text/event-stream as the WHATWG HTML standard says (section 9.2.6), from pieces of any size.

#include "http/http.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace npod::http {

class EventParser {
public:
    using OnEvent = std::function<void(StreamEvent const&)>;

    /// Calls `on_event` for each event that `bytes` completes. An event's id is the last one the stream named, also
    /// when an earlier event named it; its type is as received, so empty where browsers say "message". `retry` is
    /// ignored: our own back-off decides. Throws NetworkFault when one event grows beyond reason.
    void feed(std::string_view bytes, OnEvent const& on_event);

private:
    std::string_view without_mark(std::string_view bytes);
    void take_line(std::string_view line, OnEvent const& on_event);
    void take_comment(std::string_view comment);
    void take_field(std::string_view name, std::string_view value);

    std::string line_; ///< the line begun but not ended
    StreamEvent event_;
    bool has_data_ = false;
    bool after_cr_ = false;     ///< a LF now belongs to the CR before
    std::size_t mark_seen_ = 0; ///< bytes of the byte order mark met at the start; its size when past it
};

} // namespace npod::http
