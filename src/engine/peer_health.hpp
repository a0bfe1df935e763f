#pragma once
/// How the ways to our counterparts are, since this process began: what the log cannot know, because nothing came of it.

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/moment.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace npod::engine {

/// One counterpart, or the hub. Moments are real time, whatever the law's clock says.
struct PeerState {
    bool has_stream = false;               ///< we fetch our messages from it
    std::optional<Moment> stream_since;    ///< the stream is open since; nothing: it is not open
    std::optional<Moment> stream_again_at; ///< when a broken stream is opened anew; nothing: it is open
    Duration stream_wait{0};               ///< how long is waited between two attempts now; grows with each that fails
    std::optional<Moment> reached_at;      ///< it last answered us
    std::optional<Moment> failing_since;   ///< every attempt since then failed; nothing: the last one did not
    std::optional<Moment> last_error_at;
    std::string last_error;                ///< why the last failed attempt failed; never a secret
    std::int64_t failures = 0;             ///< attempts to reach it that failed
    std::int64_t duplicates = 0;           ///< messages that it sent again
    std::int64_t refused = 0;              ///< calls of it that were refused for form or right
};

/// Thread-safe.
class PeerHealth {
public:
    /// `real` tells real time and outlives this.
    explicit PeerHealth(Clock const& real) : real_(real) {}

    void reached(OperatorCode const& peer);
    void failed(OperatorCode const& peer, std::string_view why);
    void stream_opened(OperatorCode const& peer);
    void stream_lost(OperatorCode const& peer, std::string_view why, Duration again_in); ///< counts as failed
    void repeated(OperatorCode const& peer);
    void refused(OperatorCode const& peer);

    /// All zero for one that nothing was ever said of.
    PeerState of(OperatorCode const& peer) const;
    std::map<OperatorCode, PeerState> all() const;

private:
    template <class Change>
    void change(OperatorCode const& peer, Change const& change);

    Clock const& real_;
    mutable std::mutex mutex_;
    std::map<OperatorCode, PeerState> peers_;
};

} // namespace npod::engine
