#include "daemon/wire.hpp"

#include "daemon/stream_client.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace npod;
using namespace npod::daemon;

namespace coin = npod::protocol::coin_v3;
namespace input = npod::porting::input;

namespace {

/// ALFA with BRAVO reached directly and CITO in some other way.
Config market(std::string const& hub) {
    auto config = read_config({"", {{"operator", "ALFA"}}, {}});
    config.interchange.hub = hub;
    Member bravo;
    bravo.code = OperatorCode("BRAVO");
    bravo.url = "http://127.0.0.1:1";
    bravo.zone = "Europe/Brussels";
    bravo.codes.blocking = {{"NAME_ADDRESS_MISMATCH", "63"}};
    bravo.quirks = {coin::Quirk::small_letters};
    Member cito;
    cito.code = OperatorCode("CITO");
    cito.zone = "Europe/Brussels";
    config.members = {bravo, cito};
    return config;
}

/// A cancel from one operator to another, as it stands on the wire.
std::string cancel(std::string const& sender, std::string const& receiver,
                   std::string const& dossier = "ALFA-0000001") {
    return R"({"message":{"header":{"sender":{"networkoperator":")" + sender + R"("},"receiver":{"networkoperator":")" +
           receiver + R"("},"timestamp":"20260403165900"},"body":{"cancel":{"dossierid":")" + dossier + R"("}}}})";
}

auto const now = *parse_rfc3339("2026-04-03T14:59:00Z");

bool is_for_us(Wire const& wire, std::string const& bytes) {
    auto const envelope = coin::read_envelope(bytes);
    REQUIRE(envelope);
    return wire.is_for_us(*envelope);
}

} // namespace

TEST_CASE("with a hub, everything goes to it but what a member takes directly") {
    Wire const wire(market("http://127.0.0.1:9000"));
    CHECK(wire.peer_for(OperatorCode("BRAVO")).text == "BRAVO");
    CHECK(wire.peer_for(OperatorCode("CITO")).text == "HUB");
    CHECK(wire.peer_for(OperatorCode("ALLO")).text == "HUB");
}

TEST_CASE("without a hub, we carry to all ourselves") {
    Wire const wire(market(""));
    CHECK(wire.peer_for(OperatorCode("BRAVO")).text == "BRAVO");
    CHECK(wire.peer_for(OperatorCode("CITO")).text == "ALFA");
    CHECK(wire.peer_for(OperatorCode("ALLO")).text == "ALFA");
}

TEST_CASE("a member's own codes are used for it, the shipped ones for others") {
    Wire const wire(market(""));
    using enum porting::Ground;
    CHECK(wire.profile_of(OperatorCode("BRAVO")).wire_of(name_address_mismatch) == "63");
    CHECK_FALSE(wire.profile_of(OperatorCode("BRAVO")).codes_assumed);
    CHECK(wire.profile_of(OperatorCode("CITO")).wire_of(name_address_mismatch) == "30"); // shipped table
    CHECK(wire.profile_of(OperatorCode("DELTA")).codes_assumed);
}

TEST_CASE("a member's quirks are its own, from a hub's stream, too") {
    Wire const wire(market("http://127.0.0.1:9000"));
    OperatorCode const hub("HUB");
    auto const good = event_of({"17", "cancel-v3", cancel("bravo", "ALFA")}, wire, hub, now);
    CHECK(good.source == "wire:BRAVO");
    CHECK(good.key == "ALFA-0000001");
    CHECK(good.body == cancel("bravo", "ALFA")); // kept as it came
    REQUIRE(good.input.has_value());
    CHECK(std::get<input::Received>(*good.input).message.flags == std::vector<std::string>{"quirk: small-letters"});
    auto const stranger = event_of({"18", "cancel-v3", cancel("cito", "ALFA")}, wire, hub, now);
    CHECK(stranger.source == "wire:HUB"); // stored, and nobody's message
    CHECK_FALSE(stranger.input.has_value());
}

TEST_CASE("only what is for us, and not from us, is an input of ours") {
    Wire const wire(market(""));
    CHECK(is_for_us(wire, cancel("BRAVO", "ALFA")));
    CHECK(is_for_us(wire, cancel("BRAVO", "ALLO")));
    CHECK_FALSE(is_for_us(wire, cancel("BRAVO", "CITO")));
    CHECK_FALSE(is_for_us(wire, cancel("ALFA", "ALLO")));
}

TEST_CASE("a good message is read, and a header's time far ahead is flagged but kept") {
    Wire const wire(market(""));
    auto const good = wire.decode(OperatorCode("BRAVO"), "cancel", cancel("BRAVO", "ALFA"), now);
    REQUIRE(std::holds_alternative<input::Received>(good));
    CHECK(std::get<input::Received>(good).message.flags.empty());
    auto const years_before = *parse_rfc3339("2020-01-01T00:00:00Z"); // seen from here, 2026 is beyond any plan
    auto const odd = wire.decode(OperatorCode("BRAVO"), "cancel", cancel("BRAVO", "ALFA"), years_before);
    CHECK_FALSE(std::get<input::Received>(odd).message.flags.empty());
}

TEST_CASE("a message whose content is wrong is an input too, so that its sender hears of it") {
    Wire const wire(market(""));
    // A dossier is 5 to 26 of -0-9A-Z.
    auto const broken = wire.decode(OperatorCode("BRAVO"), "cancel", cancel("BRAVO", "ALFA", "a"), now);
    auto const* told = std::get_if<input::ReceivedBroken>(&broken);
    REQUIRE(told != nullptr);
    CHECK(told->sender.text == "BRAVO");
    CHECK(told->type == "cancel");
    CHECK_FALSE(told->problems.empty());
}

TEST_CASE("an event of the stream becomes an event of the engine, known again by the hub's id") {
    Wire const wire(market("http://127.0.0.1:9000"));
    OperatorCode const hub("HUB");
    auto const event = event_of({"17", "cancel-v3", cancel("BRAVO", "ALFA")}, wire, hub, now);
    CHECK(event.kind == "message.cancel");
    CHECK(event.source == "wire:BRAVO");
    CHECK(event.idempotency_key == "HUB:17");
    CHECK(event.body == cancel("BRAVO", "ALFA"));
    CHECK(event.input.has_value());

    auto const nonsense = event_of({"18", "cancel-v3", "{]"}, wire, hub, now);
    CHECK(nonsense.source == "wire:HUB");
    CHECK_FALSE(nonsense.input.has_value());
    CHECK(nonsense.key == "mailbox"); // told again from the log, it is not for our machines either
    CHECK(nonsense.body == "{]");
}

TEST_CASE("the wait between attempts doubles from one second to 64 and starts afresh after a success") {
    Backoff backoff;
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 9; ++i) waits.push_back(backoff.next().count());
    CHECK(waits == std::vector<std::int64_t>{1000, 2000, 4000, 8000, 16000, 32000, 64000, 64000, 64000});
    backoff.reset();
    CHECK(backoff.next().count() == 1000);
}
