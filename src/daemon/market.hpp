#pragma once
/// A market in one process: a hub and two operators on loopback, each a whole daemon with its own database, under one time that
/// stands still until somebody moves it. Whoever moves the clock of one moves all: every deadline on the way fires at its own moment,
/// and what the others say to it arrives before time goes on.

#include "base/moment.hpp"
#include "http/http.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::daemon {

class Market {
public:
    /// Makes the databases in `folder` and starts all three. Throws what a Daemon throws.
    Market(std::string folder, Moment start);
    ~Market(); ///< ends them in order

    std::string url(std::string_view code) const; ///< of "ALFA", "BRAVO" or "HUB"
    Moment now() const { return now_; }

    /// An answer of one of them.
    struct Reply {
        unsigned status = 0;
        boost::json::value body;
        bool good() const { return status >= 200 && status < 300; }
    };
    Reply get(std::string_view code, std::string const& target);
    /// POST with a key of its own, or PUT.
    Reply tell(std::string_view code, std::string const& method, std::string const& target, std::string const& body);

    /// Returns when nobody has anything to write, to send or to fetch. Throws Fault when that does not come about in a minute.
    void settle();

    /// Where time must stop on its way to `to`: the earliest act that somebody is due to do; nothing: none before it.
    using NextAct = std::function<std::optional<Moment>(Moment to)>;
    /// Called wherever time has stopped and everything has come to rest.
    using AtStop = std::function<void()>;
    /// Moves the clocks that callers have asked for since the last call, and answers them. False when nobody had asked.
    bool move_as_asked(NextAct const& next_act, AtStop const& at_stop);

private:
    struct Impl;
    void advance(Moment to, NextAct const& next_act, AtStop const& at_stop);
    void set_clocks(Moment to);

    Moment now_;
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::daemon
