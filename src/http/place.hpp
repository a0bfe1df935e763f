#pragma once
/// Where an Endpoint's URL points.

#include <string>

namespace npod::http {

struct Place {
    bool tls = false;
    std::string host;      ///< name or address without brackets; empty for a Unix socket
    std::string port;      ///< digits
    std::string unix_path; ///< set: a Unix socket
    std::string authority; ///< the Host header
    std::string base;      ///< path put in front of every target, without a slash at its end; often empty
};

/// Reads "http://host:port/base", "https://…" or "unix:/path". Throws ConfigFault for anything else.
Place parse_place(std::string const& url);

} // namespace npod::http
