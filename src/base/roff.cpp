#include "base/roff.hpp"

#include <fmt/format.h>

namespace npod {

namespace {

/// The code point that starts at `at`, which moves to its last byte. The text is ours: valid UTF-8.
unsigned code_point(std::string_view text, std::size_t& at) {
    auto const first = static_cast<unsigned char>(text[at]);
    int const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    unsigned point = first & (0x3fu >> more);
    for (int i = 0; i < more && at + 1 < text.size(); ++i) point = point << 6 | (static_cast<unsigned char>(text[++at]) & 0x3fu);
    return point;
}

/// Backslashes and minus signs are roff's; a dot or an apostrophe at the start of a line is a macro; other letters than
/// ASCII's go by their number, which every man understands.
std::string escaped(std::string_view text) {
    std::string out;
    bool line_starts = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char const c = text[at];
        if (line_starts && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (static_cast<unsigned char>(c) >= 0x80)
            out += fmt::format("\\[u{:04X}]", code_point(text, at));
        else
            out += c;
        line_starts = c == '\n';
    }
    return out;
}

std::string upper(std::string_view text) {
    std::string out;
    for (char const c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

} // namespace

ManualPage::ManualPage(std::string_view name, int section, std::string_view what)
    : text_(fmt::format(".TH {} {} \"\" \"npod\" \"number portability\"\n.SH NAME\n{} \\- {}\n", upper(escaped(name)),
                        section, escaped(name), escaped(what))) {}

ManualPage& ManualPage::heading(std::string_view title) {
    text_ += fmt::format(".SH {}\n", upper(escaped(title)));
    return *this;
}

ManualPage& ManualPage::paragraph(std::string_view text) {
    text_ += fmt::format(".PP\n{}\n", escaped(text));
    return *this;
}

ManualPage& ManualPage::item(std::string_view term, std::string_view meaning) {
    text_ += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(term), escaped(meaning));
    return *this;
}

ManualPage& ManualPage::example(std::string_view lines) {
    text_ += fmt::format(".PP\n.nf\n.RS\n{}\n.RE\n.fi\n", escaped(lines));
    return *this;
}

} // namespace npod
