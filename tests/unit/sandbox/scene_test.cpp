/// Scenes are text: those that ship are all right, and what is wrong in one is told with its line.

#include "sandbox/sandbox.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace npod;
using namespace npod::sandbox;

TEST_CASE("every shipped scene says what it does and what is expected, and a fault has one scene a part") {
    std::set<std::pair<std::string, Part>> seen;
    for (auto const& scene : shipped_scenes()) {
        CAPTURE(scene.source);
        CHECK_FALSE(scene.does.empty());
        CHECK_FALSE(scene.expects.empty());
        CHECK(seen.emplace(scene.fault, scene.part).second);
    }
    // What is promised by name.
    for (auto const* fault :
         {"silence", "late", "duplicate", "reorder", "wrong-dossier", "empty-string", "bad-signature", "clock-skew",
          "split-answer", "truncated", "slow", "reset", "half-open", "unknown-fields", "implausible-date", "repeat-after-settled", "garbled-yes", "proxy-page", "half-answer",
          "refused-call", "old-id", "cancel-crossing", "early-perform", "contradiction", "two-dates", "complaint", "ranges",
          "deactivation"}) {
        CAPTURE(fault);
        CHECK(std::any_of(shipped_scenes().begin(), shipped_scenes().end(),
                          [&](Scene const& scene) { return scene.fault == fault; }));
    }
}

TEST_CASE("everything that is wrong in a scenario file is told at once, with its line") {
    auto const read = read_scenes("  request\n"
                                  "scene twice as recipient\n"
                                  "  reqest\n"
                                  "  request by pigeon   # comments are no part of it\n"
                                  "  answer yes with luck\n"
                                  "scene nothing as donor\n"
                                  "scene x as king\n",
                                  "mine.scene");
    REQUIRE_FALSE(read);
    std::string all;
    for (auto const& refusal : read.refusals()) all += refusal.text + "\n";
    INFO(all);
    CHECK(all.find("mine.scene:1: an indented line belongs to a scene") != std::string::npos);
    CHECK(all.find("mine.scene:3: \"reqest\" is no verb of a scene; did you mean \"request\"?") != std::string::npos);
    CHECK(all.find("mine.scene:4: \"by pigeon\" is not known") != std::string::npos);
    CHECK(all.find("mine.scene:5: \"with luck\" is not known") != std::string::npos);
    CHECK(all.find("mine.scene:6: nothing happens") != std::string::npos);
    CHECK(all.find("mine.scene:7: \"king\" is none of") != std::string::npos);
    CHECK_FALSE(read_scenes("", "empty.scene"));
}

TEST_CASE("the text of an act, and what stands after its words") {
    auto const read =
        read_scenes("scene s as donor\n  answer yes about first with far-date\n  fail calls 503 2\n", "s");
    REQUIRE(read);
    auto const& acts = read->front().acts;
    CHECK(acts[0].text == "answer yes about first with far-date");
    CHECK(acts[0].after("about") == "first");
    CHECK(acts[0].after("with") == "far-date");
    CHECK(acts[0].after("by") == "");
    CHECK(acts[1].verb == Verb::fail_calls);
    CHECK(acts[1].words == std::vector<std::string>{"503", "2"});
    CHECK(read->front().needs_mailbox());
}

TEST_CASE("what a set-up cannot play is left out, with the reason; a fault that nobody knows is refused") {
    Options options;
    options.hub.url = "https://alfa.example";
    auto const programme = programme_of(options);
    REQUIRE(programme);
    std::set<std::string> left_out;
    for (auto const& result : programme->left_out) {
        CHECK(result.verdict == Verdict::not_observed);
        CHECK_FALSE(result.why.empty());
        left_out.insert(result.scene->fault);
    }
    CHECK(left_out ==
          std::set<std::string>{"bad-signature", "clock-skew", "other-sender", "reset", "slow"}); // no keys; no raw TLS
    options.faults = {"slience"};
    auto const refused = programme_of(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.refusal().next == "Did you mean \"silence\"?");
}

TEST_CASE("a fault of another part is not passed over in silence, and a run of nothing is refused") {
    Options options;
    options.part = Part::donor;
    options.hub.url = "http://127.0.0.1:1";
    options.faults = {"plain", "forgetful"};
    auto const programme = programme_of(options);
    REQUIRE(programme);
    REQUIRE(programme->scenes.size() == 1); // "plain" is played by a donor, too: the recipient's is not missed
    REQUIRE(programme->left_out.size() == 1);
    CHECK(programme->left_out[0].scene->fault == "forgetful");
    CHECK(programme->left_out[0].why == "this is played by a hub: --as hub");

    options.faults = {"forgetful"};
    auto const nothing = programme_of(options);
    REQUIRE_FALSE(nothing);
    CHECK(nothing.refusal().text == "Nothing can be played as donor.\n  forgetful: this is played by a hub: --as hub.");

    options.part = Part::hub;
    options.listen = http::Listen{};
    options.faults = {"bad-signature"};
    auto const by_caller = programme_of(options);
    REQUIRE_FALSE(by_caller);
    CHECK(by_caller.refusal().text.find("bad-signature: this is played by a recipient: --as recipient") != std::string::npos);
}
