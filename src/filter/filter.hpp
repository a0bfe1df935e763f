#pragma once
/// The language in which lists are asked for: `state=awaiting_answer and due<2wd`. One grammar for the API's q= and for
/// npctl's -q. Pure: text to a tree and back; what a field means in the database is the business of the store.
///
///     expression := all { "or" all }
///     all        := part { "and" part }
///     part       := "not" part | "(" expression ")" | comparison
///     comparison := FIELD ( = | != | < | <= | > | >= | ~ ) VALUE { "|" VALUE }  |  FIELD    (a yes-or-no field alone: yes)
///
/// Several values stand behind = and != only. A value with spaces or signs in it is written in quotes, "…" or '…'.

#include "base/moment.hpp"
#include "base/money.hpp"
#include "base/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace npod::filter {

/// What a person types for a list is under a hundred characters; ten times that is generosity.
inline constexpr std::size_t text_bytes_max = 2'000;
/// Parentheses and "not" in one another.
inline constexpr int depth_max = 20;
inline constexpr std::size_t comparisons_max = 50;
inline constexpr std::size_t alternatives_max = 50;

enum class Kind : std::uint8_t {
    word,   ///< one of the field's words
    text,   ///< any text; ~ finds a part of it
    e164,   ///< a number; ~ finds how it begins
    count,  ///< a whole number from 0
    money,  ///< "25" or "25.00", in the currency of the rulebook
    moment, ///< a day, an instant, or a distance from now
    flag,   ///< yes or no
};

/// A field that may be asked about.
struct Field {
    std::string_view name;
    Kind kind = Kind::text;
    std::string_view help = {};
    std::vector<std::string_view> words = {}; ///< of Kind::word: all that it can be; empty: any word
};

/// A distance from now; negative: ago.
struct Distance {
    enum class Unit : std::uint8_t { working_days, working_hours, days, hours, minutes };
    std::int64_t amount = 0;
    Unit unit = Unit::days;
    bool operator==(Distance const&) const = default;
};
enum class Named : std::uint8_t { now, today, tomorrow, yesterday };

/// A moment as it was written, and the half-open stretch of time it is once somebody with a calendar has placed it.
struct When {
    std::variant<Moment, std::chrono::year_month_day, Distance, Named> said;
    Moment from{}, until{};
    bool operator==(When const&) const = default;
};

/// word, text and e164 are strings.
using Value = std::variant<std::string, std::int64_t, Money, bool, When>;

enum class Compare : std::uint8_t { equal, not_equal, less, at_most, greater, at_least, like };

struct Comparison {
    std::string field;
    Compare how = Compare::equal;
    std::vector<Value> values; ///< any of them is meant
    bool operator==(Comparison const&) const = default;
};

struct Expression {
    enum class What : std::uint8_t { comparison, all_of, any_of, none_of };
    What what = What::comparison;
    Comparison comparison = {};         ///< of a comparison
    std::vector<Expression> parts = {}; ///< of the others; none_of has one
    bool operator==(Expression const&) const = default;
};

/// Reads a filter about these fields. A refusal names the character it is about, and the nearest field or word.
Outcome<Expression> parse(std::string_view text, std::vector<Field> const& fields);

/// The filter in its shortest common form; parse() reads it back as the same tree.
std::string print(Expression const& expression);
/// A text as a value, in quotes when it needs them.
std::string quoted(std::string_view text);

/// Every comparison of the tree, for whoever places moments.
template <class Tree, class Visit>
void each_comparison(Tree& expression, Visit const& visit) {
    if (expression.what == Expression::What::comparison) visit(expression.comparison);
    for (auto& part : expression.parts) each_comparison(part, visit);
}

} // namespace npod::filter
