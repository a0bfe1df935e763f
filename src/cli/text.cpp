#include "cli/text.hpp"

#include "base/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace npod::cli {

namespace {

/// One letter of UTF-8 and what it takes of a line.
struct Letter {
    std::string_view bytes;
    int width = 1;
};

int width_of(char32_t code) {
    bool const combining = (code >= 0x300 && code <= 0x36f) || code == 0x200b || code == 0xfe0f;
    if (combining) return 0;
    bool const wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                      (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff);
    return wide ? 2 : 1;
}

Letter first_letter(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (length == 1 || length > text.size()) return {text.substr(0, 1), 1};
    char32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0) != 0x80) return {text.substr(0, 1), 1};
        code = (code << 6) | (byte & 0x3fU);
    }
    return {text.substr(0, length), width_of(code)};
}

std::string harmless(std::string_view text) {
    std::string out(text);
    for (auto& letter : out) {
        auto const byte = static_cast<unsigned char>(letter);
        if ((byte < 0x20 && letter != '\n') || byte == 0x7f) letter = letter == '\t' ? ' ' : '?';
    }
    return out;
}

/// How many bytes of a word fit into `width`, breaking after punctuation where there is some, and at least one letter.
std::size_t bytes_that_fit(std::string_view word, int width) {
    std::size_t fits = 0, after_mark = 0;
    int used = 0;
    while (fits < word.size()) {
        auto const letter = first_letter(word.substr(fits));
        if (used + letter.width > width && fits > 0) break;
        used += letter.width;
        fits += letter.bytes.size();
        bool const mark = std::string_view("./_,:").find(letter.bytes) != std::string_view::npos;
        bool const mark_follows = fits < word.size() && word[fits] == '.';
        if (mark && !mark_follows) after_mark = fits;
    }
    return fits < word.size() && after_mark > 0 ? after_mark : fits;
}

void wrap_line(std::string_view line, int width, std::vector<std::string>& lines) {
    std::string current;
    while (!line.empty()) {
        auto const space = std::min(line.find(' '), line.size());
        auto word = line.substr(0, space);
        line.remove_prefix(std::min(space + 1, line.size()));
        int const gap = current.empty() ? 0 : 1;
        if (width == 0 || display_width(current) + gap + display_width(word) <= width) {
            current.append(static_cast<std::size_t>(gap), ' ').append(word);
            continue;
        }
        if (!current.empty()) lines.push_back(std::move(current));
        while (display_width(word) > width) {
            auto const bytes = bytes_that_fit(word, width);
            lines.emplace_back(word.substr(0, bytes));
            word.remove_prefix(bytes);
        }
        current = word;
    }
    lines.push_back(std::move(current));
}

} // namespace

int display_width(std::string_view text) {
    int width = 0;
    while (!text.empty()) {
        auto const letter = first_letter(text);
        width += letter.width;
        text.remove_prefix(letter.bytes.size());
    }
    return width;
}

std::vector<std::string> wrapped(std::string_view text, int width) {
    auto const clean = harmless(text);
    std::string_view rest = clean;
    std::vector<std::string> lines;
    for (;;) {
        auto const end = std::min(rest.find('\n'), rest.size());
        wrap_line(rest.substr(0, end), width, lines);
        if (end == rest.size()) return lines;
        rest.remove_prefix(end + 1);
    }
}

std::string padded(std::string_view text, int width, bool on_the_left) {
    std::string const spaces(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
    return on_the_left ? spaces + std::string(text) : std::string(text) + spaces;
}

std::string url_encoded(std::string_view text) {
    std::string out;
    for (char letter : text) {
        bool const plain = std::isalnum(static_cast<unsigned char>(letter)) ||
                           std::string_view("-._~").find(letter) != std::string_view::npos;
        if (plain)
            out += letter;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return out;
}

std::string as_e164(std::string_view text) {
    std::string digits;
    for (char letter : text)
        if (std::string_view(" ./-()").find(letter) == std::string_view::npos) digits += letter;
    if (digits.starts_with("00"))
        digits = "+" + digits.substr(2);
    else if (digits.starts_with("0"))
        digits = "+32" + digits.substr(1);
    bool const number = digits.size() >= 8 && digits.size() <= 16 && digits[0] == '+' &&
                        std::all_of(digits.begin() + 1, digits.end(), [](unsigned char c) { return std::isdigit(c); });
    return number ? digits : std::string(text);
}

std::string_view closest(std::string_view word, std::span<std::string_view const> known) {
    if (auto const near = nearest(word, known); !near.empty()) return near;
    constexpr std::size_t longest_word = 64;
    for (std::size_t i = 0; i + 1 < word.size() && word.size() <= longest_word; ++i) {
        std::string swapped(word);
        std::swap(swapped[i], swapped[i + 1]);
        if (auto const found = std::find(known.begin(), known.end(), swapped); found != known.end()) return *found;
    }
    return {};
}

std::string counted(long long count, std::string_view one, std::string_view several) {
    if (count == 1) return fmt::format("1 {}", one);
    return several.empty() ? fmt::format("{} {}s", count, one) : fmt::format("{} {}", count, several);
}

} // namespace npod::cli
