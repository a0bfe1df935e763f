/// Client and EventStream against servers that misbehave: raw scripts on a listening socket.

#include "raw_listener.hpp"

#include "http/http.hpp"

#include "base/fault.hpp"
#include "support/waiting.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace npod::http {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

Endpoint local(std::uint16_t port) { return {"http://127.0.0.1:" + std::to_string(port), {}}; }

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The text of the NetworkFault that `act` throws; empty when it throws none.
template <class Act>
std::string fault_of(Act act) {
    try {
        act();
    } catch (NetworkFault const& fault) {
        return fault.what();
    }
    return {};
}

std::string event_head(std::string const& type = "text/event-stream") {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
}

} // namespace

TEST_CASE("a client says what it was told to and its own headers") {
    std::string heard;
    {
        RawListener listener([&](RawPeer& peer) {
            heard = peer.hear_until("\r\n\r\nbody");
            peer.say(ok);
        });
        Client client(local(listener.port()));
        CHECK(client.send("POST", "/x?y", {{"Authorization", "Bearer t"}}, "body").body == "ok");
        CHECK(heard == "POST /x?y HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(listener.port()) +
                           "\r\nAuthorization: Bearer t\r\nContent-Length: 4\r\n\r\nbody");
        CHECK_THROWS_AS(client.send("GET", "/x", {{"A", "b\r\nC: d"}}, ""), Fault);
        CHECK_THROWS_AS(client.send("GET", "/x y", {}, ""), Fault);
    }
}

TEST_CASE("answers of every framing are read") {
    struct Framed {
        std::string wire, body;
    };
    std::vector<Framed> const framed{
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: u\r\n\r\n", "abc"},
        {"HTTP/1.1 200 OK\r\n\r\nabc", "abc"}, // until the close
        {"HTTP/1.0 200 OK\r\n\r\nabc", "abc"},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
         "1\r\n\r\na",
         "a"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
    };
    for (auto const& one : framed) {
        CAPTURE(one.wire);
        RawListener listener([&](RawPeer& peer) {
            peer.hear_until("\r\n\r\n");
            peer.say(one.wire);
        });
        CHECK(Client(local(listener.port())).send("GET", "/", {}, "").body == one.body);
    }
}

TEST_CASE("malformed and oversized answers are faults") {
    std::vector<std::string> const malformed{
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", // broken off
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", // broken off
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n",
        "HTTP/1.1 2",
        "",
    };
    for (auto const& wire : malformed) {
        CAPTURE(wire.substr(0, 80));
        RawListener listener([&](RawPeer& peer) {
            peer.hear_until("\r\n\r\n");
            peer.say(wire);
        });
        Client client(local(listener.port()));
        CHECK_THROWS_AS(client.send("GET", "/", {}, ""), NetworkFault);
    }
}

TEST_CASE("an answer of more than 64 MB is not waited for") {
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say("HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n"); // 64 MB and one byte
        peer.hear_all();
    });
    Client client(local(listener.port()));
    CHECK(fault_of([&] { client.send("GET", "/", {}, ""); }).find("larger than 64 MB") != std::string::npos);
}

TEST_CASE("an answer nobody asked for is not taken for the next one") {
    std::atomic<int> connections{0};
    std::atomic<bool> strayed{false};
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        bool const first = ++connections == 1; // before the answer: who has it may count
        peer.say(ok);
        if (!first) return;
        test::let_pass(50ms); // the client has read its answer by then, and kept the connection
        peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray");
        strayed = true;
        peer.hear_all();
    });
    Client client(local(listener.port()));
    CHECK(client.send("GET", "/", {}, "").body == "ok");
    CHECK(test::eventually([&] { return strayed.load(); }));
    CHECK(client.send("GET", "/", {}, "").body == "ok");
    CHECK(connections == 2);
}

TEST_CASE("a kept connection that the peer closed is replaced without a word") {
    std::atomic<int> connections{0};
    RawListener listener([&](RawPeer& peer) {
        ++connections;
        peer.hear_until("\r\n\r\n");
        peer.say(ok); // keep-alive is promised, and the connection closed nevertheless
    });
    Client client(local(listener.port()));
    for (int i = 1; i <= 3; ++i) {
        CHECK(client.send("GET", "/", {}, "").body == "ok");
        CHECK(connections == i);
    }
}

TEST_CASE("a kept connection that dies on the next request is tried once more on a fresh one") {
    std::atomic<int> connections{0};
    RawListener listener([&](RawPeer& peer) {
        ++connections;
        peer.hear_until("\r\n\r\n");
        peer.say(ok);
        // The first connection takes a second request and dies of it: the client cannot have known before.
        if (connections == 1) peer.hear_until("\r\n\r\n");
    });
    Client client(local(listener.port()));
    CHECK(client.send("GET", "/", {}, "").body == "ok");
    CHECK(client.send("GET", "/", {}, "").body == "ok");
    CHECK(connections == 2);
}

TEST_CASE("no second try once a byte of the answer came, nor on a fresh connection") {
    std::atomic<int> connections{0};
    RawListener listener([&](RawPeer& peer) {
        ++connections;
        peer.hear_until("\r\n\r\n");
        if (connections > 1) return;
        peer.say(ok);
        peer.hear_until("\r\n\r\n");
        peer.say("H");
    });
    Client client(local(listener.port()));
    CHECK(client.send("GET", "/", {}, "").body == "ok");
    CHECK_THROWS_AS(client.send("GET", "/", {}, ""), NetworkFault);
    CHECK(connections == 1);
    CHECK_THROWS_AS(client.send("GET", "/", {}, ""), NetworkFault); // fresh, and closed without an answer
    CHECK(connections == 2);
}

TEST_CASE("timeouts: silence before, within and after the head") {
    for (std::string const said : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"}) {
        CAPTURE(said);
        RawListener listener([&](RawPeer& peer) {
            peer.say(said);
            peer.hear_all();
        });
        Client client(local(listener.port()));
        auto const begun = SteadyClock::now();
        CHECK(fault_of([&] { client.send("GET", "/", {}, "", 100ms); }).find("timed out") != std::string::npos);
        auto const taken = SteadyClock::now() - begun;
        CHECK(taken >= 100ms);
        CHECK(taken < 5s);
    }
}

TEST_CASE("a refused connection says where and what to do") {
    std::uint16_t port = 0;
    {
        RawListener gone([](RawPeer&) {});
        port = gone.port();
    }
    auto const text = fault_of([&] { Client(local(port)).send("GET", "/", {}, ""); });
    CHECK(text.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
    CHECK(text.find("refused") != std::string::npos);
    CHECK_THROWS_AS(Client({"unix:/nonexistent/npod.sock", {}}).send("GET", "/", {}, ""), NetworkFault);
}

TEST_CASE("localhost is looked up") {
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say(ok);
    });
    CHECK(Client({"http://localhost:" + std::to_string(listener.port()), {}}).send("GET", "/", {}, "").body == "ok");
}

TEST_CASE("stop ends a send in progress, and every later one") {
    RawListener listener([](RawPeer& peer) { peer.hear_all(); });
    Client client(local(listener.port()));
    std::thread stopper([&] {
        test::let_pass(50ms);
        client.stop();
    });
    CHECK(fault_of([&] { client.send("GET", "/", {}, ""); }) == "stopped");
    stopper.join();
    CHECK(fault_of([&] { client.send("GET", "/", {}, ""); }) == "stopped");
}

TEST_CASE("an answer that came while the request was still being written is read") {
    RawListener listener([](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        peer.hear_all();
    });
    Client client(local(listener.port()));
    CHECK(client.send("POST", "/", {}, std::string(100'000, 'x'), 2s).status == 413);
}

TEST_CASE("an event stream is read to its break") {
    std::string heard;
    RawListener listener([&](RawPeer& peer) {
        heard = peer.hear_until("\r\n\r\n");
        peer.say(event_head("text/event-stream; charset=utf-8"));
        // One event in two chunks, a heartbeat, another event.
        peer.say("9\r\nid: 1\ndat\r\n6\r\na: a\n\n\r\n3\r\n:\n\n\r\n19\r\nevent: e\nid: 2\ndata: b\n\n \r\n");
    });
    EventStream stream(local(listener.port()));
    int opened = 0;
    std::vector<std::string> events;
    auto const text = fault_of([&] {
        stream.read(
            "/events?offset=3", {{"Last-Event-ID", "3"}}, 5s, [&] { ++opened; },
            [&](StreamEvent const& event) { events.push_back(event.id + event.event + event.data); });
    });
    CHECK(!text.empty()); // the peer closed inside a chunked body
    CHECK(opened == 1);
    CHECK(events == std::vector<std::string>{"1a", "2eb"});
    CHECK(heard.starts_with("GET /events?offset=3 HTTP/1.1\r\n"));
    CHECK(heard.find("\r\nAccept: text/event-stream\r\n") != std::string::npos);
    CHECK(heard.find("\r\nLast-Event-ID: 3\r\n") != std::string::npos);
}

TEST_CASE("an event stream without chunks is read too") {
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\r\n\r\n");
    });
    EventStream stream(local(listener.port()));
    std::vector<std::string> events;
    auto const text = fault_of(
        [&] { stream.read("/", {}, 5s, nullptr, [&](StreamEvent const& event) { events.push_back(event.data); }); });
    CHECK(text.find("the peer ended it") != std::string::npos);
    CHECK(events == std::vector<std::string>{"a"});
}

TEST_CASE("silence breaks an event stream, heartbeats do not") {
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say(event_head());
        for (int i = 0; i < 6; ++i) {
            test::let_pass(100ms);
            peer.say("3\r\n:\n\n\r\n");
        }
        peer.hear_all();
    });
    EventStream stream(local(listener.port()));
    auto const begun = SteadyClock::now();
    CHECK(fault_of([&] { stream.read("/", {}, 400ms, nullptr, [](StreamEvent const&) {}); }).find("timed out") !=
          std::string::npos);
    CHECK(SteadyClock::now() - begun >= 1s); // 600 ms of heartbeats, then 400 ms of silence
}

TEST_CASE("a stream that is refused names the status") {
    std::atomic<int> connections{0};
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say(++connections == 1 ? "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
                                    : "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n");
    });
    EventStream stream(local(listener.port()));
    int opened = 0;
    auto const read = [&] {
        stream.read(
            "/", {}, 5s, [&] { ++opened; }, [](StreamEvent const&) {});
    };
    CHECK(fault_of(read).find("401 Unauthorized") != std::string::npos);
    CHECK(fault_of(read).find("text/html") != std::string::npos); // some proxy's error page, not a stream
    CHECK(opened == 0);
}

TEST_CASE("stop ends an event stream, also from within an event, and read returns") {
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say(event_head() + "10\r\ndata: a\n\ndata: b\r\n2\r\n\n\n\r\n");
        peer.hear_all();
    });
    std::vector<std::string> events;
    {
        EventStream stream(local(listener.port()));
        stream.read("/", {}, 5s, nullptr, [&](StreamEvent const& event) {
            events.push_back(event.data);
            stream.stop();
        });
        CHECK(events == std::vector<std::string>{"a"});
    }
    EventStream stream(local(listener.port()));
    std::atomic<int> seen{0};
    std::thread stopper([&] {
        CHECK(test::eventually([&] { return seen >= 2; }));
        stream.stop();
    });
    stream.read("/", {}, 5s, nullptr, [&](StreamEvent const&) { ++seen; });
    stopper.join();
    CHECK(seen == 2);
}

TEST_CASE("what an event's reader throws comes through") {
    RawListener listener([&](RawPeer& peer) {
        peer.hear_until("\r\n\r\n");
        peer.say(event_head() + "9\r\ndata: a\n\n\r\n");
        peer.hear_all();
    });
    EventStream stream(local(listener.port()));
    auto const read = [&] {
        stream.read("/", {}, 5s, nullptr, [](StreamEvent const&) { throw StorageFault("disk full"); });
    };
    CHECK_THROWS_AS(read(), StorageFault);
}

} // namespace npod::http
