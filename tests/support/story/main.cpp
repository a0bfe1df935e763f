/// npod_story: plays stories between real npod processes over real HTTP.
///
///   npod_story --npod PATH STORY                        plays it and checks everything it says
///   npod_story --npod PATH --demo [--exit] STORY        tells it, and leaves the daemons running (or not)
///   npod_story --npod PATH --crash every-commit STORY   plays it twice: undisturbed, and with each daemon killed
///   before and after each
///                                                       of its commits; both must end the same
///   npod_story --npod PATH --crash random [--seed N] [--kills K] STORY
///
/// Exit status: 0 it came true; 1 it did not; 2 it was called wrongly.

#include "base/fault.hpp"
#include "player.hpp"
#include "record.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include <unistd.h>

namespace {

using namespace npod::story;

struct Choices {
    std::string program, story, npctl = "npctl";
    bool demo = false, exit = false;
    Crash crash = Crash::never;
    unsigned seed = 1;
    int kills = 25;
};

[[noreturn]] void usage(std::string const& why) {
    std::cerr << "npod_story: " << why
              << "\nUsage: npod_story --npod PATH [--npctl PATH] [--demo [--exit]] [--crash every-commit | --crash "
                 "random [--seed N] [--kills K]] STORY\n";
    std::exit(2);
}

Choices read_arguments(int count, char** words) {
    Choices choices;
    for (int i = 1; i < count; ++i) {
        std::string const word = words[i];
        auto const value = [&]() -> std::string {
            if (i + 1 >= count) usage(word + " wants a value");
            return words[++i];
        };
        if (word == "--npod")
            choices.program = value();
        else if (word == "--npctl")
            choices.npctl = value();
        else if (word == "--demo")
            choices.demo = true;
        else if (word == "--exit")
            choices.exit = true;
        else if (word == "--seed")
            choices.seed = static_cast<unsigned>(std::stoul(value()));
        else if (word == "--kills")
            choices.kills = std::stoi(value());
        else if (word == "--crash") {
            auto const how = value();
            if (how != "every-commit" && how != "random") usage("--crash is every-commit or random");
            choices.crash = how == "random" ? Crash::random : Crash::every_commit;
        } else if (word.starts_with("-"))
            usage("there is no flag " + word);
        else
            choices.story = word;
    }
    if (choices.program.empty()) usage("--npod is missing: the path of the daemon's program");
    if (choices.story.empty()) usage("no story is named, such as tests/scenarios/whole.story");
    return choices;
}

/// A folder of our own. It goes away with us, but stays, and says so, when the story failed.
class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "npod-story-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw StoryError("cannot make a folder in " + std::filesystem::temp_directory_path().string());
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        if (std::uncaught_exceptions() == 0)
            std::filesystem::remove_all(path_, ignored);
        else
            std::cerr << "Configurations, databases and logs are kept in " << path_ << "\n";
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

struct Ending {
    std::string record;
    std::string deaths; ///< "ALFA 12, BRAVO 9, HUB 7"
    int least_deaths = 0, all_deaths = 0;
};

/// Plays the story on a market of its own and tells how it ended.
Ending play(Choices const& choices, std::vector<Statement> const& story, Crash crash) {
    Folder folder;
    Market market({choices.program, folder.path(), crash, choices.seed, choices.kills});
    Narrator quiet(false);
    Player player(market, quiet);
    player.play(story);
    Ending ending{record_of(market, player.memory()), "", 0, 0};
    for (auto* const daemon : market.everybody()) ending.all_deaths += daemon->deaths();
    ending.deaths = market.deaths(ending.least_deaths);
    market.close();
    return ending;
}

int crash_truth(Choices const& choices, std::vector<Statement> const& story) {
    auto const calm = play(choices, story, Crash::never);
    auto const stormy = play(choices, story, choices.crash);
    // Before and after every commit means everybody; where chance strikes, somebody.
    int const enough = choices.crash == Crash::every_commit ? stormy.least_deaths : stormy.all_deaths;
    if (enough == 0) throw StoryError("too few were killed (" + stormy.deaths + "): this proves too little.");
    if (auto const other = difference(calm.record, stormy.record); !other.empty())
        throw StoryError(
            fmt::format("after these deaths: {}, the story ends otherwise (one: undisturbed, other: with deaths):\n{}",
                        stormy.deaths, other));
    fmt::print("{}: killed: {}; and the story ends the same.\n", choices.story, stormy.deaths);
    return 0;
}

void tell_what_to_try(Choices const& choices, Market& market, Player& player, Folder const& folder) {
    auto const alfa = market.at("ALFA").url(), bravo = market.at("BRAVO").url();
    auto const hub = market.at("HUB").url(), npctl = choices.npctl;
    fmt::print("\nThe three daemons are still running, on their manual clocks:\n"
               "  ALFA   {}\n  BRAVO  {}\n  HUB    {}\n"
               "Configurations, databases and logs: {}\n\n"
               "Open these addresses in a browser: each operator has a page. In a terminal, try:\n"
               "  export NPCTL_URL={}\n",
               alfa, bravo, hub, folder.path(), alfa);
    auto const tries = [&](std::string const& order, std::string const& at_alfa, std::string const& at_bravo) {
        if (!player.memory().orders.contains(order)) return;
        if (!at_alfa.empty())
            fmt::print("  {} {} {}\n", npctl, at_alfa, player.memory().port_of(market, "ALFA", order));
        if (!at_bravo.empty())
            fmt::print("  {} --url {} {} {}\n", npctl, bravo, at_bravo,
                       player.memory().port_of(market, "BRAVO", order));
    };
    fmt::print("  {0} port list --all\n  {0} timer list\n", npctl);
    tries("lune-1", "status", "");
    tries("lune-1", "port why", "");
    tries("lune-1", "", "port answer --accept --yes --reason checked");
    tries("lune-1", "port show", "");
    tries("horta-1", "port timeline", "port residue");
    tries("nova-1", "port compensation", "");
    fmt::print("  {0} number show +3225501100\n  {0} --url {1} contract show C-HORTA\n  {0} event list --limit 20\n  "
               "{0} daemon status\n",
               npctl, bravo);
    fmt::print("  {} --db {}/BRAVO/npod.db port list --all   # the file, without its daemon\n", npctl, folder.path());
    fmt::print("Time moves for each operator by itself; for all three:\n"
               "  for url in {} {} {}; do {} --url $url clock advance 2wd; done\n",
               alfa, bravo, hub, npctl);
    std::fflush(stdout);
}

void wait_for_interrupt() {
    sigset_t ends;
    ::sigemptyset(&ends);
    ::sigaddset(&ends, SIGINT);
    ::sigaddset(&ends, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &ends, nullptr);
    fmt::print("\nCtrl-C ends all three.\n");
    std::fflush(stdout);
    int which = 0;
    ::sigwait(&ends, &which);
}

int demonstrate(Choices const& choices, std::vector<Statement> const& story) {
    Folder folder;
    Market market({choices.program, folder.path(), Crash::never, 1, 0});
    Narrator narrator(true);
    Player player(market, narrator);
    player.play(story);
    tell_what_to_try(choices, market, player, folder);
    if (!choices.exit) wait_for_interrupt();
    market.close();
    fmt::print("\nAll three have ended well.\n");
    return 0;
}

} // namespace

int main(int count, char** words) {
    auto const choices = read_arguments(count, words);
    try {
        auto const story = read_story(choices.story);
        if (choices.demo) return demonstrate(choices, story);
        if (choices.crash != Crash::never) return crash_truth(choices, story);
        play(choices, story, Crash::never);
        fmt::print("{}: everything came true.\n", choices.story);
        return 0;
    } catch (StoryError const& error) {
        std::cerr << error.what() << "\n";
    } catch (npod::Fault const& fault) {
        std::cerr << "npod_story: " << fault.what() << "\n";
    } catch (std::exception const& surprise) {
        std::cerr << "npod_story: a daemon answered in a way that no story foresees: " << surprise.what() << "\n";
    }
    return 1;
}
