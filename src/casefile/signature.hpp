#pragma once
/// Who exported a case: the operator's RSA key over the digest of the seal.

#include "casefile/case_file.hpp"

namespace npod::casefile {

/// The same case with the operator's signature. Throws ConfigFault when `private_key_pem` is no RSA key of 2048 bits or more.
std::string signed_with(std::string const& private_key_pem, Case const& content);

enum class Signed : std::uint8_t { no, holds, does_not_hold };
/// Throws ConfigFault when `public_key_pem` is no such key.
Signed signature_of(Opened const& opened, std::string const& public_key_pem);

} // namespace npod::casefile
