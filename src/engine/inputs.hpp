#pragma once
/// Between events, log rows and inputs of the domain: an event becomes a row, and the row becomes the same input again.

#include "engine/engine.hpp"
#include "porting/input.hpp"
#include "storage/ledger.hpp"

#include <optional>
#include <string>

namespace npod::engine {

/// Key of a message row that was only distributed to mailboxes, not meant for our own machines.
inline constexpr std::string_view for_mailboxes_only = "mailbox";

/// Begins the kind of every row that a deadline wrote.
inline constexpr std::string_view timer_prefix = "timer.";
/// Kind of rows by which the daemon speaks of itself ("house.machines"); they ask nothing of the domain.
inline constexpr std::string_view house_prefix = "house.";

/// Kind of the row that puts another rulebook in force; its key is the version.
inline constexpr std::string_view law_kind = "house.law";

/// The daemon says which law is in force from now on.
Event law_event(rules::Rulebook const& rulebook);
Event timer_event(porting::Timer const& timer);
Event delivery_event(porting::input::DeliveryReport const& report, OperatorCode const& peer);
/// A message that waited for its request, heard now.
Event retried_event(storage::LogRow const& waiting, Interchange const& interchange, Moment now);

/// When the sender of a message says that it sent it, where that tells something: earlier than it came by more than clocks differ
/// and lines take, and not absurdly so. Nothing for other inputs. The law counts from when it came.
std::optional<Moment> sent_at(porting::input::Any const& input, Moment now);

/// What a stored row asked of the domain; nothing when it asked nothing (distributed only, refused by the engine itself).
/// A row that cannot be read is a refusal: the log and this program do not fit each other.
Outcome<std::optional<porting::input::Any>> input_of(storage::LogRow const& row, Interchange const& interchange);

/// "line:PI-000001/2" and back.
std::string to_key(porting::Subject const& subject);
std::optional<porting::Subject> subject_of_key(std::string_view key);

} // namespace npod::engine
