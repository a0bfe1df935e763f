/// People are planted through every entrance: names, streets, account numbers, telephone numbers, in what is taken, refused,
/// malformed, contradicted and turned away. Answers may hold them, for whoever may ask. Log lines, metrics, states of health and
/// what programs say when they fail may not.

#include "base/fault.hpp"
#include "storage/sqlite/database.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/net.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/format.h>

#include <array>
#include <condition_variable>
#include <mutex>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;

/// The last are digits of every number here, in whatever way it is written: +3225501171, 025501171, 003225501171.
constexpr std::array personal{"Godelieve", "Vandersmissen", "Leopold", "Zonnebloem", "Duinweg", "Knokke", "BE68539007547034", "K-4711-90", "piano", "255011"};

constexpr auto customer = R"({"kind":"natural","name":"Godelieve Vandersmissen","customer_id":"K-4711-90","address":{"street":"Duinweg","house_number":"17A","postcode":"8300","city":"Knokke"}})";

std::string contract_of(std::string_view number) {
    return fmt::format(R"({{"customer":{},"product":"Zonnebloem","network":"fixed","numbers":["{}"]}})", customer, number);
}

std::string order_of(std::string_view order, std::string_view number, std::string_view donor = "BRAVO") {
    return fmt::format(R"({{"order_id":"{}","donor":"{}","network":"fixed","numbers":["{}"],"customer":{},"donor_account":"BE68539007547034","contract_id":"N-1","note":"mind the piano",)"
                       R"("mandate":{{"id":"M-1","titular":"Godelieve Vandersmissen","signer":"Leopold Vandersmissen","channel":"paper","signed_at":"2026-03-01T10:00:00+01:00"}}}})",
                       order, donor, number, customer);
}

std::string message(std::string_view type, std::string_view body, std::string_view receiver = "ALFA") {
    return fmt::format(R"({{"message":{{"header":{{"sender":{{"networkoperator":"BRAVO"}},"receiver":{{"networkoperator":"{}"}},"timestamp":"20260302090000"}},"body":{{"{}":{}}}}}}})", receiver, type, body);
}

std::string request_of(std::string_view dossier, std::string_view number, std::string_view receiver = "ALFA") {
    return message("portingrequest",
                   fmt::format(R"({{"dossierid":"{}","recipientnetworkoperator":"BRAVO","donornetworkoperator":"{}","customerinfo":{{"lastname":"Vandersmissen","companyname":"Zonnebloem","housenr":"17",)"
                               R"("postcode":"8300","customerid":"K-4711-90"}},"note":"Godelieve, Duinweg; mind the piano","repeats":[{{"seq":{{"numberseries":{{"start":"{}","end":"{}"}}}}}}]}})",
                               dossier, receiver, number, number),
                   receiver);
}

std::string event_of(std::string_view id, std::string_view type, std::string_view bytes) { return fmt::format("event: {}-v3\nid: {}\ndata: {}\n\n", type, id, bytes); }

/// A hub and a webhook's receiver that quote what they were sent in everything they answer, and say no to most.
class Gossip {
public:
    Gossip() : server_({}, {}, 2, [this](http::Request const& request, http::Respond const& respond) { answer(request, respond); }) {}
    std::string url() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }
    void wait_for(std::string const& what, int calls) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, 30s, [&] { return calls_[what] >= calls; })) throw SiegeError(fmt::format("{} was not called {} times", what, calls));
    }

private:
    struct Once final : http::StreamSource {
        explicit Once(std::string says) : left(std::move(says)) {}
        std::string left;
        std::string pull(std::size_t) override { return std::exchange(left, {}); }
        bool ended() const override { return left.empty(); }
    };
    /// What the hub tells: a request, another under its id, one of a type that is new, one that nobody can read, and one of a stranger.
    static std::string told() {
        return event_of("7", "portingrequest", request_of("BRAVO-00000007", "025501171")) + event_of("7", "portingrequest", request_of("BRAVO-00000008", "025501172")) +
               event_of("9", "novelty", request_of("BRAVO-00000009", "025501173")) + event_of("10", "cancel", R"({"message":{"header":"Godelieve Vandersmissen, 025501174)") +
               event_of("11", "cancel", message("cancel", R"({"dossierid":"Duinweg 025501175","note":"Leopold"})")) +
               event_of("12", "portingrequestanswer", message("portingrequestanswer", R"({"dossierid":"ALFA-0000001","blocking":"Y","blockingcode":"99","note":"not Godelieve but Leopold, 025501176"})"));
    }
    void answer(http::Request const& request, http::Respond const& respond) {
        std::string const path(request.path());
        auto const what = path == "/hook" ? "hook" : path.ends_with("/events") ? "events" : path.find("/confirmations/") != std::string::npos ? "confirmations" : "messages";
        int count = 0;
        {
            std::scoped_lock const lock(mutex_);
            count = ++calls_[what];
        }
        changed_.notify_all();
        if (what == std::string("events") && count % 2 == 0) return respond({403, {}, "no mail for Godelieve Vandersmissen", nullptr});
        if (what == std::string("events")) return respond({200, {{"Content-Type", "text/event-stream"}}, {}, std::make_shared<Once>(told())});
        if (what == std::string("hook")) return respond({500, {{"X-Seen", "Godelieve"}}, "no Godelieve Vandersmissen of +3225501171 here: " + request.body, nullptr});
        // first a page of some proxy, then a no in COIN's words, then a yes that is none
        auto const quoted = request.body + " of Godelieve Vandersmissen, Duinweg, 025501171 and +3225501172";
        if (count % 3 == 1) return respond({502, {{"Content-Type", "text/html"}}, "<html>" + quoted, nullptr});
        if (count % 3 == 2) return respond({400, {{"Content-Type", "application/json"}}, R"({"errors":[{"code":1000,"message":"Vandersmissen, Duinweg 17A, 025501171 is unknown"}]})", nullptr});
        respond({200, {}, "taken from Godelieve Vandersmissen, +3225501171", nullptr});
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, int> calls_;
    http::Server server_;
};

/// Calls of systems and people of the house: each is taken or refused as expected, so that each came where it should.
enum class Ends : unsigned { taken = 2, refused = 4 };
using enum Ends;

class Desk {
public:
    explicit Desk(House const& house) : house_(house) {}
    void asks(Ends ends, std::string const& method, std::string const& target, std::string const& body = {}, http::Headers headers = {}) {
        headers.emplace_back("Authorization", std::string("Bearer ") + token);
        headers.emplace_back("Content-Type", "application/json");
        headers.emplace_back("Idempotency-Key", fmt::format("Vandersmissen-{}", ++keys_));
        auto const response = http::Client({house_.url(), {}}).send(method, target, std::move(headers), body, 20s);
        if (response.status / 100 != static_cast<unsigned>(ends)) throw SiegeError(fmt::format("{} {} {} was answered {}: {}", method, target, body, response.status, response.body));
        last_ = response.body;
    }
    std::string const& last() const { return last_; }

private:
    House const& house_;
    std::string last_;
    int keys_ = 0;
};

void through_the_business_api(Desk& desk) {
    desk.asks(taken, "PUT", "/v1/blocks", R"({"first":"+3225500000","last":"+3225509999","holder":"ALFA"})");
    desk.asks(taken, "PUT", "/v1/contracts/C-1", contract_of("+3225501171"));
    desk.asks(taken, "GET", "/v1/contracts/C-1");
    if (desk.last().find("Godelieve Vandersmissen") == std::string::npos) throw SiegeError("the customer was not planted");
    desk.asks(refused, "PUT", "/v1/contracts/C-2", contract_of("+3225501171").substr(0, 60)); // cut within the name
    desk.asks(refused, "PUT", "/v1/contracts/C-2", R"({"klant":"Godelieve Vandersmissen","numbers":["025501171"]})");
    desk.asks(refused, "PUT", "/v1/contracts/Godelieve%20Vandersmissen", contract_of("+3225501171"));
    desk.asks(refused, "PUT", "/v1/contracts/C-3", contract_of("+3225501171")); // the number has a contract
    desk.asks(taken, "POST", "/v1/port-ins", order_of("O-1", "+3225501181"));
    desk.asks(refused, "POST", "/v1/port-ins", order_of("O-2", "+3225501181")); // the number is being ported
    desk.asks(refused, "POST", "/v1/port-ins", order_of("O-3", "025501182"));
    desk.asks(refused, "POST", "/v1/port-ins", order_of("O-4", "+3225501183", "NOBODY"));
    desk.asks(taken, "POST", "/v1/port-ins/check", order_of("O-5", "+3225501184"));
    desk.asks(taken, "POST", "/v1/ports/PI-000001/note", R"({"reason":"Leopold called from 025501185 about the piano"})");
    desk.asks(refused, "POST", "/v1/numbers/025501186/change", R"({"new_number":"+3225501187","reason":"Godelieve"})");
    desk.asks(refused, "POST", "/v1/numbers/+3225501186/change", R"({"new_number":"Leopold"})");
    desk.asks(refused, "POST", "/v1/numbers/%2B3225501186/change", R"({"new_number":"Leopold"})");
    desk.asks(taken, "POST", "/v1/numbers/+3225501171/change", R"({"at":"2027-03-01T09:00:00Z","new_number":"+3225501188","reason":"Godelieve asks"})");
    desk.asks(refused, "POST", "/v1/claims", R"({"port":"PI-000077","claimant":"Leopold Vandersmissen","channel":"letter of Duinweg"})");
    for (auto const* const target : {"/v1/find/+3225501171", "/v1/numbers/+3225501171", "/v1/ports?number=%2B3225501181"}) desk.asks(taken, "GET", target);
    desk.asks(refused, "GET", "/v1/contracts/Vandersmissen");
    desk.asks(refused, "GET", "/v1/ports?q=customer%3D%22Godelieve%22%20and%20(");
}

void through_the_wire(House const& house, Keys const& keys) {
    auto const send = [&](Ends ends, std::string const& type, std::string const& body, bool proven = true) {
        auto const path = wire_path + type;
        auto headers = keys.signed_by("BRAVO", "POST", path, proven ? body : "other bytes");
        headers.emplace_back("Content-Type", "application/json");
        auto const response = http::Client({house.url(), {}}).send("POST", path, std::move(headers), body);
        if (response.status / 100 != static_cast<unsigned>(ends)) throw SiegeError(fmt::format("{} {} was answered {}: {}", type, body, response.status, response.body));
    };
    send(taken, "portingrequest", request_of("BRAVO-00000001", "025501171"));
    send(taken, "portingrequest", request_of("BRAVO-00000001", "025501191"));           // other words for the same dossier
    send(taken, "portingrequest", request_of("BRAVO-00000002", "025501192", "NOBODY")); // who is not there
    send(refused, "portingrequest", request_of("Godelieve 025501193", "025501193"));
    send(refused, "portingrequest", request_of("BRAVO-00000003", "Duinweg"));
    send(refused, "portingrequest", request_of("BRAVO-00000004", "025501194").substr(0, 250));
    send(refused, "portingrequest", request_of("BRAVO-00000005", "025501195"), false);
    send(taken, "cancel", message("cancel", R"({"dossierid":"BRAVO-00000099","note":"Leopold, 025501196"})")); // waits for a request that does not come
}

void ask_the_daemon(Choices const& choices, House const& house, Folder const& folder, Net& net) {
    for (auto const* const target : {"/metrics", "/healthz", "/readyz"}) net.add(target, house.ask("GET", target).body);
    net.add("npctl daemon status", said_by({choices.npctl, "daemon", "status", "-o", "json", "--url", house.url()}, {{"NPCTL_TOKEN", token}}, folder));
}

void ask_of_the_file(Choices const& choices, House const& house, Folder const& folder, Net& net) {
    net.add("npctl daemon verify", said_by({choices.npctl, "daemon", "verify", "--deep", "--db", house.db()}, {}, folder));
    net.add("npod check", said_by({choices.npod, "check", "--config", house.config_file()}, {}, folder));
}

void edit(House const& house, std::string const& sql) { storage::sqlite::Database(house.db(), storage::sqlite::Database::Access::read_write).script(sql); }

/// Values that cannot be read, with people in them; then whatever says that they cannot.
void damage(Choices const& choices, House& house, Folder const& folder, Net& net) {
    edit(house, "UPDATE port SET customer = '{\"kind\":\"natural\",\"name\":\"Leopold Vandersmissen\"}', state = 'completed' WHERE id = 'PI-000001';"
                "UPDATE port SET state = 'cancelled' WHERE id = 'PO-000001';"
                "DELETE FROM port_count; INSERT INTO port_count SELECT settled, role, state, count(*) FROM port GROUP BY settled, role, state");
    ask_of_the_file(choices, house, folder, net);
    for (auto const* const said : {"port PI-000001: customer is not what the log brought", "port PO-000001: state is cancelled and should be "}) net.must_hold(said);
    edit(house, "UPDATE port SET customer = '{\"name\":\"Godelieve Vandersmissen\",\"street\":\"Duinweg'; UPDATE contract SET customer = '[\"Vandersmissen\"]';"
                "UPDATE delivery SET bytes = CAST(x'0001' || 'Godelieve Vandersmissen 025501171' AS BLOB)");
    ask_of_the_file(choices, house, folder, net);
    house.open();
    for (auto const* const target : {"/v1/ports/PI-000001", "/v1/contracts/C-1", "/metrics", "/healthz", "/readyz"}) {
        auto const answer = house.ask("GET", target);
        if (std::string_view(target).starts_with("/v1/") && answer.status != 500) throw SiegeError(std::string(target) + " was read although it is damaged");
        net.add(target, answer.body);
    }
    house.close();
    edit(house, "DROP TRIGGER event_is_not_edited; DROP TRIGGER event_is_erased_once; UPDATE event SET body = CAST('Godelieve Vandersmissen, +3225501171' AS BLOB) WHERE seq = 2");
    ask_of_the_file(choices, house, folder, net);
    house.begin();
    house.must_have_ended("exit status 78");
}

} // namespace

void people(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"ALFA", "BRAVO"});
    folder.write("hook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    Gossip gossip;
    House house(choices.npod, folder, "ALFA",
                fmt::format("clock = \"manual@2026-03-02T09:00:00+01:00\"\n[interchange]\nserve = true\nhub = \"{0}\"\nzone = \"Europe/Brussels\"\n"
                            "[[member]]\ncode = \"BRAVO\"\nsecret_files = [\"BRAVO.secret\"]\npublic_key_files = [\"BRAVO.pem\"]\n"
                            "[[webhook]]\nname = \"billing\"\nurl = \"{0}/hook\"\nsecret_files = [\"hook.secret\"]\n",
                            gossip.url()),
                {{"NPOD_LOG_LEVEL", "debug"}});
    house.open();
    Desk desk(house);
    Net net;
    through_the_business_api(desk);
    through_the_wire(house, keys);
    gossip.wait_for("messages", 3);
    gossip.wait_for("confirmations", 4);
    gossip.wait_for("hook", 2);
    desk.asks(taken, "POST", "/v1/clock/advance", R"({"by":"40d"})"); // deadlines pass, people are called
    ask_the_daemon(choices, house, folder, net);
    house.close();
    ask_of_the_file(choices, house, folder, net);
    damage(choices, house, folder, net);
    net.add("the log", house.said());
    for (auto const* const said : {"BRAVO-00000001", "+3225•••71", "NP_DELIVERY_FAILED", "NP_CONFIRMATION_FAILED", "NP_WEBHOOK_FAILING", "NP_CALL_REFUSED", "NP_MESSAGE_UNREADABLE",
                                   "NP_MESSAGE_CONTRADICTS", "NP_REQUEST_REFUSED", "is not fit to serve"})
        net.must_hold(said);
    std::vector<std::string> planted(personal.begin(), personal.end());
    if (choices.tamper) planted.emplace_back("BRAVO-00000001");
    net.must_hold_none(planted);
    fmt::print("{} kB were said, and nobody of {} texts is in them.\n", net.size() / 1024, planted.size());
}

} // namespace npod::siege
