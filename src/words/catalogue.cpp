#include "words/catalogue.hpp"

#include "words/values.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace npod::words {

namespace {

/// What was found in the places of a text, in order.
using Found = std::vector<Filling>;

/// Places that hold figures hold nothing else: a count digits, numbers what begins like one. Else half a sentence before
/// them would pass for one.
bool may_hold(std::string_view name, PlaceKind kind, std::string_view value) {
    if (kind != PlaceKind::as_is) return true;
    if (name == "count") return value.find_first_not_of("0123456789") == std::string_view::npos;
    return name != "numbers" || value.starts_with('+');
}

/// Whether `english` is of the form of `pattern`, with what stands in its places. A place takes as few letters as the
/// rest allows.
bool fits(std::string_view pattern, std::string_view english, Found& found) {
    auto const place = next_place(pattern);
    if (!english.starts_with(place.before)) return false;
    english.remove_prefix(place.before.size());
    if (!place.found) return english.empty();
    auto const with = [&](std::size_t length) {
        if (!may_hold(place.name, place.kind, english.substr(0, length))) return false;
        found.emplace_back(place.name, english.substr(0, length));
        if (fits(place.rest, english.substr(length), found)) return true;
        found.pop_back();
        return false;
    };
    if (place.kind == PlaceKind::when) {
        auto const length = length_of_day(english);
        return length > 0 && with(length);
    }
    if (place.rest.empty()) return !english.empty() && with(english.size());
    // A place ends where the next fixed letters begin; two places with nothing between them fit nothing.
    auto const next = next_place(place.rest).before;
    if (next.empty()) return false;
    for (auto end = english.find(next, 1); end != std::string_view::npos; end = english.find(next, end + 1))
        if (with(end)) return true;
    return false;
}

struct Catalogue {
    std::unordered_map<std::string_view, Text const*> plain; ///< texts without places, by their English
    std::vector<Text const*> with_places;                    ///< those with more fixed letters first

    Catalogue() {
        for (auto const part : {machine_texts(), rule_texts(), calendar_texts(), explanation_texts(), ground_texts(),
                                page_texts()})
            for (auto const& text : part)
                if (next_place(text.en).found)
                    with_places.push_back(&text);
                else
                    plain.try_emplace(text.en, &text);
        std::ranges::stable_sort(with_places, std::ranges::greater{}, [](Text const* text) { return fixed_letters(text->en); });
    }

    static std::size_t fixed_letters(std::string_view pattern) {
        auto place = next_place(pattern);
        auto letters = place.before.size();
        for (; place.found; letters += place.before.size()) place = next_place(place.rest);
        return letters;
    }
};

Catalogue const& catalogue() {
    static Catalogue const all;
    return all;
}

/// A text of the catalogue with what stands in its places.
struct Match {
    Text const* text = nullptr;
    Found found;
};

Match match(std::string_view english);

/// A row that begins with a sentence of its own would take any text that has its few fixed letters somewhere, one of
/// another language too: it counts only when what stands in its places is known.
bool may_be_chance(Text const& text) {
    auto const place = next_place(text.en);
    return place.found && place.before.empty() && place.kind == PlaceKind::said;
}

PlaceKind kind_of(Text const& text, std::string_view name) {
    for (auto place = next_place(text.en); place.found; place = next_place(place.rest))
        if (place.name == name) return place.kind;
    return PlaceKind::as_is;
}

bool says_what_is_known(Text const& text, Found const& found) {
    return std::ranges::all_of(found, [&](Filling const& filling) {
        return kind_of(text, filling.first) != PlaceKind::said || is_known(filling.second);
    });
}

Match match(std::string_view english) {
    auto const plain = catalogue().plain.find(english);
    if (plain != catalogue().plain.end()) return {plain->second, {}};
    if (english.find('_') != std::string_view::npos && english.find(' ') == std::string_view::npos) {
        std::string words(english); // the name of a state, as it is stored
        std::ranges::replace(words, '_', ' ');
        return match(words);
    }
    for (auto const* text : catalogue().with_places)
        if (Found found; fits(text->en, english, found) && (!may_be_chance(*text) || says_what_is_known(*text, found)))
            return {text, std::move(found)};
    return {};
}

std::vector<std::string_view> items_of(std::string_view list) {
    std::vector<std::string_view> items;
    for (auto comma = list.find(", "); comma != std::string_view::npos; comma = list.find(", ")) {
        items.push_back(list.substr(0, comma));
        list.remove_prefix(comma + 2);
    }
    items.push_back(list);
    return items;
}

std::string in_place(PlaceKind kind, std::string const& english, Language language) {
    switch (kind) {
    case PlaceKind::as_is: return english;
    case PlaceKind::when: return rewritten_day(english, language);
    case PlaceKind::amount: return rewritten_amount(english, language);
    case PlaceKind::said: return translated(english, language);
    case PlaceKind::list: break;
    }
    std::string out;
    for (auto const item : items_of(english)) out += (out.empty() ? "" : ", ") + translated(item, language);
    return out;
}

} // namespace

std::string translated(std::string_view english, Language language) {
    if (language == Language::en || english.empty()) return std::string(english);
    auto [text, found] = match(english);
    if (!text) return std::string(english);
    for (auto& [name, value] : found) value = in_place(kind_of(*text, name), value, language);
    return say(*text, language, found.data(), found.size());
}

bool is_known(std::string_view english) {
    auto const [text, found] = match(english);
    if (!text) return false;
    for (auto const& [name, value] : found) {
        auto const kind = kind_of(*text, name);
        if (kind == PlaceKind::said && !is_known(value)) return false;
        if (kind == PlaceKind::list)
            for (auto const item : items_of(value))
                if (!is_known(item)) return false;
    }
    return true;
}

} // namespace npod::words
