#pragma once
/// Every line that the product can write, with what it means and what to do. New messages go here, and into `all`; the
/// operator's manual is printed from this list.

#include "base/log.hpp"

#include <array>

namespace npod::log_catalogue {

// ------------------------------------------------------------------------------------------------ life of the daemon
inline constexpr LogMessage started{
    "NP_STARTED", Level::info,
    "The daemon has checked configuration, rulebook and database and begins to serve. Nothing to do."};
inline constexpr LogMessage stopped{
    "NP_STOPPED", Level::info,
    "The daemon finished what it had acknowledged and ended. Nothing to do when somebody asked it to stop."};
inline constexpr LogMessage listening{
    "NP_LISTENING", Level::info, "The address on which calls are answered. Nothing to do."};
inline constexpr LogMessage config_error{
    "NP_CONFIG_ERROR", Level::error,
    "The configuration cannot be used and the daemon does not start. Mend the named key; `npod check` tells the same."};

// -------------------------------------------------------------------------------------------------- what others send
inline constexpr LogMessage message_refused{
    "NP_MESSAGE_REFUSED", Level::warning,
    "A counterpart sent a message that we could not take. It was told why. Many of these from one peer: talk to them."};
inline constexpr LogMessage message_repeated{
    "NP_MESSAGE_REPEATED", Level::info,
    "A counterpart repeated a message that we had already acted on. Harmless: it received the same answer again. Many of "
    "these from one peer usually mean that it does not see our replies."};
inline constexpr LogMessage request_refused{
    "NP_REQUEST_REFUSED", Level::info,
    "A call of our own people or systems was refused; the caller was told why. Nothing to do, unless it keeps happening."};

inline constexpr LogMessage event_stored{
    "NP_EVENT", Level::info,
    "An event was decided and is durably stored under `seq`; `npctl event list` shows what it moved. Nothing to do."};

// ------------------------------------------------------------------------------------------------------ what we send
inline constexpr LogMessage delivery_failed{
    "NP_DELIVERY_FAILED", Level::warning,
    "A message could not be handed to a counterpart. It will be tried again, ever more slowly. Check the line to the peer."};
inline constexpr LogMessage delivery_bounced{
    "NP_DELIVERY_BOUNCED", Level::error,
    "A message was given up: refused for good, or too old. It came back as an event; the port shows what happens next."};
inline constexpr LogMessage stream_opened{
    "NP_STREAM_OPENED", Level::info, "The stream of messages from the hub is open. Nothing to do."};
inline constexpr LogMessage stream_lost{
    "NP_STREAM_LOST", Level::warning,
    "The stream of messages from the hub broke off. It is opened again by itself; unconfirmed messages come again."};

// ------------------------------------------------------------------------------------------------ time and the disk
inline constexpr LogMessage timer_fired_late{
    "NP_TIMER_FIRED_LATE", Level::warning,
    "A deadline passed while the daemon was down or busy and took effect late. Check why; due and fired times are given."};
inline constexpr LogMessage deadline_missed{
    "NP_DEADLINE_MISSED", Level::warning,
    "Somebody who had to act by a deadline did not. The port shows who, under which rule, and what it costs."};
inline constexpr LogMessage deadline_stuck{
    "NP_DEADLINE_STUCK", Level::error,
    "A deadline passed and what it brings cannot be worked out; nothing moved. It is tried again after npod.deadline.retry. Read "
    "`why`, mend what it names, or deal with the subject by hand."};
inline constexpr LogMessage disk_full{
    "NP_DISK_FULL", Level::error,
    "There is no room for the database, or its disk was made read-only. Nothing is accepted or acknowledged, everything can "
    "be read, and deadlines wait. Make room; the work goes on by itself within a second."};
inline constexpr LogMessage room_again{
    "NP_ROOM_AGAIN", Level::warning,
    "There is room for the database again, and calls are taken. Deadlines that passed meanwhile fire now, in order."};
inline constexpr LogMessage outbox_waits{
    "NP_OUTBOX_WAITS", Level::warning,
    "Messages for this counterpart could not be read from the database just now: no descriptor or no memory was left, or the "
    "disk failed. They stay where they are and are tried again by themselves."};
inline constexpr LogMessage storage_fault{
    "NP_STORAGE_FAULT", Level::error,
    "The database could not do its work: failing, damaged or locked. The daemon ends rather than guess. Mend the "
    "disk, then start it again; nothing acknowledged is lost."};

inline constexpr LogMessage restored{
    "NP_RESTORED", Level::warning,
    "The database is a backup that was put back. Ids go on with a gap, so that none is given out twice, and the hub is asked for "
    "all that it sent since. Orders that were taken after the backup are gone: have them sent again."};
inline constexpr LogMessage caught_up{
    "NP_CAUGHT_UP", Level::info,
    "After a restore: the hub was asked for everything since the backup, and has no more. Nothing to do."};

/// The whole catalogue, in the order above.
inline constexpr std::array all{
    started,         stopped,          listening,     config_error, message_refused,  message_repeated, request_refused,
    event_stored,
    delivery_failed, delivery_bounced, stream_opened, stream_lost,  timer_fired_late, deadline_missed,
    deadline_stuck,  disk_full,        room_again,    outbox_waits, storage_fault,
    restored,        caught_up,
};

} // namespace npod::log_catalogue
