/// TLS both ways: who is let in, by which name, and what is refused.

#include "certificates.hpp"
#include "raw_socket.hpp"

#include "http/http.hpp"

#include "base/fault.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

namespace npod::http {

namespace {

using namespace std::chrono_literals;

/// The names of 127.0.0.1, under which the tests reach their server.
constexpr auto const* here = "IP:127.0.0.1,DNS:localhost";

Listen listening(Authority::Files const& files, std::string const& client_ca) {
    Listen listen;
    listen.tls = {files.certificate, files.key, client_ca};
    return listen;
}

Endpoint secure(std::uint16_t port, Authority::Files const& files, std::string const& ca) {
    return {"https://127.0.0.1:" + std::to_string(port), {files.certificate, files.key, ca}};
}

void tell_identity(Request const& request, Respond const& respond) {
    respond({200, {}, "<" + request.peer_identity + ">", nullptr});
}

/// Whether a handshake of at most `version` gets anywhere.
bool shakes_hands(std::uint16_t port, int version) {
    auto* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, version);
    auto* session = SSL_new(context);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto const handle = ::socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(::connect(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    SSL_set_fd(session, handle);
    bool const shaken = SSL_connect(session) == 1;
    SSL_free(session);
    SSL_CTX_free(context);
    ::close(handle);
    return shaken;
}

} // namespace

TEST_CASE("both sides show certificates, and the client's names say who it is") {
    Authority const ours("ours");
    auto const host = ours.issue("server", here);
    Server server(listening(host, ours.certificate_file()), {}, 1, tell_identity);
    struct Named {
        char const *names, *identity;
    };
    for (auto const& [names, identity] : {
             Named{"DNS:bss.example,URI:urn:operator:PROX,URI:urn:operator:TLN",
                   "<urn:operator:PROX>"}, // URI before DNS
             Named{"email:a@b.example,DNS:bss.example,DNS:other.example", "<bss.example>"},
             Named{"email:a@b.example", "<>"}, // certified, but under no name of ours
         }) {
        CAPTURE(names);
        auto const mine = ours.issue("client", names);
        Client client(secure(server.port(), mine, ours.certificate_file()));
        CHECK(client.send("GET", "/", {}, "").body == identity);
        CHECK(client.send("GET", "/", {}, "").body == identity); // the kept connection too
    }
}

TEST_CASE("clients without a good certificate are not let in") {
    Authority const ours("ours");
    Authority const rogue("rogue");
    Server server(listening(ours.issue("server", here), ours.certificate_file()), {}, 1, tell_identity);
    auto const send = [&](Authority::Files const& files) {
        Client(secure(server.port(), files, ours.certificate_file())).send("GET", "/", {}, "");
    };
    CHECK_THROWS_AS(send({}), NetworkFault);
    CHECK_THROWS_AS(send(rogue.issue("client", "URI:urn:operator:PROX")), NetworkFault);
    CHECK_THROWS_AS(send(ours.issue("expired", "URI:urn:operator:PROX", -1)), NetworkFault);
    send(ours.issue("client", "URI:urn:operator:PROX")); // the house still stands
}

TEST_CASE("servers under another name or authority are not believed") {
    Authority const ours("ours");
    Authority const rogue("rogue");
    auto const reach = [&](Authority::Files const& host) {
        Server server(listening(host, ""), {}, 1, tell_identity);
        Client(secure(server.port(), {}, ours.certificate_file())).send("GET", "/", {}, "");
    };
    CHECK_THROWS_AS(reach(ours.issue("elsewhere", "DNS:hub.example,IP:127.0.0.2")), NetworkFault);
    CHECK_THROWS_AS(reach(ours.issue("nameless", "")), NetworkFault);
    CHECK_THROWS_AS(reach(rogue.issue("server", here)), NetworkFault);
    CHECK_THROWS_AS(reach(ours.issue("expired", here, -1)), NetworkFault);
    reach(ours.issue("server", here));
}

TEST_CASE("a host name is checked and sent as a name") {
    Authority const ours("ours");
    Server server(listening(ours.issue("server", "DNS:localhost"), ""), {}, 1, tell_identity);
    Client client({"https://localhost:" + std::to_string(server.port()), {"", "", ours.certificate_file()}});
    CHECK(client.send("GET", "/", {}, "").body == "<>");
}

TEST_CASE("TLS 1.2 is spoken, TLS 1.1 is not") {
    Authority const ours("ours");
    Server server(listening(ours.issue("server", here), ""), {}, 1, tell_identity);
    CHECK(shakes_hands(server.port(), TLS1_3_VERSION));
    CHECK(shakes_hands(server.port(), TLS1_2_VERSION));
    CHECK(!shakes_hands(server.port(), TLS1_1_VERSION));
}

TEST_CASE("large bodies and streams go through TLS") {
    Authority const ours("ours");
    struct Once final : StreamSource {
        std::string pull(std::size_t) override { return std::exchange(bytes, {}); }
        bool ended() const override { return bytes.empty(); }
        std::string bytes = "id: 1\ndata: a\n\n";
    };
    Server server(listening(ours.issue("server", here), ""), {}, 1, [](Request const& request, Respond const& respond) {
        if (request.target == "/stream")
            return respond({200, {{"Content-Type", "text/event-stream"}}, "", std::make_shared<Once>()});
        respond({200, {}, request.body, nullptr});
    });
    auto const endpoint = secure(server.port(), {}, ours.certificate_file());
    std::string const large(1'000'000, 'x');
    Client client(endpoint);
    CHECK(client.send("POST", "/", {}, large).body == large);
    CHECK(client.send("POST", "/", {}, "small").body == "small");
    EventStream stream(endpoint);
    std::vector<std::string> events;
    CHECK_THROWS_AS(stream.read("/stream", {}, 5s, nullptr,
                                [&](StreamEvent const& event) { events.push_back(event.id + event.data); }),
                    NetworkFault); // the stream ends, which a reader of events counts as broken
    CHECK(events == std::vector<std::string>{"1a"});
}

TEST_CASE("a peer that stalls in the handshake, or speaks plain HTTP, is cut off") {
    Authority const ours("ours");
    Limits limits;
    limits.header_time = 100ms;
    Server server(listening(ours.issue("server", here), ""), limits, 1, tell_identity);
    RawSocket silent(server.port());
    CHECK(silent.hear_all().empty());
    RawSocket plain(server.port());
    plain.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(plain.hear_all().find("HTTP/1.1") == std::string::npos);
}

TEST_CASE("TLS files that cannot be used are faults that name the file") {
    Authority const ours("ours");
    auto const one = ours.issue("one", here);
    auto const other = ours.issue("other", here);
    auto const open = [](Tls const& tls) {
        Listen listen;
        listen.tls = tls;
        Server const server(listen, {}, 1, tell_identity);
    };
    CHECK_THROWS_AS(open({"/nonexistent.pem", one.key, ""}), Fault);
    CHECK_THROWS_AS(open({one.certificate, "/nonexistent.key", ""}), Fault);
    CHECK_THROWS_AS(open({one.certificate, other.key, ""}), Fault);
    CHECK_THROWS_AS(open({one.certificate, one.key, "/nonexistent.pem"}), Fault);
    try {
        Client const client({"https://h", {"/nonexistent.pem", one.key, ""}});
        FAIL("a client without its certificate file");
    } catch (ConfigFault const& fault) {
        CHECK(std::string{fault.what()}.find("/nonexistent.pem") != std::string::npos);
    }
}

} // namespace npod::http
