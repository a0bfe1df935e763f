#pragma once
/// Listens to the hub: takes its stream of messages, hands each to the engine, and confirms it only after the commit.
/// What was not confirmed comes again, and the engine knows it again.

#include "base/log.hpp"
#include "daemon/config.hpp"
#include "daemon/wire.hpp"
#include "engine/engine.hpp"
#include "engine/peer_health.hpp"
#include "http/http.hpp"
#include "storage/ledger.hpp"

#include <memory>

namespace npod::daemon {

/// Waits between attempts: 1 s, doubling to 64 s; a success starts afresh.
class Backoff {
public:
    std::chrono::milliseconds next();
    void reset() { wait_ = std::chrono::milliseconds{0}; }

private:
    std::chrono::milliseconds wait_{0};
};

/// One event of the stream as the engine takes it: kind "message.portingrequest", source "wire:BRAVO", known again by
/// "HUB:17". One that is not for us has no input; nor has one whose envelope cannot be read, which is said to come from
/// the hub: its bytes are kept for a person. `now` is the law's time.
engine::Event event_of(http::StreamEvent const& received, Wire const& wire, OperatorCode const& hub, Moment now);

/// After which id of its stream the hub is asked again after a restore; "-1": from the start. So many messages before the last one that
/// is known, for their order of arrival is not quite that of their ids; what is known already is recognised.
std::string asked_again_from(storage::Reader const& reader, OperatorCode const& hub);

/// Two threads from construction until stop(): one reads the stream, one confirms.
class StreamClient {
public:
    /// `clock` tells real time for the proofs. All of these outlive the client. Throws ConfigFault for an unusable
    /// address or key.
    StreamClient(engine::Engine& engine, Wire const& wire, Config const& config, Clock const& clock, Log& log,
                 engine::PeerHealth& health);
    ~StreamClient(); ///< stop()
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace npod::daemon
