#pragma once
/// The bytes that the sandbox says: right messages of the wire, and the ways in which they may be odd.

#include "porting/messages.hpp"
#include "protocol/coin_v3/profile.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npod::sandbox {

/// A message as it is posted.
struct Said {
    std::string type, bytes;
};

/// Who speaks to whom, in which dialect. A plain value.
struct Wording {
    OperatorCode own, tested;
    protocol::coin_v3::Profile profile;

    /// `law_now` is the moment that goes into the header; the odd ways ("with far-date") are done afterwards.
    Said say(porting::message::Body body, OperatorCode const& receiver, Moment law_now) const;
};

/// The same message in an odd way: "empty-strings", "unknown-fields", "wrong-timestamp" (by `days`), "far-date",
/// "impossible-date". Any other word changes nothing. Precondition: the bytes are those of Wording::say.
Said oddly(Said said, std::string_view how, int days, Wording const& wording, Moment law_now);

/// What a message of the tested side says, as far as a scene asks.
struct Reading {
    DossierId dossier;
    std::vector<porting::NumberRange> numbers; ///< of a request
    bool readable = false;                     ///< it is of the form, and says nothing impossible
    bool yes = false;                          ///< an answer that lets every number of it go
    std::string summary;                       ///< for the card: "errorfound UNKNOWN_DOSSIER: …"
    std::optional<Moment> timestamp;
};
/// Never fails: what cannot be read has a summary that says so.
Reading read_message(std::string_view type, std::string_view bytes, protocol::coin_v3::Profile const& profile);

} // namespace npod::sandbox
