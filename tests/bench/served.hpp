#pragma once
/// A real `npod serve` in a process and folder of its own, its clock standing still on a Monday morning in March 2026, so that
/// what is agreed for "now" is due at once and the porting window is open however long the measurement takes.

#include "sockets.hpp"

#include "support/folder.hpp"
#include "support/story/process.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace npod::bench {

/// Where its clock stands.
inline constexpr std::string_view law_time = "2026-03-02T10:00:00+01:00";

/// What the system knows of a process.
struct Usage {
    double cpu_seconds = 0;
    std::int64_t resident_bytes = 0;
    std::int64_t switches = 0; ///< how often one of its threads went to sleep by itself: each is a wake-up later
};

class Served : public Subject {
public:
    struct Setup {
        std::string npod;   ///< the program
        std::string folder; ///< of its own; the database in it is used when there is one
        std::string code = "ALFA";
        std::string counterpart = "BRAVO"; ///< that is us
        int connections = 256;
        std::string clock = "manual@" + std::string(law_time);
    };
    /// Starts it and waits until it answers.
    explicit Served(Setup setup);
    ~Served() override;

    void call(Call call, Answered answered) override { sockets_.call(call, std::move(answered)); }
    void on_message(Sent sent) override { sockets_.on_message(std::move(sent)); }
    void turn() override;

    /// One call, and its answer; nothing else is waited for meanwhile but is handled when it comes.
    std::pair<unsigned, std::string> ask(Call call);
    Usage usage() const;
    double seconds_to_ready() const { return seconds_to_ready_; }
    std::int64_t bytes_on_disk() const; ///< of the database, without what still waits in the WAL
    std::string database() const { return setup_.folder + "/npod.db"; }
    std::uint16_t port() const { return port_; }
    std::string url() const;
    void stop(); ///< SIGTERM, and waits for its end

private:
    Setup setup_;
    Sockets sockets_;
    std::unique_ptr<story::Process> process_;
    std::uint16_t port_ = 0;
    double seconds_to_ready_ = 0;
};

using Folder = testing::TemporaryFolder;

} // namespace npod::bench
