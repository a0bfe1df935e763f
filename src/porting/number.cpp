#include "porting/number.hpp"

#include "base/json.hpp"
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::porting {

namespace {

constexpr std::size_t digits_min = 7, digits_max = 15; // E.164 allows 15; no number of this trade is under 7

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t value_of(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

Refusal malformed(std::string_view text, std::string_view why, std::string_view next) {
    return {RefusalCode::malformed, fmt::format("\"{}\" is not a telephone number: {}.", first_characters(text, 32), why), "",
            std::string(next), ""};
}

std::size_t length_of(Number number) { return std::to_string(number.digits).size(); }

/// Ranges in which `last` is before `first` hold no number.
void sort_and_drop_empty(std::vector<NumberRange>& ranges) {
    std::erase_if(ranges, [](NumberRange r) { return r.last < r.first; });
    std::ranges::sort(ranges);
}

} // namespace

std::string to_string(Number number) { return fmt::format("+{}", number.digits); }

Outcome<Number> parse_e164(std::string_view text) {
    constexpr std::string_view next = "Write it as + and 7 to 15 digits without spaces, for example +3225501100.";
    if (!text.starts_with('+')) return malformed(text, "it does not begin with +", next);
    auto const digits = text.substr(1);
    if (!all_digits(digits)) return malformed(text, "there is something else than digits after the +", next);
    if (digits.size() < digits_min || digits.size() > digits_max) {
        return malformed(text, fmt::format("it has {} digits, not 7 to 15", digits.size()), next);
    }
    if (digits.front() == '0') return malformed(text, "no country code begins with 0", next);
    return Number{value_of(digits)};
}

std::string to_string(NumberRange range) {
    if (range.first == range.last) return to_string(range.first);
    return to_string(range.first) + ".." + to_string(range.last);
}

Outcome<NumberRange> range_of(Number first, Number last) {
    NumberRange const range{first, last};
    auto const refused = [&](std::string_view why) {
        return Refusal{RefusalCode::malformed, fmt::format("{} is not a range: {}.", to_string(range), why), "",
                       "Give the first and the last number of consecutive numbers of the same length.", ""};
    };
    if (last < first) return refused("the last number is before the first");
    if (length_of(first) != length_of(last)) return refused("the first and the last number differ in length");
    return range;
}

std::vector<NumberRange> joined(std::vector<NumberRange> ranges) {
    sort_and_drop_empty(ranges);
    std::vector<NumberRange> result;
    for (auto const range : ranges) {
        bool const touches = !result.empty() && range.first <= result.back().last.next() &&
                             length_of(range.first) == length_of(result.back().last);
        if (touches)
            result.back().last = std::max(result.back().last, range.last);
        else
            result.push_back(range);
    }
    return result;
}

std::vector<NumberRange> without(std::vector<NumberRange> from, std::vector<NumberRange> const& take) {
    auto const taken = joined(take);
    std::vector<NumberRange> result;
    for (auto rest : joined(std::move(from))) {
        for (auto const gone : taken) {
            if (!gone.overlaps(rest)) continue;
            if (rest.first < gone.first) result.push_back({rest.first, gone.first.next(-1)});
            rest.first = gone.last.next();
            if (rest.last < rest.first) break;
        }
        if (rest.first <= rest.last) result.push_back(rest);
    }
    return result;
}

std::vector<NumberRange> in_both(std::vector<NumberRange> const& a, std::vector<NumberRange> const& b) {
    auto const left = joined(a);
    auto const right = joined(b);
    std::vector<NumberRange> result;
    for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
        NumberRange const shared{std::max(left[i].first, right[j].first), std::min(left[i].last, right[j].last)};
        if (shared.first <= shared.last) result.push_back(shared);
        if (left[i].last < right[j].last)
            ++i;
        else
            ++j;
    }
    return result;
}

std::int64_t count(std::vector<NumberRange> const& ranges) {
    std::int64_t total = 0;
    for (auto const range : ranges) total += std::max<std::int64_t>(range.count(), 0);
    return total;
}

std::string_view name_of(Network network) { return network == Network::fixed ? "fixed" : "mobile"; }

std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::geographic: return "geographic";
    case Kind::mobile: return "mobile";
    case Kind::freephone: return "freephone";
    case Kind::premium: return "premium";
    case Kind::shared_cost: return "shared_cost";
    case Kind::machine: return "machine";
    case Kind::other: break;
    }
    return "other";
}

std::string national(Number number, std::string_view country_code) {
    auto const digits = std::to_string(number.digits);
    // +32 (0)2… with its 0 left in would be 002…, which is abroad; in its international form it is read back as what it is.
    bool const ours = digits.starts_with(country_code) && digits.size() > country_code.size() && digits[country_code.size()] != '0';
    return ours ? "0" + digits.substr(country_code.size()) : "00" + digits;
}

Outcome<Number> from_national(std::string_view digits, std::string_view country_code) {
    constexpr std::string_view next = "Write the digits as dialled inside the country, for example 025501100.";
    if (digits.empty() || digits.size() > 20) return malformed(digits, "it does not have 1 to 20 digits", next);
    if (!all_digits(digits)) return malformed(digits, "there is something else than digits", next);
    if (digits.starts_with("00")) {
        auto abroad = parse_e164("+" + std::string(digits.substr(2)));
        if (!abroad) return malformed(digits, "what follows the international prefix 00 is not one", next);
        return *abroad;
    }
    if (digits.starts_with('0')) digits.remove_prefix(1);
    auto const whole = std::string(country_code) + std::string(digits);
    if (digits.empty() || whole.size() < digits_min || whole.size() > digits_max) {
        return malformed(digits, fmt::format("with country code {} it does not have 7 to 15 digits", country_code),
                         next);
    }
    return Number{value_of(whole)};
}

} // namespace npod::porting
