#pragma once
/// What a Server is made of: the service all connections share, one loop per io thread, and the connections on it.
/// Internal to src/http: this header shows Asio.
///
/// Threads: a connection belongs to one loop, a loop to one thread. Everything of a Connection and of a Loop runs on
/// that thread, except where a comment says "any thread"; so there are no locks on the way of a request.

#include "http/body.hpp"
#include "http/gate.hpp"
#include "http/http.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace npod::http {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using SteadyClock = std::chrono::steady_clock;
/// One socket type for TCP and Unix.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
using ErrorCode = boost::system::error_code;

class Connection;

/// What all connections of a server share; unchanging but for the seats.
struct Service {
    Limits limits;
    Handler handler;
    std::function<void(std::string const&)> on_fault;
    Clock const* clock = nullptr;
    std::unique_ptr<asio::ssl::context> tls;

    /// False when the house is full, or the address has its share of it. Any thread.
    bool take_seat(std::string const& peer);
    void leave_seat(std::string const& peer); ///< by the same name
    /// Room for the bytes of a body beyond those that are free. False: there is none now. Any thread.
    bool take_room(std::size_t bytes);
    void give_room_back(std::size_t bytes);
    /// Waits until no connection is left; false when `patience` passed first. Any thread.
    bool wait_empty(std::chrono::milliseconds patience);
    /// Tells on_fault, whatever it does. Any thread.
    void report(std::string const& text) const noexcept;

private:
    std::mutex mutex_;
    std::condition_variable emptied_;
    std::size_t taken_ = 0;
    std::atomic<std::size_t> body_room_taken_{0};
    std::unordered_map<std::string, std::size_t> taken_by_; ///< address → seats; only while addresses have a share
};

/// One io thread and the connections on it.
struct Loop {
    asio::io_context context{1};
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
    std::unordered_set<Connection*> streams;
    bool stopping = false;
    std::atomic<std::size_t> stream_count{0};
    std::atomic<bool> wake_posted{false};

    /// The Date header's value, written anew once a second; empty without a clock.
    std::string const& date(Clock const* clock);
    void wake_streams();
    /// Asks every connection to end after its present request.
    void wind_down();
    void close_all();

private:
    std::vector<std::shared_ptr<Connection>> all_of_them() const;
    std::string date_;
    std::int64_t date_second_ = -1;
};

/// One peer: reads requests one after the other, has them handled, writes the answers.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<Service> service, std::shared_ptr<Loop> loop);
    Socket& socket() { return socket_; }
    /// Begins to serve; a seat was taken. `peer` is Request::peer.
    void start(std::string peer);
    /// The answer to the request being handled; later ones are dropped.
    void answer(Response response);
    void wake_stream();
    void wind_down();
    void close();

private:
    enum class State : std::uint8_t {
        handshake,
        head,
        body,
        handling,
        answering,
        streaming,
        ending,
        lingering,
        closed
    };

    void shake_hands();
    void next_request();
    void read();
    void watch();
    void on_read(ErrorCode error, std::size_t count);
    void search_head();
    void take_head(std::size_t size);
    void begin_body(Framing const& framing);
    void take_body();
    bool has_room_for_body();
    void leave_room();
    void handle();
    void refuse(Refused const& refused);
    void write(std::string_view large = {});
    void on_written(ErrorCode error);
    void begin_stream();
    void pump();
    std::string next_stream_bytes();
    void write_chunk(std::string_view bytes);
    void end_stream();
    void leave_streams();
    void finish();
    void hang_up();
    void set_deadline(std::chrono::milliseconds from_now);
    void arm_timer();
    void on_timer();
    void overdue();

    std::shared_ptr<Service> service_;
    std::shared_ptr<Loop> loop_; // before everything that lives on its context
    Socket socket_;
    std::optional<asio::ssl::stream<Socket&>> tls_;
    Timer timer_;
    SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
    SteadyClock::time_point answer_until_; ///< when an answer must be out in whole
    SteadyClock::time_point quiet_since_; ///< when the stream last sent something
    bool timer_armed_ = false;
    bool reading_ = false;
    bool watching_ = false; ///< the read under way lands in watch_, not in in_
    bool writing_ = false;
    bool keep_ = true;         ///< another request may follow on this connection
    bool chunks_known_ = true; ///< the peer speaks HTTP/1.1
    bool head_begun_ = false;
    State state_ = State::handshake;
    boost::beast::flat_buffer in_;
    std::array<char, 512> watch_;
    HeadSearch search_;
    BodyReader body_ = BodyReader::of_length(0);
    std::string peer_; ///< by which its seat was taken
    Request request_;
    std::size_t body_room_ = 0; ///< what the present body has of the room for all bodies
    std::string out_;   ///< head, small body, chunk: what is being written
    std::string large_; ///< a body too large to be worth copying behind its head
    std::shared_ptr<StreamSource> stream_;
};

} // namespace npod::http
