#pragma once
/// A program that we started: its life and its end.

#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace npod::story {

/// Thread-safe: one thread may kill while another waits. The destructor leaves nothing running.
class Process {
public:
    using Environment = std::vector<std::pair<std::string, std::string>>;
    /// Starts `command` with these variables besides our own; what it says on either channel is appended to `log_file`.
    /// It dies with us, and does not hear our terminal's Ctrl-C. Throws StoryError when it cannot be started.
    Process(std::vector<std::string> const& command, Environment const& environment, std::string const& log_file);
    ~Process();
    Process(Process const&) = delete;
    Process& operator=(Process const&) = delete;

    bool alive();
    pid_t id() const { return pid_; } ///< of what may have ended since
    void signal(int number); ///< nothing happens when it has ended
    /// Waits for its end; false when the patience ran out.
    bool wait(std::chrono::milliseconds patience);
    bool was_killed();    ///< it ended by SIGKILL
    std::string ending(); ///< "exit status 78", "signal 9 (Killed)", "running"

private:
    bool reap();

    std::mutex mutex_;
    pid_t pid_ = 0;
    bool ended_ = false;
    int status_ = 0;
};

} // namespace npod::story
