#pragma once
/// Small text tools of HTTP: letter case, percent signs, tokens. ASCII only; no locale.

#include <cstddef>
#include <string>
#include <string_view>

namespace npod::http {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 0 to 15, or -1 when `c` is no hexadecimal digit.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    auto const letter = lower(c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// tchar of RFC 9110 section 5.6.2.
constexpr bool is_token_char(char c) {
    auto const letter = lower(c);
    return is_digit(c) || (letter >= 'a' && letter <= 'z') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

/// A C0 control character or DEL.
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Header names and tokens compare without letter case (RFC 9110 section 5.1).
constexpr bool same_name(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

/// Percent signs decoded; an ill-formed one stays as it is. '+' stays '+': it starts telephone numbers here, and
/// RFC 3986 gives it no other meaning.
std::string percent_decoded(std::string_view text);

} // namespace npod::http
