#include "http/event_parser.hpp"

#include "base/fault.hpp"
#include "base/limits_wire.hpp"

namespace npod::http {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

void EventParser::feed(std::string_view bytes, OnEvent const& on_event) {
    bytes = without_mark(bytes);
    while (!bytes.empty()) {
        if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        auto const end = bytes.find_first_of("\r\n");
        if (line_.size() + event_.data.size() + std::min(end, bytes.size()) > limits::stream_event_bytes_max)
            throw NetworkFault("the peer sent an event of more than 4 MB; check what serves this stream");
        line_.append(bytes.substr(0, end));
        if (end == std::string_view::npos) return;
        after_cr_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        auto const line = std::exchange(line_, {});
        take_line(line, on_event);
    }
}

/// Drops a byte order mark at the very start, though it may come in pieces.
std::string_view EventParser::without_mark(std::string_view bytes) {
    while (mark_seen_ < byte_order_mark.size() && !bytes.empty()) {
        if (bytes.front() != byte_order_mark[mark_seen_]) {
            line_.append(byte_order_mark.substr(0, mark_seen_)); // it only looked like one
            mark_seen_ = byte_order_mark.size();
            break;
        }
        ++mark_seen_;
        bytes.remove_prefix(1);
    }
    return bytes;
}

void EventParser::take_line(std::string_view line, OnEvent const& on_event) {
    if (!line.empty()) {
        auto const colon = line.find(':');
        if (colon == 0) return take_comment(line.substr(1));
        auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        return take_field(line.substr(0, colon), value);
    }
    auto complete = StreamEvent{event_.id, std::exchange(event_.event, {}), std::exchange(event_.data, {}), std::exchange(event_.trace, {})};
    if (!std::exchange(has_data_, false)) return; // without data there is no event
    complete.data.pop_back();                     // every data line added a line feed; the last one is too many
    on_event(complete);
}

/// Heartbeats are comments, and so is the trace of what follows.
void EventParser::take_comment(std::string_view comment) {
    constexpr std::string_view trace = " traceparent ";
    if (comment.starts_with(trace)) event_.trace = comment.substr(trace.size(), 64); // a little more than one has
}

void EventParser::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        event_.data.append(value).push_back('\n');
        has_data_ = true;
    } else if (name == "event") {
        event_.event = value;
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        event_.id = value;
    }
}

} // namespace npod::http
