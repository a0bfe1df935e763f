#pragma once
/// Everything that the strict gates refuse (TECH D.4 and D.5): what two programs could read differently, and what
/// nobody of this trade sends. For the gates alone, and for a whole daemon under siege.

#include "http/http.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace npod::malformed {

struct Case {
    char const* name;
    std::string bytes;
    unsigned status;
};

inline std::string get(std::string const& target) { return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"; }
inline std::string with(std::string const& headers) { return "POST /x HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n"; }
inline std::string chunks(std::string const& body) { return with("Transfer-Encoding: chunked\r\n") + body; }

inline std::string hexadecimal(std::size_t number) { return fmt::format("{:x}", number); }

/// Statuses: 400 for what is ill-formed or smuggles (TECH D.4); 411, 413, 414, 417 and 431 where RFC 9110 and RFC 6585
/// have a number for exactly that.
inline std::vector<Case> http_cases(http::Limits const& limits) {
    using namespace std::string_literals; // literals that hold NULs
    std::string many;                     // headers, together with Host one more than are taken
    for (std::size_t i = 0; i < limits.header_count; ++i) many += "A" + std::to_string(i) + ": 1\r\n";
    auto const beyond = std::to_string(limits.body_bytes + 1);
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
        {"CL over the limit", with("Content-Length: " + beyond + "\r\n"), 413},
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
        {"chunks over the limit", chunks("2\r\nab\r\n" + hexadecimal(limits.body_bytes - 1) + "\r\n"), 413},
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
        {"one header too many", "GET / HTTP/1.1\r\nHost: h\r\n" + many + "\r\n", 431},
        {"head too large", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(limits.header_bytes, 'a') + "\r\n\r\n",
         431},
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
        {"target over the limit", get("/" + std::string(limits.target_bytes, 'a')), 414},
        {"target endless", "GET /" + std::string(limits.target_bytes + 300, 'a'), 414},
        // what is not served
        {"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"TRACE", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"Upgrade", "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400},
        {"Connection no list", "GET / HTTP/1.1\r\nHost: h\r\nConnection:de: websocket\r\n\r\n", 400},
        {"Connection of two words", "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep alive\r\n\r\n", 400},
        {"Proxy-Connection no list", "GET / HTTP/1.1\r\nHost: h\r\nProxy-Connection: a=b\r\n\r\n", 400},
        {"Expect twice", with("Content-Length: 1\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n"), 417},
        {"Expect other", with("Content-Length: 1\r\nExpect: 200-ok\r\n"), 417},
    };
}

/// JSON that is refused wherever it comes in: as a text, and why.
struct Json {
    char const* name;
    std::string text;
};

inline std::vector<Json> json_cases() {
    auto const nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    return {
        {"nothing", " "},
        {"half", R"({"a":)"},
        {"something behind", "{}x"},
        {"a second value", "{} {}"},
        {"comma at the end", R"({"a":1,})"},
        {"a comment", "// c\n{}"},
        {"single quotes", "{'a':1}"},
        {"a byte order mark", "\xef\xbb\xbf{}"},
        {"a name twice", R"({"a":1,"a":1})"},
        {"a name twice, spelt differently", R"({"a":1,"\u0061":2})"},
        {"a fraction", R"({"a":1.5})"},
        {"a whole fraction", R"({"a":1.0})"},
        {"an exponent", R"({"a":1e3})"},
        {"infinity", R"({"a":1E400})"},
        {"no number", R"({"a":NaN})"},
        {"negative zero", R"({"a":-0})"},
        {"leading zero", R"({"a":01})"},
        {"beyond 2^53", R"({"a":9007199254740993})"},
        {"beyond 2^64", R"({"a":18446744073709551616})"},
        {"seventeen deep", nested(17)},
        {"not UTF-8", "{\"a\":\"\xc3\x28\"}"},
        {"overlong", "{\"a\":\"\xc0\xaf\"}"},
        {"half a pair", R"({"a":"\ud800"})"},
        {"NUL", R"({"a":"\u0000"})"},
        {"a line break", "{\"a\":\"b\nc\"}"},
    };
}

} // namespace npod::malformed
