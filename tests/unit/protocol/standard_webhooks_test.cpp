/// Standard Webhooks 1.0: the headers of one call.

#include "protocol/standard_webhooks.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::protocol;

TEST_CASE("the example of the standard gives its signature") {
    // standard-webhooks/spec: secret, id, timestamp, body and signature as published
    auto const key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(key);
    auto const headers = webhook_headers({*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", from_ms(1614265330'000), R"({"test": 2432232314})");
    CHECK(headers[0].second == "msg_p5jXN8AQM9LWM0D4loKWxJek");
    CHECK(headers[1].second == "1614265330");
    CHECK(headers[2].second == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("two secrets give two signatures, the old one first") {
    auto const headers = webhook_headers({std::string(32, 'a'), std::string(32, 'b')}, "x", from_ms(0), "{}");
    auto const& both = headers[2].second;
    CHECK(both.substr(0, 3) == "v1,");
    CHECK(both.find(" v1,") == 47); // 3 + 44 of base64
}

TEST_CASE("what is no secret is refused without being quoted") {
    for (auto const* const bad : {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_short", "whsec_not base64, though long enough for one"}) {
        auto const key = webhook_key(bad);
        REQUIRE(!key);
        if (std::string_view(bad).size() > 6) CHECK(key.refusal().text.find(bad + 6) == std::string::npos); // what follows the prefix
    }
}
