#pragma once
/// TLS contexts and identities, with OpenSSL alone: TLS 1.2 or newer, no renegotiation, no resumed sessions (every
/// connection shows its certificate anew, so that a withdrawn one stops working).

#include "http/http.hpp"

#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace npod::http {

/// The context of a server. The caller owns it. Throws ConfigFault when a file cannot be used.
ssl_ctx_st* server_tls_context(Tls const& tls);

/// The context of a client: trusts tls.client_ca_file, or the system's CAs without one; shows tls.certificate_file when
/// set. The caller owns it. Throws ConfigFault when a file cannot be used.
ssl_ctx_st* client_tls_context(Tls const& tls);

/// Makes the handshake of a client fail unless the server's certificate names `host` (DNS name or IP address).
void expect_host(ssl_st* session, std::string const& host);

/// The first SAN URI of the peer's verified certificate, else its first SAN DNS name, else empty.
std::string peer_identity(ssl_st* session);

} // namespace npod::http
