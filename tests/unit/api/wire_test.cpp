// The interchange among several: whose dossier it is, who may call how often, how counterparts are, whose a number is.

#include "hub.hpp"

#include "api/consumer_limits.hpp"
#include "engine/replay.hpp"
#include "protocol/auth.hpp"

using namespace npod;
using namespace npod::test;
using namespace std::chrono_literals;

namespace {

OperatorCode const delta{"DELTA"};
constexpr auto base = "/number-portability/v3/dossiers/";

/// Three members, so that one can meddle in what two others do.
std::vector<api::InterchangeServer::Member> three() {
    return {{bravo, {}, belgian_profile()}, {charly, {}, belgian_profile()}, {delta, {}, belgian_profile()}};
}

/// What is agreed with an operator that fetches its messages here.
api::Counterpart agreed_with(OperatorCode const& code, coin::Profile profile = belgian_profile()) {
    api::Counterpart counterpart;
    counterpart.code = code;
    counterpart.way = "mailbox here";
    counterpart.username = code.text;
    counterpart.secrets = 2;
    counterpart.keys = 1;
    counterpart.profile = std::move(profile);
    return counterpart;
}

std::string stream_of(Hub& hub, std::string const& code) {
    return hub.open("operator=" + code).response.stream->pull(1'000'000);
}

} // namespace

TEST_CASE("a dossier belongs to its parties, at the hub already") {
    Hub hub(three());
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly)).status() == 200);
    // DELTA is no party: its cancel is taken, as the form is right, but reaches nobody and comes back.
    REQUIRE(hub.send("cancel", bytes_of(delta, charly, message::Cancel{DossierId{"BRAVO-00000001"}, {}})).status() == 200);
    CHECK(hub.waiting(charly) == 1);
    auto const told = stream_of(hub, "DELTA");
    CHECK(told.find("errorfound-v3") != std::string::npos);
    CHECK(told.find("NOT_YOUR_DOSSIER") != std::string::npos);
    // Nor may it begin the dossier anew, nor tell everybody that it was performed.
    REQUIRE(hub.send("portingrequest", request_from(delta, charly)).status() == 200);
    REQUIRE(hub.send("portingperformed",
                     bytes_of(delta, OperatorCode{"ALLO"},
                              message::Performed{DossierId{"BRAVO-00000001"}, delta, charly, {}, {{{3225501100}, {3225501100}}}}))
                .status() == 200);
    CHECK(hub.waiting(charly) == 1);
    auto const before_donor = hub.waiting(delta);
    // Its donor may not either: by what it would say everybody would route to it what BRAVO performs.
    REQUIRE(hub.send("portingperformed",
                     bytes_of(charly, OperatorCode{"ALLO"},
                              message::Performed{DossierId{"BRAVO-00000001"}, charly, charly, {}, {{{3225501100}, {3225501100}}}}))
                .status() == 200);
    CHECK(hub.waiting(bravo) == 0);
    CHECK(hub.waiting(delta) == before_donor);
    CHECK(hub.get("/v1/routing").at("/items").as_array().empty());
    // A complaint of a stranger is not passed on, and not complained about.
    auto const before = hub.waiting(delta);
    REQUIRE(hub.send("errorfound", bytes_of(delta, charly, message::ErrorFound{DossierId{"BRAVO-00000001"}, {{"", "1", "x"}}}))
                .status() == 200);
    CHECK(hub.waiting(charly) == 2); // the request, and what it was told of its own transfer
    CHECK(stream_of(hub, "CHARLY").find("NOT_YOUR_DOSSIER") != std::string::npos);
    CHECK(hub.waiting(delta) == before);
    // The parties go on undisturbed.
    REQUIRE(hub.send("pradelayed", bytes_of(charly, bravo, message::AnswerDelayed{DossierId{"BRAVO-00000001"}, charly, {}, {}}))
                .status() == 200);
    CHECK(hub.waiting(bravo) == 1);
}

TEST_CASE("every member, dossier and message: only the parties are heard") {
    // Four of each other's dossiers, all members, all messages that can be said of one: who is no party reaches nobody, and is told.
    std::vector<OperatorCode> const members{bravo, charly, delta};
    struct Dossier {
        std::string id;
        OperatorCode recipient, donor;
    };
    std::vector<Dossier> const dossiers{{"BRAVO-00000001", bravo, charly}, {"CHARLY-00000001", charly, bravo},
                                        {"CHARLY-00000002", charly, delta}, {"DELTA-00000001", delta, bravo}};
    porting::NumberRange const numbers{{3225501100}, {3225501109}};
    auto const bodies = [&](Dossier const& of, OperatorCode const& sender) {
        DossierId const id{of.id};
        return std::vector<message::Body>{message::Cancel{id, {}},
                                          message::Answer{id, {{{numbers}, {}, {}, {}, {}}}},
                                          message::AnswerDelayed{id, sender, {}, {}},
                                          message::ErrorFound{id, {{"", "1", "x"}}},
                                          message::Performed{id, of.recipient, of.donor, {}, {numbers}}};
    };
    int tried = 0;
    for (auto const& sender : members)
        for (auto const& of : dossiers) {
            auto const kinds = bodies(of, sender).size();
            for (std::size_t verb = 0; verb < kinds; ++verb) {
                Hub hub(three());
                for (auto const& each : dossiers) REQUIRE(hub.send("portingrequest", request_from(each.recipient, each.donor, each.id)).status() == 200);
                auto const body = bodies(of, sender)[verb];
                auto const type = std::string(message::type_of(body));
                bool const broadcast = type == "portingperformed";
                auto const& other = sender == of.recipient ? of.donor : of.recipient;
                std::map<std::string, std::int64_t> before;
                for (auto const& member : members) before[member.text] = hub.waiting(member);
                REQUIRE(hub.send(type, bytes_of(sender, broadcast ? OperatorCode{"ALLO"} : other, body)).status() == 200);
                bool const party = sender == of.recipient || sender == of.donor;
                bool const heard = broadcast ? sender == of.recipient : party;
                CAPTURE(sender.text);
                CAPTURE(of.id);
                CAPTURE(type);
                for (auto const& member : members) {
                    bool const gets = heard ? (broadcast ? member != sender : member == other)
                                            : member == sender && type != "errorfound"; // the complaint about it
                    CHECK(hub.waiting(member) - before[member.text] == (gets ? 1 : 0));
                }
                ++tried;
            }
        }
    CHECK(tried == 60);
}

TEST_CASE("a dossier with the hub itself is nobody else's either") {
    Hub hub(three());
    REQUIRE(hub.send("portingrequest", request_from(bravo, alfa)).status() == 200);
    REQUIRE(hub.send("portingperformed",
                     bytes_of(delta, OperatorCode{"ALLO"},
                              message::Performed{DossierId{"BRAVO-00000001"}, delta, alfa, {}, {{{3225501100}, {3225501100}}}}))
                .status() == 200);
    CHECK(hub.waiting(charly) == 0);
    CHECK(hub.get("/v1/routing").at("/items").as_array().empty());
}

TEST_CASE("what a stranger said of a dossier stays unheard when the log is told again") {
    Hub hub(three());
    auto const of_one = [](OperatorCode const& sender, std::string const& dossier) {
        return bytes_of(sender, OperatorCode{"ALLO"},
                        message::Performed{DossierId{dossier}, sender, charly, {}, {{{3225501100}, {3225501100}}}});
    };
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly)).status() == 200);
    REQUIRE(hub.send("portingperformed", of_one(delta, "BRAVO-00000001")).status() == 200); // DELTA is no party of it
    storage::Reader const reader(hub.folder.file("npod.db"));
    auto const rows = reader.head_seq();
    auto const told = engine::replay(reader, hub.rulebook, hub.settings, belgian_interchange(), {});
    CHECK(told.difference == "");
    CHECK(told.rows == rows);
    auto const routing = [](storage::Reader const& of) { return of.routing({}, 10).size(); };
    CHECK(routing(reader) == 0);
    CHECK(routing(told.ledger->reader_on_same_connection()) == 0);
    // the same word of a party is heard, now and when it is told again
    REQUIRE(hub.send("portingperformed", of_one(bravo, "BRAVO-00000001")).status() == 200);
    auto const again = engine::replay(reader, hub.rulebook, hub.settings, belgian_interchange(), {});
    CHECK(again.difference == "");
    CHECK(routing(again.ledger->reader_on_same_connection()) == 1);
}

// --------------------------------------------------------------------------------------------------------------- limits

TEST_CASE("calls of a consumer: a burst of two seconds' worth, then as many as come in time, each consumer for itself") {
    api::ConsumerLimits limits(10, 4);
    auto const now = at("2026-03-02T09:00:00Z");
    for (int i = 0; i < 20; ++i) CHECK(limits.admit(bravo, now));
    CHECK_FALSE(limits.admit(bravo, now));
    CHECK(limits.admit(charly, now));
    CHECK(limits.admit(bravo, now + 100ms)); // one in a tenth of a second
    CHECK_FALSE(limits.admit(bravo, now + 100ms));
    CHECK_FALSE(limits.admit(bravo, now - 1h)); // a clock that is set back gives nothing
    CHECK(limits.admit(bravo, now - 1h + 100ms));
    for (int i = 0; i < 20; ++i) CHECK(limits.admit(bravo, now + 1h)); // no more than the burst, however long the pause
    CHECK_FALSE(limits.admit(bravo, now + 1h));
}

TEST_CASE("who calls too often is told to wait, and the others are not touched") {
    Hub hub;
    api::InterchangeServer strict({.own = alfa,
                                   .members = {{bravo, {}, belgian_profile()}, {charly, {}, belgian_profile()}},
                                   .serve = true,
                                   .requests_per_second = 1},
                                  *hub.engine,
                                  [path = hub.folder.file("npod.db")] { return std::make_unique<storage::Reader>(path); },
                                  hub.clock);
    auto const send = [&](std::string const& dossier) {
        return ask(strict, {"POST", std::string(base) + "portingrequest", {}, request_from(bravo, charly, dossier), {}, {}});
    };
    CHECK(send("BRAVO-00000001").status() == 200);
    CHECK(send("BRAVO-00000002").status() == 200);
    auto const third = send("BRAVO-00000003");
    CHECK(third.status() == 429);
    CHECK(third.header("Retry-After") == "1");
    CHECK(third.at("/errors/0/code").as_int64() == 9999);
    CHECK(hub.waiting(charly) == 2);
    CHECK(ask(strict, {"GET", std::string(base) + "events?operator=CHARLY", {}, {}, {}, {}}).status() == 200);
}

TEST_CASE("the oldest stream of a consumer gives way, so that a dead connection locks nobody out") {
    Hub hub;
    std::vector<std::shared_ptr<http::StreamSource>> streams;
    for (std::size_t i = 0; i <= limits::streams_per_consumer_max; ++i) {
        streams.push_back(hub.open("operator=CHARLY").response.stream);
        streams.back()->pull(65'536);
    }
    CHECK(streams.front()->pull(65'536).empty());
    CHECK(streams.front()->ended());
    for (std::size_t i = 1; i < streams.size(); ++i) CHECK_FALSE(streams[i]->ended());
    CHECK_FALSE(hub.open("operator=BRAVO").response.stream->ended());
}

TEST_CASE("two thousand mailboxes are streamed at once, each its own messages") {
    std::vector<api::InterchangeServer::Member> members;
    for (int i = 0; i < 2'000; ++i) {
        auto digits = std::to_string(i);
        members.push_back({OperatorCode{"M" + std::string(4 - digits.size(), '0') + digits}, {}, belgian_profile()});
    }
    Hub hub(members);
    std::vector<std::shared_ptr<http::StreamSource>> streams;
    for (auto const& member : members) {
        streams.push_back(hub.open("operator=" + member.code.text).response.stream);
        CHECK(streams.back()->pull(65'536) == ":\n\n");
    }
    REQUIRE(hub.send("portingrequest", request_from(members[1].code, members[7].code)).status() == 200);
    for (std::size_t i = 0; i < streams.size(); ++i) CHECK(streams[i]->pull(65'536).empty() == (i != 7));
}

// ---------------------------------------------------------------------------------------------------------------- proof

TEST_CASE("where a client certificate is agreed, only its holder is believed") {
    auto const pair = protocol::generate_rsa_key_pair();
    std::vector<api::InterchangeServer::Member> members{
        {bravo, {bravo, "bravo-np", {"secret"}, {pair.public_pem}}, belgian_profile()},
        {charly, {charly, "charly-np", {"other"}, {pair.public_pem}}, belgian_profile()}};
    members[0].certificate = "urn:np:bravo";
    Hub hub(std::move(members));
    auto const status = [&](std::string const& user, std::string const& secret, std::string const& shown) {
        http::Request request{"GET", std::string(base) + "events", {}, {}, "192.0.2.7:4", shown};
        request.headers = protocol::sign({user, secret, pair.private_pem}, "GET", request.target, {}, hub.clock.now());
        return ask(hub.server, request).status();
    };
    CHECK(status("bravo-np", "secret", "urn:np:bravo") == 200);
    CHECK(status("bravo-np", "secret", "") == 401);
    CHECK(status("bravo-np", "secret", "urn:np:somebody") == 401);
    CHECK(status("charly-np", "other", "") == 200);             // none is agreed with CHARLY
    CHECK(status("charly-np", "other", "urn:np:bravo") == 401); // but it is not BRAVO
}

TEST_CASE("a call that is played again does no harm in its minute, and is refused after it") {
    auto const pair = protocol::generate_rsa_key_pair();
    Hub hub({{bravo, {bravo, "bravo-np", {"secret"}, {pair.public_pem}}, belgian_profile()},
             {charly, {charly, "charly-np", {"other"}, {pair.public_pem}}, belgian_profile()}});
    auto const bytes = request_from(bravo, charly);
    auto const headers = protocol::sign({"bravo-np", "secret", pair.private_pem}, "POST",
                                        std::string(base) + "portingrequest", bytes, hub.clock.now());
    auto const first = hub.send("portingrequest", bytes, headers);
    REQUIRE(first.status() == 200);
    auto const again = hub.send("portingrequest", bytes, headers);
    CHECK(again.response.body == first.response.body); // remembered: no second row, nothing sent twice
    CHECK(storage::Reader(hub.folder.file("npod.db")).head_seq() == 1);
    CHECK(hub.send("cancel", bytes, headers).status() == 401); // it proves this call and no other
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-02T09:01:01+01:00"})").status() == 200);
    CHECK(hub.send("portingrequest", bytes, headers).status() == 401);
}

TEST_CASE("keys are changed without a gap: old and new are both good until the old is taken away") {
    auto const old_key = protocol::generate_rsa_key_pair(), new_key = protocol::generate_rsa_key_pair();
    auto const status = [&](std::vector<std::string> secrets, std::vector<std::string> keys, std::string const& secret,
                            std::string const& key) {
        Hub hub({{bravo, {bravo, "bravo-np", std::move(secrets), std::move(keys)}, belgian_profile()}});
        auto const headers =
            protocol::sign({"bravo-np", secret, key}, "GET", std::string(base) + "events", {}, hub.clock.now());
        return hub.open("", headers).status();
    };
    std::vector<std::string> const both{"old", "new"}, both_keys{old_key.public_pem, new_key.public_pem};
    CHECK(status(both, both_keys, "old", old_key.private_pem) == 200);
    CHECK(status(both, both_keys, "new", new_key.private_pem) == 200);
    CHECK(status(both, both_keys, "new", old_key.private_pem) == 200); // one after the other
    CHECK(status({"new"}, {new_key.public_pem}, "old", new_key.private_pem) == 401);
    CHECK(status({"new"}, {new_key.public_pem}, "new", old_key.private_pem) == 401);
    CHECK(status({"new"}, {new_key.public_pem}, "new", new_key.private_pem) == 200);
}

// --------------------------------------------------------------------------------------------------------------- health

TEST_CASE("a counterpart's health: what it said, what waits, how its clock is") {
    Hub hub;
    engine::PeerHealth health(hub.clock);
    auto context = hub.context(&*hub.engine);
    context.counterparts = {agreed_with(bravo)};
    context.health = &health;
    hub.api.emplace(std::move(context));
    REQUIRE(hub.send("portingrequest", request_from(bravo, charly)).status() == 200); // its header says 09:00 Brussels
    REQUIRE(hub.send("errorfound", bytes_of(bravo, charly, message::ErrorFound{DossierId{"BRAVO-00000001"}, {{"", "1", "x"}}}))
                .status() == 200);
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-02T10:00:00+01:00"})").status() == 200);
    health.repeated(bravo);
    health.failed(bravo, "connection refused");
    auto const view = hub.get("/v1/operators/BRAVO/health");
    CHECK(view.text("/last_heard_at") == "2026-03-02T08:00:00Z");
    CHECK(view.at("/silent_ms").as_int64() == 3'600'000);
    CHECK(view.at("/messages").as_int64() == 2);
    CHECK(view.at("/errors_received").as_int64() == 1);
    CHECK(view.at("/clock_offset_ms").as_int64() == 0); // it said 09:00, and it was 09:00
    CHECK(view.at("/clock_samples").as_int64() == 1);
    CHECK(view.at("/duplicates").as_int64() == 1);
    CHECK(view.text("/last_error") == "connection refused");
    CHECK(view.text("/failing_since") == "2026-03-02T09:00:00Z");
    CHECK(hub.get("/v1/operators/CHARLY/health").at("/unconfirmed").as_int64() == 2);
    CHECK(hub.get("/v1/operators/CHARLY/health").text("/oldest_unconfirmed_at") == "2026-03-02T08:00:00Z");
    CHECK(hub.get("/v1/operators/BRAWO/health").status() == 404);
    auto const metrics = hub.get("/metrics").response.body;
    CHECK(metrics.find("npod_peer_failing{peer=\"BRAVO\"} 1\n") != std::string::npos);
    CHECK(metrics.find("npod_peer_duplicates_total{peer=\"BRAVO\"} 1\n") != std::string::npos);
    health.reached(bravo);
    CHECK(hub.get("/metrics").response.body.find("npod_peer_failing{peer=\"BRAVO\"} 0\n") != std::string::npos);
}

TEST_CASE("an operator's profile shows its codes with their standing, and no secret") {
    Hub hub;
    auto context = hub.context(&*hub.engine);
    auto agreed = belgian_profile();
    agreed.codes_assumed = false;
    agreed.blocking_codes = {{porting::Ground::name_address_mismatch, "63"}};
    agreed.quirks = {coin::Quirk::readable_times};
    context.counterparts = {agreed_with(bravo, agreed), agreed_with(charly)};
    hub.api.emplace(std::move(context));
    auto const view = hub.get("/v1/operators/BRAVO");
    CHECK(view.text("/codes") == "configured");
    CHECK(view.text("/zone") == "Europe/Brussels");
    CHECK(view.at("/secrets").as_int64() == 2);
    CHECK(view.text("/blocking_codes/0/wire") == "63");
    CHECK(view.text("/blocking_codes/0/ground") == "NAME_ADDRESS_MISMATCH");
    CHECK(hub.get("/v1/operators/CHARLY").text("/blocking_codes/0/standing") == "assumed");
    CHECK(hub.get("/v1/operators/CHARLY").at("/quirks").as_array().empty());
    CHECK(view.text("/quirks/0/name") == "readable-times");
    CHECK(hub.get("/v1/operators").at("/items").as_array().size() == 3); // ALFA, BRAVO, CHARLY
}

TEST_CASE("a quirk is taken from whom it is agreed with, for us alone; what is passed on is strict") {
    auto quirky = belgian_profile();
    quirky.quirks = {coin::Quirk::small_letters};
    Hub hub({{bravo, {}, quirky}, {charly, {}, belgian_profile()}});
    auto const odd = [](std::string bytes, std::string const& code, std::string const& small) {
        bytes.replace(bytes.find("\"" + code + "\""), code.size() + 2, "\"" + small + "\"");
        return bytes;
    };
    REQUIRE(hub.send("portingrequest", odd(request_from(bravo, alfa), "BRAVO", "bravo")).status() == 200);
    CHECK(hub.get("/v1/ports?role=port_out").text("/items/0/recipient") == "BRAVO");
    CHECK(hub.send("portingrequest", odd(request_from(bravo, charly), "BRAVO", "bravo")).status() == 400);
    CHECK(hub.send("portingperformed", odd(performed_from(bravo), "BRAVO", "bravo")).status() == 400); // to everybody
    CHECK(hub.send("portingrequest", odd(request_from(charly, alfa, "CHARLY-00000001"), "CHARLY", "charly")).status() == 400);
    CHECK(hub.waiting(charly) == 0);
}

TEST_CASE("a check needs a daemon") {
    Hub hub;
    CHECK(hub.post("/v1/operators/BRAVO/check", "").status() == 422);
    CHECK(hub.post("/v1/operators/NOBODY/check", "").status() == 404);
}

// -------------------------------------------------------------------------------------------------------------- routing

TEST_CASE("ports of others, deactivations and ranges move the routing table, and it is exported whole") {
    Hub hub;
    auto const say = [&](std::string const& type, OperatorCode const& from, message::Body body) {
        auto const reply = hub.send(type, bytes_of(from, OperatorCode{"ALLO"}, std::move(body)));
        CAPTURE(reply.response.body);
        REQUIRE(reply.status() == 200);
    };
    say("rangeactivation", charly,
        message::RangeChange{DossierId{"CHARLY-R1"}, charly, true, at("2026-03-02T08:00:00Z"), {{{3225501000}, {3225501999}}}, "1"});
    say("portingperformed", bravo,
        message::Performed{DossierId{"BRAVO-00000002"}, bravo, charly, {}, {{{3225501200}, {3225501204}}, {{3225501300}, {3225501300}}}});
    CHECK(hub.get("/v1/blocks").text("/items/0/operator") == "CHARLY");
    CHECK(hub.get("/v1/blocks").text("/items/0/last") == "+3225501999");
    auto const page = hub.get("/v1/routing?limit=1");
    CHECK(page.text("/items/0/first") == "+3225501200");
    CHECK(page.text("/items/0/last") == "+3225501204"); // neighbours of one port are one range
    CHECK(page.text("/items/0/operator") == "BRAVO");
    auto const next = hub.get("/v1/routing?limit=1&cursor=%2B3225501204");
    CHECK(page.text("/next") == "+3225501204");
    CHECK(next.text("/items/0/first") == "+3225501300");
    CHECK(next.at("/next").is_null());
    auto const csv = ask(*hub.api, {"GET", "/v1/routing", {{"Accept", "text/csv"}}, {}, {}, {}});
    REQUIRE(csv.response.stream);
    std::string text;
    while (!csv.response.stream->ended()) text += csv.response.stream->pull(65'536);
    CHECK(text == "first,last,operator,since\n+3225501200,+3225501204,BRAVO,2026-03-02T08:00:00Z\n"
                  "+3225501300,+3225501300,BRAVO,2026-03-02T08:00:00Z\n");
    // BRAVO gives one back: its block holder serves it again.
    say("deactivation", bravo, message::Deactivation{DossierId{"BRAVO-D1"}, bravo, charly, {{{3225501300}, {3225501300}}}});
    CHECK(hub.get("/v1/routing").at("/items").as_array().size() == 1);
    CHECK(hub.get("/v1/numbers/+3225501300").text("/serving") == "CHARLY");
    CHECK(hub.get("/v1/routing?cursor=nonsense").status() == 400);
}
