#pragma once
/// A tested side of a few lines, in the same thread and on a clock that moves only when told to: right in everything,
/// or wrong in one thing.

#include "protocol/coin_v3/codec.hpp"
#include "sandbox/sandbox.hpp"

#include <map>
#include <set>

namespace npod::test {

struct Flaws {
    bool acknowledges_nothing = false;
    bool answers_twice = false; ///< every request
    bool forgets_bytes = false; ///< takes a repeated message for a new one
    bool takes_halves = false;
    bool believes_everybody = false;
    bool never_complains = false;
    bool stumbles_over_the_unknown = false; ///< refuses members that it does not know
    bool takes_empty_for_blocked = false;   ///< an empty blockingcode is a no
    bool takes_silence_for_yes = false;
    bool keeps_what_was_cancelled = false; ///< a number that was asked for once is not let go again
    bool knows_single_ranges = false;      ///< complains of a second range in one message
    bool complains_of_complaints = false;
    bool hears_no_broadcasts = false;      ///< complains of what everybody is told
};

class Toy {
public:
    Toy(Flaws flaws, sandbox::Wording wording) : flaws_(flaws), wording_(std::move(wording)) {}

    /// What is observed when the sandbox makes that call.
    std::vector<sandbox::Observation> called(sandbox::Call const& call, Moment now) {
        std::vector<sandbox::Observation> seen;
        auto const status = status_of(call);
        if (!flaws_.acknowledges_nothing) seen.push_back(sandbox::Answered{call.no, status, "{}"});
        if (status != 200) return seen;
        bool const new_to_us = seen_.insert(call.bytes).second || flaws_.forgets_bytes;
        if (new_to_us || flaws_.answers_twice) understand(call, now, seen);
        return seen;
    }

    /// It asks the sandbox for two numbers.
    sandbox::Observation asks(int n, Moment now) {
        DossierId const dossier{"ALFA-" + std::to_string(10'000 + n)};
        ours_.insert(dossier);
        porting::Number const first{3225502100 + 2 * n};
        return heard(
            porting::message::PortRequest{
                dossier, wording_.own, wording_.tested, {{first, first.next()}}, {}, true, {}},
            now);
    }
    /// And then takes what it wants.
    sandbox::Observation performs_unasked(int n, Moment now) {
        return heard(porting::message::Performed{DossierId{"ALFA-" + std::to_string(10'000 + n)},
                                                 wording_.own,
                                                 wording_.tested,
                                                 now,
                                                 {{{3225502100}, {3225502101}}}},
                     now);
    }

private:
    sandbox::Heard heard(porting::message::Body body, Moment now) const {
        auto said = wording_.say(std::move(body), wording_.tested, now);
        return {said.type, said.bytes};
    }

    unsigned status_of(sandbox::Call const& call) {
        if (call.by == "reset") return 0;
        if (call.by == "truncated") return flaws_.takes_halves ? 200 : 400;
        if (call.by == "wrong-secret" || call.by == "stale-date") return flaws_.believes_everybody ? 200 : 401;
        if (call.by == "other-sender") return flaws_.believes_everybody ? 200 : 403;
        return flaws_.stumbles_over_the_unknown && call.bytes.find("x_channel") != std::string::npos ? 400 : 200;
    }

    void complain(DossierId const& dossier, std::string const& code, Moment now,
                  std::vector<sandbox::Observation>& seen) const {
        if (flaws_.never_complains) return;
        seen.push_back(heard(porting::message::ErrorFound{dossier, {{"", code, "as the toy sees it"}}}, now));
    }

    void understand(sandbox::Call const& call, Moment now, std::vector<sandbox::Observation>& seen) {
        namespace message = porting::message;
        auto const dossier = protocol::coin_v3::read_envelope(call.bytes)->dossier;
        auto const decoded = protocol::coin_v3::decode(call.type, call.bytes, wording_.profile);
        if (!decoded) return complain(dossier, "FORM", now, seen);
        if (auto const* request = std::get_if<message::PortRequest>(&decoded->body)) {
            if (cancelled_.contains(dossier)) return;
            auto const [known, fresh] = asked_.emplace(dossier, request->numbers);
            if (!fresh && known->second != request->numbers) return complain(dossier, "OTHER_CONTENT", now, seen);
            if (flaws_.knows_single_ranges && request->numbers.size() > 1) return complain(dossier, "RANGES", now, seen);
            if (flaws_.keeps_what_was_cancelled && fresh && !kept_.insert(request->numbers.front().first).second)
                return complain(dossier, "IN_USE", now, seen);
            message::Answer const answer{dossier, {{request->numbers.front(), {}, {}, now, {}}}};
            if (fresh || flaws_.forgets_bytes) seen.push_back(heard(answer, now));
            if (flaws_.answers_twice) seen.push_back(heard(answer, now));
        }
        if (std::holds_alternative<message::ErrorFound>(decoded->body) && flaws_.complains_of_complaints)
            return complain(dossier, "COMPLAINT", now, seen);
        if (std::holds_alternative<message::RangeChange>(decoded->body)) return complain(dossier, "OURS", now, seen);
        if (std::holds_alternative<message::Deactivation>(decoded->body) && flaws_.hears_no_broadcasts)
            return complain(dossier, "UNKNOWN", now, seen);
        if (std::holds_alternative<message::Cancel>(decoded->body)) cancelled_.insert(dossier);
        if (auto const* answer = std::get_if<message::Answer>(&decoded->body)) {
            if (!ours_.contains(dossier)) return complain(dossier, "UNKNOWN", now, seen);
            bool const empty = call.bytes.find(R"("blockingcode":"")") != std::string::npos;
            if (empty && flaws_.takes_empty_for_blocked) return complain(dossier, "BLOCKED", now, seen);
            seen.push_back(
                heard(message::Performed{dossier, wording_.own, wording_.tested, now, {answer->ranges.front().numbers}},
                      now));
        }
    }

    Flaws flaws_;
    sandbox::Wording wording_; ///< the toy's own: it is `own`
    std::set<std::string> seen_;
    std::map<DossierId, std::vector<porting::NumberRange>> asked_;
    std::set<DossierId> cancelled_, ours_;
    std::set<porting::Number> kept_;
};

/// What came of a run, and everything that the sandbox said on the way.
struct Played {
    sandbox::Card card;
    std::string transcript;

    sandbox::Verdict of(std::string_view fault) const {
        for (auto const& result : card.results)
            if (result.scene->fault == fault) return result.verdict;
        return sandbox::Verdict::not_observed;
    }
    std::string failed() const {
        std::string names;
        for (auto const& result : card.results)
            if (result.verdict != sandbox::Verdict::passed) names += result.scene->fault + ": " + result.why + "\n";
        return names;
    }
};

/// Plays every shipped scene of that part against the toy.
inline Played play_with(Flaws flaws, sandbox::Part part, std::uint64_t seed = 1) {
    sandbox::Options options;
    options.part = part;
    options.own = OperatorCode{"BRAVO"}, options.tested = OperatorCode{"ALFA"};
    options.hub.url = "http://127.0.0.1:1"; // nobody calls it: the toy is asked instead
    options.proofs.own = {"BRAVO", "secret", "key"};
    options.programme.numbers = {{{3225501100}, {3225501199}}};
    options.programme.seed = seed;
    auto now = *parse_rfc3339("2026-03-02T09:00:00+01:00");
    sandbox::Player player(*programme_of(options), {options.own, options.tested, {}}, now);
    Toy toy(flaws, {options.tested, options.own, {}});
    std::vector<sandbox::Observation> observed{sandbox::Connected{}};
    if (part == sandbox::Part::donor)
        for (int n = 0; n < 25; ++n) observed.push_back(toy.asks(n, now));
    Played played;
    for (int turns = 0; !player.finished() && turns < 10'000; ++turns) {
        auto const deeds = player.play(now, std::exchange(observed, {}));
        for (auto const& deed : deeds) {
            auto const* call = std::get_if<sandbox::Call>(&deed);
            if (call == nullptr) continue;
            played.transcript += call->type + " " + call->by + std::to_string(call->salt) + " " + call->bytes + "\n";
            for (auto& one : toy.called(*call, now)) observed.push_back(std::move(one));
        }
        if (!deeds.empty() || !observed.empty()) continue;
        now = std::max(now, player.wake());
        if (flaws.takes_silence_for_yes)
            for (int n = 0; n < 25; ++n) observed.push_back(toy.performs_unasked(n, now));
    }
    played.card = player.card();
    return played;
}

} // namespace npod::test
