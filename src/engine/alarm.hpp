#pragma once
/// What the writer sleeps on: work in the queue, or a moment of the real clock. A wall clock that jumps, either way, wakes it too.

#include "base/moment.hpp"

#include <optional>

namespace npod::engine {

class Alarm {
public:
    Alarm(); ///< throws Fault when the system gives no descriptors
    ~Alarm();
    Alarm(Alarm const&) = delete;
    Alarm& operator=(Alarm const&) = delete;
    void ring(); ///< from any thread: sleep() returns soon
    /// Sleeps until ring(), until the wall clock shows `until` or jumps, or for `longest`. Nothing: until ring() only.
    void sleep(std::optional<Moment> until, std::optional<std::chrono::milliseconds> longest = {});

private:
    int bell_ = -1, timer_ = -1;
};

} // namespace npod::engine
