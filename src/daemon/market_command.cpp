/// `npod sandbox` without flags: the market of market.hpp with the story of market_story.hpp, until Ctrl-C.

#include "daemon/market_command.hpp"

#include "base/fault.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/market_story.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdlib.h> // mkdtemp is POSIX

namespace npod::daemon {

namespace {

/// Goes away with us.
class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "npod-sandbox-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw ConfigFault("no folder can be made in " + std::filesystem::temp_directory_path().string() + "; name another with TMPDIR");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

sigset_t held_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int const one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, one);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr); // every thread started later inherits this
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

void say(std::string const& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void tell_what_to_try(Market& market, MarketStory& story) {
    fmt::print("\nA market of your own, in a browser or by npctl. Time stands still until you move\n"
               "it, for all three at once:\n"
               "  ALFA   {0}   wins numbers\n  BRAVO  {1}   loses them\n  HUB    {2}   carries what they say\n\n"
               "Try, in another terminal:\n"
               "  npctl --url {0} port list\n"
               "  npctl --url {0} port why {3}\n"
               "  npctl --url {0} clock advance 2wd\n\n"
               "Two orders wait for you: {4} at ALFA's desk and {5} at BRAVO's.\n"
               "  npctl --url {1} port answer {5} --accept --reason checked\n"
               "Ctrl-C ends the market and leaves nothing behind.\n\n",
               market.url("ALFA"), market.url("BRAVO"), market.url("HUB"), story.port_of("ALFA", "nova-1"), story.port_of("ALFA", "retour-1"),
               story.port_of("BRAVO", "pont-1"));
    std::fflush(stdout);
}

} // namespace

int run_market() {
    auto const signals = held_signals();
    try {
        Folder const folder;
        Market market(folder.path(), MarketStory::beginning());
        MarketStory story(market, say);
        say("On Monday five customers change operator.");
        story.begin();
        tell_what_to_try(market, story);
        constexpr timespec nap{.tv_sec = 0, .tv_nsec = 100'000'000};
        while (sigtimedwait(&signals, nullptr, &nap) < 0) story.go_on();
        say("\nAll three have ended well.");
        return exit_code::ok;
    } catch (ConfigFault const& fault) {
        fmt::print(stderr, "npod sandbox: {}\n", fault.what());
        return exit_code::usage;
    } catch (Fault const& fault) {
        fmt::print(stderr, "npod sandbox: {}\n", fault.what());
        return exit_code::unavailable;
    }
}

} // namespace npod::daemon
