#pragma once
/// A message that somebody handed to the interchange, as an event for the writer. Free of sockets: the server answers
/// with it, and the simulated market runs on it.

#include "api/interchange_server.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace npod::api {

/// Who that is here; nullptr: nobody.
InterchangeServer::Member const* member(InterchangeServer::Settings const& settings, OperatorCode const& code);

/// What the sender gets for a message that is stored; the number is that of the log row.
std::string receipt(OperatorCode const& own, std::int64_t seq);

/// The form of every message is checked, strictly of what others will get; the content of one for us is read as well.
/// Refused: the form is wrong.
/// `now` is the law's time. Pure, as far as settings.decode is.
Outcome<std::optional<porting::input::Any>> read_content(InterchangeServer::Settings const& settings,
                                                         protocol::coin_v3::Envelope const& envelope,
                                                         InterchangeServer::Member const& sender, std::string_view bytes,
                                                         Moment now);

/// The event of a message whose content was read: what becomes of it here, and whose mailboxes it goes to. The same
/// bytes of the same sender are known again. Pure.
engine::Event event_of(InterchangeServer::Settings const& settings, protocol::coin_v3::Envelope const& envelope,
                       InterchangeServer::Member const& sender, std::optional<porting::input::Any> input,
                       std::string const& bytes, Moment now);

} // namespace npod::api
