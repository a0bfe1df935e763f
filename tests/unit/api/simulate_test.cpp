// What would happen: rehearsed by the engine that would do it, and undone to the last byte.

#include "hub.hpp"

#include "engine/inputs.hpp"
#include "engine/replay.hpp"

#include <fstream>
#include <iterator>

using namespace npod;
using namespace npod::test;

namespace {

/// One number asked for on Monday 2 March 09:00 and awaited: answer due on Tuesday 18:00, planned for Wednesday 18:00,
/// right from Thursday the 5th 18:00.
struct Asked : Hub {
    Asked() {
        REQUIRE(post("/v1/port-ins", R"({"order_id":"o-1","donor":"BRAVO","network":"fixed","numbers":["+3225501100"],
            "customer":{"kind":"legal","name":"Acme NV"},"contract_id":"new-1","mandate":{"id":"M","titular":"Acme NV","signer":"An",
            "channel":"sms","signed_at":"2026-03-01T08:00:00Z"}})")
                    .status() == 201);
        porting::input::DeliveryReport const report{1, porting::input::DeliveryReport::What::taken, "HUB-1", {}};
        engine->ask(engine::delivery_event(report, OperatorCode{"HUB"}));
    }
    Reply simulate(std::string const& body) { return post("/v1/ports/PI-000001/simulate", body); }
    std::string bytes(std::string_view name) {
        std::ifstream file(folder.file(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

} // namespace

TEST_CASE("silence until a day: deadlines fire on the way, money grows, and nothing of it has happened") {
    Asked hub;
    auto const before = hub.get("/v1/ports/PI-000001").response.body;
    auto const timers = hub.get("/v1/timers").response.body;
    auto const file = hub.bytes("npod.db"), log = hub.bytes("npod.db-wal");
    auto const head = hub.engine->status().head_seq;

    auto const played = hub.simulate(R"({"event":"silence","at":"2026-03-09T09:00:00+01:00"})");
    CAPTURE(played.response.body);
    REQUIRE(played.status() == 200);
    CHECK(played.text("/before/state") == "awaiting_answer");
    CHECK(played.text("/after/state") == "answer_overdue");
    // Tuesday 18:00 the donor is late, Thursday 18:00 the right begins, and a reminder on each of the three days after
    // Tuesday
    CHECK(played.at("/steps").as_array().size() == 5);
    CHECK(played.text("/steps/0/learned_at") == "2026-03-03T17:00:00Z");
    CHECK(played.text("/after/total/text") == "12.00 EUR"); // the 6th, 7th, 8th and 9th
    CHECK(played.text("/compensation/caused/0/causer") == "donor");
    CHECK(played.text("/then/deadlines/0/timer") == "reminder");

    CHECK(hub.engine->status().head_seq == head);
    CHECK(hub.get("/v1/ports/PI-000001").response.body == before);
    CHECK(hub.get("/v1/timers").response.body == timers);
    CHECK(hub.bytes("npod.db") == file);
    CHECK(hub.bytes("npod.db-wal") == log);
    CHECK(hub.engine->now() == at("2026-03-02T09:00:00+01:00"));
    storage::Reader const reader(hub.folder.file("npod.db"));
    CHECK(engine::replay(reader, hub.rulebook, hub.settings, belgian_interchange(), {}).difference == "");
}

TEST_CASE("the donor's answers, by the names of the machine") {
    Asked hub;
    auto const yes = hub.simulate(
        R"({"event":"acceptance_received","at":"2026-03-03T10:00:00+01:00","first_possible_at":"2026-03-04T09:00:00+01:00"})");
    CHECK(yes.text("/after/state") == "scheduled");
    CHECK(yes.text("/then/deadlines/0/due") == "2026-03-04T08:00:00Z");
    CHECK(hub.simulate(R"({"event":"refusal_received","grounds":["WRONG_ACCOUNT"]})").text("/after/state") ==
          "refused");
    auto const later = hub.simulate(
        R"({"event":"postponement_received","grounds":["TECHNICAL"],"until":"2026-03-12T09:00:00+01:00"})");
    CHECK(later.text("/after/state") == "postponed");
    CHECK(hub.simulate(R"({"event":"delay_announced","until":"2026-03-05T12:00:00+01:00"})").text("/after/state") ==
          "answer_announced_late");
    CHECK(hub.simulate(R"({"event":"filed"})").text("/steps/0/moves/0/event") == "filed");
    CHECK(hub.get("/v1/ports/PI-000001").text("/state") == "awaiting_answer");
}

TEST_CASE("what would be refused is said, and what cannot be asked names what can") {
    Asked hub;
    auto const early = hub.simulate(R"({"event":"activation_done","at":"2026-03-03T10:00:00+01:00"})");
    CHECK(early.status() == 200);
    CHECK(early.at("/refused").as_array().size() == 1);
    CHECK(early.text("/after/state") == "awaiting_answer");
    auto const unknown = hub.simulate(R"({"event":"acceptance_recieved"})");
    CHECK(unknown.status() == 400);
    CHECK(unknown.response.body.find("Did you mean \\\"acceptance_received\\\"?") != std::string::npos);
    CHECK(hub.simulate(R"({"event":"silence","at":"2026-03-01T09:00:00+01:00"})").status() == 422);
    CHECK(hub.simulate(R"({"event":"silence","at":"2036-03-01T09:00:00+01:00"})").status() == 422);
    CHECK(hub.simulate(R"({"event":"silence","wehn":"2026-03-03T09:00:00+01:00"})").status() == 400);
    CHECK(hub.simulate(R"({"event":"reschedule_requested","to":"soon"})").status() == 400);
    CHECK(hub.post("/v1/ports/PI-000009/simulate", R"({"event":"silence"})").status() == 404);
    api::Api file(hub.context(nullptr));
    auto const read_only = ask(
        file, {"POST", "/v1/ports/PI-000001/simulate", {{"Idempotency-Key", "k"}}, R"({"event":"silence"})", {}, {}});
    CHECK(read_only.text("/type") == "urn:npod:problem:read_only");
}

TEST_CASE("as the donor: what a transfer would do to the contract") {
    Hub hub({{bravo, {}, belgian_profile()}}, porting::AutomaticAnswer::none);
    REQUIRE(hub.put("/v1/contracts/C-1", R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed",
        "numbers":[{"first":"+3225501100","last":"+3225501109"}]})")
                .status() == 201);
    REQUIRE(hub.send("portingrequest", request_from(bravo, alfa)).status() == 200);
    auto const port = hub.get("/v1/ports?role=port_out").text("/items/0/id");
    auto const yes = hub.post("/v1/ports/" + port + "/simulate",
                              R"({"event":"acceptance_decided","first_possible_at":"2026-03-04T09:00:00+01:00"})");
    CAPTURE(yes.response.body);
    CHECK(yes.text("/after/state") == "awaiting_execution");
    CHECK(yes.at("/contracts").as_array().empty()); // never by an answer
    REQUIRE(
        hub.post("/v1/ports/" + port + "/answer", R"({"decisions":[{"accept":{"at":"2026-03-04T09:00:00+01:00"}}]})")
            .status() == 200);
    auto const gone = hub.post("/v1/ports/" + port + "/simulate",
                               R"({"event":"performed_received","at":"2026-03-04T09:00:00+01:00"})");
    CAPTURE(gone.response.body);
    CHECK(gone.text("/after/state") == "executed");
    REQUIRE(gone.at("/contracts").as_array().size() == 1);
    CHECK(gone.text("/contracts/0/to") == "ended");
    CHECK(gone.at("/numbers").as_array().size() == 10);
    CHECK(hub.get("/v1/contracts/C-1").text("/state") == "active");
}
