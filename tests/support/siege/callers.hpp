#pragma once
/// Callers of a house who do as the description says, and remember what they were told: who posts messages until each
/// is acknowledged, who reads a mailbox and confirms, who works at the desk.

#include "support/siege/house.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace npod::siege {

/// How long each answer took. Thread-safe.
class Latencies {
public:
    void add(std::chrono::microseconds took);
    std::size_t count() const;
    /// "p50 3 ms, p99 12 ms, longest 20 ms, of 812".
    std::string told() const;
    std::chrono::microseconds percentile(int percent) const; ///< zero when there are none

private:
    mutable std::mutex mutex_;
    std::vector<std::chrono::microseconds> all_;
};

/// What a caller gets to see; shared by its threads. Thread-safe.
class Notes {
public:
    void acknowledged(std::string const& dossier);
    void received(std::string const& id, std::string const& bytes);
    void wrong(std::string const& what); ///< the first hundred are kept

    std::set<std::string> acknowledged() const;
    std::map<std::string, std::set<std::string>> received() const; ///< dossier → ids under which messages about it came
    std::vector<std::string> wrong() const;

private:
    mutable std::mutex mutex_;
    std::set<std::string> acknowledged_;
    std::map<std::string, std::set<std::string>> received_;
    std::vector<std::string> wrong_;
};

/// Runs `work` again and again on a thread of its own until it is told to stop.
class Worker {
public:
    explicit Worker(std::function<void()> work, std::chrono::milliseconds pause = std::chrono::milliseconds{0});
    ~Worker() { stop(); }
    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;
    void stop();

private:
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// Posts porting requests from one operator to others. `stubborn`: a house that is away, or cannot now, is asked again
/// with the same bytes until it acknowledges; otherwise everything but an acknowledgement is wrong.
class Poster {
public:
    Poster(House const& house, Keys const& keys, std::string from, std::vector<std::string> to, bool stubborn,
           Notes& notes, Latencies& latencies);
    void post_next();
    void give_up() { given_up_ = true; } ///< the message under way is not repeated any more

private:
    bool acknowledged(std::string const& body, std::string const& dossier);

    House const& house_;
    Keys const& keys_;
    std::string from_;
    std::vector<std::string> to_;
    bool stubborn_;
    Notes& notes_;
    Latencies& latencies_;
    std::optional<http::Client> client_;
    int count_ = 0;
    std::atomic<bool> given_up_{false};
};

/// Reads the mailbox of one operator and confirms every message; connects anew whenever the stream breaks.
class MailboxReader {
public:
    MailboxReader(House const& house, Keys const& keys, std::string code, Notes& notes);
    ~MailboxReader();
    MailboxReader(MailboxReader const&) = delete;
    MailboxReader& operator=(MailboxReader const&) = delete;

private:
    void read();
    void confirm(std::string const& id);

    House const& house_;
    Keys const& keys_;
    std::string code_;
    Notes& notes_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_; ///< guards stream_
    std::unique_ptr<http::EventStream> stream_;
    std::thread thread_;
};

} // namespace npod::siege
