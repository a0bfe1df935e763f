#pragma once
/// /metrics: figures for Prometheus, text format 0.0.4. No numbers and no customers in labels.

#include "api/api.hpp"
#include "storage/ledger.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace npod::api {

/// How many requests were answered, by the first digit of the status. Thread-safe.
class RequestCounters {
public:
    void count(unsigned status) {
        auto const digit = status / 100;
        if (digit < by_class_.size()) by_class_[digit].fetch_add(1, std::memory_order_relaxed);
    }
    std::int64_t answered(unsigned first_digit) const {
        return by_class_.at(first_digit).load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::int64_t>, 6> by_class_{};
};

/// Everything on one page; `now` is the law's clock.
std::string metrics_page(RequestCounters const& requests, Context const& context, storage::Reader const& reader,
                         Moment now);

} // namespace npod::api
