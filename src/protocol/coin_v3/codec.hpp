#pragma once
/// Between the bytes of COIN Number Portability v3 and porting::message::Message. Free of I/O and of state;
/// thread-safe.
///
/// Two kinds of "no", told apart by the code of every refusal:
///   malformed, too_large  the form is wrong: the REST layer refuses the call (error 1000)
///   not_admissible        the form is right but nobody can mean it (31 February, an end before its start): the call is
///                         accepted and answered later with an `errorfound`
/// All problems of one kind come at once.

#include "base/ids.hpp"
#include "base/moment.hpp"
#include "base/outcome.hpp"
#include "porting/messages.hpp"
#include "protocol/coin_v3/profile.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace npod::protocol::coin_v3 {

/// What a hub must know to pass a message on.
struct Envelope {
    OperatorCode sender, receiver; ///< receiver "ALLO" is everybody
    std::string type;              ///< "portingrequest": the name of the one member of the body
    std::string timestamp;         ///< the header's 14 digits as received
    DossierId dossier;             ///< empty when the content has none of the right form
    bool operator==(Envelope const&) const = default;
};

/// Reads the envelope and leaves the content alone. Refused: malformed, with every problem of the envelope.
Outcome<Envelope> read_envelope(std::string_view bytes);
/// The same; what is wrong is read once more with the quirks of whom it says it is from. `dialect_of` tells anybody's
/// dialect.
Outcome<Envelope> read_envelope(std::string_view bytes, std::function<Profile const&(OperatorCode const&)> const& dialect_of);

/// Envelope and content of `type` against the public description, and nothing beyond it. For a type that is not of
/// COIN v3 only the envelope is compared.
Outcome<Envelope> check_form(std::string_view type, std::string_view bytes);

/// Reads a message of `type` (the word in the path). Unknown types and members are kept out of the way and flagged; an
/// empty string is absent; the letter case of enumerations does not matter. Times are local to the profile's zone. What
/// is against the form is taken as far as the profile's quirks go, and flagged.
Outcome<porting::message::Message> decode(std::string_view type, std::string_view bytes, Profile const& profile);

/// Writes one line of JSON; the same message always gives the same bytes. The header's time is the message's own, or
/// `now`. Texts longer than the wire takes (note 100, description 1000, name 70, … characters) are cut; a postcode
/// keeps what the wire allows of it. RangeChange carries "0" when the regulator's decision is not known: the wire
/// insists on a number.
std::string encode(porting::message::Message const& message, Profile const& profile, Moment now);

/// Adds a flag "implausible_time: …" for each time before 2000 or after `now` + `horizon`. The time itself stays as it
/// was received.
void flag_implausible(porting::message::Message& message, Moment now, Duration horizon);

/// "portingrequest-v3" → "portingrequest": the event name of a stream. A name without the suffix is returned as it is.
std::string_view type_of_event(std::string_view event);

} // namespace npod::protocol::coin_v3
