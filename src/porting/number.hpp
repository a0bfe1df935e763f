#pragma once
/// Telephone numbers and ranges of them. A Number is E.164, kept as an integer: comparing, ranging and storing are cheap.

#include "base/outcome.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npod::porting {

/// An E.164 number without the plus: +32 2 550 11 00 is 3225501100. Between 7 and 15 digits, first digit not 0.
struct Number {
    std::int64_t digits = 0;
    constexpr auto operator<=>(Number const&) const = default;
    constexpr bool operator==(Number const&) const = default;
    constexpr Number next(std::int64_t by = 1) const { return {digits + by}; }
};

/// "+3225501100".
std::string to_string(Number number);

/// Reads exactly "+" and 7 to 15 digits: a machine interface takes no spaces, brackets or national forms.
Outcome<Number> parse_e164(std::string_view text);

/// An inclusive range of consecutive numbers of equal length.
struct NumberRange {
    Number first, last;
    constexpr auto operator<=>(NumberRange const&) const = default;
    constexpr bool operator==(NumberRange const&) const = default;
    constexpr std::int64_t count() const { return last.digits - first.digits + 1; }
    constexpr bool contains(Number n) const { return first <= n && n <= last; }
    constexpr bool contains(NumberRange r) const { return first <= r.first && r.last <= last; }
    constexpr bool overlaps(NumberRange r) const { return first <= r.last && r.first <= last; }
};

/// "+3225501100" or "+3225501100..+3225501109".
std::string to_string(NumberRange range);

/// The range from `first` to `last`; refused (malformed) when they are the wrong way round or differ in length.
Outcome<NumberRange> range_of(Number first, Number last);

/// Sorts, and joins what touches or overlaps. A range whose last number is before its first holds nothing and is dropped.
std::vector<NumberRange> joined(std::vector<NumberRange> ranges);
/// What of `from` is not in `take`; both may be unsorted. Sorted and joined.
std::vector<NumberRange> without(std::vector<NumberRange> from, std::vector<NumberRange> const& take);
/// What is in both. Sorted and joined.
std::vector<NumberRange> in_both(std::vector<NumberRange> const& a, std::vector<NumberRange> const& b);
/// How many numbers.
std::int64_t count(std::vector<NumberRange> const& ranges);

enum class Network : std::uint8_t { fixed, mobile };
std::string_view name_of(Network network); ///< "fixed", "mobile"

/// What the Belgian numbering plan says of a number (RULES-BE section 6).
enum class Kind : std::uint8_t { geographic, mobile, freephone, premium, shared_cost, machine, other };
struct PlanEntry {
    Kind kind = Kind::other;
    std::string zone; ///< geographic: national zone prefix without the leading 0, "2", "10", "80"; empty otherwise
    std::string zone_name; ///< "Brussels", "Ghent", …
    bool portable = false;
};
std::string_view name_of(Kind kind);

/// Looks the number up in the Belgian plan: right prefix and right length. Refused (malformed) when it is not a number
/// of the plan; the text says why. A prefix shows the block holder only, never today's operator.
Outcome<PlanEntry> belgian_plan(Number number);

/// National form on the wire: +32 2 550 11 00 is "025501100" (leading zero), for `country_code` "32". A number of another
/// country has its international form, "0031…", which from_national() reads back.
std::string national(Number number, std::string_view country_code);
/// The reverse: "025501100" or "25501100" with country code "32" gives +3225501100. Digits only, 1 to 20.
Outcome<Number> from_national(std::string_view digits, std::string_view country_code);

} // namespace npod::porting
