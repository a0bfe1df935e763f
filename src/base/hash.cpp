#include "base/hash.hpp"

#include "base/fault.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace npod {

namespace {

/// Fetched once: looking the algorithm up costs more than hashing a message.
EVP_MD const* algorithm() {
    static EVP_MD const* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!fetched) throw Fault("The crypto library offers no SHA-256; install OpenSSL 3 with its default provider.");
    return fetched;
}

void must(int result) {
    if (result != 1) throw Fault("The crypto library failed to hash; it is probably out of memory.");
}

} // namespace

struct Sha256::Impl {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
    must(EVP_DigestInit_ex2(impl_->context.get(), algorithm(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
    must(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()));
    return *this;
}

Hash Sha256::finish() {
    Hash hash;
    must(EVP_DigestFinal_ex(impl_->context.get(), hash.data(), nullptr));
    return hash;
}

Hash sha256(std::string_view bytes) {
    Hash hash;
    must(EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, algorithm(), nullptr));
    return hash;
}

Hash hmac_sha256(std::string_view key, std::string_view bytes) {
    Hash hash;
    unsigned length = 0;
    auto const* data = reinterpret_cast<unsigned char const*>(bytes.data());
    must(HMAC(algorithm(), key.data(), static_cast<int>(key.size()), data, bytes.size(), hash.data(), &length) !=
         nullptr);
    NPOD_PROMISE(length == hash.size());
    return hash;
}

std::string hex(std::span<std::uint8_t const> bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (auto const byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string content_hash(std::string_view bytes) { return hex(sha256(bytes)); }

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace npod
