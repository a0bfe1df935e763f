#pragma once
/// Values of a filter from their text, by the kind of their field.

#include "filter/filter.hpp"

namespace npod::filter {

/// The value, or why the text is none: a sentence without a place, and what to write instead.
Outcome<Value> value_of(std::string_view text, Field const& field);
/// As it is written.
std::string text_of(Value const& value);
/// The field of that name, or nothing.
Field const* find_field(std::vector<Field> const& fields, std::string_view name);

} // namespace npod::filter
