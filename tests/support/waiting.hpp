#pragma once
/// The two ways in which a test may wait. There is no third: a test that sleeps and hopes fails on a slow day.

#include <chrono>
#include <thread>

namespace npod::test {

/// Waits until `condition()` holds, for what another thread or process brings about. False when `patience` ran out first; a
/// slow machine only makes it take longer, so the patience is generous and costs nothing when all is well.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::milliseconds patience = std::chrono::seconds{30}) {
    auto const limit = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= limit) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

/// Lets real time pass where the passing of time is itself what is tested: a limit that cuts, a beat that keeps alive. What
/// is checked afterwards must hold for every longer time as well.
inline void let_pass(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

} // namespace npod::test
