#pragma once
/// The second page of limits.hpp: what only those keep who speak with others over a network. It is apart so that a
/// change of it does not compile the whole house anew.

#include "base/limits.hpp"

namespace npod::limits {

/// What a counterpart answers to our calls is under a kilobyte, and the largest page that npctl reads some megabytes.
inline constexpr std::size_t answer_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t answer_head_bytes_max = 64 * 1024;
/// Extensions and trailers of one answer that are skipped before the peer counts as hostile.
inline constexpr std::size_t skipped_bytes_max = 8 * 1024;
/// The largest message of the trade is a few hundred kB; a line or event of a stream beyond this comes from something
/// broken. A stream itself has no total time, because it is to last for years: it holds one page of a mailbox, and who
/// takes nothing of it for idle_time_max loses it.
inline constexpr std::size_t stream_event_bytes_max = 4 * 1024 * 1024;
/// An id of another system: long enough for a UUID with a prefix, short enough for a table.
inline constexpr std::size_t id_bytes_max = 64;
/// The key by which a call is known again: as long as an HTTP header may reasonably be.
inline constexpr std::size_t idempotency_key_bytes_max = 255;
/// Decisions in one answer of a donor: they are compared in pairs.
inline constexpr std::size_t decisions_per_answer_max = 200;
/// More of any of these tells a reader nothing new, and a hostile message could ask for a million. What a counterpart
/// adds to its messages and nobody knows is kept as it came: there the bound is that of the body.
inline constexpr std::size_t problems_per_message_max = 100;
inline constexpr std::size_t flags_per_message_max = 40;
inline constexpr std::size_t unknown_fields_flagged_max = 20;
/// How far a caller's clock may be from ours, and a token beyond its own limits: the field's clocks are seconds off, and
/// within this time a call that was overheard could be played again.
inline constexpr std::chrono::milliseconds clock_skew_max{60'000};
/// Messages of a hub's stream that wait for their commit: the writer never idles for us, and its queue has room for others.
inline constexpr std::size_t stream_messages_in_flight_max = 512;
/// Reports of deliveries that wait for their commit: enough to keep the wire busy, too few to fill the writer's queue.
inline constexpr int reports_under_way_max = 256;
/// Deadlines that a rehearsal plays: one that only reminds fires every working day, and it reaches as far as the
/// planning horizon.
inline constexpr int rehearsed_deadlines_max = 5'000;
/// Checks of counterparts that wait: persons wait for the answer, and a dozen at once is a script gone wild.
inline constexpr std::size_t checks_waiting_max = 12;

} // namespace npod::limits
