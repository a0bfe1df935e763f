#pragma once
/// RSA in plain values, so that OpenSSL's types stay in one file.

#include <memory>
#include <string>
#include <string_view>

namespace npod::protocol {

/// An RSA key that was read once. Immutable, thread-safe, cheap to copy.
class RsaKey {
public:
    /// Both throw ConfigFault when `pem` is not such a key of at least 2048 bits; the text never shows the key.
    static RsaKey private_key(std::string const& pem);
    static RsaKey public_key(std::string const& pem);

    /// RSASSA-PKCS1-v1_5 with SHA-256: the RS256 of RFC 7518.
    std::string sign(std::string_view bytes) const;
    bool verifies(std::string_view bytes, std::string_view signature) const;
    /// RSAES-PKCS1-v1_5. Throws ConfigFault when the bytes were not encrypted for this key.
    std::string decrypt(std::string_view bytes) const;

private:
    struct Held;
    explicit RsaKey(std::shared_ptr<Held const> held) : held_(std::move(held)) {}
    std::shared_ptr<Held const> held_;
};

} // namespace npod::protocol
