/// Server and client together, and the server against peers that misbehave in time.

#include "raw_socket.hpp"

#include "http/http.hpp"

#include "base/fault.hpp"
#include "support/waiting.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace npod::http {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

void echo(Request const& request, Respond const& respond) {
    respond({200, {{"X-Method", request.method}, {"X-Target", request.target}}, request.body, nullptr});
}

Endpoint local(std::uint16_t port) { return {"http://127.0.0.1:" + std::to_string(port), {}}; }

std::size_t count_of(std::string const& text, std::string const& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

/// Waits for something another thread brings about. Fails the test after ten seconds.
template <class Condition>
void await(Condition condition) {
    if (!test::eventually(condition)) FAIL("waited in vain");
}

/// A stream whose bytes the test puts in.
class Feed final : public StreamSource {
public:
    void put(std::string const& bytes) {
        std::lock_guard const lock(mutex_);
        waiting_ += bytes;
    }
    void end() { ended_ = true; }
    std::string pull(std::size_t room) override {
        std::lock_guard const lock(mutex_);
        auto bytes = waiting_.substr(0, room);
        waiting_.erase(0, room);
        return bytes;
    }
    bool ended() const override { return ended_; }

private:
    std::mutex mutex_;
    std::string waiting_;
    std::atomic<bool> ended_{false};
};

Handler streaming(std::shared_ptr<StreamSource> const& source) {
    return [source](Request const&, Respond const& respond) {
        respond({200, {{"Content-Type", "text/event-stream"}}, "", source});
    };
}

} // namespace

TEST_CASE("requests and answers go round on one connection") {
    std::vector<std::string> peers;
    Server server({}, {}, 1, [&](Request const& request, Respond const& respond) {
        peers.push_back(request.peer);
        echo(request, respond);
    });
    Client client(local(server.port()));
    auto const first = client.send("POST", "/a?b=c", {{"X-Y", "z"}}, "body");
    CHECK(first.status == 200);
    CHECK(first.body == "body");
    CHECK(header(first.headers, "x-method") == "POST");
    CHECK(header(first.headers, "x-target") == "/a?b=c");
    CHECK(header(first.headers, "content-length") == "4");
    CHECK(client.send("GET", "/d", {}, "").body.empty());
    CHECK(client.send("HEAD", "/e", {}, "").body.empty());
    std::string const large(1'000'000, 'x'); // more than any socket buffer takes at once
    CHECK(client.send("PUT", "/f", {}, large).body == large);
    server.stop();
    REQUIRE(peers.size() == 4);
    for (auto const& peer : peers) CHECK(peer == peers.front()); // the same port: one connection
    CHECK(peers.front().starts_with("127.0.0.1:"));
}

TEST_CASE("a clock given to the server shows in Date; without one there is none") {
    ManualClock const clock(from_ms(784'111'777'000)); // RFC 9110's example
    Listen listen;
    listen.clock = &clock;
    Server dated(listen, {}, 1, echo);
    auto const with_date = Client(local(dated.port())).send("GET", "/", {}, "");
    CHECK(header(with_date.headers, "Date") == "Sun, 06 Nov 1994 08:49:37 GMT");
    Server undated({}, {}, 1, echo);
    auto const without = Client(local(undated.port())).send("GET", "/", {}, "");
    CHECK(header(without.headers, "Date").empty());
}

TEST_CASE("a base path in the endpoint goes in front of every target") {
    Server server({}, {}, 1, echo);
    Client client({"http://127.0.0.1:" + std::to_string(server.port()) + "/coin/", {}});
    CHECK(header(client.send("GET", "/x", {}, "").headers, "X-Target") == "/coin/x");
}

TEST_CASE("pipelined requests are answered in order") {
    Server server({}, {}, 1, echo);
    RawSocket peer(server.port());
    peer.say("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
             "POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
             "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    auto const answers = peer.hear_all();
    CHECK(count_of(answers, "HTTP/1.1 200 OK") == 3);
    auto const one = answers.find("X-Target: /1");
    auto const two = answers.find("X-Target: /2");
    auto const three = answers.find("X-Target: /3");
    CHECK(one < two);
    CHECK(two < three);
    CHECK(three != std::string::npos);
    CHECK(answers.find("\r\n\r\nabcde") != std::string::npos);
    CHECK(count_of(answers, "Connection: close") == 1);
}

TEST_CASE("a chunked body that arrives byte by byte is whole") {
    Server server({}, {}, 1, echo);
    RawSocket peer(server.port());
    std::string const wire = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabc\r\n0\r\n\r\n";
    for (char const c : wire) peer.say(std::string_view{&c, 1});
    CHECK(peer.hear_all().ends_with("\r\n\r\nabc"));
}

TEST_CASE("a peer that waits for it is told to continue") {
    Server server({}, {}, 1, echo);
    RawSocket peer(server.port());
    peer.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(peer.hear_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    peer.say("abc");
    CHECK(peer.hear_until("abc").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("HTTP/1.0 peers are answered and then left") {
    Server server({}, {}, 1, echo);
    RawSocket peer(server.port());
    peer.say("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
    CHECK(peer.hear_all().find("Connection: close") != std::string::npos);
}

TEST_CASE("HEAD is told the length of what GET would bring, and no more") {
    Server server({}, {}, 1, [](Request const&, Respond const& respond) { respond({200, {}, "12345", nullptr}); });
    RawSocket peer(server.port());
    peer.say("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    auto const answer = peer.hear_all();
    CHECK(answer.find("\r\nContent-Length: 5\r\n") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("a refusal is heard although the peer was still sending") {
    Server server({}, {}, 1, echo);
    for (int i = 0; i < 20; ++i) {
        RawSocket peer(server.port());
        peer.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
        CHECK(peer.say(std::string(2'000'000, 'x'))); // bytes unread at the close would reset the connection
        peer.end_saying();
        auto const answer = peer.hear_all();
        CHECK(answer.starts_with("HTTP/1.1 413 "));
        CHECK(answer.ends_with("}"));
    }
}

TEST_CASE("a second answer never becomes the answer to the next request") {
    Respond first;
    Server server({}, {}, 1, [&](Request const& request, Respond const& respond) {
        if (request.target == "/1")
            first = respond;
        else
            first({500, {}, "meant for the first", nullptr});
        respond({200, {}, request.target, nullptr});
    });
    Client client(local(server.port()));
    CHECK(client.send("GET", "/1", {}, "").body == "/1");
    CHECK(client.send("GET", "/2", {}, "").body == "/2");
    first = nullptr;
}

TEST_CASE("answers without a body have none") {
    Server server({}, {}, 1, [](Request const& request, Respond const& respond) {
        respond({request.target == "/204" ? 204U : 304U, {}, "must not show", nullptr});
    });
    Client client(local(server.port()));
    for (auto const* target : {"/204", "/304", "/204"}) {
        auto const answer = client.send("GET", target, {}, "");
        CHECK(answer.body.empty());
        CHECK(header(answer.headers, "Content-Length").empty());
    }
}

TEST_CASE("slow heads and bodies are cut with 408, idle peers without a word") {
    Limits limits;
    limits.header_time = 100ms;
    limits.body_time = 100ms;
    limits.idle_time = 300ms;
    Server server({}, limits, 1, echo);
    auto const begun = SteadyClock::now();
    RawSocket slow_head(server.port());
    slow_head.say("GET / HT");
    RawSocket slow_body(server.port());
    slow_body.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");
    RawSocket idle(server.port());
    CHECK(slow_head.hear_all().starts_with("HTTP/1.1 408 "));
    CHECK(slow_body.hear_all().starts_with("HTTP/1.1 408 "));
    CHECK(idle.hear_all().empty());
    CHECK(SteadyClock::now() - begun >= 300ms);
    // A head that trickles gets no more time for every byte of it.
    RawSocket trickle(server.port());
    auto const started = SteadyClock::now();
    while (!trickle.hears_within(20)) trickle.say("G");
    CHECK(trickle.hear_all().starts_with("HTTP/1.1 408 "));
    CHECK(SteadyClock::now() - started < 5s);
}

TEST_CASE("a full house answers 503") {
    Limits limits;
    limits.connections = 1;
    Server server({}, limits, 1, echo);
    {
        Client first(local(server.port()));
        CHECK(first.send("GET", "/", {}, "").status == 200);
        RawSocket second(server.port());
        CHECK(second.hear_all().starts_with("HTTP/1.1 503 "));
    }
    await([&] { // the first seat is free once its close arrived
        RawSocket third(server.port());
        third.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        return third.hear_until("\r\n\r\n").starts_with("HTTP/1.1 200 ");
    });
}

TEST_CASE("one address gets its share of the house and no more, and a seat that is left is free again") {
    Limits limits;
    limits.connections = 8;
    limits.connections_per_address = 2;
    Server server({}, limits, 1, echo);
    auto const answered = [&] {
        RawSocket socket(server.port());
        socket.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        return socket.hear_until("\r\n\r\n").starts_with("HTTP/1.1 200 ");
    };
    {
        Client first(local(server.port())), second(local(server.port()));
        CHECK(first.send("GET", "/", {}, "").status == 200);
        CHECK(second.send("GET", "/", {}, "").status == 200);
        RawSocket third(server.port());
        CHECK(third.hear_all().starts_with("HTTP/1.1 503 "));
    }
    await([&] { return answered(); });
}

TEST_CASE("a handler that throws costs a 500 and is told of") {
    std::mutex mutex;
    std::string told;
    Listen listen;
    listen.on_fault = [&](std::string const& text) {
        std::lock_guard const lock(mutex);
        told = text;
    };
    Server server(listen, {}, 1, [](Request const& request, Respond const& respond) {
        if (request.target == "/throw") throw std::runtime_error("secret");
        if (request.target == "/seven") throw 7;
        if (request.target == "/forget") return;
        if (request.target == "/split") return respond({200, {{"Location", "a\r\nX: y"}}, "", nullptr});
        echo(request, respond);
    });
    Client client(local(server.port()));
    for (auto const* target : {"/throw", "/seven", "/forget", "/split"}) {
        CAPTURE(target);
        auto const answer = client.send("GET", target, {}, "");
        CHECK(answer.status == 500);
        CHECK(header(answer.headers, "Content-Type") == "application/problem+json");
        CHECK(answer.body.find("secret") == std::string::npos); // inner words are for the log
        std::lock_guard const lock(mutex);
        CHECK(!std::exchange(told, {}).empty());
    }
    CHECK(client.send("GET", "/", {}, "").status == 200);
}

TEST_CASE("answers come from many threads, late, twice and after the peer left") {
    std::mutex mutex;
    std::vector<Respond> open;
    std::vector<std::thread> helpers;
    Server server({}, {}, 2, [&](Request const& request, Respond respond) {
        std::lock_guard const lock(mutex);
        if (request.target == "/hold") return open.push_back(std::move(respond));
        helpers.emplace_back([respond, body = request.target] {
            respond({200, {}, body, nullptr});
            respond({500, {}, "a second answer is dropped", nullptr});
        });
    });
    {
        RawSocket leaver(server.port());
        leaver.say("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
        await([&] {
            std::lock_guard const lock(mutex);
            return open.size() == 1;
        });
    }
    std::atomic<int> right{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&, i] {
            Client client(local(server.port()));
            for (int j = 0; j < 50; ++j) {
                auto const target = fmt::format("/{}-{}", i, j);
                if (client.send("GET", target, {}, "").body == target) ++right;
            }
        });
    }
    for (auto& client : clients) client.join();
    CHECK(right == 200);
    open.front()({200, {}, "to nobody", nullptr});
    server.stop();
    open.front()({200, {}, "to nobody, twice", nullptr});
    for (auto& helper : helpers) helper.join();
}

TEST_CASE("an answer may come after its server is gone") {
    Respond kept;
    std::atomic<bool> asked{false};
    {
        Server server({}, {}, 1, [&](Request const&, Respond respond) {
            kept = std::move(respond);
            asked = true;
        });
        RawSocket peer(server.port());
        peer.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await([&] { return asked.load(); });
        server.stop(0ms);
    }
    kept({200, {}, "to nobody", nullptr});
}

TEST_CASE("stop lets a running request finish and closes idle peers at once") {
    std::mutex mutex;
    Respond kept;
    Server server({}, {}, 1, [&](Request const& request, Respond respond) {
        if (request.target != "/hold") return echo(request, respond);
        std::lock_guard const lock(mutex);
        kept = std::move(respond);
    });
    RawSocket idle(server.port());
    RawSocket running(server.port());
    running.say("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
    await([&] {
        std::lock_guard const lock(mutex);
        return static_cast<bool>(kept);
    });
    std::thread stopper([&] { server.stop(10s); });
    CHECK(idle.hear_all().empty());
    kept({200, {}, "finished", nullptr});
    auto const answer = running.hear_all();
    CHECK(answer.find("Connection: close") != std::string::npos);
    CHECK(answer.ends_with("finished"));
    stopper.join();
    CHECK_THROWS(RawSocket{server.port()});
}

TEST_CASE("a stream is sent as it comes, beats when silent, and wakes") {
    auto const feed = std::make_shared<Feed>();
    Limits limits;
    limits.stream_heartbeat = 100ms;
    Server server({}, limits, 1, streaming(feed));
    RawSocket peer(server.port());
    feed->put("data: 1\n\n");
    auto const begun = SteadyClock::now();
    peer.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    // Nine bytes, then the heartbeat's three, in chunks of their own.
    auto const heard = peer.hear_until("3\r\n:\n\n\r\n");
    CHECK(heard.ends_with("3\r\n:\n\n\r\n"));
    CHECK(heard.find("Transfer-Encoding: chunked") != std::string::npos);
    CHECK(heard.find("\r\n\r\n9\r\ndata: 1\n\n\r\n") != std::string::npos);
    CHECK(SteadyClock::now() - begun >= 100ms);
    feed->put("data: 22\n\n");
    server.wake_streams();
    CHECK(peer.hear_until("22\n\n").find("a\r\ndata: 22\n\n\r\n") != std::string::npos); // 0xa bytes
    feed->put("last");
    feed->end();
    server.wake_streams();
    CHECK(peer.hear_until("0\r\n\r\n").find("4\r\nlast\r\n0\r\n\r\n") != std::string::npos);
    // The connection goes on after a stream.
    peer.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(peer.hear_until("0\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("a stream waits for no heartbeat when woken") {
    auto const feed = std::make_shared<Feed>();
    Server server({}, {}, 1, streaming(feed)); // heartbeats every ten seconds
    RawSocket peer(server.port());
    peer.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    peer.hear_until("\r\n\r\n");
    for (int i = 0; i < 100; ++i) {
        auto const word = fmt::format("<{}>", i);
        feed->put(word);
        server.wake_streams();
        REQUIRE(peer.hear_until(word).find(word) != std::string::npos);
    }
}

TEST_CASE("a request pipelined behind a stream is answered after it") {
    auto const feed = std::make_shared<Feed>();
    Server server({}, {}, 1, [&](Request const& request, Respond const& respond) {
        if (request.target == "/stream") return streaming(feed)(request, respond);
        echo(request, respond);
    });
    RawSocket peer(server.port());
    peer.say("GET /stream HTTP/1.1\r\nHost: h\r\n\r\nGET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
    peer.hear_until("\r\n\r\n");
    peer.say("GET /2 HTTP/1.1\r\nHo");
    peer.say("st: h\r\n\r\n");
    feed->end();
    server.wake_streams();
    auto const rest = peer.hear_until("/2\r\n");
    CHECK(rest.find("0\r\n\r\nHTTP/1.1 200 OK") != std::string::npos);
    CHECK(rest.find("X-Target: /1") < rest.find("X-Target: /2"));
}

TEST_CASE("streams notice peers that leave, and end with the server") {
    std::atomic<int> living{0};
    struct Counted final : StreamSource {
        explicit Counted(std::atomic<int>& count) : count_(count) { ++count_; }
        ~Counted() override { --count_; }
        std::string pull(std::size_t) override { return {}; }
        std::atomic<int>& count_;
    };
    Limits limits;
    limits.stream_heartbeat = 60s; // so that no failed heartbeat tells the server
    Server server({}, limits, 1, [&](Request const&, Respond const& respond) {
        respond({200, {}, "", std::make_shared<Counted>(living)});
    });
    {
        RawSocket leaver(server.port());
        leaver.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await([&] { return living == 1; });
    }
    await([&] { return living == 0; });
    RawSocket stayer(server.port());
    stayer.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    stayer.hear_until("\r\n\r\n");
    auto const begun = SteadyClock::now();
    server.stop(10s);
    CHECK(SteadyClock::now() - begun < 5s);
    CHECK(stayer.hear_all() == "0\r\n\r\n");
    CHECK(living == 0);
}

TEST_CASE("a stream that throws costs its connection alone") {
    struct Broken final : StreamSource {
        std::string pull(std::size_t) override { throw std::runtime_error("no more"); }
    };
    Server server({}, {}, 1, [](Request const& request, Respond const& respond) {
        if (request.target == "/broken") return respond({200, {}, "", std::make_shared<Broken>()});
        echo(request, respond);
    });
    RawSocket peer(server.port());
    peer.say("GET /broken HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(!peer.hear_all().ends_with("0\r\n\r\n")); // broken off, which a client can tell from an end
    CHECK(Client(local(server.port())).send("GET", "/", {}, "").status == 200);
}

namespace {

struct Endless final : StreamSource {
    explicit Endless(std::atomic<std::size_t>& sent) : sent_(sent) {}
    std::string pull(std::size_t room) override {
        sent_ += room;
        return std::string(room, 'x');
    }
    std::atomic<std::size_t>& sent_;
};

/// Returns when nothing more fits between the server and a peer that does not read.
void fill_up(std::atomic<std::size_t> const& sent) {
    std::size_t before = 1;
    await([&] {
        auto const now = sent.load();
        test::let_pass(20ms);
        return std::exchange(before, now) == now && now > 0;
    });
}

} // namespace

TEST_CASE("a peer that stops reading does not hold up the end of the server") {
    std::atomic<std::size_t> sent{0};
    Server server({}, {}, 1, streaming(std::make_shared<Endless>(sent)));
    RawSocket peer(server.port());
    peer.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    fill_up(sent);
    auto const begun = SteadyClock::now();
    server.stop(25s);
    CHECK(SteadyClock::now() - begun < 20s); // a second, and what a loaded machine adds; not the patience for the others
}

TEST_CASE("a peer that stops reading holds up its own stream and nobody else's") {
    std::atomic<std::size_t> sent{0};
    Limits limits;
    limits.idle_time = 500ms; // without progress
    Server server({}, limits, 1, [&](Request const& request, Respond const& respond) {
        if (request.target == "/endless") return respond({200, {}, "", std::make_shared<Endless>(sent)});
        echo(request, respond);
    });
    RawSocket peer(server.port());
    peer.say("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    fill_up(sent);
    CHECK(Client(local(server.port())).send("GET", "/", {}, "").status == 200);
    auto const stuck = sent.load();
    test::let_pass(1s); // longer than idle_time: the stream is cut
    CHECK(sent.load() == stuck);
    CHECK(!peer.hear_all().ends_with("0\r\n\r\n")); // hear_all returns: it was cut, not ended
}

TEST_CASE("large bodies that arrive drop by drop fill the room for bodies, and small ones still come through") {
    Limits limits;
    limits.bodies_bytes = 100'000;
    Server server({}, limits, 1, echo);
    auto const post = [&](std::size_t size) {
        return Client(local(server.port())).send("POST", "/", {}, std::string(size, 'x'));
    };
    CHECK(post(limits::body_bytes_free + 100'000).status == 200); // all of the room
    RawSocket dripping(server.port());
    dripping.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 110001\r\n\r\n" + std::string(110'000, 'x'));
    // It holds 110 000 less the 16 384 that are free: 93 616 bytes. 50 000 more need 33 616 where 6 384 are left.
    await([&] { return post(50'000).status == 503; });
    auto const refused = post(50'000);
    CHECK(refused.status == 503);
    CHECK(header(refused.headers, "Retry-After") == "1");
    CHECK(post(4'000).status == 200);
    dripping.say("x");
    CHECK(dripping.hear_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
    await([&] { return post(50'000).status == 200; }); // its room is given back with its answer
    {
        RawSocket leaver(server.port());
        leaver.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 110001\r\n\r\n" + std::string(110'000, 'x'));
        await([&] { return post(50'000).status == 503; });
    }
    await([&] { return post(50'000).status == 200; }); // and with its end
}

TEST_CASE("who takes an answer in sips has a time for all of it") {
    Limits limits;
    limits.answer_time = 300ms;
    std::size_t const size = 64 * 1024 * 1024; // more than the system's buffers hold
    Server server({}, limits, 1, [&](Request const& request, Respond const& respond) {
        if (request.target == "/large") return respond({200, {}, std::string(size, 'x'), nullptr});
        echo(request, respond);
    });
    RawSocket sipping(server.port());
    sipping.say("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    std::size_t heard = 0;
    for (auto const until = SteadyClock::now() + 1s; SteadyClock::now() < until; test::let_pass(1ms))
        heard += sipping.hear_until("x").size(); // progress all the time: idle_time never passes
    CHECK(heard > 0);
    CHECK(heard + sipping.hear_all().size() < size); // cut, not ended
    CHECK(Client(local(server.port())).send("GET", "/", {}, "").status == 200);
}

TEST_CASE("a Unix socket: its mode, its peers, its stale file") {
    auto const folder = std::filesystem::temp_directory_path() / ("npod-http-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    auto const path = (folder / "api.sock").string();
    Listen listen;
    listen.unix_path = path;
    {
        Server server(listen, {}, 1, [](Request const& request, Respond const& respond) {
            respond({200, {}, request.peer + " " + std::string{header(request.headers, "host")}, nullptr});
        });
        CHECK(server.port() == 0);
        struct stat found {};
        REQUIRE(::stat(path.c_str(), &found) == 0);
        CHECK((found.st_mode & 0777) == 0660);
        CHECK(Client({"unix:" + path, {}}).send("GET", "/", {}, "").body == "unix localhost");
        CHECK_THROWS_AS(Server(listen, {}, 1, echo), Fault); // somebody serves it
    }
    CHECK(!std::filesystem::exists(path));
    // What a killed process leaves behind does not stop the next one.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    auto const stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(stale, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::close(stale);
    {
        Server server(listen, {}, 1, echo);
        CHECK(Client({"unix:" + path, {}}).send("GET", "/", {}, "").status == 200);
    }
    // A file that is no socket stays.
    std::filesystem::create_directory(path);
    CHECK_THROWS_AS(Server(listen, {}, 1, echo), Fault);
    CHECK(std::filesystem::exists(path));
    std::filesystem::remove_all(folder);
}

TEST_CASE("addresses that cannot be bound are faults") {
    Server server({}, {}, 1, echo);
    Listen taken;
    taken.port = server.port();
    CHECK_THROWS_AS(Server(taken, {}, 1, echo), Fault);
    Listen nonsense;
    nonsense.address = "localhost";
    CHECK_THROWS_AS(Server(nonsense, {}, 1, echo), ConfigFault);
    Listen elsewhere;
    elsewhere.address = "192.0.2.1"; // TEST-NET-1 is nobody's (RFC 5737)
    CHECK_THROWS_AS(Server(elsewhere, {}, 1, echo), Fault);
}

} // namespace npod::http
