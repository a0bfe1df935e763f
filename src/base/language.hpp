#pragma once
/// The languages in which the product speaks to people. Programs read member names and codes, which are English always.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace npod {

enum class Language : std::uint8_t { en, nl, fr };
inline constexpr std::array all_languages{Language::en, Language::nl, Language::fr};

/// "en", "nl", "fr".
constexpr std::string_view name_of(Language language) {
    switch (language) {
    case Language::en: return "en";
    case Language::nl: return "nl";
    case Language::fr: return "fr";
    }
    return {};
}

/// Reads "nl", and "nl-BE" or "nl_BE.UTF-8" by its first part; nothing for any other language.
constexpr std::optional<Language> language_of(std::string_view text) {
    auto const main = text.substr(0, text.find_first_of("-_."));
    for (auto const language : all_languages)
        if (name_of(language) == main) return language;
    return std::nullopt;
}

} // namespace npod
