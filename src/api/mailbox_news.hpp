#pragma once
/// For whom mail came: so that a stream looks into the database for mail of its own only. With thousands of mailboxes
/// open, every message would otherwise be paid for by a look of each.

#include "base/ids.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace npod::api {

/// Counts, for each receiver, the commits that put something into its mailbox. Thread-safe.
class MailboxNews {
public:
    using Count = std::shared_ptr<std::atomic<std::uint64_t>>;

    /// Goes up after each commit that brought mail for `receiver`, and before its streams are woken. Who reads it first
    /// and then the database misses nothing.
    Count of(OperatorCode const& receiver) {
        std::scoped_lock const lock(mutex_);
        auto& count = counts_[receiver];
        if (!count) count = std::make_shared<std::atomic<std::uint64_t>>(0);
        return count;
    }

    void came_for(std::vector<OperatorCode> const& receivers) {
        std::scoped_lock const lock(mutex_);
        for (auto const& receiver : receivers) // a mailbox that nobody ever opened has no streams to tell
            if (auto const known = counts_.find(receiver); known != counts_.end()) ++*known->second;
    }

private:
    std::mutex mutex_;
    std::map<OperatorCode, Count> counts_; ///< of members only: they are all who can open a mailbox
};

} // namespace npod::api
