#pragma once
/// Base64 (RFC 4648): the standard alphabet with padding, and the URL-safe one without.

#include <optional>
#include <string>
#include <string_view>

namespace npod {

std::string base64(std::string_view bytes);
std::string base64_url(std::string_view bytes);

/// The bytes, or nothing when `text` is not base64 of either alphabet. Padding may be left out, but if there is any it
/// must be right; other characters, white space included, are not taken.
std::optional<std::string> from_base64(std::string_view text);

} // namespace npod
