/// The sandbox against toys: what is right passes every scene, what is wrong in one thing fails the card, and a seed
/// plays the same again.

#include "unit/sandbox/toy.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::test;
using sandbox::Part;
using sandbox::Verdict;

TEST_CASE("a tested side that is right in everything passes every scene") {
    for (auto const part : {Part::recipient, Part::donor}) {
        auto const played = play_with({}, part);
        CHECK(played.failed() == "");
        CHECK(played.card.good());
        // every shipped scene of the part, each once
        auto const& all = sandbox::shipped_scenes();
        auto const scenes =
            std::count_if(all.begin(), all.end(), [&](auto const& scene) { return scene.part == part; });
        CHECK(played.card.count(Verdict::passed) == scenes);
    }
}

TEST_CASE("each flaw fails the scenes that look for it, and the card") {
    struct Case {
        char const* what;
        Flaws flaws;
        Part part;
        std::vector<char const*> faults;
    };
    for (auto const& [what, flaws, part, faults] : {
             Case{"nothing is acknowledged",
                  {.acknowledges_nothing = true},
                  Part::recipient,
                  {"plain", "duplicate", "truncated"}},
             Case{"everything is answered twice",
                  {.answers_twice = true},
                  Part::recipient,
                  {"plain", "silence", "duplicate"}},
             Case{"a repetition is taken for new",
                  {.forgets_bytes = true},
                  Part::recipient,
                  {"duplicate", "repeat-after-settled"}},
             Case{"half a message is taken", {.takes_halves = true}, Part::recipient, {"truncated"}},
             Case{"everybody is believed",
                  {.believes_everybody = true},
                  Part::recipient,
                  {"bad-signature", "clock-skew", "other-sender"}},
             Case{"nothing is ever complained of",
                  {.never_complains = true},
                  Part::recipient,
                  {"wrong-dossier", "impossible-date", "contradiction", "stolen-range"}},
             Case{"unknown members are refused",
                  {.stumbles_over_the_unknown = true},
                  Part::recipient,
                  {"unknown-fields"}},
             Case{"nothing is ever complained of",
                  {.never_complains = true},
                  Part::donor,
                  {"wrong-dossier", "impossible-date"}},
             Case{"an empty code is a no", {.takes_empty_for_blocked = true}, Part::donor, {"empty-string"}},
             Case{"silence is taken for a yes", {.takes_silence_for_yes = true}, Part::donor, {"silence", "complaint"}},
             Case{"a cancelled number is not free again",
                  {.keeps_what_was_cancelled = true},
                  Part::recipient,
                  {"cancel-crossing", "complaint"}},
             Case{"one message holds one range", {.knows_single_ranges = true}, Part::recipient, {"ranges"}},
             Case{"complaints are complained of",
                  {.complains_of_complaints = true},
                  Part::recipient,
                  {"early-complaint"}},
             Case{"complaints are complained of", {.complains_of_complaints = true}, Part::donor, {"late-complaint"}},
             Case{"what everybody is told is complained of",
                  {.hears_no_broadcasts = true},
                  Part::recipient,
                  {"deactivation"}},
         }) {
        CAPTURE(what);
        auto const played = play_with(flaws, part);
        CHECK_FALSE(played.card.good());
        for (auto const* fault : faults) {
            CAPTURE(fault);
            CHECK(played.of(fault) == Verdict::failed);
        }
    }
}

TEST_CASE("a seed plays the same again, byte for byte; another plays otherwise") {
    auto const once = play_with({}, Part::recipient, 7), again = play_with({}, Part::recipient, 7),
               other = play_with({}, Part::recipient, 8);
    CHECK(once.transcript == again.transcript);
    CHECK(once.card.json() == again.card.json());
    CHECK(once.transcript != other.transcript);
    CHECK(other.card.good()); // another order, other cuts, the same verdict
}

TEST_CASE("who is not there is not observed, which is not good either") {
    sandbox::Options options;
    options.hub.url = "http://127.0.0.1:1";
    options.programme.patience = std::chrono::seconds{10};
    sandbox::Player player(*programme_of(options), {OperatorCode{"BRAVO"}, OperatorCode{"ALFA"}, {}}, Moment{});
    CHECK(player.play(Moment{}, {}).empty());
    CHECK_FALSE(player.finished());
    CHECK(player.wake() == Moment{std::chrono::seconds{30}}); // three times the patience, to come back from a back-off
    player.play(player.wake(), {});
    CHECK(player.finished());
    CHECK_FALSE(player.card().good());
    CHECK(player.card().count(Verdict::failed) == 0);
}

TEST_CASE("the card fits 80 columns and tells what was wrong where") {
    auto const text = play_with({.never_complains = true}, Part::recipient).card.text();
    INFO(text);
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) CHECK(text.find('\n', at) - at <= 80);
    CHECK(text.find("wrong-dossier         recipient       1  failed") != std::string::npos);
    CHECK(text.find("recipient.scene:") != std::string::npos);
}

namespace {

/// A player of the scene "plain as recipient", connected, whose request was just posted.
struct Posted {
    sandbox::Player player;
    sandbox::Call call;

    Posted(bool may_die, Duration at_most) : player(programme(may_die, at_most), {OperatorCode{"BRAVO"}, OperatorCode{"ALFA"}, {}}, Moment{}) {
        auto const deeds = player.play(Moment{}, {sandbox::Connected{}});
        REQUIRE(deeds.size() == 1);
        call = std::get<sandbox::Call>(deeds[0]);
    }
    static sandbox::Programme programme(bool may_die, Duration at_most) {
        sandbox::Options options;
        options.hub.url = "http://127.0.0.1:1";
        options.faults = {"plain"};
        options.programme.may_die = may_die;
        options.programme.at_most = at_most;
        options.programme.numbers = {{{3225501100}, {3225501100}}};
        return *sandbox::programme_of(options);
    }
    std::vector<sandbox::Deed> nobody_answers() { return player.play(Moment{}, {sandbox::Answered{call.no, 0, "connection refused"}}); }
};

} // namespace

TEST_CASE("a side that may die is called again, after a breath, with the same bytes; any other has failed") {
    using std::chrono::milliseconds;
    Posted mortal(true, {});
    CHECK(mortal.nobody_answers().empty());
    CHECK(mortal.player.wake() == Moment{milliseconds{100}});
    auto const again = mortal.player.play(mortal.player.wake(), {});
    REQUIRE(again.size() == 1);
    CHECK(std::get<sandbox::Call>(again[0]).bytes == mortal.call.bytes);
    CHECK(std::get<sandbox::Call>(again[0]).no != mortal.call.no);

    Posted other(false, {});
    other.nobody_answers();
    CHECK(other.player.finished());
    CHECK(other.player.card().count(Verdict::failed) == 1);
}

TEST_CASE("the time is not up while a call is open that the dead side may have stored") {
    using std::chrono::milliseconds;
    Posted mortal(true, milliseconds{50});
    mortal.nobody_answers();
    auto const again = mortal.player.play(Moment{milliseconds{100}}, {});
    CHECK_FALSE(mortal.player.finished());
    REQUIRE(again.size() == 1);
    mortal.player.play(Moment{milliseconds{110}}, {sandbox::Answered{std::get<sandbox::Call>(again[0]).no, 200, "{}"}});
    CHECK(mortal.player.finished());
}
