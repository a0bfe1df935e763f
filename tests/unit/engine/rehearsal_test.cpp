/// What would happen, played by the writer on a clock that nobody moves by hand, and undone.

#include "engine/engine.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>

using namespace npod;
using namespace npod::testing;

namespace {

/// As the system's clock is: not a manual one. It stands, and far ahead: the alarm asks the real one.
class Wall final : public Clock {
public:
    Moment now() const override { return at("2036-04-01 10:00"); }
};

/// ALFA's engine with one port-in of one number: answer due on Wednesday 2 April 2036 18:00.
struct Asked {
    Asked() {
        std::string pattern = (std::filesystem::temp_directory_path() / "npod_rehearsal_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        engine::Engine::Parts parts;
        parts.ledger = std::make_unique<storage::Ledger>(
            storage::OpenOptions{(folder / "npod.db").string(), OperatorCode{"ALFA"}, true});
        parts.rulebook = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
        parts.settings = {
            OperatorCode{"ALFA"}, {OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}}, porting::AutomaticAnswer::all, "ALFA"};
        parts.interchange = by_hub();
        parts.clock = &wall;
        parts.log = &log;
        engine.emplace(std::move(parts));
        REQUIRE(
            engine->ask(command_event("port.order", "", order_json({}, "o-1", wall.now()))).answer.refusals.empty());
    }
    ~Asked() {
        engine.reset();
        std::filesystem::remove_all(folder);
    }
    Wall wall;
    Log log{wall, Level::info, [](std::string_view) {}};
    std::filesystem::path folder;
    std::optional<engine::Engine> engine;
};

} // namespace

TEST_CASE_FIXTURE(Asked, "a rehearsal shows the world as it would be, and leaves it as it is") {
    auto const head = engine->status().head_seq;
    auto const due = engine->status().next_due;
    std::string then;
    engine::Rehearsal rehearsal{PortId{"PI-000001"}, {}, at("2036-04-03 09:00")};
    CHECK(engine->rehearse(rehearsal, [&](storage::Reader const& reader, std::int64_t before, engine::Result const&) {
        CHECK(before == head);
        then = reader.book().port(PortId{"PI-000001"})->state;
    }));
    CHECK(then == "answer_overdue");
    CHECK(engine->status().head_seq == head);
    CHECK(engine->status().next_due == due);
    storage::Reader const now((folder / "npod.db").string());
    CHECK(now.book().port(PortId{"PI-000001"})->state == "requested");

    rehearsal.event = command_event("port.cancel", "PI-000001", R"({"reason":"x"})");
    std::size_t messages = 0;
    engine->rehearse(rehearsal, [&](storage::Reader const& reader, std::int64_t, engine::Result const& result) {
        CHECK(result.answer.refusals.empty());
        messages = reader.deliveries_of(PortId{"PI-000001"}).size();
    });
    CHECK(messages == 2); // the request, and the cancel that nobody will ever send
    CHECK(now.deliveries_of(PortId{"PI-000001"}).size() == 1);
}

TEST_CASE_FIXTURE(Asked, "what a watcher throws reaches whoever asked, and the engine works on") {
    engine::Rehearsal const rehearsal{PortId{"PI-000001"}, {}, at("2036-04-03 09:00")};
    CHECK_THROWS_AS(engine->rehearse(rehearsal, [](auto const&...) { throw std::runtime_error("enough"); }),
                    std::runtime_error);
    CHECK(engine->ask(command_event("port.cancel", "PI-000001", R"({"reason":"x"})")).answer.refusals.empty());
    engine->stop();
    CHECK_FALSE(engine->rehearse(rehearsal, [](auto const&...) {}));
}
