#pragma once
/// Which dialect each counterpart speaks and by which way it is reached. Made of the configuration; plain values, no
/// I/O.

#include "daemon/config.hpp"
#include "engine/dialects.hpp"
#include "protocol/auth.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <string_view>
#include <vector>

namespace npod::daemon {

/// Immutable and thread-safe once made.
class Wire {
public:
    /// Throws ConfigFault for a zone that the system does not know.
    explicit Wire(Config const& config);

    OperatorCode const& own() const { return dialects_.own; }
    engine::Dialects const& dialects() const { return dialects_; }
    /// The member's dialect; the interchange's for everybody else.
    protocol::coin_v3::Profile const& profile_of(OperatorCode const& code) const { return dialects_.profile_of(code); }

    /// To whom we hand a message for `receiver`: a member with an address of its own gets it directly; else the hub;
    /// without a hub our own code, which means that we carry it to all concerned ourselves (MarketCarrier).
    OperatorCode peer_for(OperatorCode const& receiver) const { return dialects_.peer_for(receiver); }

    /// The envelope, strictly or with the quirks agreed with its sender.
    Outcome<protocol::coin_v3::Envelope> envelope_of(std::string_view bytes) const;
    /// True when a message is an input of ours: for us or for everybody, and not from ourselves.
    bool is_for_us(protocol::coin_v3::Envelope const& envelope) const;
    porting::input::Any decode(OperatorCode const& sender, std::string_view type, std::string_view bytes, Moment now) const {
        return dialects_.decode(sender, type, bytes, now);
    }

    /// This, as the engine asks for it. The copy it holds is its own.
    engine::Interchange interchange() const { return dialects_.interchange(); }

private:
    engine::Dialects dialects_;
};

/// The calls of the members as the Verifier checks them; members without keys are left out.
std::vector<protocol::Consumer> consumers_of(Config const& config);

} // namespace npod::daemon
