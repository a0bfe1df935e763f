#pragma once
/// What happens in the market of `npod sandbox`: customers, a desk that is silent, a network that switches, and what is left to whoever
/// looks on.

#include "daemon/market.hpp"

#include <functional>
#include <map>
#include <string>

namespace npod::daemon {

class MarketStory {
public:
    using Say = std::function<void(std::string const& line)>;
    MarketStory(Market& market, Say say) : market_(market), say_(std::move(say)) {}

    static Moment beginning(); ///< Monday 2 March 2026, 9:00 in Brussels
    /// Blocks, contracts, and the orders of the first morning.
    void begin();
    /// Moves time as far as somebody has asked, with all that people do on the way, and tells what is new.
    void go_on();
    std::string port_of(std::string_view code, std::string const& order); ///< "" when there is none

private:
    void act();
    void watch_the_network();
    void tell_news();
    void tell_hour();
    std::optional<Moment> next_act(Moment to) const;

    Market& market_;
    Say say_;
    std::size_t acts_done_ = 0;
    std::map<std::string, Moment> at_the_switch_; ///< ports whose network is switching, and when it will be done
    std::map<std::string, std::string, std::less<>> heard_; ///< the last event of each that was told
    std::string hour_told_;
};

} // namespace npod::daemon
