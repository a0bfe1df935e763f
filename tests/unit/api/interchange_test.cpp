// The hub's side of the wire: who may send what, whose mailbox it reaches, how it is streamed and confirmed.

#include "hub.hpp"

#include "protocol/auth.hpp"

using namespace npod;
using namespace npod::test;
namespace message = npod::porting::message;

namespace {

std::int64_t code_of(Reply const& reply) { return reply.at("/errors/0/code").as_int64(); }

} // namespace

TEST_CASE("a message for us reaches our machines, once") {
    Hub hub;
    auto const bytes = request_from(bravo, alfa);
    auto const first = hub.send("portingrequest", bytes);
    CAPTURE(first.response.body);
    REQUIRE(first.status() == 200);
    CHECK(first.text("/transactionId") == "ALFA-1");
    CHECK(hub.get("/v1/ports?role=port_out").at("/total").as_int64() == 1);
    auto const again = hub.send("portingrequest", bytes);
    CHECK(again.status() == 200);
    CHECK(again.response.body == first.response.body);
    CHECK(hub.get("/v1/ports?role=port_out").at("/total").as_int64() == 1);
    CHECK(hub.waiting(charly) == 0);
}

TEST_CASE("by default a consumer calls 1 000 times a second, and 2 000 times at once after a pause") {
    Hub hub;
    auto const calls_until_told_to_wait = [&](std::string const& who) {
        int calls = 0;
        while (calls < 5'000 && hub.confirm("999", who).status() == 403) ++calls; // there is no such message
        return calls;
    };
    CHECK(calls_until_told_to_wait("CHARLY") == 2'000);
    auto const told = hub.confirm("999", "CHARLY");
    CHECK(told.status() == 429);
    CHECK(told.header("Retry-After") == "1");
    CHECK(hub.confirm("999", "BRAVO").status() == 403); // nobody else pays for it
    hub.clock.advance_to(hub.clock.now() + std::chrono::seconds{1});
    CHECK(calls_until_told_to_wait("CHARLY") == 1'000);
}

TEST_CASE("a message for another waits in his mailbox, and leaves us alone") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly)).status() == 200);
    CHECK(hub.waiting(charly) == 1);
    CHECK(hub.waiting(bravo) == 0);
    CHECK(hub.get("/v1/ports").at("/total").as_int64() == 0);
}

TEST_CASE("a message for everybody goes to all but its sender") {
    Hub hub;
    REQUIRE(hub.send("portingperformed", performed_from(bravo)).status() == 200);
    CHECK(hub.waiting(charly) == 1);
    CHECK(hub.waiting(bravo) == 0);
    CHECK(hub.get("/v1/numbers/+3225501200").text("/serving") == "BRAVO"); // we heard it too
}

TEST_CASE("a member with an address of its own has no mailbox here") {
    Hub hub({{bravo, {}, belgian_profile(), false}, {charly, {}, belgian_profile(), true}});
    REQUIRE(hub.send("portingperformed",
                     bytes_of(charly, OperatorCode{"ALLO"},
                              message::Performed{
                                  DossierId{"CHARLY-0001"}, charly, bravo, {}, {{{3225501300}, {3225501300}}}}))
                .status() == 200);
    CHECK(hub.waiting(bravo) == 0);
}

TEST_CASE("a message for nobody we know comes back as an errorfound") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, OperatorCode{"DELTA"})).status() == 200);
    REQUIRE(hub.waiting(bravo) == 1);
    auto const bytes = hub.open("operator=BRAVO").response.stream->pull(65'536);
    CHECK(bytes.find("event: errorfound-v3\n") != std::string::npos);
    CHECK(bytes.find("DELTA") != std::string::npos);
    CHECK(bytes.find("BRAVO-00000001") != std::string::npos);
}

TEST_CASE("what is wrong with a call is told at once, with COIN's codes") {
    Hub hub;
    CHECK(code_of(hub.send("portingrequset", request_from(bravo, alfa))) == 1020);
    CHECK(code_of(hub.send("portingrequest", request_from(bravo, alfa), {{"Content-Type", "text/xml"}})) == 1030);
    CHECK(hub.send("portingrequest", request_from(bravo, alfa), {}).status() == 200); // a missing type is forgiven
    CHECK(code_of(hub.send("portingrequest", "{")) == 1000);
    CHECK(code_of(hub.send("cancel", request_from(bravo, alfa))) == 1000); // another type than the path says
    auto broken = request_from(bravo, alfa, "BRAVO-00000009");
    broken.replace(broken.find("BRAVO-00000009"), 14, "bravo/00000009");
    auto const form = hub.send("portingrequest", broken);
    CHECK(form.status() == 400);
    CHECK(code_of(form) == 1000);
    CHECK(form.text("/errors/0/message").find("/message/body/portingrequest/dossierid") == 0);
    auto const stranger = hub.send("portingrequest", request_from(OperatorCode{"DELTA"}, alfa));
    CHECK(stranger.status() == 403);
    CHECK(code_of(stranger) == 8000);
    CHECK(hub.send("portingrequest", request_from(alfa, bravo)).status() == 403); // nobody speaks in our name
}

TEST_CASE("a stream begins with all that is unconfirmed, and goes on live") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000011")).status() == 200); // row 1
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000012")).status() == 200); // row 2
    auto const stream = hub.open("operator=CHARLY").response.stream;
    REQUIRE(stream);
    auto const bytes = stream->pull(65'536);
    CHECK(bytes.find("id: 1\nevent: portingrequest-v3\ndata: {") != std::string::npos);
    CHECK(bytes.find("id: 2\n") != std::string::npos);
    CHECK(stream->pull(65'536).empty()); // each once in a connection
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000013")).status() == 200);
    auto const third = stream->pull(65'536); // a comment with the trace may stand before it, nothing else
    CHECK((third.starts_with("id: 3\n") || (third.starts_with(": traceparent ") && third.find("id: 3\n") == third.find('\n') + 1)));

    CHECK(hub.confirm("1", "CHARLY", R"({"transactionId":"1"})").text("/status") == "OK");
    CHECK(hub.confirm("1", "CHARLY").status() == 200); // again does no harm
    auto const reconnected = hub.open("operator=CHARLY", {{"Last-Event-ID", "3"}}).response.stream->pull(65'536);
    CHECK(reconnected.find("id: 1\n") == std::string::npos);
    CHECK(reconnected.find("id: 2\n") != std::string::npos); // unconfirmed, whatever the reader has seen
    auto const history = hub.open("operator=CHARLY&confirmationStatus=All&offset=-1").response.stream->pull(65'536);
    CHECK(history.find("id: 1\n") != std::string::npos);
    CHECK(hub.open("operator=CHARLY&confirmationStatus=All&offset=2").response.stream->pull(65'536).find("id: 2\n") ==
          std::string::npos);
    CHECK(hub.open("operator=CHARLY&messageTypes=cancel,pradelayed").response.stream->pull(65'536) == ":\n\n");
    CHECK(hub.open("operator=CHARLY&messageTypes=cancel&messageTypes=portingrequest")
              .response.stream->pull(65'536)
              .find("id: 2\n") != std::string::npos);
}

TEST_CASE("a mailbox is its owner's alone") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly)).status() == 200);
    auto const other = hub.confirm("1", "BRAVO");
    CHECK(other.status() == 403);
    CHECK(code_of(other) == 6011);
    CHECK(hub.confirm("99", "CHARLY").status() == 403);
    CHECK(hub.confirm("x", "CHARLY").status() == 403);
    CHECK(hub.confirm("1", "CHARLY", R"({"transactionId":"2"})").status() == 400);
    CHECK(hub.waiting(charly) == 1);
    CHECK(code_of(hub.open("operator=DELTA")) == 6010);
    CHECK(code_of(hub.open("operator=CHARLY&offset=x")) == 1010);
    CHECK(code_of(hub.open("operator=CHARLY&messageTypes=nonsense")) == 1010);
}

TEST_CASE("with keys only a proof counts") {
    auto const pair = protocol::generate_rsa_key_pair();
    Hub hub({{bravo, {bravo, "bravo-np", {"secret"}, {pair.public_pem}}, belgian_profile()},
             {charly, {}, belgian_profile()}});
    auto const path = std::string("/number-portability/v3/dossiers/portingrequest");
    auto const signed_by_bravo = [&](std::string const& body) {
        auto headers = protocol::sign({"bravo-np", "secret", pair.private_pem}, "POST", path, body, hub.clock.now());
        headers.emplace_back("Content-Type", "application/json");
        return headers;
    };
    auto const bytes = request_from(bravo, alfa);
    auto const unproven = hub.send("portingrequest", bytes);
    CHECK(unproven.status() == 401);
    CHECK(code_of(unproven) == 8010);
    CHECK(hub.send("portingrequest", bytes, signed_by_bravo(bytes)).status() == 200);
    auto const foreign = request_from(charly, alfa, "CHARLY-00000001");
    auto const posing =
        hub.send("portingrequest", foreign, signed_by_bravo(foreign)); // the envelope says CHARLY, the proof BRAVO
    CHECK(posing.status() == 403);
    CHECK(code_of(posing) == 8000);
    CHECK(hub.open("operator=BRAVO").status() == 401);
}

TEST_CASE("who is not on this machine gets nothing where nobody has keys") {
    Hub hub;
    auto const reply = ask(
        hub.server,
        {"POST", "/number-portability/v3/dossiers/portingrequest", {}, request_from(bravo, alfa), "192.0.2.7:4", {}});
    CHECK(reply.status() == 401);
}

TEST_CASE("only what the protocol knows is there") {
    Hub hub;
    auto const status = [&](std::string method, std::string path) {
        return ask(hub.server, {std::move(method), "/number-portability/v3" + path, {}, {}, {}, {}}).status();
    };
    CHECK(status("GET", "/dossiers/portingrequest") == 405);
    CHECK(status("POST", "/dossiers/events") == 405);
    CHECK(status("POST", "/dossiers/confirmations/1") == 405);
    CHECK(status("GET", "/dossiers") == 404);
    CHECK(status("GET", "/elsewhere") == 404);
    api::InterchangeServer off(
        {alfa, {}, false}, *hub.engine, [] { return std::unique_ptr<storage::Reader>(); }, hub.clock);
    CHECK(ask(off, {"GET", "/number-portability/v3/dossiers/events", {}, {}, {}, {}}).status() == 404);
}
