#pragma once
/// SHA-256 and what is built on it. OpenSSL stays behind this header.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace npod {

using Hash = std::array<std::uint8_t, 32>; ///< the raw bytes of a SHA-256

/// SHA-256 of all bytes of `bytes`. Thread-safe.
Hash sha256(std::string_view bytes);

/// SHA-256 of what comes in pieces. One thread at a time; finish() once, then the object is spent.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    Sha256& update(std::string_view bytes);
    Hash finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// HMAC-SHA256 (RFC 2104). Thread-safe.
Hash hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hexadecimal.
std::string hex(std::span<std::uint8_t const> bytes);

/// The hexadecimal SHA-256 by which two copies of one message are known to be the same bytes.
std::string content_hash(std::string_view bytes);

/// True when both are the same bytes; takes as long for the first difference as for the last, so that a secret cannot
/// be guessed byte by byte. Only the lengths show.
bool same_secret(std::string_view a, std::string_view b);

/// The bytes of a hash as text, for functions that take text.
inline std::string_view as_text(Hash const& hash) { return {reinterpret_cast<char const*>(hash.data()), hash.size()}; }

} // namespace npod
