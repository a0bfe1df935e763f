#include "porting/grounds.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace npod::porting;

TEST_CASE("each ground has its own code, which leads back to it") {
    std::set<std::string_view> codes;
    for (auto const& entry : all_grounds()) {
        CAPTURE(entry.code);
        CHECK(codes.insert(entry.code).second);
        CHECK(ground_of(entry.code) == entry.ground);
        CHECK(code_of(entry.ground) == entry.code);
        CHECK(&about(entry.ground) == &entry);
    }
    // RULES-BE section 3 names fourteen.
    CHECK(codes == std::set<std::string_view>{"NOT_ASSIGNED", "NEVER_USED", "AGEING", "OUT_OF_ZONE", "INCOMPLETE_RANGE",
                                              "NAME_ADDRESS_MISMATCH", "WRONG_ACCOUNT", "NOT_TITULAR",
                                              "MANDATE_MISSING", "MANDATE_INVALID", "INACTIVE", "PORT_IN_PROGRESS",
                                              "TECHNICAL", "LEGAL"});
    CHECK_FALSE(ground_of("UNPAID_BILL")); // not a ground, by law
    CHECK_FALSE(ground_of("ageing"));
    CHECK_FALSE(ground_of(""));
}

TEST_CASE("each ground says what it means, where to look and what to do") {
    // The members of the order as POST /v1/port-ins takes it.
    std::set<std::string> const members{"/numbers", "/related", "/customer", "/donor_account", "/location", "/mandate"};
    for (auto const& entry : all_grounds()) {
        CAPTURE(entry.code);
        CHECK(entry.meaning.ends_with('.'));
        CHECK(entry.fix.ends_with('.'));
        if (entry.field.empty()) continue;
        CHECK(members.contains(std::string(entry.field.substr(0, entry.field.find('/', 1)))));
    }
}
