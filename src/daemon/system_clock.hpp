#pragma once
/// The one place that asks the system what time it is.

#include "base/clock.hpp"

namespace npod::daemon {

class SystemClock final : public Clock {
public:
    Moment now() const override { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }
};

} // namespace npod::daemon
