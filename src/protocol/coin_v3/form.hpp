#pragma once
/// The form of every COIN v3 message: which members, which must be there, what each must look like. Source: the public
/// machine-readable description of COIN Number Portability v3. Form only: whether 31 February is a date is not asked
/// here.

#include "base/json.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace npod::protocol::coin_v3 {

enum class Alphabet : std::uint8_t { any, digits, digits_capitals, digits_capitals_dash, digits_comma, letter_y };

struct Field;

/// What the value of a member must look like.
struct Form {
    enum class Kind : std::uint8_t {
        text,    ///< a text of `least` to `most` characters of the alphabet
        choice,  ///< one of the words in `words`, separated by '|'; letter case does not matter
        object,  ///< an object with `fields`
        repeats, ///< an array of {"seq": {fields}}: at least one when the member is required
    };
    Kind kind = Kind::text;
    Alphabet alphabet = Alphabet::any;
    std::size_t least = 1;
    std::size_t most = 0;
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max(); ///< of digits, read as a number
    bool leading_zeros = true;                                       ///< of digits
    std::string_view words = {};
    Field const* fields = nullptr;
    std::size_t field_count = 0;

    std::span<Field const> members() const;
};

struct Field {
    Need need;
    std::string_view name;
    Form form;
};

inline std::span<Field const> Form::members() const { return {fields, field_count}; }

/// One message type: the word in the path and in the body, and the members of its content.
struct TypeForm {
    std::string_view type;
    std::span<Field const> fields;
};

/// All twenty types of COIN v3, in the order of the description.
std::span<TypeForm const> all_types();
/// The form of one type, or null when it is not of COIN v3.
TypeForm const* form_of(std::string_view type);
/// Sender, receiver and timestamp.
std::span<Field const> header_fields();

/// Compares an object with its form. Problems (malformed; too_large for too many items) and unknown members
/// ("unknown_field: pointer", a flag, not a problem) are appended, each list to a bounded length. An empty string and
/// null mean absent.
void check(std::span<Field const> fields, boost::json::object const& object, std::string const& pointer,
           std::vector<Refusal>& problems, std::vector<std::string>& flags);

/// What a text must look like, for people: "5 to 26 of 0-9, A-Z and -".
std::string describe(Form const& form);

} // namespace npod::protocol::coin_v3
