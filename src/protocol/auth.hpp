#pragma once
/// Who is calling: the two proofs that COIN asks of every call, made and checked. Sources: COIN's public client
/// libraries (HMAC header over x-date, digest and request-line) and RFC 7515/7519 (JWT, RS256 only). Free of I/O.

#include "base/ids.hpp"
#include "base/limits_wire.hpp"
#include "base/moment.hpp"
#include "base/outcome.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npod::protocol {

using Headers = std::vector<std::pair<std::string, std::string>>; ///< as http::Headers

/// With what we prove who we are.
struct Credentials {
    std::string username;        ///< the consumer's name: HMAC username and `iss` of the token
    std::string secret;          ///< the shared HMAC secret, decrypted
    std::string private_key_pem; ///< RSA, PKCS#8 or PKCS#1
};

/// How a caller proves who he is. Two secrets and two keys may be valid at once while they are being replaced.
struct Consumer {
    OperatorCode code;
    std::string username;
    std::vector<std::string> secrets;
    std::vector<std::string> public_keys_pem;
};

/// How far a caller's clock may be from ours, and a token beyond its own limits.
inline constexpr Duration clock_skew_max = limits::clock_skew_max;

/// Signs calls of one consumer. Immutable and thread-safe; keeps the parsed key.
class Signer {
public:
    /// Throws ConfigFault when the private key cannot be read or is not RSA. The text never shows the key.
    explicit Signer(Credentials credentials);
    /// The headers x-date, digest, authorization and cookie for one call. What follows '?' in `path` is not signed.
    Headers sign(std::string_view method, std::string_view path, std::string_view body, Moment now) const;

private:
    struct Impl;
    std::shared_ptr<Impl const> impl_;
};

/// Checks calls against the known consumers. Immutable and thread-safe; keeps the parsed keys.
class Verifier {
public:
    /// Throws ConfigFault when a public key cannot be read or is not RSA, a consumer has no secret or no key, or a name
    /// is given twice.
    explicit Verifier(std::vector<Consumer> consumers);
    /// The operator that made the call. Refused (unauthorised) unless both proofs hold and name the same consumer. A
    /// refusal says which proof failed and why, but neither a secret nor whether the consumer exists. Liberal in letter
    /// case of header names, white space and other cookies; headers that prove something come once.
    Outcome<OperatorCode> verify(Headers const& headers, std::string_view method, std::string_view path,
                                 std::string_view body, Moment now, Duration skew = clock_skew_max) const;

private:
    struct Impl;
    std::shared_ptr<Impl const> impl_;
};

/// As Signer and Verifier, for a single call.
Headers sign(Credentials const& credentials, std::string_view method, std::string_view path, std::string_view body,
             Moment now);
Outcome<OperatorCode> verify(Headers const& headers, std::string_view method, std::string_view path,
                             std::string_view body, std::vector<Consumer> const& consumers, Moment now,
                             Duration skew = clock_skew_max);

/// An RSA key of 2048 bits as PEM, for demonstrations and tests. Takes a tenth of a second or so.
struct KeyPair {
    std::string private_pem, public_pem;
};
KeyPair generate_rsa_key_pair();

/// The shared secret as COIN delivers it: base64 of RSA-PKCS#1 under the consumer's public key. Throws ConfigFault when
/// it cannot be decrypted with this key.
std::string decrypt_secret(std::string_view encrypted_base64, std::string const& private_key_pem);

/// RFC 1123: "Fri, 03 Apr 2026 14:59:00 GMT".
std::string to_http_date(Moment moment);
/// Reads RFC 1123; the name of the day is not compared. Nothing when it is not such a date.
std::optional<Moment> parse_http_date(std::string_view text);

} // namespace npod::protocol
