/// How a daemon is with its counterparts: an outage shows, a silent connection is replaced, a check says where it fails,
/// and nothing of a secret is ever seen.

#include "base/limits_wire.hpp"
#include "daemon/peer_check.hpp"
#include "daemon/serve.hpp"
#include "daemon/system_clock.hpp"
#include "http/http.hpp"
#include "protocol/auth.hpp"
#include "base/hash.hpp"
#include "support/waiting.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace npod;
using namespace npod::daemon;
using npod::test::eventually;
using npod::testing::Folder;

namespace {

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A daemon whose every line and answer is kept.
class Watched {
public:
    Watched(Folder const& folder, std::string const& code, std::string const& rest)
        : config_(read_config({folder.write(code + ".toml",
                                            fmt::format("operator = \"{}\"\ndb = \"{}.db\"\nlisten = \"127.0.0.1:0\"\n{}",
                                                        code, code, rest)),
                               {},
                               {}})),
          log_(clock_, Level::debug, [this](std::string_view line) { keep(line); }), daemon_(config_, clock_, log_) {}

    http::Response ask(std::string const& method, std::string const& target, http::Headers headers = {},
                       std::string body = {}) {
        headers.emplace_back("Idempotency-Key", fmt::format("key-{}", ++keys_));
        auto response = http::Client({fmt::format("http://127.0.0.1:{}", daemon_.port()), {}})
                            .send(method, target, std::move(headers), std::move(body));
        keep(response.body);
        return response;
    }
    std::uint16_t port() const { return daemon_.port(); }
    Config const& config() const { return config_; }
    std::string kept() const {
        std::scoped_lock const lock(mutex_);
        return kept_;
    }

private:
    void keep(std::string_view text) {
        std::scoped_lock const lock(mutex_);
        kept_ += text;
    }
    mutable std::mutex mutex_;
    std::string kept_;
    int keys_ = 0;
    SystemClock clock_;
    Config config_;
    Log log_;
    Daemon daemon_;
};

/// A port on which nobody listens.
std::uint16_t deserted_port() {
    http::Server const server({}, {}, 1, [](http::Request const&, http::Respond respond) { respond({}); });
    return server.port();
}

/// A hub whose streams open and then say nothing, not even a heartbeat: as a connection that died on the way.
class MuteHub {
public:
    MuteHub() : server_({}, mute(), 1, [this](http::Request const&, http::Respond respond) {
                    ++streams;
                    respond({200, {{"Content-Type", "text/event-stream"}}, {}, std::make_shared<Nothing>()});
                }) {}
    std::uint16_t port() const { return server_.port(); }
    std::atomic<int> streams = 0;

private:
    struct Nothing final : http::StreamSource {
        std::string pull(std::size_t) override { return {}; }
        std::string heartbeat() const override { return {}; }
    };
    static http::Limits mute() {
        http::Limits limits;
        limits.stream_heartbeat = std::chrono::hours{1};
        return limits;
    }
    http::Server server_;
};

std::string with_hub(std::uint16_t port, std::string const& more = {}) {
    return fmt::format("[interchange]\nhub = \"http://127.0.0.1:{}\"\n{}[[member]]\ncode = \"BRAVO\"\n", port, more);
}

} // namespace

TEST_CASE("an own outage is visible: the hub's health says since when, how often and why it is not reached") {
    Folder const folder;
    Watched alfa(folder, "ALFA", with_hub(deserted_port()));
    REQUIRE(eventually([&] { return has(alfa.ask("GET", "/v1/operators/HUB/health").body, "\"stream\":\"broken\""); }));
    auto const health = alfa.ask("GET", "/v1/operators/HUB/health").body;
    INFO(health);
    CHECK(has(health, "\"failing_since\""));
    CHECK(has(health, "\"stream_again_at\""));
    // It waits a second first, and twice as long each time.
    auto const waits = [&] {
        std::string const name = "npod_peer_stream_wait_seconds{peer=\"HUB\"} ";
        auto const page = alfa.ask("GET", "/metrics").body;
        return std::stoi(page.substr(page.find(name) + name.size()));
    };
    REQUIRE(eventually([&] { return waits() >= 2; }));
    CHECK(has(health, "\"last_error\":\""));
    CHECK(has(alfa.ask("GET", "/metrics").body, "npod_peer_failing{peer=\"HUB\"} 1\n"));
    auto const radar = alfa.ask("GET", "/v1/radar").body;
    INFO(radar);
    CHECK(has(radar, R"("trouble":"not_reached")"));
    CHECK(has(radar, "npctl operator check HUB"));
    auto const check = alfa.ask("POST", "/v1/operators/HUB/check").body;
    INFO(check);
    CHECK(has(check, "\"passed\":false"));
    CHECK(has(check, R"("step":"connect","passed":false)"));
}

TEST_CASE("a half-open connection: a stream without even a heartbeat is opened anew") {
    Folder const folder;
    MuteHub hub;
    Watched alfa(folder, "ALFA", with_hub(hub.port(), "silence_seconds = 1\n"));
    CHECK(eventually([&] { return hub.streams >= 2; }));
}

TEST_CASE("a check goes through every step with a good hub, and says which fails with another") {
    Folder const folder;
    Watched hub(folder, "HUB", "[interchange]\nserve = true\n[[member]]\ncode = \"ALFA\"\n[[member]]\ncode = \"BRAVO\"\n");
    Watched alfa(folder, "ALFA", with_hub(hub.port()));
    REQUIRE(eventually([&] { return has(alfa.ask("GET", "/v1/operators/HUB/health").body, "\"stream\":\"open\""); }));
    auto const good = alfa.ask("POST", "/v1/operators/BRAVO/check").body;
    INFO(good);
    CHECK(has(good, "\"passed\":true"));
    for (auto const step : {"way", "connect", "answer", "prove", "clock", "stream"})
        CHECK(has(good, fmt::format("\"step\":\"{}\"", step)));
    // From the hub's side a member is not called, it fetches.
    CHECK(has(hub.ask("POST", "/v1/operators/ALFA/check").body, "mailbox"));

    http::Server const shop({}, {}, 1, [](http::Request const&, http::Respond respond) {
        respond({404, {{"Content-Type", "text/html"}}, "<h1>Shop</h1>", nullptr});
    });
    Watched cito(folder, "CITO", with_hub(shop.port()));
    auto const bad = cito.ask("POST", "/v1/operators/HUB/check").body;
    INFO(bad);
    CHECK(has(bad, R"("step":"answer","passed":false)"));
}

TEST_CASE("a check proves the positive with keys: a hub that knows ours believes them") {
    Folder const folder;
    auto const keys = protocol::generate_rsa_key_pair();
    folder.write("alfa.secret", "between us", true);
    folder.write("alfa.key", keys.private_pem, true);
    folder.write("alfa.pem", keys.public_pem);
    Watched hub(folder, "HUB",
                "[interchange]\nserve = true\n[[member]]\ncode = \"ALFA\"\nsecret_files = [\"alfa.secret\"]\n"
                "public_key_files = [\"alfa.pem\"]\n[[member]]\ncode = \"BRAVO\"\n");
    Watched alfa(folder, "ALFA",
                 with_hub(hub.port(), "secret_file = \"alfa.secret\"\nprivate_key_file = \"alfa.key\"\n"));
    REQUIRE(eventually([&] { return has(alfa.ask("GET", "/v1/operators/HUB/health").body, "\"stream\":\"open\""); }));
    auto const check = alfa.ask("POST", "/v1/operators/HUB/check").body;
    INFO(check);
    CHECK(has(check, "It believes our signature and token."));
    CHECK_FALSE(has(check, "\"passed\":false"));
}

TEST_CASE("so many checks wait for their turn, and not one more") {
    Folder const folder;
    std::mutex mutex;
    std::vector<http::Respond> held; // nobody is answered: the first check hangs, the others wait behind it
    http::Server const server({}, {}, 1, [&](http::Request const&, http::Respond respond) {
        std::scoped_lock const lock(mutex);
        held.push_back(std::move(respond));
    });
    auto const config = read_config(
        {folder.write("ALFA.toml", "operator = \"ALFA\"\ndb = \"ALFA.db\"\n" + with_hub(server.port())), {}, {}});
    SystemClock const clock;
    engine::PeerHealth const health(clock);
    std::atomic<int> turned_away = 0;
    PeerCheck checks(config, clock, health);
    auto const ask = [&] {
        checks.check(config.interchange.hub_code, [&](std::vector<api::CheckStep> const& steps) {
            if (has(steps.front().said, "Too many checks wait")) ++turned_away;
        });
    };
    ask();
    REQUIRE(eventually([&] {
        std::scoped_lock const lock(mutex);
        return held.size() == 1;
    }));
    for (std::size_t i = 0; i < limits::checks_waiting_max; ++i) ask();
    CHECK(turned_away == 0);
    ask();
    CHECK(turned_away == 1);
    checks.stop();
}

TEST_CASE("secrets that are planted everywhere are seen nowhere: no log line, no answer, no error, no listing") {
    Folder const folder;
    auto const pair = protocol::generate_rsa_key_pair();
    std::vector<std::string> const planted{"hush-our-secret", "hush-old-of-bravo", "hush-new-of-bravo", "hush-token"};
    folder.write("our-secret", planted[0], true);
    folder.write("old", planted[1], true);
    folder.write("new", planted[2], true);
    folder.write("key.pem", pair.private_pem, true);
    folder.write("public.pem", pair.public_pem);
    Watched alfa(folder, "ALFA",
                 fmt::format("[interchange]\nserve = true\nhub = \"http://127.0.0.1:{}\"\nsecret_file = \"our-secret\"\n"
                             "private_key_file = \"key.pem\"\n[[member]]\ncode = \"BRAVO\"\nsecret_files = [\"old\", \"new\"]\n"
                             "public_key_files = [\"public.pem\"]\n[[token]]\nname = \"anna\"\nrole = \"admin\"\nsha256 = \"{}\"\n",
                             deserted_port(), content_hash(planted[3])));
    http::Headers const token{{"Authorization", "Bearer " + planted[3]}};
    REQUIRE(eventually([&] { return has(alfa.ask("GET", "/v1/operators/HUB/health", token).body, "last_error"); }));
    std::string const path = "/number-portability/v3/dossiers/cancel";
    SystemClock const clock;
    for (auto const& secret : {planted[1], planted[2], std::string("wrong")})
        alfa.ask("POST", path, protocol::sign({"BRAVO", secret, pair.private_pem}, "POST", path, "{", clock.now()), "{");
    for (auto const target : {"/v1/operators", "/v1/operators/BRAVO", "/v1/operators/BRAVO/health", "/v1/status",
                              "/metrics", "/v1/events", "/v1/nothing"})
        alfa.ask("GET", target, token);
    alfa.ask("POST", "/v1/operators/HUB/check", token);
    alfa.ask("GET", "/v1/ports", {{"Authorization", "Bearer " + planted[3] + "x"}});
    auto seen = alfa.kept() + describe(alfa.config());
    folder.write("bad.pem", planted[0], true);
    try {
        Watched const broken(folder, "BETA",
                             "[interchange]\nhub = \"http://127.0.0.1:1\"\nsecret_file = \"our-secret\"\n"
                             "private_key_file = \"bad.pem\"\n");
        FAIL("a key that is none was taken");
    } catch (ConfigFault const& fault) {
        seen += fault.what();
    }
    CHECK(has(seen, "anna")); // the net catches what may be seen
    for (auto const& secret : planted) CHECK_FALSE(has(seen, secret));
    auto const middle_of_key = pair.private_pem.substr(pair.private_pem.size() / 2, 24);
    CHECK_FALSE(has(seen, middle_of_key));
    CHECK_FALSE(has(seen, "PRIVATE KEY"));
}
