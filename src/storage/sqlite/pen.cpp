#include "storage/sqlite/pen.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace npod::storage::sqlite {

/// Of strokes, some four events.
static constexpr std::size_t handed_over_at_once = 12;

Pen::Pen(Database& database) : database_(database), thread_([this] { run(); }) {}

Pen::~Pen() {
    drop();
    {
        std::lock_guard const lock(mutex_);
        leaving_ = true;
    }
    handed_.notify_one();
    thread_.join();
}

void Pen::write(std::unique_ptr<Stroke> stroke) {
    kept_back_.push_back(std::move(stroke));
    if (kept_back_.size() >= handed_over_at_once) hand_over();
}

void Pen::hand_over() {
    if (kept_back_.empty()) return;
    bool idle = false;
    {
        std::lock_guard const lock(mutex_);
        idle = !writing_ && waiting_.empty();
        if (waiting_.empty()) waiting_.swap(kept_back_);
        else std::ranges::move(kept_back_, std::back_inserter(waiting_));
    }
    kept_back_.clear();
    if (idle) handed_.notify_one();
}

void Pen::wait_until_idle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return !writing_ && waiting_.empty(); });
}

void Pen::settle() {
    hand_over();
    wait_until_idle();
    if (trouble_) std::rethrow_exception(std::exchange(trouble_, nullptr));
}

void Pen::drop() {
    kept_back_.clear();
    Strokes dropped;
    {
        std::lock_guard const lock(mutex_);
        dropped.swap(waiting_);
    }
    wait_until_idle();
    trouble_ = nullptr;
}

void Pen::run() {
    Strokes strokes;
    std::unique_lock lock(mutex_);
    for (;;) {
        handed_.wait(lock, [this] { return leaving_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        strokes.swap(waiting_);
        writing_ = true;
        bool const failed = trouble_ != nullptr;
        lock.unlock();
        if (!failed) write_all(strokes);
        strokes.clear();
        lock.lock();
        writing_ = false;
        if (waiting_.empty()) idle_.notify_one();
    }
}

/// Nobody looks at `trouble_` while strokes are being written.
void Pen::write_all(Strokes& strokes) {
    try {
        for (auto& stroke : strokes) {
            stroke->write(database_);
            stroke.reset();
        }
    } catch (...) {
        trouble_ = std::current_exception();
    }
}

} // namespace npod::storage::sqlite
