/// HTTP without sockets: the way of a request through the gate, and a hub's event stream.

#include "fuzz/targets.hpp"

#include "base/fault.hpp"
#include "http/body.hpp"
#include "http/event_parser.hpp"
#include "http/request_head.hpp"
#include "protocol/sse.hpp"
#include "support/malformed.hpp"

#include <algorithm>
#include <tuple>

namespace npod::fuzz {

namespace {

using namespace http;

/// Small, so that inputs of some hundred bytes get to every limit.
Limits small_limits() {
    Limits limits;
    limits.body_bytes = 300;
    limits.header_bytes = 1024;
    limits.header_count = 8;
    limits.target_bytes = 128;
    return limits;
}

/// What became of one connection's bytes.
struct Heard {
    std::vector<Request> requests;
    unsigned refused = 0; ///< the status that ended it; 0: none
};

/// As Connection does it, with pieces of `piece` bytes as the network might cut them.
Heard hear(std::string_view bytes, std::size_t piece) {
    static Limits const limits = small_limits();
    Heard heard;
    std::string in;
    std::size_t given = 0;
    bool ended = false;
    auto const more = [&] {
        auto const size = std::min(piece, bytes.size() - given);
        in.append(bytes.substr(given, size));
        given += size;
        return size > 0;
    };
    while (!ended) {
        HeadSearch search(limits);
        std::size_t size = 0;
        while (size == 0) {
            auto const found = search.look(in);
            if (auto const* refused = std::get_if<Refused>(&found)) return heard.refused = refused->status, heard;
            size = std::get<std::size_t>(found);
            if (size == 0 && !more()) return heard;
        }
        expect(size <= in.size(), "a head ends within what was seen");
        auto const head = std::string_view(in).substr(0, size);
        auto const verdict = judge_head(head, limits);
        if (auto const* refused = std::get_if<Refused>(&verdict)) return heard.refused = refused->status, heard;
        Request request;
        auto const ill_formed = read_head(head, limits, request);
        expect(!ill_formed, "what the gate takes the parser takes");
        expect(request.target.starts_with('/') && !request.method.empty(), "a request has a method and a target");
        in.erase(0, size);
        auto const& framing = std::get<Framing>(verdict);
        expect(framing.chunked || framing.length <= limits.body_bytes, "the gate keeps the limit of bodies");
        auto body = framing.chunked ? BodyReader::chunked(BodyReader::Manner::strict, limits.body_bytes)
                                    : BodyReader::of_length(framing.length);
        while (!body.done()) {
            in.erase(0, body.take(in, request.body));
            if (auto const& refused = body.refused()) return heard.refused = refused->status, heard;
            if (!body.done() && !more()) return heard;
        }
        expect(request.body.size() <= limits.body_bytes, "a body keeps its limit");
        for (auto const& segment : request.segments())
            expect(segment != ".." && segment.find('\0') == std::string::npos, "no way up, no NUL in a segment");
        request.query("q"), request.query(""), header(request.headers, "Host");
        ended = framing.last;
        heard.requests.push_back(std::move(request));
    }
    return heard;
}

bool same(Heard const& a, Heard const& b) {
    return a.refused == b.refused &&
           std::ranges::equal(a.requests, b.requests, [](Request const& one, Request const& other) {
               return std::tie(one.method, one.target, one.headers, one.body) ==
                      std::tie(other.method, other.target, other.headers, other.body);
           });
}

std::vector<StreamEvent> events_of(std::string_view bytes, std::size_t piece) {
    std::vector<StreamEvent> events;
    EventParser parser;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        parser.feed(bytes.substr(0, piece), [&](StreamEvent const& event) { events.push_back(event); });
    return events;
}

bool same_event(StreamEvent const& a, StreamEvent const& b) {
    return a.id == b.id && a.event == b.event && a.data == b.data;
}

} // namespace

void http(std::string_view bytes) {
    auto const whole = hear(bytes, bytes.size());
    expect(same(whole, hear(bytes, 1)), "a request is the same whole and byte by byte");
    expect(same(whole, hear(bytes, 7)), "a request is the same whole and in pieces");
    // An answer of a peer is read by the tolerant reader.
    std::string body;
    for (auto reader : {BodyReader::chunked(BodyReader::Manner::tolerant, 300), BodyReader::until_close(300)}) {
        body.clear();
        reader.take(bytes, body);
        reader.end_of_input();
        expect(body.size() <= 300, "the body of an answer keeps its limit");
    }
}

std::vector<std::string> http_seeds() {
    std::vector<std::string> seeds;
    for (auto const& one : malformed::http_cases(small_limits())) seeds.push_back(one.bytes);
    seeds.push_back(malformed::get("/v1/ports?q=state%3Dscheduled&limit=5"));
    seeds.push_back(malformed::with("Content-Length: 5\r\nExpect: 100-continue\r\n") + "12345");
    seeds.push_back(malformed::chunks("3\r\nabc\r\n0\r\n\r\n") + malformed::get("/next"));
    return seeds;
}

void stream(std::string_view bytes) {
    auto const whole = events_of(bytes, std::max<std::size_t>(bytes.size(), 1));
    for (std::size_t const piece : {1, 2, 5})
        expect(std::ranges::equal(whole, events_of(bytes, piece), same_event), "a stream is the same in any pieces");
    for (auto const& event : whole) {
        auto const again = events_of(protocol::sse_event(event.id, event.event, event.data), 3);
        expect(again.size() == 1 && again[0].id == event.id, "an event that we write is read as one, with its id");
    }
}

std::vector<std::string> stream_seeds() {
    return {"id: 7\nevent: cancel-v3\ndata: {\"message\":{}}\n\n", ":\n\n:\n\n", "\xEF\xBB\xBF" "data: 1\r\rdata\r\n\r\nid\ndata:a\ndata: b\n\n",
            "retry: 10\nid: a\nid: b\ndata\n\n", protocol::sse_event("12", "portingrequest", "{}") + ":\n\n"};
}

} // namespace npod::fuzz
