#pragma once
/// Events told to systems of ours that want to be called: the same events as GET /v1/events, one call each, signed as Standard
/// Webhooks ask. A hook gets them in the order of the log, at least once; the place it has reached is kept in the database.

#include "api/api.hpp"
#include "base/log.hpp"
#include "daemon/config.hpp"
#include "engine/engine.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace npod::daemon {

/// How long is waited before another attempt: doubling between these, and some part of it more or less by chance, so that
/// many events that failed together do not come back together.
struct WebhookPace {
    std::chrono::milliseconds retry_min{5'000};
    std::chrono::milliseconds retry_max{std::chrono::hours{24}};
    std::chrono::milliseconds timeout{15'000}; ///< of one call
};

/// A thread for each hook, so that one that is slow holds up nobody. Targets come from the configuration alone; what answers 3xx
/// is not followed anywhere.
class Webhooks {
public:
    /// Everything given outlives it. A hook that was never heard of begins with what happens from now on.
    Webhooks(engine::Engine& engine, std::vector<Webhook> const& hooks, std::string const& db, OperatorCode const& own, Clock const& real, Log& log,
             WebhookPace pace = {});
    ~Webhooks(); ///< stop()
    Webhooks(Webhooks const&) = delete;
    Webhooks& operator=(Webhooks const&) = delete;

    void wake(); ///< something was committed; from any thread, does not block
    void stop(); ///< calls under way are broken off: they are made again at the next start
    std::vector<api::WebhookState> states() const; ///< from any thread

private:
    class Hook;
    std::vector<std::unique_ptr<Hook>> hooks_;
};

/// Whether a type of event is wanted: no patterns want everything; "be.np.port_in.*" wants what begins so.
bool wanted(std::vector<std::string> const& patterns, std::string_view type);

} // namespace npod::daemon
