#include "api/back_room.hpp"

#include <utility>

namespace npod::api {

bool BackRoom::take(std::function<void()> work) {
    {
        std::scoped_lock const lock(mutex_);
        if (stopped_ || waiting_.size() >= waiting_max_) return false;
        waiting_.push_back(std::move(work));
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    }
    changed_.notify_one();
    return true;
}

void BackRoom::stop() {
    std::deque<std::function<void()>> let_go; // outside the lock: who waited for it is told by its end
    {
        std::scoped_lock const lock(mutex_);
        stopped_ = true;
        let_go.swap(waiting_);
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void BackRoom::run() {
    for (;;) {
        std::function<void()> work;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
            if (stopped_) return;
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        work();
    }
}

} // namespace npod::api
