#include "protocol/standard_webhooks.hpp"

#include "base/base64.hpp"
#include "base/hash.hpp"

#include <fmt/format.h>

namespace npod::protocol {

namespace {
constexpr std::string_view prefix = "whsec_";
constexpr std::size_t key_bytes_min = 24, key_bytes_max = 64; // as the standard asks
} // namespace

Outcome<std::string> webhook_key(std::string_view secret) {
    auto key = secret.starts_with(prefix) ? from_base64(secret.substr(prefix.size())) : std::nullopt;
    if (key && key->size() >= key_bytes_min && key->size() <= key_bytes_max) return std::move(*key);
    return Refusal{RefusalCode::malformed, "it holds no secret of Standard Webhooks: \"whsec_\" and the base64 of 24 to 64 bytes", {},
                   "make one with: echo whsec_$(openssl rand -base64 32)", {}};
}

std::vector<std::pair<std::string, std::string>> webhook_headers(std::vector<std::string> const& keys, std::string_view id, Moment now, std::string_view body) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    auto const content = fmt::format("{}.{}.{}", id, seconds, body);
    std::string signatures;
    for (auto const& key : keys) signatures += (signatures.empty() ? "v1," : " v1,") + base64(as_text(hmac_sha256(key, content)));
    return {{"webhook-id", std::string(id)}, {"webhook-timestamp", std::to_string(seconds)}, {"webhook-signature", std::move(signatures)}};
}

} // namespace npod::protocol
