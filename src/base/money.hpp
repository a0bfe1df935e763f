#pragma once
/// Money is integer cents of one currency; there is no floating point near it.

#include <compare>
#include <cstdint>
#include <string>

namespace npod {

/// An amount in euro cents (the only currency so far; a second one would become a template parameter, not a field).
struct Money {
    std::int64_t cents = 0;
    constexpr auto operator<=>(Money const&) const = default;
    constexpr Money operator+(Money other) const { return {cents + other.cents}; }
    constexpr Money& operator+=(Money other) { cents += other.cents; return *this; }
    constexpr Money operator*(std::int64_t times) const { return {cents * times}; }
};

/// "12.00 EUR", "-0.05 EUR".
inline std::string to_string(Money m) {
    auto const magnitude = m.cents < 0 ? -m.cents : m.cents;
    auto cents = std::to_string(magnitude % 100);
    if (cents.size() < 2) cents.insert(0, "0");
    return (m.cents < 0 ? "-" : "") + std::to_string(magnitude / 100) + "." + cents + " EUR";
}

} // namespace npod
