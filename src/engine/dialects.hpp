#pragma once
/// Which dialect each counterpart speaks and by which way it is reached, as a value that can be kept: with it, and the
/// settings, a log is told again as it was decided, on any machine.

#include "engine/interchange.hpp"
#include "protocol/coin_v3/profile.hpp"
#include "storage/ledger.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace npod::engine {

struct Dialects {
    OperatorCode own, hub; ///< hub is empty without one
    protocol::coin_v3::Profile usual;
    std::map<OperatorCode, protocol::coin_v3::Profile> profiles; ///< of the members
    std::vector<OperatorCode> direct;                            ///< members with an address of their own

    /// The member's dialect; the interchange's for everybody else.
    protocol::coin_v3::Profile const& profile_of(OperatorCode const& code) const;
    /// To whom we hand a message for `receiver`: a member with an address of its own gets it directly; else the hub;
    /// without a hub our own code, which means that we carry it to all concerned ourselves.
    OperatorCode peer_for(OperatorCode const& receiver) const;
    Encoded encode(porting::message::Message const& message, Moment now) const;
    /// A message of `sender` as an input of the domain: Received, its implausible times flagged, or ReceivedBroken when
    /// its content is wrong. Pure.
    porting::input::Any decode(OperatorCode const& sender, std::string_view type, std::string_view bytes, Moment now) const;
    /// This, as the engine asks for it. The copy it holds is its own.
    Interchange interchange() const;
};

/// Under this key a database keeps, as JSON, the dialects that its daemon started with last.
inline constexpr std::string_view dialects_key = "dialects";
std::string to_json(Dialects const& dialects);
/// What to_json() wrote; refused (malformed) when it is none, or names a zone, a ground or a quirk that is not known here.
Outcome<Dialects> dialects_from_json(std::string_view text);
/// What the file's daemon spoke last; nothing when an older one wrote it. Throws ConfigFault when it is not known here.
std::optional<Dialects> dialects_kept_in(storage::Reader const& reader);

} // namespace npod::engine
