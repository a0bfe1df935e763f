/// The strict gate, over a real socket: raw bytes in, status out, and the handler must not have been asked.

#include "raw_socket.hpp"
#include "support/malformed.hpp"

#include "http/gate.hpp"
#include "http/http.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <atomic>

namespace npod::http {

namespace {

using namespace malformed;

Limits small_limits() {
    Limits limits;
    limits.body_bytes = 100;
    limits.header_bytes = 1024;
    limits.header_count = 8;
    limits.target_bytes = 128;
    return limits;
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
    for (auto const& refused : http_cases(small_limits())) {
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
