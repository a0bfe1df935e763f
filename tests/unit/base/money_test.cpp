#include "base/money.hpp"

#include <doctest/doctest.h>

using npod::Money;

TEST_CASE("money is written in cents exactly") {
    CHECK(to_string(Money{1200}) == "12.00 EUR");
    CHECK(to_string(Money{5}) == "0.05 EUR");
    CHECK(to_string(Money{-5}) == "-0.05 EUR");
    CHECK(to_string(Money{300} * 14 + Money{1}) == "42.01 EUR");
}
