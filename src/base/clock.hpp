#pragma once
/// The clock is injected. The system clock is asked in daemon/ only.

#include "base/moment.hpp"

#include <atomic>

namespace npod {

/// Tells the time. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Moment now() const = 0;
    /// True when time stands still until somebody moves it (npod --clock manual).
    virtual bool manual() const { return false; }
};

/// A clock that moves only when told to, and never back.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Moment start) : now_(to_ms(start)) {}
    Moment now() const override { return from_ms(now_.load()); }
    bool manual() const override { return true; }
    /// Moves the clock forward to `to`; an earlier moment leaves it where it is.
    void advance_to(Moment to) {
        auto held = now_.load();
        while (to_ms(to) > held && !now_.compare_exchange_weak(held, to_ms(to))) {}
    }

private:
    std::atomic<std::int64_t> now_;
};

} // namespace npod
