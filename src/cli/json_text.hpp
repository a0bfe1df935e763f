#pragma once
/// Reading the daemon's JSON for display. The daemon's own shapes are trusted to be what they are; what is absent reads
/// as nothing, so that an older daemon is shown as far as it goes.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace npod::cli {

namespace json = boost::json;

/// The value at a path of member names, "rule/id"; null when there is none.
json::value const* find_in(json::value const& in, std::string_view path);
json::value const* find_in(json::object const& in, std::string_view path);

/// A scalar as text: numbers in decimal, true and false as "yes" and "no"; an amount of money as its text; absent, null
/// and the empty text are "". A list of scalars is joined by ", ".
std::string text_in(json::value const& in, std::string_view path);
std::string text_in(json::object const& in, std::string_view path);
std::string text_of(json::value const& value);

std::optional<std::int64_t> integer_in(json::object const& in, std::string_view path);
bool flag_in(json::object const& in, std::string_view path);

/// The list at a path; an empty one when absent.
json::array const& list_in(json::object const& in, std::string_view path);
/// The object at a path; an empty one when absent.
json::object const& object_in(json::object const& in, std::string_view path);

/// Indented by two per level, members in the order in which they came; ends without a line break.
std::string pretty(json::value const& value);

} // namespace npod::cli
