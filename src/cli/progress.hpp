#pragma once
/// How far long work is: part, share, rate and time left, on one line of a terminal.

#include "cli/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace npod::cli {

/// "checking the log, rows: 12000 of 48000 (25 %), 6000/s, 6 s left"; without `of`, the part and the time it took so far.
std::string progress_text(std::string_view part, std::int64_t done, std::int64_t of, std::chrono::milliseconds elapsed);

/// Tells the terminal at most a few times a second, and only of work that is not over at once; clears its line at the end.
std::function<void(std::string_view, std::int64_t, std::int64_t)> progress_on(Session& session);

} // namespace npod::cli
