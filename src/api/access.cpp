#include "api/access.hpp"

#include "base/hash.hpp"

#include <array>
#include <utility>

namespace npod::api {

namespace {

constexpr std::array<std::pair<Role, std::string_view>, 5> roles{{{Role::nobody, "nobody"},
                                                                  {Role::reader, "reader"},
                                                                  {Role::desk, "desk"},
                                                                  {Role::system, "system"},
                                                                  {Role::admin, "admin"}}};

/// The token of "Bearer …"; empty when there is none.
std::string_view bearer_of(http::Request const& request) {
    auto const value = http::header(request.headers, "Authorization");
    constexpr std::string_view scheme = "bearer ";
    if (value.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((value[i] | 0x20) != (scheme[i] | 0x20)) return {};
    return value.substr(scheme.size());
}

Refusal unauthorised(std::string text) {
    return {RefusalCode::unauthorised,
            std::move(text),
            "Authorization",
            "Send \"Authorization: Bearer TOKEN\" with a token of the daemon's configuration.",
            {}};
}

/// Compares with every token, so that the time taken tells nothing of where one stands in the list.
Outcome<Caller> holder_of(std::string_view token, AccessPolicy const& policy) {
    auto const hash = content_hash(token);
    AccessPolicy::Token const* found = nullptr;
    for (auto const& known : policy.tokens)
        if (same_secret(known.sha256_hex, hash)) found = &known;
    if (!found) return unauthorised("This token was given to nobody.");
    return Caller{found->role, found->name};
}

} // namespace

std::string_view name_of(Role role) { return roles[static_cast<std::size_t>(role)].second; }

std::optional<Role> role_of(std::string_view name) {
    for (auto const& [role, known] : roles)
        if (known == name && role != Role::nobody) return role;
    return std::nullopt;
}

std::string Caller::source() const { return "api:" + std::string(name_of(role)) + ":" + name; }

bool is_local(std::string_view peer) {
    return peer == "unix" || peer.starts_with("127.") || peer.starts_with("[::1]:");
}

Outcome<Caller> caller_of(http::Request const& request, AccessPolicy const& policy) {
    if (auto const token = bearer_of(request); !token.empty() && !policy.tokens.empty())
        return holder_of(token, policy);
    if (!request.peer_identity.empty())
        for (auto const& known : policy.certificates)
            if (known.identity == request.peer_identity) return Caller{known.role, known.name};
    if (request.peer == "unix") return Caller{Role::admin, "local"};
    bool const nobody_is_known = policy.tokens.empty() && policy.certificates.empty();
    if (nobody_is_known && policy.open_on_loopback && is_local(request.peer)) return Caller{Role::admin, "local"};
    return unauthorised(nobody_is_known ? "This daemon has no tokens and answers callers of its own machine only."
                                        : "Nobody known is asking.");
}

} // namespace npod::api
