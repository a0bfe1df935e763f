/// Whatever arrives is answered with a message or with refusals: nothing a peer sends may stop the program.
#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <random>
#include <sstream>

using namespace npod;
using namespace npod::protocol::coin_v3;

TEST_CASE("good examples with random damage are read or refused, and what was read can be written") {
    constexpr unsigned seed = 20260403;
    std::mt19937 random(seed);
    CAPTURE(seed);
    auto const below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    constexpr std::string_view spice = "{}[]\",:0129-+.eE\\/yYnN \n\xc3\xff";
    Profile const profile;
    Moment const now = *parse_rfc3339("2026-04-03T10:00:00Z");
    std::size_t read = 0, refused = 0;
    for (auto const& type : all_types()) {
        std::ostringstream file;
        file << std::ifstream(fmt::format("{}/schemas/messages/examples/good/{}.json", NPOD_SOURCE_DIR, type.type))
                    .rdbuf();
        auto const good = file.str();
        REQUIRE(good.size() > 100);
        for (int round = 0; round < 200; ++round) {
            auto bytes = good;
            for (std::size_t damage = 1 + below(3); damage > 0; --damage) {
                auto const at = below(bytes.size());
                switch (below(3)) {
                case 0: bytes[at] = spice[below(spice.size())]; break;
                case 1: bytes.erase(at, 1 + below(20)); break;
                default: bytes.insert(at, 1, spice[below(spice.size())]); break;
                }
            }
            CAPTURE(bytes);
            auto message = decode(type.type, bytes, profile);
            if (!message) {
                CHECK_FALSE(message.refusal().text.empty());
                ++refused;
                continue;
            }
            ++read;
            // Types without a port keep their content only as stored bytes; the others must survive their own encoding.
            if (!std::holds_alternative<porting::message::Other>(message->body))
                CHECK(check_form(type.type, encode(*message, profile, now)));
        }
    }
    CHECK(read > 100); // damage in names, notes and white space leaves a good message
    CHECK(refused > 1'000);
}
