#pragma once
/// The way to the tested side: what carries the player's deeds out and brings back what was observed.

#include "base/clock.hpp"
#include "http/http.hpp"
#include "protocol/auth.hpp"
#include "sandbox/player.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace npod::sandbox {

/// What was observed and not yet told to the player. Thread-safe.
class Inbox {
public:
    void push(Observation observation);
    /// Everything that came; waits for something, but no longer than that.
    std::vector<Observation> take(std::chrono::milliseconds patience);

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Observation> waiting_;
};

/// A message that one side acknowledged to the other, for the record of the run.
struct Acknowledged {
    enum class Way : std::uint8_t { to_tested_side, from_tested_side } way = Way::to_tested_side;
    std::string type, bytes;
};
/// Called for each, from any thread, one call at a time per line.
using Record = std::function<void(Acknowledged const&)>;

/// Used by one thread; tells its inbox from others. The destructor hangs up.
class Line {
public:
    virtual ~Line() = default;
    /// Hands the message over, in the way that the call names. Its Answered comes into the inbox, now or later.
    virtual void carry(Call const& call) = 0;
    /// Does something bad to the tested side's stream or calls; a line that has none ignores it.
    virtual void play(Trick const&) {}
    /// Called every few milliseconds.
    virtual void tick() {}
};

/// How the sandbox proves who it is, and how the tested side does.
struct Proofs {
    std::optional<protocol::Credentials> own; ///< nothing: calls go without proofs
    std::optional<protocol::Consumer> tested; ///< nothing: everybody on this machine is believed
};

/// As an operator at a hub, or at a tested side that keeps mailboxes itself: posts, reads its stream, confirms. The
/// stream is opened again whenever it ends. `clock` tells real time and outlives the line. Throws ConfigFault for an
/// unusable address or key.
std::unique_ptr<Line> call_a_hub(http::Endpoint endpoint, OperatorCode own, Proofs const& proofs, Clock const& clock,
                                 Inbox& inbox, Record record);

/// As the server of the tested side's mailbox. Throws Fault when the address cannot be bound. `bound` is told the port.
std::unique_ptr<Line> keep_a_mailbox(http::Listen listen, Proofs const& proofs, Clock const& clock, Inbox& inbox,
                                     Record record, std::function<void(std::uint16_t)> const& bound);

} // namespace npod::sandbox
