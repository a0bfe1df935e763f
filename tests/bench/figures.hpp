#pragma once
/// What is measured with: time, and how it spreads.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace npod::bench {

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }

private:
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Times of the same thing, in seconds.
class Spread {
public:
    void add(double seconds) { seconds_.push_back(seconds); }
    std::size_t count() const { return seconds_.size(); }
    /// The time that `share` of all stay within (0.5: the median), in milliseconds; 0 when nothing was measured.
    double ms_within(double share) {
        if (seconds_.empty()) return 0;
        auto const last = static_cast<double>(seconds_.size() - 1);
        auto const at = seconds_.begin() + static_cast<std::ptrdiff_t>(last * share);
        std::nth_element(seconds_.begin(), at, seconds_.end());
        return *at * 1000;
    }

private:
    std::vector<double> seconds_;
};

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

} // namespace npod::bench
