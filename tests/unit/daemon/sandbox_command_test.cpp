/// npod sandbox from its command line: what cannot be used is refused with 2 before anything is said to anybody.

#include "daemon/exit_code.hpp"
#include "daemon/sandbox_command.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::daemon;
using npod::testing::Folder;

namespace {

/// Right in everything; nobody listens at that address.
SandboxFlags right() {
    SandboxFlags flags;
    flags.part = "recipient", flags.own = "BRAVO", flags.tested = "ALFA";
    flags.hub = "http://127.0.0.1:1";
    flags.numbers = "+3225501100..+3225501109,+3225501200";
    flags.patience = 20; // three times this until nobody is there
    return flags;
}

} // namespace

TEST_CASE("a tested side that is not there is a finding, not a success") {
    CHECK(run_sandbox(right()) == exit_code::findings);
}

TEST_CASE("each flag that cannot be used ends it with 2") {
    Folder const folder;
    auto const secret = folder.write("secret", "s", true);
    auto const scenario = folder.write("mine.scene", "scene x as king\n");
    auto const refused = [](auto change) {
        auto flags = right();
        change(flags);
        return run_sandbox(flags) == exit_code::usage;
    };
    CHECK(refused([](auto& f) { f.part = "king"; }));
    CHECK(refused([](auto& f) { f.own = "bravo"; }));
    CHECK(refused([](auto& f) { f.tested = ""; }));
    CHECK(refused([](auto& f) { f.hub = ""; }));               // neither
    CHECK(refused([](auto& f) { f.listen = "127.0.0.1:0"; })); // both
    CHECK(refused([](auto& f) { f.part = "hub"; }));           // a hub is called
    CHECK(refused([](auto& f) { f.numbers = ""; }));
    CHECK(refused([](auto& f) { f.numbers = "025501100"; })); // no E.164
    CHECK(refused([](auto& f) { f.numbers = "+3225501109..+3225501100"; }));
    CHECK(refused([](auto& f) { f.clock = "manual"; })); // at which time?
    CHECK(refused([](auto& f) { f.zone = "Europe/Brussel"; }));
    CHECK(refused([](auto& f) { f.faults = "slience"; }));
    CHECK(refused([](auto& f) { f.output = "xml"; }));
    CHECK(refused([](auto& f) { f.patience = 0; }));
    CHECK(refused([&](auto& f) { f.secret_file = secret; })); // and no key
    CHECK(refused([&](auto& f) { f.scenario = scenario; }));
    CHECK(refused([&](auto& f) { f.scenario = folder.path("none.scene"); }));
}

TEST_CASE("a scenario of one's own is played instead of what ships") {
    Folder const folder;
    auto flags = right();
    flags.scenario = folder.write("mine.scene", "scene mine as recipient\n  request\n  taken\n");
    flags.faults = "mine";
    CHECK(run_sandbox(flags) == exit_code::findings); // known, and nobody is there
    flags.faults = "plain";
    CHECK(run_sandbox(flags) == exit_code::usage); // ships, but is not of this file
}

TEST_CASE("the help names every fault in 80 columns") {
    auto const help = sandbox_help();
    for (std::size_t at = 0; at < help.size();) {
        auto const end = help.find('\n', at);
        CHECK_MESSAGE(end - at <= 80, help.substr(at, end - at));
        at = end + 1;
    }
    for (auto const* fault : {"silence", "half-open", "split-answer", "bad-signature"})
        CHECK(help.find(fault) != std::string::npos);
}
