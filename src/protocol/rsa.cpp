#include "protocol/rsa.hpp"

#include "base/fault.hpp"
#include "protocol/auth.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace npod::protocol {

namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;

Bio reading(std::string const& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

std::string written(BIO* bio) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// A key behind a pass phrase would make OpenSSL ask at the terminal of a daemon: none is ever given.
int no_pass_phrase(char*, int, int, void*) { return -1; }

void must(bool succeeded, char const* what) {
    if (succeeded) return;
    ERR_clear_error();
    throw Fault(std::string("The crypto library failed to ") + what + "; it is probably out of memory.");
}

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

Key usable(EVP_PKEY* read, char const* which) {
    Key key(read);
    ERR_clear_error();
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < 2048)
        throw ConfigFault(std::string("The ") + which +
                          " key cannot be used: it must be an RSA key of at least 2048 bits " +
                          "in PEM, without a pass phrase. Make one with: openssl genpkey -algorithm RSA -pkeyopt "
                          "rsa_keygen_bits:2048");
    return key;
}

} // namespace

struct RsaKey::Held {
    Key key;
};

RsaKey RsaKey::private_key(std::string const& pem) {
    auto key = usable(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, no_pass_phrase, nullptr), "private");
    return RsaKey(std::make_shared<Held const>(Held{std::move(key)}));
}

RsaKey RsaKey::public_key(std::string const& pem) {
    auto key = usable(PEM_read_bio_PUBKEY(reading(pem).get(), nullptr, no_pass_phrase, nullptr), "public");
    return RsaKey(std::make_shared<Held const>(Held{std::move(key)}));
}

std::string RsaKey::sign(std::string_view bytes) const {
    Digest const digest(EVP_MD_CTX_new());
    std::size_t length = 0;
    auto* key = held_->key.get();
    must(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1, "sign");
    must(EVP_DigestSign(digest.get(), nullptr, &length, bytes_of(bytes), bytes.size()) == 1, "sign");
    std::string signature(length, '\0');
    must(EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes_of(bytes),
                        bytes.size()) == 1,
         "sign");
    signature.resize(length);
    return signature;
}

bool RsaKey::verifies(std::string_view bytes, std::string_view signature) const {
    Digest const digest(EVP_MD_CTX_new());
    must(EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, held_->key.get()) == 1, "verify");
    bool const good =
        EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(bytes), bytes.size()) == 1;
    ERR_clear_error(); // a wrong signature leaves an error behind that would show up in somebody else's call
    return good;
}

std::string RsaKey::decrypt(std::string_view bytes) const {
    KeyContext const context(EVP_PKEY_CTX_new(held_->key.get(), nullptr));
    must(EVP_PKEY_decrypt_init(context.get()) == 1, "decrypt");
    must(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1, "decrypt");
    std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(held_->key.get())), '\0');
    std::size_t length = plain.size();
    auto* out = reinterpret_cast<unsigned char*>(plain.data());
    if (EVP_PKEY_decrypt(context.get(), out, &length, bytes_of(bytes), bytes.size()) != 1) {
        ERR_clear_error();
        throw ConfigFault(
            "The shared secret cannot be decrypted: it was not encrypted for this private key. Ask the hub for "
            "the secret again, or name the key whose public half the hub holds.");
    }
    plain.resize(length);
    return plain;
}

KeyPair generate_rsa_key_pair() {
    Key const key(EVP_RSA_gen(2048));
    must(key != nullptr, "make a key");
    Bio const private_half(BIO_new(BIO_s_mem())), public_half(BIO_new(BIO_s_mem()));
    must(PEM_write_bio_PrivateKey(private_half.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "write a key");
    must(PEM_write_bio_PUBKEY(public_half.get(), key.get()) == 1, "write a key");
    return {written(private_half.get()), written(public_half.get())};
}

} // namespace npod::protocol
