#include "casefile/signature.hpp"

#include "protocol/rsa.hpp"

namespace npod::casefile {

std::string signed_with(std::string const& private_key_pem, Case const& content) {
    auto const key = protocol::RsaKey::private_key(private_key_pem);
    return to_bytes(content, [&](std::string_view digest) { return key.sign(digest); });
}

Signed signature_of(Opened const& opened, std::string const& public_key_pem) {
    auto const key = protocol::RsaKey::public_key(public_key_pem);
    if (opened.signature.empty()) return Signed::no;
    return key.verifies(opened.digest, opened.signature) ? Signed::holds : Signed::does_not_hold;
}

} // namespace npod::casefile
