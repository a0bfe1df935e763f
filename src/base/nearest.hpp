#pragma once
/// "Did you mean …?": the known word closest to a mistyped one.

#include <span>
#include <string>
#include <string_view>

namespace npod {

/// The candidate with the fewest letters to change, when that is at most a third of the word (and at least one letter is
/// allowed); else empty. The view is the candidate's.
std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates);

} // namespace npod
