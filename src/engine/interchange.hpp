#pragma once
/// How a message of the domain leaves: who carries it and in what bytes. The engine asks, the wire's codec answers; nothing
/// here does I/O.

#include "base/ids.hpp"
#include "base/moment.hpp"
#include "porting/input.hpp"
#include "porting/messages.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace npod::engine {

struct Encoded {
    OperatorCode peer;  ///< whom we hand it to: the hub's code, or the receiver's own
    std::string type;   ///< "portingrequest"
    std::string bytes;
};

struct Interchange {
    /// Encodes a message from the own operator to `receiver`. Pure: same inputs, same bytes.
    std::function<Encoded(porting::message::Message const&, Moment now)> encode;
    /// Reads a message of `sender` back: Received, or ReceivedBroken when its form is wrong. Pure. Used for messages that waited
    /// for their request, and for replay.
    std::function<porting::input::Any(OperatorCode const& sender, std::string_view type, std::string_view bytes, Moment now)> decode;
};

} // namespace npod::engine
