/// Many mailboxes, and a very full one. Nobody has keys here: what a proof costs is measured by `load`, and would hide
/// what a mailbox costs.

#include "storage/ledger.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/sieges.hpp"
#include "unit/http/raw_socket.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <sys/resource.h>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using http::RawSocket;

double seconds_since(SteadyClock::time_point begun) {
    return std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

std::string members(std::vector<std::string> const& codes) {
    std::string text = "[limits]\nrequests_per_second = 1000000\n[interchange]\nserve = true\n";
    for (auto const& code : codes) text += fmt::format("[[member]]\ncode = \"{}\"\n", code);
    return text;
}

std::unique_ptr<RawSocket> open_stream(House const& house, std::string const& code, std::string const& rest = {}) {
    auto socket = std::make_unique<RawSocket>(house.port());
    socket->say(fmt::format("GET {}events?operator={}{} HTTP/1.1\r\nHost: h\r\n\r\n", wire_path, code, rest));
    return socket;
}

void post(http::Client& client, std::string const& to, std::string const& dossier) {
    auto const body = porting_request("BRAVO", to, dossier);
    auto const path = wire_path + "portingrequest";
    auto const response = client.send("POST", path, {{"Content-Type", "application/json"}}, body, 20s);
    if (response.status != 200) throw SiegeError(fmt::format("{}: {} {}", dossier, response.status, response.body));
}

/// Messages a second that eight callers get acknowledged, all for CHARLY.
double rate(House const& house, std::atomic<int>& dossiers, std::chrono::milliseconds time) {
    std::vector<std::thread> threads;
    std::atomic<int> done{0}, failed{0};
    auto const begun = SteadyClock::now();
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            try {
                http::Client client({house.url(), {}});
                for (; SteadyClock::now() - begun < time; ++done)
                    post(client, "CHARLY", fmt::format("BRAVO-{:08}", ++dossiers));
            } catch (std::exception const&) {
                ++failed;
            }
        });
    for (auto& thread : threads) thread.join();
    if (failed > 0) throw SiegeError("messages were not acknowledged");
    return done / seconds_since(begun);
}

} // namespace

void crowd(Choices const& choices) {
    constexpr int streams_wanted = 2'000;
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max; // the house inherits it: it holds as many sockets as we do
    ::setrlimit(RLIMIT_NOFILE, &files);
    std::vector<std::string> codes{"BRAVO", "CHARLY"};
    for (int i = 0; i < streams_wanted; ++i) codes.push_back(fmt::format("M{:04}", i));
    Folder const folder;
    House house(choices.npod, folder, "ALFA", members(codes));
    house.open();
    std::atomic<int> dossiers{0};
    rate(house, dossiers, 300ms); // everything is warm
    auto const alone = rate(house, dossiers, 1500ms);

    std::vector<std::unique_ptr<RawSocket>> streams;
    for (int i = 0; i < streams_wanted; ++i) streams.push_back(open_stream(house, fmt::format("M{:04}", i)));
    for (auto const& stream : streams)
        if (stream->hear_until(":\n\n").find("200 OK") == std::string::npos) throw SiegeError("a stream did not open");
    double crowded = 0; // a machine that does other things meanwhile gets more than one chance
    for (int attempt = 0; attempt < 3 && crowded < alone / 3; ++attempt)
        crowded = std::max(crowded, rate(house, dossiers, 1500ms));

    http::Client client({house.url(), {}});
    auto const begun = SteadyClock::now();
    post(client, "M1234", "BRAVO-77777777");
    auto const heard = streams[1234]->hear_until("BRAVO-77777777");
    auto const took = seconds_since(begun);
    fmt::print("{:.0f} messages/s with no stream open, {:.0f} with {} of others; one of the crowd hears after {:.1f} ms\n",
               alone, crowded, streams_wanted, took * 1000);
    if (heard.find("BRAVO-77777777") == std::string::npos || took > 1)
        throw SiegeError("one of the crowd did not get its message within a second");
    if (streams[1233]->hears_within(0) && streams[1233]->hear_until(":\n\n").find("data:") != std::string::npos)
        throw SiegeError("another of the crowd got it");
    // Where each stream looks for itself, a seventh is left.
    if (crowded < alone / 3) throw SiegeError("open mailboxes of others cost more than two thirds of the speed");
    house.close();
}

namespace {

/// Nobody confirmed any of `count` small messages, but for those that were `confirmed` before them.
void fill(House const& house, int count, int confirmed) {
    storage::Ledger ledger({house.db(), OperatorCode{"ALFA"}, true});
    OperatorCode const charly{"CHARLY"}, bravo{"BRAVO"};
    auto const now = *parse_rfc3339("2026-03-02T08:00:00Z");
    for (int done = 0; done < count + confirmed;) {
        ledger.begin();
        for (int i = 0; i < 20'000 && done < count + confirmed; ++i, ++done) {
            storage::LogRow row;
            row.learned_at = row.happened_at = now;
            row.kind = "message.cancel";
            row.source = "wire:BRAVO";
            row.key = "mailbox";
            row.body = R"({"message":"x"})";
            ledger.append(row);
            ledger.put_in_mailbox(row.seq, charly, bravo, "cancel");
            if (done < confirmed) ledger.confirm_mailbox(row.seq, charly, now);
        }
        ledger.commit();
        ledger.checkpoint();
    }
}

struct Heard {
    std::int64_t events = 0, first = 0, last = 0;
};

/// Reads so many messages of CHARLY's mailbox; they must come in order, each once.
Heard read_mailbox(House const& house, std::int64_t wanted) {
    Heard heard;
    auto const target = wire_path + "events?operator=CHARLY";
    http::EventStream stream({house.url(), {}});
    stream.read(target, {}, 30s, nullptr, [&](http::StreamEvent const& event) {
        auto const id = std::stoll(event.id);
        if (id <= heard.last) throw SiegeError(fmt::format("message {} came after {}", id, heard.last));
        if (heard.events++ == 0) heard.first = id;
        heard.last = id;
        if (heard.events == wanted) stream.stop();
    });
    return heard;
}

void confirm(House const& house, std::int64_t id) {
    auto const path = fmt::format("{}confirmations/{}?operator=CHARLY", wire_path, id);
    auto const response = http::Client({house.url(), {}}).send("PUT", path, {}, {}, 20s);
    if (response.status != 200) throw SiegeError(fmt::format("confirmation of {}: {}", id, response.status));
}

} // namespace

void mailbox(Choices const& choices) {
    std::int64_t const count = choices.messages, confirmed = count / 10;
    Folder const folder;
    House house(choices.npod, folder, "ALFA", members({"BRAVO", "CHARLY"}));
    auto begun = SteadyClock::now();
    fill(house, static_cast<int>(count), static_cast<int>(confirmed));
    fmt::print("{} messages, {} of them confirmed, put there in {:.1f} s\n", count + confirmed, confirmed,
               seconds_since(begun));
    house.open();
    auto const before = house.resident_bytes();
    begun = SteadyClock::now();
    auto heard = read_mailbox(house, count);
    auto const took = seconds_since(begun);
    auto const grown = static_cast<double>(house.resident_bytes()) - static_cast<double>(before);
    fmt::print("all {} read in {:.1f} s ({:.0f} a second); the house grew by {:.1f} MB\n", heard.events, took,
               static_cast<double>(count) / took, grown / 1e6);
    if (heard.events != count || heard.first != confirmed + 1 || heard.last != confirmed + count)
        throw SiegeError("not every message came");
    // All of it is some hundred bytes a message; a page and the buffers of its way are a few hundred kB.
    if (grown > 16e6) throw SiegeError("the house keeps what it streams");

    confirm(house, heard.first); // the oldest, the newest, one in the middle; the rest stays
    confirm(house, heard.last);
    confirm(house, heard.first + count / 2);
    house.kill();
    house.open();
    heard = read_mailbox(house, count - 3);
    if (heard.first != confirmed + 2 || heard.last != confirmed + count - 1)
        throw SiegeError("after a restart the mailbox does not hold what was left in it");

    // A type that is not there: nothing is found, and somebody else's message goes through meanwhile.
    auto const stream = open_stream(house, "CHARLY", "&messageTypes=errorfound");
    http::Client client({house.url(), {}});
    begun = SteadyClock::now();
    post(client, "CHARLY", "BRAVO-00000001");
    if (seconds_since(begun) > 2) throw SiegeError("a reader of a rare type held everybody up");
    if (house.ask("GET", "/v1/operators/CHARLY/health").status != 200) throw SiegeError("no health of CHARLY");
    house.close();
}

} // namespace npod::siege
