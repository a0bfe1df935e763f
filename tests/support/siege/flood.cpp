/// A house under siege from all sides at once, and its good callers in the midst of it.

#include "base/json.hpp"
#include "storage/ledger.hpp"
#include "support/malformed.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/sieges.hpp"
#include "unit/http/raw_socket.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using http::RawSocket;

/// MALLO is a member with keys, and the worst of them; BRAVO and CHARLY are good.
constexpr auto mallo = "MALLO";

std::string configuration() {
    std::string text = "[limits]\nrequests_per_second = 300\n[interchange]\nserve = true\n";
    for (std::string const code : {"BRAVO", "CHARLY", mallo})
        text += fmt::format(
            "[[member]]\ncode = \"{0}\"\nsecret_files = [\"{0}.secret\"]\npublic_key_files = [\"{0}.pem\"]\n", code);
    return text;
}

/// What was seen of the besiegers' connections.
struct Seen {
    std::atomic<int> limited{0};   ///< calls of MALLO that were told to wait: 429
    std::atomic<int> pipelined{0}; ///< requests sent without waiting for an answer
    std::atomic<int> malformed{0}; ///< refused as described
    std::atomic<int> rounds{0};    ///< of all malformed forms
};

int count_of(std::string_view text, std::string_view part) {
    int count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

// ------------------------------------------------------------------------------------------------------- besiegers

/// Connections that say one byte at a time: of a head, or of a large body of which most is there at once.
class Drips {
public:
    Drips(House const& house, std::string beginning, int count) {
        for (int i = 0; i < count; ++i) {
            sockets_.push_back(std::make_unique<RawSocket>(house.port()));
            sockets_.back()->say(beginning);
        }
    }
    void drip() const {
        for (auto const& socket : sockets_) socket->say("x");
    }
    /// What each was told when its time was over.
    void must_all_hear(std::string_view status) const {
        for (auto const& socket : sockets_)
            if (auto const heard = socket->hear_all(); !heard.starts_with(fmt::format("HTTP/1.1 {} ", status)))
                throw SiegeError(
                    fmt::format("a dripping connection was not told {} but: {}", status, heard.substr(0, 300)));
    }

private:
    std::vector<std::unique_ptr<RawSocket>> sockets_;
};

/// MALLO sends calls without waiting for answers, as fast as they are taken.
void flood_with_calls(House const& house, Keys const& keys, Seen& seen, int& count) {
    auto const body = porting_request(mallo, "CHARLY", fmt::format("MALLO-{:08}", ++count));
    std::string call =
        fmt::format("POST {}portingrequest HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n", wire_path);
    for (auto const& [name, value] : keys.signed_by(mallo, "POST", wire_path + "portingrequest", body))
        call += fmt::format("{}: {}\r\n", name, value);
    call += fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
    RawSocket const socket(house.port());
    constexpr int calls = 100;
    for (int i = 0; i < calls; ++i) socket.say(call);
    socket.end_saying();
    seen.pipelined += calls;
    seen.limited += count_of(socket.hear_all(), "HTTP/1.1 429 ");
}

/// Nobody known asks for much at once, waits for nothing, and leaves.
void flood_with_questions(House const& house, Seen& seen) {
    RawSocket const socket(house.port());
    std::string questions;
    for (int i = 0; i < 200; ++i)
        questions += i % 2 == 0 ? malformed::get("/healthz") : malformed::get("/v1/ports?limit=500");
    socket.say(questions);
    seen.pipelined += 200;
}

/// Every malformed form once; each must be told what the description says, on a connection that ends.
void send_malformed(House const& house, Keys const& keys, Seen& seen, Notes& notes) {
    for (auto const& form : malformed::http_cases({})) {
        RawSocket const socket(house.port());
        socket.say(form.bytes);
        auto const answer = socket.hear_all();
        bool const told = answer.starts_with(fmt::format("HTTP/1.1 {} ", form.status)) &&
                          answer.find("\r\nContent-Type: application/problem+json\r\n") != std::string::npos &&
                          answer.find("\r\nConnection: close\r\n") != std::string::npos;
        if (!told)
            notes.wrong(
                fmt::format("malformed ({}): wanted {}, heard {}", form.name, form.status, answer.substr(0, 300)));
        ++seen.malformed;
    }
    http::Client client({house.url(), {}});
    for (auto const& form : malformed::json_cases()) {
        auto const business = house.ask("PUT", "/v1/contracts/K-BAD", form.text);
        if (business.status != 400 || http::header(business.headers, "Content-Type") != "application/problem+json")
            notes.wrong(fmt::format("contract ({}): {} {}", form.name, business.status, business.body));
        auto headers = keys.signed_by("BRAVO", "POST", wire_path + "cancel", form.text);
        headers.emplace_back("Content-Type", "application/json");
        auto const wire = client.send("POST", wire_path + "cancel", std::move(headers), form.text, 20s);
        if (wire.status != 400 || wire.body.find("\"code\":1000") == std::string::npos)
            notes.wrong(fmt::format("message ({}): {} {}", form.name, wire.status, wire.body));
        seen.malformed += 2;
    }
    ++seen.rounds;
}

/// MALLO opens its mailbox, as often as it may, and reads nothing of all that lies there.
std::vector<std::unique_ptr<RawSocket>> stall(House const& house, Keys const& keys) {
    std::vector<std::unique_ptr<RawSocket>> streams;
    for (std::size_t i = 0; i < limits::streams_per_consumer_max; ++i) {
        std::string call = fmt::format("GET {}events HTTP/1.1\r\nHost: h\r\n", wire_path);
        for (auto const& [name, value] : keys.signed_by(mallo, "GET", wire_path + "events", {}))
            call += fmt::format("{}: {}\r\n", name, value);
        streams.push_back(std::make_unique<RawSocket>(house.port()));
        streams.back()->say(call + "\r\n");
    }
    return streams;
}

/// So much lies in MALLO's mailbox that no buffer of the system holds it.
void fill_mailbox(House const& house) {
    storage::Ledger ledger({house.db(), OperatorCode{"ALFA"}, true});
    ledger.begin();
    for (int i = 0; i < 30'000; ++i) {
        storage::LogRow row;
        row.learned_at = row.happened_at = *parse_rfc3339("2026-03-02T08:00:00Z");
        row.kind = "message.cancel";
        row.source = "wire:BRAVO";
        row.key = "mailbox";
        row.body = R"({"message":")" + std::string(600, 'x') + "\"}";
        ledger.append(row);
        ledger.put_in_mailbox(row.seq, OperatorCode{mallo}, OperatorCode{"BRAVO"}, "cancel");
    }
    ledger.commit();
}

// ------------------------------------------------------------------------------------------------------ good callers

/// The desk puts a contract and looks at things.
void work_at_desk(House const& house, Notes& notes, Latencies& latencies, int& count) try {
    constexpr std::array<char const*, 4> looks{"/v1/ports?limit=50", "/v1/operators/BRAVO/health", "/v1/timers",
                                               "/metrics"};
    int const n = ++count;
    auto const target = n % 2 == 0 ? fmt::format("/v1/contracts/K-{}", n)
                                   : std::string(looks[static_cast<std::size_t>(n / 2) % looks.size()]);
    auto const body =
        n % 2 == 0
            ? fmt::format(
                  R"({{"customer":{{"kind":"legal","name":"Zon"}},"network":"fixed","numbers":["+3225504{:03}"]}})",
                  n / 2 % 1000)
            : std::string();
    auto const begun = SteadyClock::now();
    auto const response = house.ask(n % 2 == 0 ? "PUT" : "GET", target, body);
    latencies.add(std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begun));
    if (response.status >= 300 && response.status != 409)
        notes.wrong(fmt::format("desk, {}: {} {}", target, response.status, response.body));
} catch (NetworkFault const& fault) {
    notes.wrong(fmt::format("desk: {}", fault.what()));
}

void must_be_right(Notes const& notes, std::string_view who) {
    auto const wrong = notes.wrong();
    if (!wrong.empty())
        throw SiegeError(fmt::format(
            "{}: {} answers were wrong, the first ones:\n{}", who, wrong.size(),
            fmt::join(wrong.begin(), wrong.begin() + std::min<std::ptrdiff_t>(5, std::ssize(wrong)), "\n")));
}

/// Each acknowledged message is in the log once, and those for CHARLY were in its mailbox once.
void nothing_is_lost(House const& house, Notes const& posted, Notes const& read) {
    std::map<std::string, int> logged;
    storage::Reader const reader(house.db());
    for (std::int64_t after = 0;;) {
        auto const rows = reader.log(after, 500, true);
        if (rows.empty()) break;
        for (auto const& row : rows)
            if (row.kind == "message.portingrequest" && row.source == "wire:BRAVO") ++logged[dossier_of(row.body)];
        after = rows.back().seq;
    }
    auto const arrived = read.received();
    auto const acknowledged = posted.acknowledged();
    if (acknowledged.size() < 50) throw SiegeError(fmt::format("{} messages prove too little", acknowledged.size()));
    for (auto const& dossier : acknowledged) {
        if (logged[dossier] != 1)
            throw SiegeError(fmt::format("{} was acknowledged and is {} times in the log", dossier, logged[dossier]));
        auto const number = std::stoi(dossier.substr(dossier.size() - 8));
        if (number % 2 == 0 && (!arrived.contains(dossier) || arrived.at(dossier).size() != 1))
            throw SiegeError(fmt::format("{} was acknowledged, and CHARLY did not get it once", dossier));
    }
}

} // namespace

void flood(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"BRAVO", "CHARLY", mallo});
    House house(choices.npod, folder, "ALFA", configuration());
    fill_mailbox(house);
    house.open();
    auto const quiet_bytes = house.resident_bytes();
    Notes posted, read, desk_notes, besieged;
    Latencies posting, desk;
    Seen seen;

    std::vector<std::unique_ptr<RawSocket>> crowd;
    for (int i = 0; i < 300; ++i) crowd.push_back(std::make_unique<RawSocket>(house.port()));
    auto const stalled = stall(house, keys);
    Drips const heads(house, "GET /healthz HTTP/1.1\r\nHost: h\r\nX-Drip: ", 40);
    Drips const bodies(house, malformed::with("Content-Length: 1000000\r\n") + std::string(900'000, '{'), 40);
    Worker dripping([&] { heads.drip(), bodies.drip(); }, 50ms);

    Poster bravo(house, keys, "BRAVO", {"CHARLY", mallo}, false, posted, posting);
    MailboxReader const charly(house, keys, "CHARLY", read);
    int questions = 0, calls = 0;
    {
        Worker const good_posts([&] { bravo.post_next(); }, 5ms);
        Worker const good_desk([&] { work_at_desk(house, desk_notes, desk, questions); }, 5ms);
        Worker const calling([&] { flood_with_calls(house, keys, seen, calls); });
        Worker const asking([&] { flood_with_questions(house, seen); }, 2ms);
        Worker const muttering([&] { send_malformed(house, keys, seen, besieged); });
        std::size_t most_bytes = 0;
        for (auto const end = SteadyClock::now() + std::chrono::seconds{choices.seconds}; SteadyClock::now() < end;) {
            most_bytes = std::max(most_bytes, house.resident_bytes());
            if (!house.alive()) throw SiegeError("the house fell:\n" + house.said());
            std::this_thread::sleep_for(20ms);
        }
        fmt::print("memory: {} MB before, {} MB at most\n", quiet_bytes >> 20, most_bytes >> 20);
        // 40 dripped bodies are 36 MB; all else that callers can make it keep is small. Twice that and more is a leak.
        if (most_bytes - quiet_bytes > 128u << 20)
            throw SiegeError(fmt::format("the house grew to {} MB", most_bytes >> 20));
    }
    heads.must_all_hear("408");
    bodies.must_all_hear("408");
    dripping.stop();
    fmt::print("messages:  {}\ndesk:      {}\n", posting.told(), desk.told());
    fmt::print("besiegers: {} requests without waiting, {} told to wait, {} malformed in {} whole rounds\n",
               seen.pipelined.load(), seen.limited.load(), seen.malformed.load(), seen.rounds.load());
    must_be_right(posted, "BRAVO");
    must_be_right(read, "CHARLY");
    must_be_right(desk_notes, "the desk");
    must_be_right(besieged, "malformed");
    if (seen.rounds == 0) throw SiegeError("not every malformed form was sent");
    if (seen.limited == 0) throw SiegeError("MALLO was never told to wait");
    if (std::max(posting.percentile(99), desk.percentile(99)) > 5s) throw SiegeError("good callers waited for seconds");
    auto const last = *posted.acknowledged().rbegin();
    for (auto const end = SteadyClock::now() + 20s;
         SteadyClock::now() < end && read.received().size() < posted.acknowledged().size() / 2;)
        std::this_thread::sleep_for(20ms);
    house.close(); // with all its besiegers still at the door
    nothing_is_lost(house, posted, read);
}

} // namespace npod::siege
