#pragma once
/// A second thread for the writer: what is decided is written there, in order, while the next thing is decided. Two threads never
/// hold the connection at once: whoever handed work over waits for settle() before touching it.

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace npod::storage::sqlite {

class Database;

/// One thing to write; it owns all that it needs.
class Stroke {
public:
    virtual ~Stroke() = default;
    virtual void write(Database& database) = 0;
};

/// Used by one thread, which may be another each time as long as they take turns.
class Pen {
public:
    /// Starts the thread. Throws std::system_error when the system gives none.
    explicit Pen(Database& database);
    ~Pen(); ///< drop()
    Pen(Pen const&) = delete;
    Pen& operator=(Pen const&) = delete;

    /// Hands it over; it is written soon, or never when one before it fails.
    void write(std::unique_ptr<Stroke> stroke);
    /// Returns when all is written. Throws what the first stroke that failed threw; those after it are gone.
    void settle();
    /// What is not yet written is forgotten, and so is what failed.
    void drop();

private:
    using Strokes = std::vector<std::unique_ptr<Stroke>>;
    void hand_over();
    void wait_until_idle();
    void run();
    void write_all(Strokes& strokes);

    Database& database_;
    Strokes kept_back_; ///< until there are enough: to wake a thread costs as much as to write a row
    std::mutex mutex_;  ///< guards what follows
    std::condition_variable handed_, idle_;
    Strokes waiting_;
    bool writing_ = false, leaving_ = false;
    std::exception_ptr trouble_; ///< what failed since the last settle() or drop()
    std::thread thread_;
};

} // namespace npod::storage::sqlite
