#pragma once
/// What we knew then: the log told again up to a moment.

#include "base/limits.hpp"
#include "engine/replay.hpp"
#include "storage/ledger.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace npod::api {

/// Keeps the last replay, because people look at several things of one moment. Thread-safe; one replay at a time.
class TimeMachine {
public:
    /// `rulebook`: see engine::replay().
    TimeMachine(std::shared_ptr<rules::Rulebook const> rulebook, porting::Settings settings,
                engine::Interchange interchange)
        : rulebook_(std::move(rulebook)), settings_(std::move(settings)), interchange_(std::move(interchange)) {}

    /// Calls `look` with the world and the laws as of everything learned at or before `at`. Takes as long as deciding the log again.
    /// Where the log, told with this configuration, comes out differently, `look` is not called: returns where and how.
    std::string visit(Moment at, storage::Reader const& present,
                      std::function<void(storage::Reader const&, rules::Laws const&)> const& look);

    /// Whether more than so many rows would have to be told again, all in memory.
    static bool is_too_far(Moment at, storage::Reader const& present, std::int64_t rows_max = limits::rows_told_again_max);

private:
    std::shared_ptr<rules::Rulebook const> rulebook_;
    porting::Settings settings_;
    engine::Interchange interchange_;

    std::mutex mutex_;
    std::optional<Moment> at_;
    std::int64_t head_seq_ = 0; ///< of the log that was told: a row may still be learned at `at_` itself
    std::optional<engine::Replayed> told_;
};

} // namespace npod::api
