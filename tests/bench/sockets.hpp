#pragma once
/// Just enough HTTP/1.1 over loopback to load a daemon from one thread without costing it much: keep-alive, lengths known,
/// one epoll. Bounded: a peer that sends more than a megabyte at once or anything malformed ends the measurement.

#include "subject.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace npod::bench {

/// A descriptor that closes itself.
class Handle {
public:
    explicit Handle(int number);
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&&) = delete;
    ~Handle();
    int number() const { return number_; }

private:
    int number_;
};

/// Calls over a fixed number of connections, and takes calls of others on a port of its own.
class Sockets {
public:
    /// Listens on 127.0.0.1; whoever calls is answered 200 with a receipt at once.
    Sockets();
    std::uint16_t port() const { return port_; }
    void on_message(Subject::Sent sent) { sent_ = std::move(sent); }

    /// Opens that many connections to a server on 127.0.0.1.
    void connect(std::uint16_t port, int connections);
    /// Goes out on a free connection, or waits for one.
    void call(Call const& call, Subject::Answered answered);
    /// Handles what is there, waiting up to `patience_ms` for it. False when nothing came.
    bool turn(int patience_ms);

private:
    struct Line {
        Handle socket;
        bool ours = false;  ///< we call on it; else we are called
        bool asked = false; ///< we wait for its answer
        std::string in;
        Subject::Answered answered;
    };
    struct Pending {
        std::string bytes;
        Subject::Answered answered;
    };

    void watch(int descriptor);
    void accept_all();
    void add(Handle socket, bool ours);
    void receive(Line& line);
    bool take_answer(Line& line);
    bool take_request(Line& line);
    void send(Line& line, std::string_view bytes);
    void send_next();
    void replace(Line& line);

    Handle poll_;
    Handle listener_;
    std::uint16_t port_ = 0;
    std::uint16_t server_ = 0; ///< whom we call
    Subject::Sent sent_;
    std::unordered_map<int, std::unique_ptr<Line>> lines_;
    std::vector<Line*> free_;
    std::deque<Pending> waiting_;
    std::int64_t receipts_ = 0;
};

} // namespace npod::bench
