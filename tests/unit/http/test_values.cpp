/// The plain parts: headers, targets, bodies, heads, URLs, event streams.

#include "http/body.hpp"
#include "http/event_parser.hpp"
#include "http/head.hpp"
#include "http/place.hpp"

#include "base/fault.hpp"

#include <doctest/doctest.h>

namespace npod::http {

namespace {

using namespace std::string_literals; // literals that hold NULs

Request asking(std::string target) {
    Request request;
    request.target = std::move(target);
    return request;
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("headers are found without letter case, the first of a name") {
    Headers const headers{{"ETag", "1"}, {"X-a", "2"}, {"x-A", "3"}};
    CHECK(header(headers, "etag") == "1");
    CHECK(header(headers, "X-A") == "2");
    CHECK(header(headers, "X-B").empty());
}

TEST_CASE("a target's path, segments and query") {
    auto const request = asking("/v1/numbers/%2B3224?as_of=a%3Db&empty=&bare&plus=+32&as_of=second");
    CHECK(request.path() == "/v1/numbers/%2B3224");
    CHECK(request.segments() == Words{"v1", "numbers", "+3224"});
    CHECK(request.query("as_of") == "a=b");
    CHECK(request.query("empty") == "");
    CHECK(request.query("bare") == "");
    CHECK(request.query("plus") == "+32"); // a plus is a plus: numbers start with it
    CHECK(request.query("none") == std::nullopt);
    CHECK(asking("/").segments().empty());
    CHECK(asking("/v1/").segments() == Words{"v1"});
    CHECK(asking("/a%2Fb/c").segments() == Words{"a/b", "c"}); // decoded after splitting, so it stays one segment
    CHECK(asking("/x").query("a") == std::nullopt);
}

TEST_CASE("a chunked body is the same in any pieces") {
    std::string const wire = "5\r\nhello\r\n1\r\n \r\n00A\r\nworld wide\r\n0\r\n\r\nNEXT";
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        CAPTURE(piece);
        auto reader = BodyReader::chunked(BodyReader::Manner::strict, 16);
        std::string body;
        std::size_t taken = 0;
        for (std::size_t at = 0; at < wire.size() && !reader.done(); at += piece)
            taken += reader.take(std::string_view{wire}.substr(at, piece), body);
        CHECK(reader.done());
        CHECK(body == "hello world wide"); // 5 + 1 + 10 = 16 bytes: exactly the limit
        CHECK(wire.substr(taken) == "NEXT");
    }
}

TEST_CASE("answers may carry chunk extensions and trailers, requests may not") {
    std::string const wire = "3;name=value\r\nabc\r\n0 ;x\r\nDigest: y\r\nMore: z\r\n\r\n";
    std::string body;
    auto tolerant = BodyReader::chunked(BodyReader::Manner::tolerant, 100);
    CHECK(tolerant.take(wire, body) == wire.size());
    CHECK(tolerant.done());
    CHECK(body == "abc");
    auto strict = BodyReader::chunked(BodyReader::Manner::strict, 100);
    strict.take(wire, body);
    REQUIRE(strict.refused());
    CHECK(strict.refused()->status == 400);
}

TEST_CASE("skipped extensions and trailers have a bound") {
    std::string body;
    auto extension = BodyReader::chunked(BodyReader::Manner::tolerant, 100);
    extension.take("3;" + std::string(9'000, 'x'), body);
    CHECK(extension.refused());
    auto trailer = BodyReader::chunked(BodyReader::Manner::tolerant, 100);
    trailer.take("0\r\n" + std::string(9'000, 'x'), body);
    CHECK(trailer.refused());
}

TEST_CASE("a body of a length, and one until the close") {
    std::string body;
    auto sized = BodyReader::of_length(3);
    CHECK(sized.take("abcd", body) == 3);
    CHECK(sized.done());
    CHECK(BodyReader::of_length(0).done());
    auto open = BodyReader::until_close(5);
    CHECK(open.take("de", body) == 2);
    CHECK(!open.done());
    CHECK(body == "abcde");
    open.end_of_input();
    CHECK(open.done());
    auto full = BodyReader::until_close(5);
    full.take("123456", body);
    CHECK(full.refused());
}

TEST_CASE("a head carries the server's own headers and no others of those names") {
    Response const response{
        404, {{"X-One", "1"}, {"content-length", "77"}, {"Transfer-Encoding", "gzip"}}, "", nullptr};
    std::string out;
    append_head(out, response, {false, true, 3, "then"});
    CHECK(out == "HTTP/1.1 404 Not Found\r\nX-One: 1\r\nContent-Length: 3\r\nDate: then\r\nConnection: close\r\n\r\n");
}

TEST_CASE("answers that would break out of their line are not sendable") {
    CHECK(sendable({200, {{"A", "b c"}}, "", nullptr}));
    CHECK(!sendable({200, {{"A", "b\r\nSet-Cookie: x"}}, "", nullptr}));
    CHECK(!sendable({200, {{"A b", "c"}}, "", nullptr}));
    CHECK(!sendable({200, {{"", "c"}}, "", nullptr}));
    CHECK(!sendable({199, {}, "", nullptr}));
    CHECK(!sendable({600, {}, "", nullptr}));
}

TEST_CASE("dates are written as RFC 9110 shows them") {
    CHECK(http_date(from_ms(784'111'777'999)) == "Sun, 06 Nov 1994 08:49:37 GMT"); // the RFC's own example
}

TEST_CASE("URLs of endpoints") {
    auto const plain = parse_place("http://127.0.0.1:8700");
    CHECK(!plain.tls);
    CHECK(plain.host == "127.0.0.1");
    CHECK(plain.port == "8700");
    CHECK(plain.authority == "127.0.0.1:8700");
    CHECK(plain.base.empty());
    auto const secure = parse_place("https://hub.example/coin/");
    CHECK(secure.tls);
    CHECK(secure.port == "443");
    CHECK(secure.authority == "hub.example");
    CHECK(secure.base == "/coin");
    auto const six = parse_place("http://[::1]:80/");
    CHECK(six.host == "::1");
    CHECK(six.authority == "[::1]:80");
    CHECK(six.base.empty());
    auto const local = parse_place("unix:/run/npod/api.sock");
    CHECK(local.unix_path == "/run/npod/api.sock");
    CHECK(local.authority == "localhost");
    for (auto const* bad : {"", "127.0.0.1:8700", "ftp://h", "http://", "http://h:0", "http://h:70000", "http://u:p@h",
                            "http://h/?a=b", "http://h/#f", "unix:relative.sock", "http://h h"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(parse_place(bad), ConfigFault);
    }
}

namespace {

struct Parsed {
    char const* name;
    std::string wire;
    std::vector<std::string> events; ///< "id|event|data"
};

/// Expected events follow WHATWG HTML 9.2.6; the stock, "one space only" and "ids" ones are its own examples.
std::vector<Parsed> parsed_cases() {
    return {
        {"stock ticker", "data: YHOO\ndata: +2\ndata: 10\n\n", {"||YHOO\n+2\n10"}},
        {"ids",
         ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
         {"1||first event", "||second event", "|| third event"}},      // "id" without a value empties the last id
        {"empty data", "data\n\ndata\ndata\n\ndata:", {"||", "||\n"}}, // the last block is not ended
        {"one space only", "data:test\n\ndata: test\n\n", {"||test", "||test"}},
        {"CR", "event: a\rdata: b\r\r", {"|a|b"}},
        {"CRLF", "event: a\r\ndata: b\r\n\r\n", {"|a|b"}},
        {"mixed line ends", "data: a\r\ndata: b\rdata: c\n\r\n", {"||a\nb\nc"}},
        {"byte order mark",
         "\xEF\xBB\xBF"
         "data: a\n\n",
         {"||a"}},
        {"second mark stays",
         "\xEF\xBB\xBF\xEF\xBB\xBF"
         "data: a\n\ndata: b\n\n",
         {"||b"}}, // an unknown field name
        {"half a mark",
         "\xEF\xBB"
         "data: a\n\ndata: b\n\n",
         {"||b"}},
        {"type without data", "event: a\n\ndata: b\n\n", {"||b"}}, // the type is forgotten with its block
        {"id without data", "id: 7\n\ndata: b\n\n", {"7||b"}},     // the id is not
        {"id stays", "id: 7\ndata: a\n\ndata: b\n\n", {"7||a", "7||b"}},
        {"id with NUL", "id: 1\ndata: a\n\nid: 2\0x\ndata: b\n\n"s, {"1||a", "1||b"}},
        {"comments and retry", ":\n\nretry: 10\n: hello\ndata: a\n:x\ndata: b\n\n", {"||a\nb"}},
        {"unknown fields", "color: red\nDATA: no\n data: no\ndata: a\n\n", {"||a"}}, // names have case, and no space
        {"colons in data", "data: {\"a\":1}\n\n", {"||{\"a\":1}"}},
    };
}

} // namespace

TEST_CASE("event streams are the same in any pieces") {
    for (auto const& parsed : parsed_cases()) {
        for (std::size_t piece = 1; piece <= parsed.wire.size(); ++piece) {
            CAPTURE(parsed.name);
            CAPTURE(piece);
            EventParser parser;
            std::vector<std::string> events;
            for (std::size_t at = 0; at < parsed.wire.size(); at += piece) {
                parser.feed(std::string_view{parsed.wire}.substr(at, piece), [&](StreamEvent const& event) {
                    events.push_back(event.id + "|" + event.event + "|" + event.data);
                });
            }
            CHECK(events == parsed.events);
        }
    }
}

TEST_CASE("an endless event is given up") {
    EventParser parser;
    std::string const megabyte(1024 * 1024, 'x');
    auto const flood = [&] {
        for (int i = 0; i < 6; ++i) parser.feed(megabyte, [](StreamEvent const&) {});
    };
    CHECK_THROWS_AS(flood(), NetworkFault);
}

} // namespace npod::http
