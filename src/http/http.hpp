#pragma once
/// HTTP in plain values. Beast, Asio sockets and TLS stay behind this header: only src/http/*.cpp include them.

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/moment.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npod::http {

using Headers = std::vector<std::pair<std::string, std::string>>; ///< names as received; compare without letter case

/// The value of the first header of that name (no letter case), or empty.
std::string_view header(Headers const& headers, std::string_view name);

struct Request {
    std::string method;   ///< "GET", "POST", "PUT", …
    std::string target;   ///< origin form, as received: "/v1/ports?limit=5"
    Headers headers;
    std::string body;     ///< raw bytes
    std::string peer;     ///< "127.0.0.1:51234" or "unix"
    std::string peer_identity; ///< SAN URI or DNS name of a verified client certificate; empty without one

    std::string_view path() const;                       ///< the target up to '?', not decoded
    std::vector<std::string> segments() const;           ///< decoded path segments
    std::optional<std::string> query(std::string_view name) const; ///< decoded query parameter
};

/// Where a stream's bytes come from. Called only by the server, one call at a time per stream, on its threads.
class StreamSource {
public:
    virtual ~StreamSource() = default;
    /// The next bytes to send, at most about `room`; empty when there is nothing now. Must not block.
    virtual std::string pull(std::size_t room) = 0;
    /// True when the stream should end once pull() has returned nothing.
    virtual bool ended() const { return false; }
    /// What to send when nothing was sent for the heartbeat interval.
    virtual std::string heartbeat() const { return ":\n\n"; }
};

struct Response {
    unsigned status = 200;
    Headers headers;      ///< Content-Length, Date, Connection are the server's own
    std::string body;
    std::shared_ptr<StreamSource> stream; ///< set: the body is this stream, sent until it ends or the peer leaves
};

/// Sends the answer to one request; may be called from any thread, once. Calls after the peer left are harmless.
/// When its last copy is dropped without a call, the peer gets a 500.
using Respond = std::function<void(Response)>;
/// Handles one request on a server thread. Must call `respond` exactly once, now or later, and must not block long. The
/// request is only there until the handler returns. With several threads, handlers run at the same time.
using Handler = std::function<void(Request const&, Respond respond)>;

/// Bounds, each with its reason in base/limits.hpp.
struct Limits {
    std::size_t body_bytes = limits::body_bytes_max;
    std::size_t bodies_bytes = limits::bodies_bytes_max; ///< of all bodies together, the first bytes of each aside
    std::size_t header_bytes = limits::header_bytes_max;
    std::size_t header_count = limits::header_count_max;
    std::size_t target_bytes = limits::target_bytes_max;
    std::size_t connections = limits::connections_max;
    std::size_t connections_per_address = 0; ///< of one IP address; 0: as many as there is room for
    std::chrono::milliseconds header_time = limits::head_time_max; ///< from first byte to end of headers
    std::chrono::milliseconds body_time = limits::body_time_max;   ///< in total
    std::chrono::milliseconds idle_time = limits::idle_time_max;   ///< between requests, and pieces of an answer
    std::chrono::milliseconds answer_time = limits::answer_time_max; ///< in total, of what is no stream
    std::chrono::milliseconds stream_heartbeat = limits::stream_heartbeat;
};

/// TLS of one side. Empty certificate_file means no TLS.
struct Tls {
    std::string certificate_file, private_key_file; ///< PEM
    /// Server: when set, a client certificate signed by it is required. Client: the CA to trust; empty: the system's.
    std::string client_ca_file;
};

struct Listen {
    std::string address = "127.0.0.1"; ///< literal IP address
    std::uint16_t port = 0;            ///< 0: the system chooses
    std::string unix_path;             ///< when set, a Unix socket here (mode 0660) instead of TCP
    Tls tls;
    Clock const* clock = nullptr; ///< when set, answers carry its time in Date; must outlive the server
    std::function<void(std::string const&)> on_fault; ///< told, on a server thread, what a handler or stream threw
};

/// Serves HTTP/1.1 on its own threads from construction until stop() or destruction. A request that breaks the strict
/// gate (TECH: smuggling framings, sizes, counts) is answered 4xx problem+json and the connection closed; it never
/// reaches the handler.
class Server {
public:
    /// Binds at once. Throws Fault when the address cannot be bound or the TLS files cannot be read.
    Server(Listen const& listen, Limits const& limits, unsigned threads, Handler handler);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    std::uint16_t port() const; ///< the bound TCP port; 0 for a Unix socket
    /// Every open stream is asked to pull() again soon. Thread-safe, cheap, may be called very often.
    void wake_streams();
    /// Stops accepting, lets running requests finish for up to `patience`, ends streams and idle connections at once,
    /// closes the rest, joins the threads. Not from a handler. Later calls do nothing.
    void stop(std::chrono::milliseconds patience = std::chrono::milliseconds{5'000});

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// "http://127.0.0.1:8700", "https://hub.example:443", or "unix:/run/npod/api.sock" (host header "localhost").
struct Endpoint {
    std::string url;
    Tls tls;
};

/// One keep-alive connection, used by one thread at a time. Reconnects when needed.
class Client {
public:
    /// Throws ConfigFault when the URL cannot be understood; does not connect yet.
    explicit Client(Endpoint endpoint);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    /// Sends and waits for the whole answer. Throws NetworkFault on refusal, reset, timeout or a malformed or oversized
    /// answer. A request that found its kept connection closed is sent once more on a fresh one only when no byte of an
    /// answer had come.
    Response send(std::string method, std::string target, Headers headers, std::string body,
                  std::chrono::milliseconds timeout = std::chrono::milliseconds{10'000});
    /// From any thread: a send() in progress throws NetworkFault("stopped") soon, and so does every later one.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// One event of a text/event-stream, as received.
struct StreamEvent {
    std::string id, event, data;
    std::string trace = {}; ///< what stood in a comment before it, ": traceparent …"; not judged
};

/// Reads a server-sent event stream on the calling thread.
class EventStream {
public:
    explicit EventStream(Endpoint endpoint);
    ~EventStream();
    /// GETs `target` and calls `on_event` for each event until the stream breaks, `silence` passes without a byte
    /// (heartbeats count as bytes), or stop(). `on_open` is called after a 200. Throws NetworkFault when it breaks or
    /// the status is not 200 (the text names the status); returns normally after stop().
    void read(std::string target, Headers headers, std::chrono::milliseconds silence,
              std::function<void()> on_open, std::function<void(StreamEvent const&)> on_event);
    void stop(); ///< from any thread

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace npod::http
