#pragma once
/// Answers in the language of whoever reads them: the names of members and the codes stay English, the texts do not.

#include "api/reads.hpp"
#include "base/language.hpp"

#include <optional>

namespace npod::api {

/// What was asked for: `lang=`, else the first of ours in Accept-Language, else nothing. Refused (malformed) when `lang`
/// is none of en, nl, fr.
Outcome<std::optional<Language>> language_asked(http::Request const& request);

/// The view with every text for people in that language, as far as the catalogue has it.
json::object in_words(json::object view, Language language);

/// 200 with the view in the language that was asked for, or English; says so in Content-Language.
http::Response ok_in_words(Reading const& reading, json::object view);

} // namespace npod::api
