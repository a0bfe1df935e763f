#include "api/in_words.hpp"

#include "api/problem.hpp"
#include "base/json.hpp"
#include "words/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::api {

namespace {

/// Members that hold texts for people, or lists of them. All others are for programs, or what somebody wrote.
constexpr std::array<std::string_view, 14> texts_for_people{"sentence", "waits_for", "on_expiry", "meaning", "fix",
                                                            "why",      "title",     "text",      "source",  "steps",
                                                            "notes",    "next_expected", "reason", "answer"};

bool is_for_people(std::string_view member) { return std::ranges::find(texts_for_people, member) != texts_for_people.end(); }

void speak(json::value& value, bool for_people, Language language) {
    if (auto* object = value.if_object()) {
        for (auto& member : *object) speak(member.value(), is_for_people(member.key()), language);
    } else if (auto* array = value.if_array()) {
        for (auto& item : *array) speak(item, for_people, language);
    } else if (auto* text = value.if_string(); text && for_people) {
        *text = words::translated({text->data(), text->size()}, language);
    }
}

/// The first language of ours in "nl-BE, fr;q=0.8": whoever sends the header writes the dearest first.
std::optional<Language> accepted(std::string_view header) {
    while (!header.empty()) {
        auto item = header.substr(0, header.find(','));
        header.remove_prefix(std::min(header.size(), item.size() + 1));
        while (item.starts_with(' ')) item.remove_prefix(1);
        if (auto const language = language_of(item.substr(0, item.find_first_of("; ")))) return language;
    }
    return std::nullopt;
}

} // namespace

Outcome<std::optional<Language>> language_asked(http::Request const& request) {
    auto const asked = request.query("lang");
    if (!asked) return accepted(http::header(request.headers, "Accept-Language"));
    if (auto const language = language_of(*asked)) return std::optional(*language);
    return Refusal{RefusalCode::malformed,
                   fmt::format("\"{}\" is not a language of ours.", first_characters(*asked, 60)),
                   "lang",
                   "Send en, nl or fr.",
                   {}};
}

json::object in_words(json::object view, Language language) {
    if (language == Language::en) return view;
    json::value whole = std::move(view);
    speak(whole, false, language);
    return std::move(whole.as_object());
}

http::Response ok_in_words(Reading const& reading, json::object view) {
    auto const asked = language_asked(reading.request);
    if (!asked) return problem(asked.refusals());
    auto const language = asked->value_or(Language::en);
    auto response = ok(in_words(std::move(view), language));
    response.headers.emplace_back("Content-Language", std::string(name_of(language)));
    return response;
}

} // namespace npod::api
