#include "protocol/sse.hpp"

namespace npod::protocol {

namespace {

void append_field_value(std::string& event, std::string_view value) {
    for (char const c : value)
        if (c != '\n' && c != '\r' && c != '\0') event += c;
}

} // namespace

std::string sse_event(std::string_view id, std::string_view type, std::string_view json) {
    std::string event;
    event.reserve(id.size() + type.size() + json.size() + 32);
    event += "id: ";
    append_field_value(event, id);
    event += "\nevent: ";
    append_field_value(event, type);
    event += "-v3\ndata: ";
    for (char const c : json) event += c == '\n' || c == '\r' ? ' ' : c;
    event += "\n\n";
    return event;
}

} // namespace npod::protocol
