#include "api/consumer_limits.hpp"

#include "base/limits.hpp"

#include <algorithm>

namespace npod::api {

bool ConsumerLimits::admit(OperatorCode const& consumer, Moment now) {
    constexpr std::int64_t burst_seconds =
        limits::request_burst_per_consumer / limits::requests_per_second_per_consumer;
    std::scoped_lock const lock(mutex_);
    auto& known = consumers_[consumer];
    auto const full = static_cast<double>(per_second_ * burst_seconds);
    if (!known.counted_at) {
        known.tokens = full;
    } else if (now > *known.counted_at) {
        auto const seconds = std::chrono::duration<double>(now - *known.counted_at).count();
        known.tokens = std::min(full, known.tokens + seconds * static_cast<double>(per_second_));
    }
    known.counted_at = now; // also when the clock was set back: nobody gets the time twice
    if (known.tokens < 1) return false;
    known.tokens -= 1;
    return true;
}

std::shared_ptr<StreamPlace const> ConsumerLimits::open_stream(OperatorCode const& consumer) {
    auto place = std::make_shared<StreamPlace>();
    std::scoped_lock const lock(mutex_);
    auto& open = consumers_[consumer].streams;
    std::erase_if(open, [](auto const& one) { return one.expired(); });
    open.push_back(place);
    for (; open.size() > streams_; open.pop_front())
        if (auto const oldest = open.front().lock()) oldest->taken = true;
    return place;
}

} // namespace npod::api
