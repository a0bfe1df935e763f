#pragma once
/// One text in the three languages, and how its places are filled.

#include "base/language.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace npod::words {

/// What stands in a place of a text, and how it is said in another language; written behind the place's name, as in
/// "{due:when}".
enum class PlaceKind : std::uint8_t {
    as_is,  ///< "{id}": names, numbers, codes; the same in every language
    when,   ///< "{due:when}": "Fri 3 Apr 2026", perhaps with a time
    amount, ///< "{sum:amount}": "9.00 EUR"
    said,   ///< "{why:said}": another text of the catalogue; one that is not in it stays as it is
    list,   ///< "{days:list}": texts of the catalogue, divided by ", "
};

/// The next place of a text: what stands before it, its name and kind, what comes after. `found` is false at the end.
struct NextPlace {
    std::string_view before, name, rest;
    PlaceKind kind = PlaceKind::as_is;
    bool found = false;
};
constexpr NextPlace next_place(std::string_view text) {
    auto const open = text.find('{');
    auto const close = text.find('}', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return {text, {}, {}};
    auto const inside = text.substr(open + 1, close - open - 1);
    auto const colon = std::min(inside.find(':'), inside.size());
    NextPlace place{text.substr(0, open), inside.substr(0, colon), text.substr(close + 1), PlaceKind::as_is, true};
    auto const kind = inside.substr(std::min(colon + 1, inside.size()));
    if (kind == "when") place.kind = PlaceKind::when;
    if (kind == "amount") place.kind = PlaceKind::amount;
    if (kind == "said") place.kind = PlaceKind::said;
    if (kind == "list") place.kind = PlaceKind::list;
    return place;
}

/// Whether every place of `text` is one of `other`.
constexpr bool has_places_of(std::string_view text, std::string_view other) {
    for (auto place = next_place(text); place.found; place = next_place(place.rest)) {
        bool there = false;
        for (auto theirs = next_place(other); theirs.found; theirs = next_place(theirs.rest))
            there = there || theirs.name == place.name;
        if (!there) return false;
    }
    return true;
}

/// A text in every language. One that lacks a translation, or whose translation has other places, does not compile.
struct Text {
    std::string_view en, nl, fr;

    consteval Text(std::string_view english, std::string_view dutch, std::string_view french)
        : en(english), nl(dutch), fr(french) {
        if (en.empty() || nl.empty() || fr.empty()) throw "a translation is missing";
        for (auto const other : {nl, fr})
            if (!has_places_of(en, other) || !has_places_of(other, en)) throw "a translation has other {places}";
    }
    constexpr std::string_view in(Language language) const {
        return language == Language::nl ? nl : language == Language::fr ? fr : en;
    }
};

/// A place's name and what is put there.
using Filling = std::pair<std::string_view, std::string>;

/// The text in a language with its places filled, every one of them: a place that nobody fills is a bug. One that begins
/// with a place begins with a capital letter when the English one does, and French has its unbreakable spaces before high punctuation.
std::string say(Text const& text, Language language, std::initializer_list<Filling> fillings = {});
/// The same for fillings found one by one.
std::string say(Text const& text, Language language, Filling const* first, std::size_t count);

} // namespace npod::words
