#pragma once
/// sd_notify without libsystemd: one datagram to the socket that systemd named. Without systemd nothing happens.

#include <chrono>
#include <optional>
#include <string_view>

namespace npod::daemon {

/// Sends "READY=1", "STOPPING=1", "WATCHDOG=1", … to NOTIFY_SOCKET. Silent when there is none or it does not listen.
void notify_service_manager(std::string_view state);

/// How often the service manager wants to hear WATCHDOG=1 at most (half of WATCHDOG_USEC); nothing: never.
std::optional<std::chrono::milliseconds> watchdog_interval();

} // namespace npod::daemon
