#pragma once
/// Who may do what at the Business API.

#include "base/outcome.hpp"
#include "http/http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

/// Each may do what those before it may.
enum class Role : std::uint8_t {
    nobody, ///< not even known: health checks
    reader, ///< looks
    desk,   ///< moves ports and claims
    system, ///< keeps contracts and blocks, as the BSS does
    admin,  ///< moves the clock
};
std::string_view name_of(Role role);
std::optional<Role> role_of(std::string_view name); ///< nothing for "nobody": nobody is given that role

/// Who asks.
struct Caller {
    Role role = Role::nobody;
    std::string name;
    std::string source() const; ///< "api:desk:anna": what the log says
};

/// Who is known, from the configuration.
struct AccessPolicy {
    /// A bearer token; only its hash is kept.
    struct Token {
        std::string sha256_hex;
        Role role = Role::reader;
        std::string name;
    };
    /// The holder of a client certificate that the server verified, by its SAN.
    struct Certificate {
        std::string identity;
        Role role = Role::reader;
        std::string name;
    };
    bool open_on_loopback = true; ///< without tokens and certificates: whoever reaches us on this machine is the admin
    std::vector<Token> tokens;
    std::vector<Certificate> certificates;
};

/// True for "unix", 127.0.0.0/8 and ::1.
bool is_local(std::string_view peer);

/// Who sent the request. A Unix socket is guarded by its file permission: whoever may open it is the admin, unless a
/// token says less. Refused (unauthorised): a token that nobody was given, or none where one is needed. Thread-safe.
Outcome<Caller> caller_of(http::Request const& request, AccessPolicy const& policy);

} // namespace npod::api
