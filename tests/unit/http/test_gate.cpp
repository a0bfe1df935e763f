/// The strict gate, over a real socket: raw bytes in, status out, and the handler must not have been asked.

#include "raw_socket.hpp"

#include "http/gate.hpp"
#include "http/http.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <atomic>

namespace npod::http {

namespace {

using namespace std::string_literals; // literals that hold NULs

Limits small_limits() {
    Limits limits;
    limits.body_bytes = 100;
    limits.header_bytes = 1024;
    limits.header_count = 8;
    limits.target_bytes = 128;
    return limits;
}

struct Case {
    char const* name;
    std::string bytes;
    unsigned status;
};

std::string get(std::string const& target) { return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"; }
std::string with(std::string const& headers) { return "POST /x HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n"; }
std::string chunks(std::string const& body) { return with("Transfer-Encoding: chunked\r\n") + body; }

/// Statuses: 400 for what is ill-formed or smuggles (TECH D.4); 411, 413, 414, 417 and 431 where RFC 9110 and RFC 6585
/// have a number for exactly that.
std::vector<Case> refused_cases() {
    return {
        // transfer encodings other than exactly one "chunked"
        {"gzip then length", with("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n") + "12345", 400},
        {"gzip", with("Transfer-Encoding: gzip\r\n"), 400},
        {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n", 400},
        {"chunked, chunked", with("Transfer-Encoding: chunked, chunked\r\n") + "0\r\n\r\n", 400},
        {"chunked twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
        {"xchunked", with("Transfer-Encoding: xchunked\r\n") + "0\r\n\r\n", 400},
        {"identity", with("Transfer-Encoding: identity\r\nContent-Length: 0\r\n"), 400},
        {"TE and CL", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n", 400},
        {"CL and TE", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
        {"TE on 1.0", "POST /x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        // lengths
        {"CL list", with("Content-Length: 5, 5\r\n") + "12345", 400},
        {"CL twice, same", with("Content-Length: 5\r\nContent-Length: 5\r\n") + "12345", 400},
        {"CL twice, other", with("Content-Length: 5\r\nContent-Length: 6\r\n") + "12345", 400},
        {"CL plus", with("Content-Length: +5\r\n") + "12345", 400},
        {"CL minus", with("Content-Length: -5\r\n"), 400},
        {"CL hex", with("Content-Length: 0x5\r\n") + "12345", 400},
        {"CL empty", with("Content-Length:\r\n"), 400},
        {"CL inner space", with("Content-Length: 1 0\r\n"), 400},
        {"CL over the limit", with("Content-Length: 101\r\n"), 413},
        {"CL absurd", with("Content-Length: 99999999999999999999\r\n"), 413},
        {"POST without any", "POST /x HTTP/1.1\r\nHost: h\r\n\r\n", 411},
        {"PUT without any", "PUT /x HTTP/1.1\r\nHost: h\r\n\r\n", 411},
        {"PATCH without any", "PATCH /x HTTP/1.1\r\nHost: h\r\n\r\n", 411},
        // chunks
        {"chunk extension", chunks("3;a=b\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk extension on the last", chunks("0;a\r\n\r\n"), 400},
        {"chunk size with space", chunks("3 \r\nabc\r\n0\r\n\r\n"), 400},
        {"trailer", chunks("3\r\nabc\r\n0\r\nX: y\r\n\r\n"), 400},
        {"chunk without size", chunks("\r\nabc\r\n"), 400},
        {"chunk not hex", chunks("z\r\n"), 400},
        {"chunk size 0x", chunks("0x3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk longer than said", chunks("3\r\nabcd\r\n0\r\n\r\n"), 400},
        {"chunk ends in LF", chunks("3\r\nabc\n0\r\n\r\n"), 400},
        {"chunk size ends in LF", chunks("3\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size overflows", chunks("fffffffffffffffff\r\n"), 413},
        {"chunks over the limit", chunks("60\r\n" + std::string(0x60, 'a') + "\r\n5\r\nabcde\r\n0\r\n\r\n"), 413},
        // hosts
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two Hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400},
        {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"Host with slash", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", 400},
        {"no Host on 1.0", "GET / HTTP/1.0\r\n\r\n", 400},
        // lines
        {"folded by space", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400},
        {"folded by tab", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n", 400},
        {"folded first line", "GET / HTTP/1.1\r\n X: a\r\nHost: h\r\n\r\n", 400},
        {"LF only", "GET / HTTP/1.1\nHost: h\n\n", 400},
        {"CR alone", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400},
        {"space before colon", "GET / HTTP/1.1\r\nHost: h\r\nX : a\r\n\r\n", 400},
        {"no colon", "GET / HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n", 400},
        {"no name", "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n", 400},
        {"name in quotes", "GET / HTTP/1.1\r\nHost: h\r\n\"X\": a\r\n\r\n", 400},
        {"NUL in value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"s, 400},
        {"control in value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01\r\n\r\n", 400},
        {"tab in value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\tb\r\n\r\n", 400},
        {"nine headers of eight",
         "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nI: 1\r\n\r\n", 431},
        {"head too large", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(1100, 'a') + "\r\n\r\n", 431},
        {"empty line in front", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"TLS to a plain port", "\x16\x03\x01\x02\x00\x01"s, 400},
        // request lines
        {"no version", "GET /\r\nHost: h\r\n\r\n", 400},
        {"version 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"version 1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 400},
        {"version in small letters", "GET / http/1.1\r\nHost: h\r\n\r\n", 400},
        {"method no token", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"space in target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        // targets
        {"absolute form", get("http://h/x"), 400},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"no slash", get("x"), 400},
        {"fragment", get("/x#y"), 400},
        {"raw bytes over 127", get("/\xc3\xa9"), 400},
        {"double slash", get("/v1//ports"), 400},
        {"double slash in front", get("//evil/x"), 400},
        {"dots", get("/v1/../admin"), 400},
        {"dots at the end", get("/v1/.."), 400},
        {"one dot", get("/v1/./x"), 400},
        {"dots encoded", get("/v1/%2e%2E/admin"), 400},
        {"half encoded dots", get("/v1/.%2e/admin"), 400},
        {"percent alone", get("/x%"), 400},
        {"percent short", get("/x%4"), 400},
        {"percent no hex", get("/x%zz"), 400},
        {"percent NUL", get("/x%00y"), 400},
        {"percent Latin-1", get("/x%E9"), 400},
        {"percent overlong", get("/x%C0%AF"), 400},
        {"percent half a pair", get("/x%ED%A0%80"), 400},
        {"percent cut short", get("/x?a=%E2%82"), 400},
        {"percent beyond Unicode", get("/x?a=%F4%90%80%80"), 400},
        {"percent NUL in query", get("/x?a=%00"), 400},
        {"percent no hex in query", get("/x?a=%g0"), 400},
        {"target over the limit", get("/" + std::string(128, 'a')), 414},
        {"target endless", "GET /" + std::string(400, 'a'), 414},
        // what is not served
        {"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"TRACE", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"Upgrade", "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400},
        {"Expect other", with("Content-Length: 1\r\nExpect: 200-ok\r\n"), 417},
    };
}

unsigned status_of(std::string const& answer) {
    REQUIRE(answer.starts_with("HTTP/1.1 "));
    return static_cast<unsigned>(std::stoul(answer.substr(9, 3)));
}

} // namespace

TEST_CASE("what the gate refuses never reaches the handler and is told why") {
    std::atomic<int> handled{0};
    Server server({}, small_limits(), 1, [&](Request const&, Respond respond) {
        ++handled;
        respond({});
    });
    for (auto const& refused : refused_cases()) {
        CAPTURE(refused.name);
        RawSocket peer(server.port());
        peer.say(refused.bytes);
        auto const answer = peer.hear_all(); // returns because the server closes
        CHECK(status_of(answer) == refused.status);
        CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
        CHECK(answer.find("\r\nContent-Type: application/problem+json\r\n") != std::string::npos);
        auto const document = boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).as_object();
        CHECK(document.at("status").to_number<unsigned>() == refused.status);
        for (auto const* member : {"type", "title", "detail"}) CHECK(!document.at(member).as_string().empty());
        CHECK(handled == 0);
    }
}

TEST_CASE("what the gate lets through reaches the handler") {
    std::atomic<int> handled{0};
    Server server({}, small_limits(), 1, [&](Request const&, Respond respond) {
        ++handled;
        respond({});
    });
    std::vector<std::string> const good{
        get("/"),
        get("/" + std::string(127, 'a')), // exactly target_bytes
        get("/v1/numbers/+3224000000?as_of=2026-04-03T14:59:00%2B02:00"),
        get("/a%20b/c.d?x=//..&y"), // dots and slashes are harmless behind '?'
        "GET / HTTP/1.1\r\nhost:h:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: h\r\n\r\n",
        "DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n",
        with("Content-Length: 0\r\n"),
        with("Content-Length: 100\r\n") + std::string(100, 'b'), // exactly body_bytes
        chunks("0\r\n\r\n"),
        chunks("64\r\n" + std::string(0x64, 'b') + "\r\n0\r\n\r\n"), // 0x64 is 100
        with("transfer-encoding: Chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\n\r\n", // eight of eight
    };
    int expected = 0;
    for (auto const& bytes : good) {
        CAPTURE(bytes);
        RawSocket peer(server.port());
        peer.say(bytes);
        CHECK(status_of(peer.hear_until("\r\n\r\n")) == 200);
        CHECK(handled == ++expected);
    }
}

TEST_CASE("a refused request in a pipeline spares the one before and kills the one behind") {
    std::atomic<int> handled{0};
    Server server({}, small_limits(), 1, [&](Request const&, Respond respond) {
        ++handled;
        respond({200, {}, "first", nullptr});
    });
    RawSocket peer(server.port());
    peer.say(get("/1") + "garbage\r\n\r\n" + get("/3"));
    auto const answers = peer.hear_all();
    CHECK(answers.find("HTTP/1.1 200 OK") == 0);
    CHECK(answers.find("HTTP/1.1 400 Bad Request") != std::string::npos);
    CHECK(handled == 1);
}

TEST_CASE("the head may come in any pieces") {
    Limits const limits;
    std::string const head = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    HeadSearch search(limits);
    for (std::size_t size = 1; size <= head.size(); ++size) {
        auto const found = search.look(std::string_view{head}.substr(0, size));
        REQUIRE(std::holds_alternative<std::size_t>(found));
        // Only the last byte completes it.
        CHECK(std::get<std::size_t>(found) == (size == head.size() ? head.size() : 0));
    }
}

} // namespace npod::http
