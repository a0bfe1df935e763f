#pragma once
/// A limit on everything, with its reason. Nothing in the product is unbounded.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace npod::limits {

/// A port order of 1 000 single numbers is about 60 kB; sixteen times that is generosity, more is an attack.
inline constexpr std::size_t body_bytes_max = 1024 * 1024;
/// Cookies and signatures of the wire are under 3 kB; proxies add little.
inline constexpr std::size_t header_bytes_max = 8 * 1024;
/// Clients of this trade send about ten; each costs a look-up for every rule that reads them.
inline constexpr std::size_t header_count_max = 64;
/// Our longest path with every parameter of a list is under 500 bytes.
inline constexpr std::size_t target_bytes_max = 2 * 1024;
/// Bodies being received or answered, together. The first bytes of each are free, as a message of the trade is under
/// 4 kB: many large bodies that arrive drop by drop fill this room and not the memory, and honest calls go on.
inline constexpr std::size_t bodies_bytes_max = 256 * 1024 * 1024;
inline constexpr std::size_t body_bytes_free = 16 * 1024;
/// Sockets at once: a mailbox for every operator of the continent, and a system's limit of open files.
inline constexpr std::size_t connections_max = 10'000;
/// From the first byte of a head to its end: a head is one packet, so this is a phone on a bad network.
inline constexpr std::chrono::milliseconds head_time_max{5'000};
/// From the head to the end of the body, in total: a megabyte at 100 kB/s.
inline constexpr std::chrono::milliseconds body_time_max{10'000};
/// Between two requests of one connection, and between two pieces of an answer that the peer takes.
inline constexpr std::chrono::milliseconds idle_time_max{30'000};
/// From the first byte of an answer to its last, in total, streams aside: who takes longer does not want it.
inline constexpr std::chrono::milliseconds answer_time_max{60'000};
/// Clients give a stream up after 30 s of silence: three heartbeats, two of which may be late.
inline constexpr std::chrono::milliseconds stream_heartbeat{10'000};
/// JSON that people and programs of this trade send is under 8 deep.
inline constexpr std::size_t json_depth_max = 16;
/// A note, a name, an address line; everything longer has no business in a port.
inline constexpr std::size_t text_bytes_max = 1024;
inline constexpr std::size_t array_items_max = 1'000;
/// The largest PBX of the country fits; RULES-BE and issue texts name 10 000 as the bound of one range.
inline constexpr std::int64_t numbers_per_order_max = 10'000;
inline constexpr std::int64_t numbers_per_contract_max = 20'000;
/// Ranges and single numbers in one message.
inline constexpr std::size_t series_per_message_max = 1'000;
/// Events in one commit. Few wait in daily work, and batches are short; thousands at once are written the faster the fewer
/// commits they take.
inline constexpr std::size_t batch_events_max = 2'048;
/// Events waiting for the writer; beyond it new ones are answered 503 before memory grows. What waits fits into the next
/// batch: nobody who is let in waits for more than the batch ahead.
inline constexpr std::size_t queue_events_max = batch_events_max;
/// Timers in one commit when nobody calls: whoever calls meanwhile waits for these only, some 15 ms.
inline constexpr std::size_t batch_timers_max = 128;
/// A page of a list.
inline constexpr int page_items_max = 500;
inline constexpr int page_items_default = 50;
/// What one question with a filter may cost: steps of SQLite, some seconds of one reader...
inline constexpr std::int64_t query_steps_max = 300'000'000;
/// ...and ports whose money or delay is computed for it, which takes some ten microseconds each.
inline constexpr std::int64_t ports_measured_max = 100'000;
/// Back-off of a delivery: doubling between these (COIN clients wait 1 s doubling to 64 s).
inline constexpr std::chrono::milliseconds retry_delay_min{1'000};
inline constexpr std::chrono::milliseconds retry_delay_max{64'000};

/// Calls of one consumer of the interchange. A large operator sends tens of messages a second, some hundreds while it
/// catches up; more is a loop gone wild, and is told to wait (429) before it costs the others anything.
inline constexpr std::int64_t requests_per_second_per_consumer = 1'000;
/// What may come at once after a pause: two seconds' worth.
inline constexpr std::int64_t request_burst_per_consumer = 2 * requests_per_second_per_consumer;
/// Questions about the past that wait for their turn. Each tells the log again, which takes as long as it is long.
inline constexpr std::size_t past_questions_max = 32;
/// Rows of the log that a daemon tells again for such a question, in memory: a minute and some 300 MB. Who looks further
/// back asks a copy of the file, with a machine of their own.
inline constexpr std::int64_t rows_told_again_max = 250'000;
/// Streams that one consumer keeps open: two machines, each with a connection that is being replaced. The oldest gives
/// way to the newest, so that a half-open connection locks nobody out.
inline constexpr std::size_t streams_per_consumer_max = 4;
/// One address may hold this part of all connections, so that it cannot lock the others out.
inline constexpr std::size_t share_of_one_address = 4;
/// Counterparts whose figures are kept in memory: every operator of a continent.
inline constexpr std::size_t peers_watched_max = 10'000;
/// Messages by which a counterpart's clock is judged: enough that one slow delivery does not count.
inline constexpr int clock_samples = 20;

} // namespace npod::limits
