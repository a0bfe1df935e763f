#pragma once
/// A thread aside for what takes as long as the log is long. The threads that answer calls never wait for it.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace npod::api {

/// Does one thing after the other, in the order in which they came. Thread-safe.
class BackRoom {
public:
    /// At most `waiting` things wait at once. The thread starts with the first of them.
    explicit BackRoom(std::size_t waiting) : waiting_max_(waiting) {}
    ~BackRoom() { stop(); }
    BackRoom(BackRoom const&) = delete;
    BackRoom& operator=(BackRoom const&) = delete;

    /// False when too much waits already, or nothing is done any more; `work`, which must not throw, is then let go.
    bool take(std::function<void()> work);
    /// Waits for what is being done and lets go of what waits. Not from within work. Later calls do nothing.
    void stop();

private:
    void run();

    std::size_t const waiting_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool stopped_ = false;
    std::thread thread_;
};

} // namespace npod::api
