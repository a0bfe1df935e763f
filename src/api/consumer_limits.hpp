#pragma once
/// What one consumer of the interchange may ask for, so that it costs the others nothing.

#include "base/ids.hpp"
#include "base/moment.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace npod::api {

/// The place of one stream among those of its consumer; taken once newer ones need it.
struct StreamPlace {
    std::atomic<bool> taken = false;
};

/// Thread-safe. Keyed by members only, so that it is as bounded as the configuration.
class ConsumerLimits {
public:
    /// `per_second` calls in the long run, twice as many at once after a pause; `streams` at a time.
    ConsumerLimits(std::int64_t per_second, std::size_t streams) : per_second_(per_second), streams_(streams) {}

    /// Whether one more call is taken now. A call that is not taken does not count.
    bool admit(OperatorCode const& consumer, Moment now);
    /// A place for a new stream. The oldest beyond the limit loses its own: it may be a connection that is long dead.
    std::shared_ptr<StreamPlace const> open_stream(OperatorCode const& consumer);

private:
    struct Consumer {
        double tokens = 0; ///< calls that may come at once
        std::optional<Moment> counted_at;
        std::deque<std::weak_ptr<StreamPlace>> streams; ///< oldest first
    };
    std::int64_t const per_second_;
    std::size_t const streams_;
    std::mutex mutex_;
    std::map<OperatorCode, Consumer> consumers_;
};

} // namespace npod::api
