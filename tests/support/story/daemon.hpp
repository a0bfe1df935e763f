#pragma once
/// One operator's npod: its folder, its process, and questions that survive its death.

#include "http/http.hpp"
#include "process.hpp"

#include <boost/json/value.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace npod::story {

/// What a daemon answered. `body` is null when it was no JSON.
struct Reply {
    unsigned status = 0;
    boost::json::value body;
    std::string text; ///< the body as received
    bool good() const { return status >= 200 && status < 300; }
};

/// What happens when a question is repeated after a death: its answer is remembered, or it is written once more.
/// Refusals and PUTs are written once more; they are then spared from another death, or they would die at each new row
/// for ever.
enum class Again { remembered, anew };

class Daemon {
public:
    struct Setup {
        std::string code;    ///< "ALFA"
        std::string program; ///< path of npod
        std::string folder;  ///< of its own: configuration, database, log
        std::string
            crash_plan;       ///< file in which it notes the crash points that it has been through; empty: it has none
        bool may_die = false; ///< SIGKILL is part of the play: start it again and repeat the question
    };
    explicit Daemon(Setup setup);

    /// Starts it on its configuration and waits until it is ready; again on the same port when it was started before.
    void start();
    /// Called after a death and a new start, before the question is repeated.
    void on_return(std::function<void(Daemon&)> listener) { on_return_ = std::move(listener); }

    Reply get(std::string const& target);
    /// Every POST has a key, so that it may be repeated. Throws StoryError when the daemon died though it should not.
    Reply post(std::string const& target, std::string const& key, boost::json::object const& body,
               Again again = Again::remembered);
    Reply put(std::string const& target, boost::json::object const& body);

    void kill(); ///< SIGKILL, from any thread
    /// SIGKILL, and its next life ends at the first crash point that this plan does not name; the one after has none.
    void kill_twice(std::string plan);
    /// The files of its life now may grow no more, as with a full disk; or may again.
    void limit_files(bool limited);
    /// SIGTERM; throws StoryError unless it ends by itself with status 0.
    void stop();

    std::string const& code() const { return setup_.code; }
    std::string url() const;
    std::string config_file() const { return setup_.folder + "/npod.toml"; }
    std::string log_file() const { return setup_.folder + "/npod.log"; }
    int deaths() const { return deaths_; }

private:
    Reply ask(std::string const& method, std::string const& target, http::Headers const& headers,
              std::string const& body, Again again = Again::remembered);
    std::optional<Reply> try_once(std::string const& method, std::string const& target, http::Headers const& headers,
                                  std::string const& body);
    void launch();
    void return_from_death();
    void spare_next_row();
    bool wait_for_port();
    [[noreturn]] void give_up(std::string const& what);

    Setup setup_;
    std::shared_ptr<Process> process_;
    std::mutex process_mutex_; ///< guards the pointer; kill() comes from another thread
    std::unique_ptr<http::Client> client_;
    std::function<void(Daemon&)> on_return_;
    std::string next_plan_; ///< of one life
    std::string trouble_; ///< what the last attempt ran into
    std::uint16_t port_ = 0;
    std::atomic<int> deaths_{0};
    bool returning_ = false;
};

} // namespace npod::story
