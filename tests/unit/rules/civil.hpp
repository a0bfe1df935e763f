#pragma once
/// Words for writing calendar tests: instants as people write them.

#include "base/moment.hpp"

#include <doctest/doctest.h>

#include <string_view>

/// "2026-04-03T16:59+02:00" as an instant; fails the test when it is not one.
inline npod::Moment moment(std::string_view text) {
    auto const read = npod::parse_rfc3339(text);
    REQUIRE_MESSAGE(read, text);
    return *read;
}
