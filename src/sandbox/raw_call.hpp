#pragma once
/// HTTP calls as no decent client makes them: broken off, or dripped byte by byte. Plain http:// only.

#include "http/http.hpp"

#include <cstdint>
#include <string>

namespace npod::sandbox {

struct RawAnswer {
    unsigned status = 0; ///< 0: none came, or we did not wait for one
    std::string said;    ///< the body; or why there is no answer
};

/// Sends the head and part of the body, chosen by `salt`, and resets the connection.
RawAnswer reset_midway(std::string const& url, std::string const& target, http::Headers const& headers,
                       std::string const& body, std::uint64_t salt);
/// Sends the body in some thirty pieces over about a second, and reads the answer.
RawAnswer drip(std::string const& url, std::string const& target, http::Headers const& headers,
               std::string const& body);

} // namespace npod::sandbox
