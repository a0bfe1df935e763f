#include "base/base64.hpp"

#include <cstdint>

namespace npod {

namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (char const byte : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(byte);
        for (held += 8; held >= 6; held -= 6) text += alphabet[(bits >> (held - 6)) & 63];
    }
    if (held > 0) text += alphabet[(bits << (6 - held)) & 63];
    while (padded && text.size() % 4 != 0) text += '=';
    return text;
}

/// The six bits of one character, or 64 when it is not of either alphabet.
std::uint32_t value_of(char c) {
    if (auto const at = standard.find(c); at != std::string_view::npos) return static_cast<std::uint32_t>(at);
    if (auto const at = url_safe.find(c); at != std::string_view::npos) return static_cast<std::uint32_t>(at);
    return 64;
}

} // namespace

std::string base64(std::string_view bytes) { return encode(bytes, standard, true); }
std::string base64_url(std::string_view bytes) { return encode(bytes, url_safe, false); }

std::optional<std::string> from_base64(std::string_view text) {
    auto const end = text.find('=');
    if (end != std::string_view::npos) {
        if (text.size() % 4 != 0 || text.size() - end > 2 || text.find_first_not_of('=', end) != std::string_view::npos)
            return std::nullopt;
        text = text.substr(0, end);
    }
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (char const c : text) {
        auto const value = value_of(c);
        if (value == 64) return std::nullopt;
        bits = (bits << 6) | value;
        if ((held += 6) >= 8) {
            held -= 8;
            bytes += static_cast<char>((bits >> held) & 255);
        }
    }
    // Left-over bits that are not zero would make two texts mean the same bytes.
    if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;
    return bytes;
}

} // namespace npod
