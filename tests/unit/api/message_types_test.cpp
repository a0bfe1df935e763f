// Each of the twenty types through the whole server: taken, stored as it came, streamed, confirmed; or refused for its
// form. The examples are those of schemas/messages.

#include "hub.hpp"

#include "protocol/auth.hpp"
#include "protocol/coin_v3/form.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

struct Example {
    std::string name; ///< "cancel.note-too-long.json"
    std::string type; ///< "cancel"
    json::value message;
};

std::vector<Example> examples(std::string_view kind) {
    std::vector<Example> all;
    auto const folder = fs::path(NPOD_SOURCE_DIR) / "schemas" / "messages" / "examples" / kind;
    for (auto const& entry : fs::directory_iterator(folder)) {
        std::ostringstream text;
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        auto const name = entry.path().filename().string();
        all.push_back({name, name.substr(0, name.find('.')), json::parse(text.str())});
    }
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
    return all;
}

/// The same content from BRAVO to CHARLY, whoever says it in the example.
std::string from_bravo_to_charly(json::value message) {
    auto& header = message.at("message").at("header").as_object();
    header["sender"] = json::object{{"networkoperator", "BRAVO"}};
    header["receiver"] = json::object{{"networkoperator", "CHARLY"}};
    return json::serialize(message);
}

/// Whether the example's fault lies in its header, which is replaced here.
bool faulty_header(json::value const& message) {
    auto const* inside = message.as_object().if_contains("message");
    auto const* header = inside && inside->is_object() ? inside->as_object().if_contains("header") : nullptr;
    return header == nullptr || !header->is_object();
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

} // namespace

TEST_CASE("all twenty types are taken, stored as they came, streamed under their event names, and confirmed") {
    Hub hub;
    std::set<std::string> types;
    std::int64_t sent = 0;
    for (auto const& [name, type, message] : examples("good")) {
        CAPTURE(name);
        auto const bytes = from_bravo_to_charly(message);
        auto const reply = hub.send(type, bytes);
        CAPTURE(reply.response.body);
        REQUIRE(reply.status() == 200);
        ++sent;
        CHECK(reply.text("/transactionId") == "ALFA-" + std::to_string(sent)); // one log row each, none of our own
        storage::Reader const reader(hub.folder.file("npod.db"));
        CHECK(reader.log_row(sent)->body == bytes);
        auto const data = "id: " + std::to_string(sent) + "\nevent: " + type + "-v3\ndata: " + bytes + "\n\n";
        auto const asked = hub.open("operator=CHARLY&messageTypes=" + type).response.stream->pull(1'000'000);
        CHECK(asked.find(data) != std::string::npos);
        CHECK(count(asked, "event: ") == count(asked, "event: " + type + "-v3\n"));
        types.insert(type);
    }
    CHECK(types.size() == protocol::coin_v3::all_types().size());
    CHECK(types.size() == 20);
    for (std::int64_t id = 1; id <= sent; ++id) CHECK(hub.confirm(std::to_string(id), "CHARLY").status() == 200);
    CHECK(hub.open("operator=CHARLY").response.stream->pull(1'000'000) == ":\n\n");
    auto const again = hub.open("operator=CHARLY&confirmationStatus=All&offset=-1").response.stream->pull(1'000'000);
    CHECK(count(again, "\ndata: ") == static_cast<std::size_t>(sent)); // confirmed is not forgotten
}

TEST_CASE("whatever a stranger says of a dossier of two others, in any of the twenty types, reaches nobody") {
    OperatorCode const delta{"DELTA"};
    Hub hub({{bravo, {}, belgian_profile()}, {charly, {}, belgian_profile()}, {delta, {}, belgian_profile()}});
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000001")).status() == 200);
    std::set<std::string> types;
    for (auto [name, type, value] : examples("good")) {
        CAPTURE(name);
        auto& message = value.at("message");
        message.at("body").at(type).at("dossierid") = "BRAVO-00000001";
        for (auto const* const receiver : {"CHARLY", "BRAVO", "ALLO"}) {
            message.at("header").as_object()["sender"] = json::object{{"networkoperator", "DELTA"}};
            message.at("header").as_object()["receiver"] = json::object{{"networkoperator", receiver}};
            REQUIRE(hub.send(type, json::serialize(value)).status() == 200);
        }
        CHECK(hub.waiting(charly) == 1); // BRAVO's request
        CHECK(hub.waiting(bravo) == 0);
        types.insert(type);
    }
    CHECK(types.size() == protocol::coin_v3::all_types().size()); // a new type is tried as well, or is missed here
    CHECK(hub.get("/v1/routing").at("/items").as_array().empty());
}

TEST_CASE("no verb of the interchange is answered without a proof, nor with another call's, where members have keys") {
    auto const pair = protocol::generate_rsa_key_pair();
    Hub hub({{bravo, {bravo, "bravo-np", {"secret"}, {pair.public_pem}}, belgian_profile()}, {charly, {}, belgian_profile()}});
    std::vector<std::pair<std::string, std::string>> verbs{{"GET", "events"}, {"GET", "events?operator=CHARLY"}, {"PUT", "confirmations/1"}, {"PUT", "confirmations/1?operator=CHARLY"}};
    for (auto const& type : protocol::coin_v3::all_types()) verbs.emplace_back("POST", type.type);
    for (auto const& [method, target] : verbs) {
        CAPTURE(target);
        auto const path = "/number-portability/v3/dossiers/" + target;
        std::string const body = method == "POST" ? from_bravo_to_charly(examples("good").front().message) : "";
        auto const status = [&](http::Headers headers) { return ask(hub.server, {method, path, std::move(headers), body, {}, {}}).status(); };
        auto const signed_for = [&](std::string const& verb, std::string const& other) {
            return protocol::sign({"bravo-np", "secret", pair.private_pem}, verb, other, body, hub.clock.now());
        };
        CHECK(status({}) == 401);
        CHECK(status(protocol::sign({"bravo-np", "guessed", pair.private_pem}, method, path, body, hub.clock.now())) == 401);
        CHECK(status(signed_for(method, "/number-portability/v3/dossiers/elsewhere")) == 401);
        CHECK(status(signed_for(method, path)) != 401); // so that what is refused above is refused for its proof
    }
    CHECK(storage::Reader(hub.folder.file("npod.db")).head_seq() <= 1);
}

TEST_CASE("a bad example of every type is refused with 1000 and its place, and leaves no row") {
    Hub hub;
    std::set<std::string> types;
    for (auto const& [name, type, message] : examples("bad")) {
        CAPTURE(name);
        if (faulty_header(message)) continue;
        auto const reply = hub.send(type, from_bravo_to_charly(message));
        CAPTURE(reply.response.body);
        if (reply.status() == 200) continue; // its fault was in the header
        CHECK(reply.status() == 400);
        CHECK(reply.at("/errors/0/code").as_int64() == 1000);
        CHECK(reply.text("/errors/0/message").starts_with("/message"));
        CHECK(reply.text("/transactionId") == "ALFA-0");
        types.insert(type);
    }
    CHECK(types.size() == 20);
}

TEST_CASE("an impossible example is taken, and answered by an errorfound to its sender") {
    Hub hub;
    for (auto const& [name, type, message] : examples("impossible")) {
        CAPTURE(name);
        auto to_us = message;
        to_us.at("message").at("header").at("sender").at("networkoperator") = "BRAVO";
        to_us.at("message").at("header").at("receiver").at("networkoperator") = "ALFA";
        auto const before = storage::Reader(hub.folder.file("npod.db")).undelivered(OperatorCode{"HUB"}, 500).size();
        REQUIRE(hub.send(type, json::serialize(to_us)).status() == 200);
        auto const after = storage::Reader(hub.folder.file("npod.db")).undelivered(OperatorCode{"HUB"}, 500);
        REQUIRE(after.size() == before + 1);
        CHECK(after.back().type == "errorfound");
        CHECK(after.back().receiver == bravo);
    }
}

TEST_CASE("unknown fields are kept byte for byte and passed on") {
    Hub hub;
    std::string const bytes = R"({ "message": {"header": {"sender": {"networkoperator":"BRAVO", "shoe":42},)"
                              R"( "receiver":{"networkoperator":"CHARLY"},"timestamp":"20260302090000"},)"
                              R"( "body": {"cancel": {"dossierid":"BRAVO-00000001", "mood": {"is":"sunny"} } } } })";
    REQUIRE(hub.send("cancel", bytes).status() == 200);
    auto const stream = hub.open("operator=CHARLY").response.stream->pull(65'536);
    CHECK(stream.find("data: " + bytes + "\n") != std::string::npos);
}

TEST_CASE("a mailbox outlives the daemon: the stream of a new one begins with what was not confirmed") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000011")).status() == 200);
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000012")).status() == 200);
    REQUIRE(hub.confirm("1", "CHARLY").status() == 200);
    auto const path = hub.folder.file("npod.db");
    api::InterchangeServer later({alfa, {{charly, {}, belgian_profile()}}, true}, *hub.engine,
                                 [path] { return std::make_unique<storage::Reader>(path); }, hub.clock);
    auto const reply = ask(later, {"GET", "/number-portability/v3/dossiers/events", {}, {}, {}, {}});
    auto const bytes = reply.response.stream->pull(65'536);
    CHECK(bytes.find("id: 1\n") == std::string::npos);
    CHECK(bytes.find("id: 2\n") != std::string::npos);
}

TEST_CASE("a stream that asks for one type looks at the others once, and still hears what comes later") {
    Hub hub;
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly, "BRAVO-00000011")).status() == 200);
    auto const stream = hub.open("operator=CHARLY&messageTypes=cancel").response.stream;
    CHECK(stream->pull(65'536) == ":\n\n");
    REQUIRE(hub.send("cancel", bytes_of(bravo, charly, message::Cancel{DossierId{"BRAVO-00000011"}, {}})).status() == 200);
    CHECK(stream->pull(65'536).find("event: cancel-v3") != std::string::npos);
}
