#pragma once
/// The counterpart that misbehaves on purpose: operators test their own system of COIN v3 against it, ours or any
/// other.

#include "sandbox/line.hpp"

#include <string>
#include <vector>

namespace npod::sandbox {

/// What the person wants. A plain value.
struct Options {
    Part part = Part::recipient;
    OperatorCode own, tested;
    http::Endpoint hub;                   ///< where we call; empty url: the tested side calls us
    std::optional<http::Listen> listen;   ///< where it calls us
    std::vector<std::string> faults;      ///< empty: all that this set-up can play
    std::vector<Scene> scenario;          ///< instead of the shipped scenes; empty: those
    std::string zone = "Europe/Brussels"; ///< of local times on the wire
    Programme programme;                  ///< numbers, seed and patience; its scenes are chosen by play()
    Proofs proofs;
    /// The line stays open when all is played until nothing came for so long: what the tested side still has to say.
    Duration linger{0};
    Record record;                            ///< may be empty
    std::function<void(std::uint16_t)> bound; ///< told the port when we listen; may be empty
};

/// The scenes that `options` asks for, split into those that can be played so and those that cannot, with the reason.
/// Refused (malformed): a fault that no scene has, with the nearest known one.
Outcome<Programme> programme_of(Options const& options);

/// Plays on the calling thread until the programme is over. `clock` tells real time. Throws ConfigFault and
/// NetworkFault when it cannot begin; what goes wrong later is on the card.
Card play(Options const& options, Programme programme, Clock const& clock);

/// "silence, late, …" of all shipped scenes, for --help: one line a fault, with what it does.
std::string catalogue();

} // namespace npod::sandbox
