/// Squeezing loses nothing, is told apart from what was stored as it is, and is found out when it is damaged.

#include "storage/sqlite/squeeze.hpp"
#include "things.hpp"

#include <doctest/doctest.h>

#include "base/fault.hpp"

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using sqlite::squeezed, sqlite::unsqueezed;

TEST_CASE("whatever is squeezed comes out again, byte for byte") {
    std::string const message = R"({"message":{"header":{"sender":{"networkoperator":"ALFA"},"receiver":{"networkoperator":"BRAVO"},)"
                                R"("timestamp":"20260302100000"},"body":{"cancel":{"dossierid":"ALFA-1","note":"no"}}}})";
    for (auto const& bytes : {std::string(), std::string("x"), std::string(1, '\0'), std::string("\0\1 looks squeezed", 18), std::string(100'000, 'a'), noise(5'000),
                              std::string(1, '\0') + noise(300), message, message.substr(0, 40)}) {
        CAPTURE(bytes.size());
        CHECK(unsqueezed(squeezed(bytes)) == bytes);
        CHECK(squeezed(bytes).size() <= bytes.size() + 2);
    }
    CHECK(squeezed(message).size() * 2 < message.size()); // the dictionary knows the rest
}

TEST_CASE("what an older version stored as it is comes out as it is") {
    for (std::string const text : {"", "{}", R"({"done":true})", "(\xb5/\xfd begins as a frame of Zstandard does"}) CHECK(unsqueezed(text) == text);
}

TEST_CASE("damage is a fault of the storage, never another message") {
    auto const whole = squeezed(std::string(3'000, 'a') + noise(40));
    for (auto const& damaged : {whole.substr(0, whole.size() / 2), whole.substr(0, 2), std::string("\0\2abc", 5), std::string("\0", 1)}) CHECK_THROWS_AS(unsqueezed(damaged), StorageFault);
}
