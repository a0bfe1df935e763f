#pragma once
/// The lines that only the daemon's wiring writes; the rest stand in base/log_catalogue.hpp. New ones go into `all` as well: npod
/// manual messages prints them.

#include "base/log.hpp"

#include <array>

namespace npod::daemon::log_messages {

inline constexpr LogMessage development_mode{"NP_DEVELOPMENT_MODE", Level::warning,
                                             "No tokens are configured: whoever reaches this address from this machine "
                                             "may do anything. Add [[token]] for real use."};
inline constexpr LogMessage open_interchange{"NP_OPEN_INTERCHANGE", Level::warning,
                                             "No member has keys: whoever calls the interchange from this machine may "
                                             "speak for any member, and nobody else is answered. Give every [[member]] "
                                             "secret_files and public_key_files for real use."};
inline constexpr LogMessage manual_clock{"NP_MANUAL_CLOCK", Level::warning,
                                         "Time stands still until `npctl clock advance` moves it. Never for real "
                                         "ports: no legal deadline passes by itself."};
inline constexpr LogMessage clock_behind{
    "NP_CLOCK_BEHIND", Level::warning,
    "The system's clock is behind the last event of the database. It was set back, or is wrong now. Check it (NTP)."};
inline constexpr LogMessage signal_ignored{
    "NP_SIGNAL_IGNORED", Level::info,
    "SIGHUP changes nothing: the configuration is read once. Restart the daemon to use a new one; nothing is lost."};
inline constexpr LogMessage cannot_serve{"NP_CANNOT_SERVE", Level::error,
                                         "The daemon could not start for a reason outside configuration and database, "
                                         "mostly an address that another program has."};
inline constexpr LogMessage stopping{"NP_STOPPING", Level::info,
                                     "Somebody asked the daemon to stop. It finishes what it acknowledged."};
inline constexpr LogMessage message_unreadable{
    "NP_MESSAGE_UNREADABLE", Level::error,
    "The hub sent something whose sender or receiver cannot be read. Its bytes are in the log; talk to the hub."};
inline constexpr LogMessage message_contradicts{
    "NP_MESSAGE_CONTRADICTS", Level::error,
    "The hub sent other bytes under an id that it used before. Both are in the log, and the second was heard as a message "
    "of its own. Ask the hub which one counts."};
inline constexpr LogMessage message_waits{
    "NP_MESSAGE_WAITS", Level::warning,
    "A message of the hub could not be stored now and is tried again. It is not confirmed until it is stored."};
inline constexpr LogMessage confirmation_failed{
    "NP_CONFIRMATION_FAILED", Level::warning,
    "The hub did not take the confirmation of a message. The message is stored; at worst the hub sends it again."};
inline constexpr LogMessage peer_unknown{"NP_PEER_UNKNOWN", Level::warning,
                                         "Messages wait for a counterpart to which the configuration shows no way. Set "
                                         "interchange.hub or the member's url."};
inline constexpr LogMessage handler_fault{
    "NP_HANDLER_FAULT", Level::error,
    "A call could not be answered for a fault of ours; the caller was told 500. The text says what failed."};
inline constexpr LogMessage call_refused{
    "NP_CALL_REFUSED", Level::info,
    "A call that would have changed something, or a message of a counterpart, was not of its form or not allowed, and left "
    "no event. The caller was told why. Many of these from one peer: talk to them."};
inline constexpr LogMessage webhook_failing{
    "NP_WEBHOOK_FAILING", Level::warning,
    "A system that wants to be called at every event does not take the calls. They are kept in order and made again, ever more "
    "slowly, up to once a day; nothing is lost. Look at what answers there."};
inline constexpr LogMessage webhook_again{"NP_WEBHOOK_AGAIN", Level::info, "A webhook that failed takes its calls again; what it missed follows in order."};
inline constexpr LogMessage webhook_ended{
    "NP_WEBHOOK_ENDED", Level::warning,
    "A webhook answered 410 Gone: it wants no more events, and is called no more. Take it out of the configuration, or give it "
    "another url: then it goes on where it stopped."};
inline constexpr LogMessage not_responding{"NP_NOT_RESPONDING", Level::error,
                                           "The writer has not moved although events wait. The watchdog is not fed, so "
                                           "systemd restarts the daemon. Check the disk."};

/// All of them, in the order above.
inline constexpr std::array all{
    development_mode,    open_interchange,    manual_clock,  clock_behind,        signal_ignored, cannot_serve,  stopping,     message_unreadable,
    message_contradicts, message_waits,       confirmation_failed, peer_unknown, handler_fault,  call_refused,  webhook_failing,
    webhook_again,       webhook_ended,       not_responding,
};

} // namespace npod::daemon::log_messages
