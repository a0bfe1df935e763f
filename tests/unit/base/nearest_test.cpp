#include "base/nearest.hpp"

#include <doctest/doctest.h>

#include <vector>

using npod::nearest;

TEST_CASE("the nearest known name is found, or none when nothing is near") {
    std::vector<std::string_view> const known{"listen", "operator", "interchange", "list"};
    CHECK(nearest("listn", known) == "listen"); // one letter to change for listen and for list: the first wins
    CHECK(nearest("interchnage", known) == "interchange"); // two letters, of eleven
    CHECK(nearest("OPERATOR", known) == "operator");
    CHECK(nearest("zzzzzzzz", known).empty());
    CHECK(nearest("", known).empty());
    CHECK(nearest("anything", {}).empty());
    CHECK(nearest(std::string(100'000, 'x'), known).empty()); // an attack, not a typing slip
}
