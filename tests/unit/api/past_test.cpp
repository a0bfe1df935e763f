// A past moment: what was known then, what had happened by then and was learned later, and what set each deadline.

#include "hub.hpp"

#include "api/back_room.hpp"
#include "api/time_machine.hpp"

#include <future>
#include <thread>

using namespace npod;
using namespace npod::test;

namespace {

/// One number, agreed for Tuesday 3 March 09:00 (08:00Z). The network had it done at 10:00 (09:00Z), and said so a day
/// later.
struct ToldLate : Hub {
    ToldLate() {
        post("/v1/port-ins", R"({"order_id":"o-1","donor":"BRAVO","network":"fixed","numbers":["+3225501100"],
            "customer":{"kind":"legal","name":"Acme NV"},"contract_id":"new-1","mandate":{"id":"M","titular":"Acme NV","signer":"An",
            "channel":"sms","signed_at":"2026-03-01T08:00:00Z"}})");
    }
    void carry_out() {
        porting::Number const number{3225501100};
        message::Answer const answer{DossierId{get("/v1/ports/PI-000001").text("/dossier")},
                                     {{{number, number}, {}, {}, test::at("2026-03-03T09:00:00+01:00"), {}}}};
        REQUIRE(send("portingrequestanswer", bytes_of(bravo, alfa, answer)).status() == 200);
        REQUIRE(post("/v1/clock/advance", R"({"to":"2026-03-04T10:00:00+01:00"})").status() == 200);
        REQUIRE(post("/v1/ports/PI-000001/activation",
                     R"({"done":{"at":"2026-03-03T10:00:00+01:00"},"reason":"told late"})")
                    .status() == 200);
    }
};

} // namespace

TEST_CASE("a deadline names what set it, with both its times") {
    ToldLate hub;
    auto const why = hub.get("/v1/ports/PI-000001/why");
    CAPTURE(why.response.body);
    CHECK(why.text("/deadlines/0/trigger/kind") == "port.order");
    CHECK(why.text("/deadlines/0/trigger/happened_at") == "2026-03-02T08:00:00Z");
    CHECK(why.text("/deadlines/0/trigger/learned_at") == "2026-03-02T08:00:00Z");
    CHECK_FALSE(hub.get("/v1/ports/PI-000001").text("/deadlines/0/waits_for").empty());
    CHECK_FALSE(hub.get("/v1/ports").text("/items/0/on_expiry").empty());
}

TEST_CASE("a message that was long under way shows when its sender says that it sent it, and when it came") {
    // BRAVO wrote its answer on Monday 2 March at 09:00 (08:00Z); it reached us an hour later. The law counts from when it came.
    ToldLate hub;
    REQUIRE(hub.post("/v1/clock/advance", R"({"to":"2026-03-02T10:00:00+01:00"})").status() == 200);
    porting::Number const number{3225501100};
    message::Answer const answer{DossierId{hub.get("/v1/ports/PI-000001").text("/dossier")},
                                 {{{number, number}, {}, {}, test::at("2026-03-03T09:00:00+01:00"), {}}}};
    REQUIRE(hub.send("portingrequestanswer", bytes_of(bravo, alfa, answer)).status() == 200);
    auto const why = hub.get("/v1/ports/PI-000001/why");
    CAPTURE(why.response.body);
    CHECK(why.text("/deadlines/0/trigger/kind") == "message.portingrequestanswer");
    CHECK(why.text("/deadlines/0/trigger/happened_at") == "2026-03-02T08:00:00Z");
    CHECK(why.text("/deadlines/0/trigger/learned_at") == "2026-03-02T09:00:00Z");
    auto const then = hub.get("/v1/ports/PI-000001?as_of=2026-03-02T08:30:00Z");
    CHECK(then.text("/learned_later/0/kind") == "message.portingrequestanswer");
}

TEST_CASE("a past moment shows what was known then, and besides what was learned later") {
    ToldLate hub;
    hub.carry_out();
    for (auto const* const part : {"", "/why", "/compensation"}) {
        CAPTURE(part);
        std::string const path = std::string("/v1/ports/PI-000001") + part;
        auto const noon = hub.get(path + "?as_of=2026-03-03T11:00:00Z");
        REQUIRE(noon.at("/learned_later").as_array().size() == 1);
        CHECK(noon.text("/learned_later/0/kind") == "port.activation");
        CHECK(noon.text("/learned_later/0/happened_at") == "2026-03-03T09:00:00Z");
        CHECK(noon.text("/learned_later/0/learned_at") == "2026-03-04T09:00:00Z");
        CHECK(hub.get(path + "?as_of=2026-03-03T08:30:00Z").at("/learned_later").as_array().empty()); // it had not
                                                                                                      // happened
        CHECK(hub.get(path + "?as_of=2026-03-04T09:00:00Z").at("/learned_later").as_array().empty()); // it was known
        CHECK(hub.get(path).body.as_object().if_contains("learned_later") == nullptr);
    }
    auto const noon = hub.get("/v1/ports/PI-000001?as_of=2026-03-03T11:00:00Z");
    CHECK(noon.text("/state") == "activating"); // as far as was known
    CHECK_FALSE(noon.header("ETag").empty());
}

TEST_CASE("numbers, contracts and residues tell besides what was learned later, too") {
    ToldLate hub;
    REQUIRE(hub.put("/v1/contracts/new-1", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed","numbers":["+3225501190"]})").status() == 201);
    hub.carry_out();
    for (auto const* const path : {"/v1/numbers/%2B3225501100", "/v1/contracts/new-1", "/v1/ports/PI-000001/residue"}) {
        CAPTURE(path);
        auto const noon = hub.get(std::string(path) + "?as_of=2026-03-03T11:00:00Z");
        CAPTURE(noon.response.body);
        REQUIRE(noon.status() == 200);
        REQUIRE(noon.at("/learned_later").as_array().size() == 1);
        CHECK(noon.text("/learned_later/0/kind") == "port.activation");
        CHECK(noon.text("/learned_later/0/learned_at") == "2026-03-04T09:00:00Z");
        CHECK(hub.get(std::string(path) + "?as_of=2026-03-03T08:30:00Z").at("/learned_later").as_array().empty());
        CHECK(hub.get(path).body.as_object().if_contains("learned_later") == nullptr);
    }
    CHECK(hub.get("/v1/numbers/%2B3225501100?as_of=2026-03-03T11:00:00Z").text("/state") == "unknown"); // as far as was known
    CHECK_FALSE(hub.get("/v1/contracts/new-1?as_of=2026-03-03T11:00:00Z").header("ETag").empty());
}

TEST_CASE("who asks for the past holds nobody up but his like") {
    ToldLate hub;
    auto const thread_of = [&](std::string const& target) {
        std::promise<std::thread::id> who;
        hub.api->handle({"GET", target, {}, {}, "127.0.0.1:50000", {}},
                        [&](http::Response const&) { who.set_value(std::this_thread::get_id()); });
        return who.get_future().get();
    };
    CHECK(thread_of("/v1/ports") == std::this_thread::get_id()); // as a server's thread: at once
    CHECK(thread_of("/v1/ports?as_of=2026-03-02T08:00:00Z") != std::this_thread::get_id());
    CHECK(thread_of("/v1/events?as_of=2026-03-02T08:00:00Z") != std::this_thread::get_id());
}

TEST_CASE("a daemon tells only so many rows again, counted up to the moment that is asked for") {
    ToldLate hub;
    hub.carry_out();
    storage::Reader const reader(hub.folder.file("npod.db"));
    auto const rows = reader.head_seq();
    REQUIRE(rows > 3);
    auto const last = reader.log_row(rows)->learned_at;
    CHECK(api::TimeMachine::is_too_far(last, reader, 3));
    CHECK_FALSE(api::TimeMachine::is_too_far(last, reader, rows)); // all of them, and no more
    CHECK_FALSE(api::TimeMachine::is_too_far(reader.log_row(1)->learned_at - Duration{1}, reader, 0)); // nothing was known yet
}

TEST_CASE("the back room does one thing after the other, takes no more than it has room for, and lets go of what waits") {
    std::promise<void> begun, go_on;
    std::string done;
    api::BackRoom room(2);
    REQUIRE(room.take([&] {
        begun.set_value();
        go_on.get_future().wait();
        done += "1";
    }));
    begun.get_future().wait();
    CHECK(room.take([&] { done += "2"; }));
    CHECK(room.take([&] { done += "3"; }));
    CHECK_FALSE(room.take([&] { done += "4"; })); // two wait already
    std::promise<void> all;
    go_on.set_value();
    while (!room.take([&] { all.set_value(); })) std::this_thread::yield(); // until there is room again
    all.get_future().wait();
    CHECK(done == "123");
    room.stop();
    CHECK_FALSE(room.take([] {}));
}
