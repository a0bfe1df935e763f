#pragma once
/// How npctl ends. The numbers are a contract with scripts: they never change.

#include "base/fault.hpp"

#include <stdexcept>
#include <string>

namespace npod::cli {

enum class Exit : int {
    ok = 0,
    failure = 1,
    usage = 2,
    not_found = 3,
    not_allowed = 4,
    wait_timed_out = 5,
    conflict = 6,    ///< or an illegal transition
    unreachable = 7, ///< no daemon, or one that cannot answer now
    pending = 8,     ///< asked once, and it has not happened yet
    findings = 9,
};

/// Ends the command. The text says what was wrong, where, and what to do next; it goes to stderr as it is.
class Stop : public std::runtime_error {
public:
    Stop(Exit exit, std::string const& text) : std::runtime_error(text), exit_(exit) {}
    Exit exit() const { return exit_; }

private:
    Exit exit_;
};

/// What an HTTP status of the daemon means to a script: 400 usage, 401/403 not_allowed, 404 not_found, 409/412
/// conflict, 5xx unreachable (try again), any other error failure.
constexpr Exit exit_of_status(unsigned status) {
    if (status < 400) return Exit::ok;
    switch (status) {
    case 400: return Exit::usage;
    case 401:
    case 403: return Exit::not_allowed;
    case 404: return Exit::not_found;
    case 409:
    case 412: return Exit::conflict;
    default: return status >= 500 ? Exit::unreachable : Exit::failure;
    }
}

} // namespace npod::cli
