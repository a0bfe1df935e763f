#pragma once
/// Writing the heads of answers, and answers that the server gives by itself.

#include "http/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace npod::http {

/// The reason phrase of a status (RFC 9110 section 15); "Unknown" for one we never send.
std::string_view reason(unsigned status);

/// An RFC 9457 problem about HTTP itself: type "about:blank", title the reason phrase.
Response problem(unsigned status, std::string_view detail);

/// False when the answer cannot be put on the wire: a status outside 200 to 599, or a header that would break out of
/// its line.
bool sendable(Response const& response);

/// What the server adds to a handler's answer.
struct HeadFacts {
    bool chunked = false;
    bool close = false;
    std::optional<std::size_t> length;
    std::string_view date; ///< empty: none
};

/// Appends status line, headers and blank line. Headers that are the server's own are left out of the handler's.
void append_head(std::string& out, Response const& response, HeadFacts const& facts);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::string http_date(Moment moment);

} // namespace npod::http
