#pragma once
/// Tries out the way to a counterpart, step by step, without leaving a trace there: it is asked to confirm message 0,
/// which nobody has.

#include "api/api.hpp"
#include "daemon/config.hpp"
#include "engine/peer_health.hpp"

#include <memory>

namespace npod::daemon {

/// One thread, one counterpart at a time: a peer that hangs holds up other checks, and nothing else.
class PeerCheck {
public:
    /// `clock` tells real time. All outlive this.
    PeerCheck(Config const& config, Clock const& clock, engine::PeerHealth const& health);
    ~PeerCheck(); ///< stop()
    /// Thread-safe; `done` is called once, on the thread of the checks, or at once when too many wait.
    void check(OperatorCode const& code, api::Checked done);
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::daemon
