#include "words/text.hpp"

#include "base/fault.hpp"

namespace npod::words {

namespace {

constexpr std::string_view unbreakable = "\u00a0";

/// A blank before : ; ! ? and inside « » must not be where a line ends.
std::string with_french_spaces(std::string text) {
    for (std::string_view const mark : {" :", " ;", " !", " ?", " »", "« "}) {
        auto const blank = mark.find(' ');
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size()))
            text.replace(at + blank, 1, unbreakable);
    }
    return text;
}

void capitalise(std::string& text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.empty()) return;
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    // à to þ in UTF-8: their capitals lie 32 below.
    else if (text.size() > 1 && byte(0) == 0xc3 && byte(1) >= 0xa0 && byte(1) <= 0xbe)
        text[1] = static_cast<char>(byte(1) - 0x20);
}

} // namespace

std::string say(Text const& text, Language language, Filling const* first, std::size_t count) {
    std::string out;
    auto place = next_place(text.in(language));
    for (; place.found; place = next_place(place.rest)) {
        auto const* const end = first + count;
        auto const* const filling = std::find_if(first, end, [&](auto const& item) { return item.first == place.name; });
        NPOD_PROMISE(filling != end);
        out.append(place.before).append(filling->second);
    }
    out += place.before;
    bool const begins_with_place = text.in(language).starts_with('{');
    if (begins_with_place && text.en[0] >= 'A' && text.en[0] <= 'Z') capitalise(out);
    return language == Language::fr ? with_french_spaces(std::move(out)) : out;
}

std::string say(Text const& text, Language language, std::initializer_list<Filling> fillings) {
    return say(text, language, fillings.begin(), fillings.size());
}

} // namespace npod::words
