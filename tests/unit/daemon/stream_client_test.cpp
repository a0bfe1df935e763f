#include "daemon/serve.hpp"
#include "daemon/system_clock.hpp"
#include "http/http.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace npod;
using namespace npod::daemon;
using npod::testing::Folder;

namespace {

/// A hub that sends one and the same message on every stream until it is confirmed, and does not take the first
/// confirmation.
class StubbornHub {
public:
    StubbornHub()
        : server_({}, {}, 2,
                  [this](http::Request const& request, http::Respond respond) { answer(request, respond); }) {}

    std::uint16_t port() const { return server_.port(); }
    /// The confirmations that came, once there are this many; fewer after half a minute.
    std::vector<std::string> confirmations(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return confirmations_.size() >= count; });
        return confirmations_;
    }
    int streams() const {
        std::scoped_lock const lock(mutex_);
        return streams_;
    }

private:
    /// One message, then the end of the stream: the client must come back.
    struct OneMessage final : http::StreamSource {
        bool sent = false;
        std::string pull(std::size_t) override {
            if (std::exchange(sent, true)) return {};
            return "event: cancel-v3\nid: 17\ndata: "
                   "{\"message\":{\"header\":{\"sender\":{\"networkoperator\":\"BRAVO\"},"
                   "\"receiver\":{\"networkoperator\":\"ALFA\"},\"timestamp\":\"20260302090000\"},"
                   "\"body\":{\"cancel\":{\"dossierid\":\"BRAVO-0000001\"}}}}\n\n";
        }
        bool ended() const override { return sent; }
    };

    void answer(http::Request const& request, http::Respond const& respond) {
        std::scoped_lock const lock(mutex_);
        if (request.path() == "/number-portability/v3/dossiers/events") {
            ++streams_;
            return respond({200, {{"Content-Type", "text/event-stream"}}, {}, std::make_shared<OneMessage>()});
        }
        confirmations_.push_back(request.method + " " + std::string(request.path()) + " " + request.body);
        changed_.notify_all();
        respond({confirmations_.size() == 1 ? 503u : 200u, {}, "{}", nullptr});
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> confirmations_;
    int streams_ = 0;
    http::Server server_;
};

} // namespace

TEST_CASE("a message of the hub is stored once, and confirmed until the hub has heard it") {
    Folder const folder;
    StubbornHub hub;
    SystemClock clock;
    Log log(clock, Level::error);
    auto const file = folder.write(
        "npod.toml", fmt::format("operator = \"ALFA\"\ndb = \"a.db\"\nlisten = \"127.0.0.1:0\"\n[interchange]\n"
                                 "hub = \"http://127.0.0.1:{}\"\n[[member]]\ncode = \"BRAVO\"\n",
                                 hub.port()));
    Daemon daemon(read_config({file, {}, {}}), clock, log);

    // The first is refused with 503 and said again; the message comes anew on the next stream and is confirmed anew.
    auto const confirmations = hub.confirmations(3);
    REQUIRE(confirmations.size() >= 3);
    for (auto const& one : confirmations)
        CHECK(one == R"(PUT /number-portability/v3/dossiers/confirmations/17 {"transactionId":"17"})");
    CHECK(hub.streams() >= 2);

    auto const events =
        http::Client({fmt::format("http://127.0.0.1:{}", daemon.port()), {}}).send("GET", "/v1/events", {}, {}).body;
    INFO(events);
    std::string_view const kind = R"("kind":"message.cancel")";
    auto const first = events.find(kind);
    CHECK(first != std::string::npos);                        // stored …
    CHECK(events.find(kind, first + 1) == std::string::npos); // … once
    daemon.stop();
}
