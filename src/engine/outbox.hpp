#pragma once
/// Sends what was committed. One thread per peer, in order, one message in flight: the same bytes again after any doubt, because
/// the other side remembers them.

#include "base/log.hpp"
#include "engine/engine.hpp"
#include "engine/peer_health.hpp"
#include "porting/model.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace npod::engine {

/// Hands one message to a peer and says what came of it. Blocks; may throw NetworkFault (then the attempt failed).
class Carrier {
public:
    virtual ~Carrier() = default;
    virtual porting::input::DeliveryReport carry(porting::Delivery const& delivery) = 0;
    virtual void stop() {} ///< from another thread: a carry() in progress ends soon
};

/// What a log may say of a delivery or confirmation that failed: the answer's status and codes. What a counterpart says besides
/// may quote customers; it stands with the delivery, for those who may read it. Our own words stay: they quote nobody.
std::string in_short(std::string_view trouble);

class Outbox {
public:
    /// `database` is the path for its own read-only connection; `health`, when there is one, hears how each attempt went.
    /// All outlive the outbox. Starts the thread.
    Outbox(Engine& engine, std::string database, OperatorCode peer, std::unique_ptr<Carrier> carrier, Log& log,
           PeerHealth* health = nullptr);
    ~Outbox(); ///< stop()
    void wake(); ///< something may be waiting; thread-safe, cheap
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::engine
