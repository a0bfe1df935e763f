#pragma once
/// What a newcomer tries first.

namespace npod::daemon {

/// `npod sandbox` without flags: a living market until SIGINT or SIGTERM. Returns the exit code.
int run_market();

} // namespace npod::daemon
