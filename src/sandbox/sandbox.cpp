#include "sandbox/sandbox.hpp"

#include "base/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace npod::sandbox {

namespace {

std::vector<Scene> const& scenes_of(Options const& options) {
    return options.scenario.empty() ? shipped_scenes() : options.scenario;
}

bool wanted(Scene const& scene, Options const& options) {
    // A hub can put into a mailbox what an operator says, but what an operator does to its calls is no affair of a
    // hub's.
    bool const our_part = scene.part == options.part || (options.part == Part::hub && !scene.needs_call());
    bool const named = options.faults.empty() ||
                       std::find(options.faults.begin(), options.faults.end(), scene.fault) != options.faults.end();
    return our_part && named;
}

/// Why this set-up cannot play the scene; empty when it can.
std::string why_not(Scene const& scene, Options const& options) {
    bool const calls = options.listen == std::nullopt;
    if (scene.needs_mailbox() && calls) return "only who keeps the tested side's mailbox can do this: --listen";
    if (scene.needs_call() && !calls) return "only who calls the tested side can do this: --hub";
    if (scene.needs_keys() && !options.proofs.own)
        return "it is about proofs, and no keys were given: --secret-file, --private-key-file";
    auto const refuses = [](Act const& act) {
        return act.verb == Verb::fail_calls && !act.words.empty() && act.words.front().starts_with('4');
    };
    if (options.programme.may_die && std::any_of(scene.acts.begin(), scene.acts.end(), refuses))
        return "a refusal for good may hit an order of the tested side's own, and whoever dies before noting it asks again";
    auto const raw = [](Act const& act) { return act.after("by") == "reset" || act.after("by") == "drip"; };
    if (std::any_of(scene.acts.begin(), scene.acts.end(), raw) && !options.hub.url.starts_with("http://"))
        return "this can be done on plain http:// only";
    return {};
}

/// Why a fault that was asked for by name is not played at all; empty when the part that we play has it, too.
std::string why_not_this_part(Scene const& scene, Options const& options) {
    auto const named = [&](std::string const& fault) { return fault == scene.fault; };
    if (std::none_of(options.faults.begin(), options.faults.end(), named)) return {};
    auto const played = [&](Scene const& one) { return one.fault == scene.fault && wanted(one, options); };
    auto const& all = scenes_of(options);
    if (std::any_of(all.begin(), all.end(), played)) return {};
    return fmt::format("this is played by a {}: --as {}", name_of(scene.part), name_of(scene.part));
}

/// Whoever only comes back to our stream says nothing.
bool said_something(Observation const& observation) { return !std::holds_alternative<Connected>(observation); }

} // namespace

Outcome<Programme> programme_of(Options const& options) {
    std::vector<std::string_view> known;
    for (auto const& scene : scenes_of(options)) known.push_back(scene.fault);
    std::vector<Refusal> problems;
    for (auto const& fault : options.faults) {
        if (std::find(known.begin(), known.end(), fault) != known.end()) continue;
        auto const close = nearest(fault, known);
        problems.push_back(
            {RefusalCode::malformed,
             fmt::format("There is no fault \"{}\".", fault),
             "--faults",
             close.empty() ? "npod sandbox --help lists them." : fmt::format("Did you mean \"{}\"?", close),
             {}});
    }
    if (!problems.empty()) return problems;
    auto programme = options.programme;
    for (auto const& scene : scenes_of(options)) {
        if (!wanted(scene, options)) {
            if (auto why = why_not_this_part(scene, options); !why.empty())
                programme.left_out.push_back({&scene, Verdict::not_observed, std::move(why), {}});
            continue;
        }
        if (auto why = why_not(scene, options); !why.empty())
            programme.left_out.push_back({&scene, Verdict::not_observed, std::move(why), {}});
        else
            programme.scenes.push_back(&scene);
    }
    if (!programme.scenes.empty()) return programme;
    std::set<std::string> reasons;
    for (auto const& result : programme.left_out) reasons.insert(result.scene->fault + ": " + result.why);
    return Refusal{RefusalCode::malformed,
                   fmt::format("Nothing can be played as {}.{}", name_of(options.part),
                               reasons.empty() ? "" : fmt::format("\n  {}.", fmt::join(reasons, ".\n  "))),
                   "--as",
                   reasons.empty() ? "Give a scenario with scenes of this part." : "Mend one of these, or name other faults.",
                   {}};
}

Card play(Options const& options, Programme programme, Clock const& clock) {
    /// A dripping stream gives its next drops at every turn.
    constexpr std::chrono::milliseconds turn{20};
    Wording wording{options.own, options.tested, {}};
    wording.profile.time = protocol::coin_v3::LocalTime(options.zone);
    Inbox inbox;
    auto const line = options.listen
                          ? keep_a_mailbox(*options.listen, options.proofs, clock, inbox, options.record, options.bound)
                          : call_a_hub(options.hub, options.own, options.proofs, clock, inbox, options.record);
    Player player(std::move(programme), std::move(wording), clock.now());
    std::vector<Observation> observed;
    Moment last_seen = clock.now();
    for (;;) {
        for (auto const& deed : player.play(clock.now(), observed)) {
            if (auto const* call = std::get_if<Call>(&deed)) line->carry(*call);
            if (auto const* trick = std::get_if<Trick>(&deed)) line->play(*trick);
        }
        if (std::any_of(observed.begin(), observed.end(), said_something)) last_seen = clock.now();
        if (player.finished() && clock.now() >= last_seen + options.linger) return player.card();
        line->tick();
        auto const left = player.wake() - clock.now();
        observed = inbox.take(std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds{0}, turn));
    }
}

std::string catalogue() {
    std::string text;
    for (auto const part : {Part::recipient, Part::donor, Part::hub}) {
        text += fmt::format("\n  as {}\n", name_of(part));
        for (auto const& scene : shipped_scenes())
            if (scene.part == part) text += fmt::format("    {:<21} {}\n", scene.fault, scene.does);
    }
    return text;
}

} // namespace npod::sandbox
