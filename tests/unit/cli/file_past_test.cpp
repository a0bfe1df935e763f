/// The past of a database file, told without a daemon by the settings that the daemon left in it.

#include "api/plain_interchange.hpp"
#include "cli/transport.hpp"
#include "engine/engine.hpp"
#include "porting/messages.hpp"
#include "protocol/business/decode.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "storage/values_json.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdlib.h> // mkdtemp is POSIX

using namespace npod;

namespace {

Moment at(std::string_view text) { return *parse_rfc3339(text); }

/// A file in which BRAVO asked ALFA for a number at ten, and ALFA's machine answered; the contract had come at nine.
class Written {
public:
    Written() {
        std::string pattern = (std::filesystem::temp_directory_path() / "npod-past-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        engine::Engine::Parts parts;
        parts.ledger = std::make_unique<storage::Ledger>(storage::OpenOptions{path(), OperatorCode{"ALFA"}, true});
        parts.rulebook = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
        parts.settings = {OperatorCode{"ALFA"}, {OperatorCode{"BRAVO"}}, porting::AutomaticAnswer::all, "ALFA"};
        parts.interchange = api::plain_interchange();
        parts.clock = parts.manual = &clock_;
        parts.log = &log_;
        engine::Engine engine(std::move(parts));
        std::string const contract =
            R"({"customer":{"kind":"legal","name":"Acme NV"},"network":"fixed","numbers":["+3225501100"]})";
        tell(engine, "contract.put", "C-1", contract,
             *protocol::business::decode_command("contract.put", "C-1", contract));
        clock_.advance_to(at("2026-03-02T10:00:00+01:00"));
        porting::message::PortRequest const request{DossierId{"BRAVO-1"},
                                                    OperatorCode{"BRAVO"},
                                                    OperatorCode{"ALFA"},
                                                    {{{3225501100}, {3225501100}}},
                                                    {},
                                                    true,
                                                    {}};
        auto const bytes = api::plain_interchange()
                               .encode({OperatorCode{"BRAVO"}, OperatorCode{"ALFA"}, {}, request, {}}, clock_.now())
                               .bytes;
        tell(engine, "message.portingrequest", "", bytes,
             api::plain_interchange().decode(OperatorCode{"BRAVO"}, "portingrequest", bytes, clock_.now()));
        engine.stop();
    }
    ~Written() { std::filesystem::remove_all(folder_); }
    std::string path() const { return (folder_ / "npod.db").string(); }
    http::Response get(std::string const& target) const { return cli::to_file(path())->send("GET", target, {}, {}); }

private:
    void tell(engine::Engine& engine, std::string kind, std::string key, std::string body, porting::input::Any input) {
        engine::Event event;
        event.source = kind.starts_with("message.") ? "wire:BRAVO" : "api:test";
        event.kind = std::move(kind);
        event.key = std::move(key);
        event.body = std::move(body);
        event.input = std::move(input);
        REQUIRE(engine.ask(std::move(event)).answer.refusals.empty());
    }

    std::filesystem::path folder_;
    ManualClock clock_{at("2026-03-02T09:00:00+01:00")};
    Log log_{clock_, Level::info, [](std::string_view) {}};
};

} // namespace

TEST_CASE("what was known at a moment is read from the file alone") {
    Written const file;
    CHECK(file.get("/v1/ports").body.find("PO-000001") != std::string::npos);
    auto const before = file.get("/v1/ports?as_of=2026-03-02T08:30:00Z"); // half past nine: nobody had asked
    CHECK(before.status == 200);
    CHECK(before.body.find("PO-000001") == std::string::npos);
    CHECK(file.get("/v1/contracts/C-1?as_of=2026-03-02T08:30:00Z").status == 200);
    CHECK(file.get("/v1/ports/PO-000001?as_of=2026-03-02T09:00:00Z").status == 200);
}

TEST_CASE("a past that comes out differently is not shown") {
    Written const file;
    {
        storage::Ledger ledger({file.path(), OperatorCode{"ALFA"}, false});
        auto settings = storage::settings_from_json(ledger.meta("settings"));
        CHECK(settings.operators.contains(OperatorCode{"BRAVO"}));
        settings.automatic = porting::AutomaticAnswer::none; // as if a person had answered
        ledger.begin();
        ledger.set_meta("settings", storage::to_json(settings));
        ledger.commit();
    }
    auto const told = file.get("/v1/ports?as_of=2026-03-02T09:00:00Z");
    CHECK(told.status == 422);
    CHECK(told.body.find("cannot be told with the configuration of now") != std::string::npos);
    CHECK(file.get("/v1/ports").status == 200); // the present needs no telling
}
