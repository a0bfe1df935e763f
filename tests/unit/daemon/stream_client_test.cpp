#include "daemon/serve.hpp"
#include "daemon/system_clock.hpp"
#include "http/http.hpp"
#include "storage/backup.hpp"
#include "storage/ledger.hpp"
#include "support/short_files.hpp"
#include "support/waiting.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace npod;
using namespace npod::daemon;
using npod::testing::Folder;

namespace {

/// A message of the stream as `sender` would have it sent to `receiver`.
std::string cancel_event(std::string_view id, std::string_view dossier, std::string_view receiver = "ALFA") {
    return fmt::format("event: cancel-v3\nid: {}\ndata: {{\"message\":{{\"header\":{{\"sender\":{{"
                       "\"networkoperator\":\"BRAVO\"}},\"receiver\":{{\"networkoperator\":\"{}\"}},"
                       "\"timestamp\":\"20260302090000\"}},\"body\":{{\"cancel\":{{\"dossierid\":\"{}\"}}}}}}}}\n\n",
                       id, receiver, dossier);
}

/// A hub that says the same on every stream, then ends it; it does not take the first confirmation.
class StubbornHub {
public:
    explicit StubbornHub(std::string says)
        : says_(std::move(says)), server_({}, {}, 2, [this](http::Request const& request, http::Respond respond) {
              answer(request, respond);
          }) {}

    std::uint16_t port() const { return server_.port(); }
    /// Until then its streams are empty.
    void be_silent(bool silent) {
        std::scoped_lock const lock(mutex_);
        silent_ = silent;
        streams_ = 0;
    }
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
    std::size_t confirmed() const {
        std::scoped_lock const lock(mutex_);
        return confirmations_.size();
    }

private:
    /// All at once, then the end of the stream: the client must come back.
    struct AllAtOnce final : http::StreamSource {
        explicit AllAtOnce(std::string says) : left(std::move(says)) {}
        std::string left;
        std::string pull(std::size_t) override { return std::exchange(left, {}); }
        bool ended() const override { return left.empty(); }
    };

    void answer(http::Request const& request, http::Respond const& respond) {
        std::scoped_lock const lock(mutex_);
        if (request.path() == "/number-portability/v3/dossiers/events") {
            ++streams_;
            return respond({200, {{"Content-Type", "text/event-stream"}}, {}, std::make_shared<AllAtOnce>(silent_ ? ":\n\n" : says_)});
        }
        confirmations_.push_back(request.method + " " + std::string(request.path()) + " " + request.body);
        changed_.notify_all();
        respond({confirmations_.size() == 1 ? 503u : 200u, {}, "{}", nullptr});
    }

    std::string const says_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> confirmations_;
    int streams_ = 0;
    bool silent_ = false;
    http::Server server_;
};

/// A hub whose messages were all confirmed: only who asks for all after an id gets those above it.
class QuietHub {
public:
    explicit QuietHub(std::map<int, std::string> sent)
        : sent_(std::move(sent)), server_({}, {}, 2, [this](http::Request const& request, http::Respond const& respond) {
              bool const stream = request.path() == "/number-portability/v3/dossiers/events";
              if (!stream) return respond({200, {}, "{}", nullptr});
              respond({200, {{"Content-Type", "text/event-stream"}}, {}, std::make_shared<ThenSilence>(after(request))});
          }) {}
    std::uint16_t port() const { return server_.port(); }

private:
    struct ThenSilence final : http::StreamSource {
        explicit ThenSilence(std::string says) : left(std::move(says)) {}
        std::string left;
        std::string pull(std::size_t) override { return std::exchange(left, {}); }
    };

    std::string after(http::Request const& request) const {
        std::string text = ":\n\n";
        if (request.query("confirmationStatus").value_or("") != "All") return text;
        for (auto const& [id, message] : sent_)
            if (id > std::stoi(request.query("offset").value_or("-1"))) text += message;
        return text;
    }

    std::map<int, std::string> const sent_;
    http::Server server_;
};

/// ALFA at that hub, its log at a glance.
struct Client {
    template <class Hub>
    Client(Hub const& hub, Folder const& folder)
        : database(folder.path("a.db")), log(clock, Level::error),
          daemon(read_config({folder.write("npod.toml",
                                           fmt::format("operator = \"ALFA\"\ndb = \"a.db\"\nlisten = \"127.0.0.1:0\"\n"
                                                       "[interchange]\nhub = \"http://127.0.0.1:{}\"\n"
                                                       "[[member]]\ncode = \"BRAVO\"\n",
                                                       hub.port())),
                              {},
                              {}}),
                 clock, log) {}
    /// Rows of that kind, oldest first.
    std::vector<storage::LogRow> rows(std::string_view kind) const {
        std::vector<storage::LogRow> found;
        for (auto& row : storage::Reader(database).log(0, 500, true))
            if (row.kind == kind) found.push_back(std::move(row));
        return found;
    }
    std::string database;
    SystemClock clock;
    Log log;
    Daemon daemon;
};

} // namespace

TEST_CASE("a message of the hub is stored once, and confirmed until the hub has heard it") {
    Folder const folder;
    StubbornHub hub(cancel_event("17", "BRAVO-0000001"));
    Client client(hub, folder);
    // The first is refused with 503 and said again; the message comes anew on the next stream and is confirmed anew.
    auto const confirmations = hub.confirmations(3);
    REQUIRE(confirmations.size() >= 3);
    for (auto const& one : confirmations)
        CHECK(one == R"(PUT /number-portability/v3/dossiers/confirmations/17 {"transactionId":"17"})");
    CHECK(hub.streams() >= 2);
    CHECK(client.rows("message.cancel").size() == 1);
}

TEST_CASE("what cannot be stored is not confirmed; once it can be, it is stored and confirmed") {
    Folder const folder;
    StubbornHub hub(cancel_event("17", "BRAVO-0000001"));
    hub.be_silent(true);
    Client client(hub, folder);
    {
        test::ShortFiles const nothing_can_be_written(0);
        hub.be_silent(false);
        REQUIRE(test::eventually([&] { return hub.streams() >= 3; })); // said and said again
        CHECK(hub.confirmed() == 0);
    }
    CHECK(hub.confirmations(1).size() >= 1);
    CHECK(client.rows("message.cancel").size() == 1);
}

TEST_CASE("after a restore the hub is asked for all again, also for what came under a smaller id than the first one heard") {
    Folder const folder;
    auto const first = cancel_event("17", "BRAVO-0000001"), later = cancel_event("5", "BRAVO-0000002");
    {
        StubbornHub hub(first);
        Client const client(hub, folder);
        REQUIRE(hub.confirmations(1).size() >= 1);
    }
    auto const database = folder.path("a.db"), backup = folder.path("a.backup");
    storage::back_up(database, backup);
    // 5 came after the backup, and was confirmed; then the file was lost
    for (auto const* with : {"", "-wal", "-shm"}) std::filesystem::remove(database + with);
    std::filesystem::rename(backup, database);
    QuietHub const hub({{5, later}, {17, first}});
    Client const client(hub, folder);
    CHECK(test::eventually([&] { return client.rows("house.caught_up").size() == 1; }));
    auto const messages = client.rows("message.cancel");
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].key == "BRAVO-0000002");
}

TEST_CASE("a lying hub: other bytes under a known id are an incident and lose nothing") {
    Folder const folder;
    StubbornHub hub(cancel_event("17", "BRAVO-0000001") + cancel_event("17", "BRAVO-0000002"));
    Client client(hub, folder);
    REQUIRE(hub.confirmations(6).size() >= 6); // both, on three streams
    auto const messages = client.rows("message.cancel");
    REQUIRE(messages.size() == 2); // each once, however often it is said
    CHECK(messages[0].body.find("BRAVO-0000001") != std::string::npos);
    CHECK(messages[1].body.find("BRAVO-0000002") != std::string::npos);
    auto const incidents = client.rows("interchange.contradiction");
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].source == "wire:HUB");
    CHECK(incidents[0].key == "17");
}

TEST_CASE("a lying hub: ids that go backwards and messages of others are stored, and only ours are heard") {
    Folder const folder;
    StubbornHub hub(cancel_event("17", "BRAVO-0000001") + cancel_event("5", "BRAVO-0000002") +
                    cancel_event("6", "BRAVO-0000003", "CITO") + "event: cancel-v3\nid: 7\ndata: {]\n\n");
    Client client(hub, folder);
    REQUIRE(hub.confirmations(5).size() >= 5); // four, the first of them twice
    auto const messages = client.rows("message.cancel");
    REQUIRE(messages.size() == 4);
    CHECK(messages[1].body.find("BRAVO-0000002") != std::string::npos);
    CHECK(messages[1].key == "BRAVO-0000002");
    CHECK(messages[2].key == "mailbox"); // for CITO: kept, and none of our machines hears it
    CHECK(messages[2].moves.empty());
    CHECK(messages[3].source == "wire:HUB"); // nobody can say who sent it
    CHECK(messages[3].body == "{]");
}
