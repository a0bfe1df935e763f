#pragma once
/// `npod serve`: puts the rooms together, and takes them apart again in the right order.

#include "base/clock.hpp"
#include "base/log.hpp"
#include "daemon/config.hpp"
#include "http/http.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace npod::daemon {

/// A whole daemon of one operator inside this process.
class Daemon {
public:
    /// Opens and checks the database, then serves until stop(). `real` is the system's clock; it and `log` outlive the
    /// daemon. Throws ConfigFault when something must be mended first (unfit database, unusable rulebook, zone or key),
    /// StorageFault when the disk fails or another daemon has the file, Fault when an address cannot be bound.
    Daemon(Config const& config, Clock& real, Log& log);
    /// Sees every call first, on a server thread; true: it keeps `respond` and answers it itself, now or later.
    using Front = std::function<bool(http::Request const&, http::Respond& respond)>;
    Daemon(Config const& config, Clock& real, Log& log, Front front);
    ~Daemon(); ///< stop()
    Daemon(Daemon const&) = delete;
    Daemon& operator=(Daemon const&) = delete;

    std::uint16_t port() const; ///< the bound TCP port
    /// True unless events wait and nothing has been committed since the last call.
    bool moves();
    /// Takes no more calls, answers those it has, commits what it acknowledged. Idempotent.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Serves until SIGTERM or SIGINT. Returns the exit code; what went wrong at the start stands in the log.
int serve(Config const& config);

} // namespace npod::daemon
