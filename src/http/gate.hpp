#pragma once
/// The strict gate (TECH D.4). Parsers forgive, and two parsers that forgive differently are how requests are smuggled
/// past a proxy; so the raw bytes of a request's head are judged here before any parser sees them. Plain code without
/// sockets, so that it can be fuzzed.

#include "http/http.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace npod::http {

/// Why a message is not accepted, and the status that says so to the peer.
struct Refused {
    unsigned status = 400;
    std::string detail; ///< what was wrong and what to do, for people
};

/// How the body of an accepted request is framed.
struct Framing {
    std::size_t length = 0; ///< of a body that is not chunked
    bool chunked = false;
    bool expects_continue = false; ///< the peer waits for "100 Continue" before it sends the body
    bool last = false;             ///< the connection ends after this one: HTTP/1.0 or "Connection: close"
    bool old = false;              ///< HTTP/1.0, which knows no chunks
};

/// Looks for the end of a head in bytes as they arrive.
class HeadSearch {
public:
    explicit HeadSearch(Limits const& limits) : limits_(&limits) {}
    /// Looks at the bytes not seen before. `bytes` starts at the request line and only ever grows.
    /// The size of the head with its blank line, 0 while it is not complete, or why it never will be.
    std::variant<std::size_t, Refused> look(std::string_view bytes);

private:
    Limits const* limits_;
    std::size_t seen_ = 0;
    bool in_first_line_ = true;
};

/// Judges a complete head (request line to blank line, both included).
std::variant<Framing, Refused> judge_head(std::string_view head, Limits const& limits);

} // namespace npod::http
