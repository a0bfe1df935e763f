#pragma once
/// A market: the operators ALFA and BRAVO, and a hub between them, each its own npod process with its own database, on
/// manual clocks that move together.

#include "base/moment.hpp"
#include "daemon.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace npod::story {

enum class Crash { never, every_commit, random };

class Market {
public:
    struct Options {
        std::string program; ///< path of npod
        std::string folder;  ///< empty and ours: each operator gets a folder in it
        Crash crash = Crash::never;
        unsigned seed = 1; ///< of random kills
        int kills = 0;     ///< how many
    };
    explicit Market(Options options);
    ~Market();

    /// Starts everybody with the clocks at `start`.
    void open(Moment start);
    bool is_open() const { return !daemons_.empty(); }
    Moment now() const { return now_; }

    /// "ALFA", "BRAVO" or "HUB"; throws StoryError for anybody else.
    Daemon& at(std::string const& code);
    std::vector<Daemon*> everybody();
    static bool knows(std::string const& code);

    /// Moves all clocks to `to`. On the way everybody stops at each timer of anybody, and all messages arrive before
    /// time goes on.
    void advance(Moment to);
    /// Called at each stop of advance(), when everything has come to rest.
    void on_stop(std::function<void()> listener) { on_stop_ = std::move(listener); }
    /// Waits until nobody has anything to write, send or confirm.
    void settle();
    /// Ends every daemon in order; throws StoryError when one does not end well.
    void close();
    /// "ALFA 12, BRAVO 9, HUB 7": how often each was killed; `least` is the smallest of these numbers.
    std::string deaths(int& least) const;

private:
    void write_configuration(std::string const& code, Moment start);
    void set_clock(Daemon& daemon, Moment to);
    void start(std::string const& code);
    void kill_at_random();

    Options options_;
    Moment now_{};
    std::map<std::string, std::unique_ptr<Daemon>> daemons_; ///< started, in order of their codes
    std::string hub_url_;
    std::function<void()> on_stop_;
    std::jthread killer_; ///< last member: it uses the others
};

} // namespace npod::story
