#include "http/body.hpp"
#include "http/event_parser.hpp"
#include "http/head.hpp"
#include "http/place.hpp"
#include "http/text.hpp"
#include "http/tls.hpp"

#include "base/fault.hpp"
#include "base/limits_wire.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <limits>

namespace npod::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Generic = asio::generic::stream_protocol;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Generic, Executor>;
using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;
using ErrorCode = boost::system::error_code;
using Deadline = std::chrono::steady_clock::time_point;

constexpr std::size_t read_bytes = 64 * 1024;

/// stop() was called. Never leaves this file.
struct Stopped {};

// ------------------------------------------------------------------------------------------------------------- wire

/// One connection, driven by one thread with deadlines. stop() alone may come from another thread.
class Wire {
public:
    explicit Wire(Endpoint const& endpoint);
    ~Wire() { close(); }
    Wire(Wire const&) = delete;
    Wire& operator=(Wire const&) = delete;

    Place const& place() const { return place_; }
    std::string const& url() const { return url_; }
    bool open() const { return socket_.has_value(); }
    /// False when the peer closed a kept connection, or said something nobody asked for.
    bool still_good();
    /// Connects anew. Throws NetworkFault, Stopped.
    void connect(Deadline deadline);
    /// Returns the error that ended it, if any. Throws NetworkFault on timeout, Stopped.
    ErrorCode write(std::string const& text, Deadline deadline);
    ErrorCode read(beast::flat_buffer& into, Deadline deadline);
    void close();
    void stop();
    [[noreturn]] void fail(std::string const& doing, std::string const& why);

private:
    struct Result {
        bool done = false;
        ErrorCode error;
        std::size_t count = 0;
    };
    template <class Start>
    Result run(std::string const& doing, Deadline deadline, Start start);
    std::vector<Generic::endpoint> resolve(Deadline deadline);
    void shake_hands(Deadline deadline);

    std::string url_;
    Place place_;
    std::unique_ptr<asio::ssl::context> tls_context_;
    asio::io_context context_{1};
    std::optional<Socket> socket_;
    std::optional<asio::ssl::stream<Socket&>> tls_;
    std::atomic<bool> stopped_{false};
};

Wire::Wire(Endpoint const& endpoint) : url_(endpoint.url), place_(parse_place(endpoint.url)) {
    if (place_.tls) tls_context_ = std::make_unique<asio::ssl::context>(client_tls_context(endpoint.tls));
}

void Wire::fail(std::string const& doing, std::string const& why) {
    close();
    throw NetworkFault(doing + " " + url_ + ": " + why + "; check that the peer runs and the address is right");
}

/// Starts one operation and runs it to its end. `start` gets the handler to finish with, which owns what it touches: a
/// name look-up cannot be called off, and may finish long after its deadline.
template <class Start>
Wire::Result Wire::run(std::string const& doing, Deadline deadline, Start start) {
    if (stopped_) throw Stopped{};
    auto const result = std::make_shared<Result>();
    start([result](ErrorCode error, std::size_t count) { *result = Result{true, error, count}; });
    context_.restart();
    while (!result->done) {
        bool const ran = context_.run_one_until(deadline) > 0;
        if (stopped_) {
            close(); // before the buffers of what is under way go out of scope
            throw Stopped{};
        }
        if (!ran && !result->done) fail(doing, "timed out");
    }
    return *result;
}

std::vector<Generic::endpoint> Wire::resolve(Deadline deadline) {
    using Tcp = asio::ip::tcp;
    if (!place_.unix_path.empty()) {
        if (place_.unix_path.size() > 107) fail("reaching", "the socket's path is longer than 107 bytes");
        return {asio::local::stream_protocol::endpoint{place_.unix_path}};
    }
    ErrorCode no_address;
    auto const address = asio::ip::make_address(place_.host, no_address);
    if (!no_address) return {Tcp::endpoint{address, static_cast<std::uint16_t>(std::stoul(place_.port))}};
    auto const found = std::make_shared<std::vector<Generic::endpoint>>();
    Resolver resolver(context_);
    auto const result = run("looking up the host of", deadline, [&](auto done) {
        resolver.async_resolve(place_.host, place_.port, [done, found](ErrorCode error, auto const& entries) {
            for (auto const& entry : entries) found->push_back(entry.endpoint());
            done(error, 0);
        });
    });
    if (result.error) fail("looking up the host of", result.error.message());
    return *found;
}

void Wire::connect(Deadline deadline) {
    close();
    ErrorCode last = asio::error::host_not_found;
    for (auto const& endpoint : resolve(deadline)) {
        socket_.emplace(context_);
        last = run("connecting to", deadline, [&](auto done) {
                   socket_->async_connect(endpoint, [done](ErrorCode error) { done(error, 0); });
               }).error;
        if (!last) break;
        close();
    }
    if (last) fail("connecting to", last.message());
    ErrorCode ignored;
    if (place_.unix_path.empty()) socket_->set_option(asio::ip::tcp::no_delay(true), ignored);
    if (place_.tls) shake_hands(deadline);
}

void Wire::shake_hands(Deadline deadline) {
    tls_.emplace(*socket_, *tls_context_);
    expect_host(tls_->native_handle(), place_.host);
    auto const result = run("TLS handshake with", deadline, [&](auto done) {
        tls_->async_handshake(asio::ssl::stream_base::client, [done](ErrorCode error) { done(error, 0); });
    });
    if (result.error) fail("TLS handshake with", result.error.message());
}

bool Wire::still_good() {
    if (!socket_) return false;
    char byte = 0;
    auto const count = ::recv(socket_->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

ErrorCode Wire::write(std::string const& text, Deadline deadline) {
    return run("sending to", deadline,
               [&](auto done) {
                   if (tls_)
                       asio::async_write(*tls_, asio::buffer(text), done);
                   else
                       asio::async_write(*socket_, asio::buffer(text), done);
               })
        .error;
}

ErrorCode Wire::read(beast::flat_buffer& into, Deadline deadline) {
    auto const room = into.prepare(read_bytes);
    auto const result = run("waiting for an answer of", deadline, [&](auto done) {
        if (tls_)
            tls_->async_read_some(room, done);
        else
            socket_->async_read_some(room, done);
    });
    into.commit(result.count);
    return result.error;
}

/// Closing first and then running what was under way, so that no operation outlives what it works on.
void Wire::close() {
    if (!socket_) return;
    ErrorCode ignored;
    socket_->close(ignored);
    context_.restart();
    context_.poll();
    tls_.reset();
    socket_.reset();
}

void Wire::stop() {
    stopped_ = true;
    asio::post(context_, [] {}); // wakes a run() under way
}

// ---------------------------------------------------------------------------------------------------------- answers

/// Beast reads the head straight into our Response; the body is BodyReader's.
class ResponseHead final : public beast::http::basic_parser<false> {
public:
    explicit ResponseHead(Response& response) : response_(response) {}

private:
    using Text = beast::string_view;
    void on_response_impl(int status, Text, int, beast::error_code&) override {
        response_.status = static_cast<unsigned>(status);
    }
    void on_field_impl(beast::http::field, Text name, Text value, beast::error_code&) override {
        response_.headers.emplace_back(name, value);
    }
    void on_request_impl(beast::http::verb, Text, Text, int, beast::error_code&) override {}
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
    std::size_t on_body_impl(Text, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, Text, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text, beast::error_code&) override { return 0; }
    void on_finish_impl(beast::error_code&) override {}

    Response& response_;
};

/// One request and its answer on a wire.
class Exchange {
public:
    Exchange(Wire& wire, std::size_t body_max) : wire_(wire), body_max_(body_max) {}
    /// Reads heads up to the final one, or sets `lost`. Throws NetworkFault.
    void read_head(bool body_expected, Deadline deadline);
    /// Reads what is there of the body, waiting for at least some of it; false when the body is complete.
    bool read_some_body(Deadline deadline);
    bool may_keep() const { return keep_ && in_.size() == 0; }

    Response response;
    std::optional<ErrorCode> lost; ///< the peer was gone before the first byte of an answer

private:
    std::string_view view() const { return {static_cast<char const*>(in_.data().data()), in_.size()}; }
    bool find_head_end(std::size_t& size) const;
    void take_head(std::size_t size, bool body_expected);

    Wire& wire_;
    std::size_t body_max_;
    beast::flat_buffer in_;
    BodyReader body_ = BodyReader::of_length(0);
    bool begun_ = false;
    bool keep_ = true;
};

bool Exchange::find_head_end(std::size_t& size) const {
    auto const end = view().find("\r\n\r\n");
    size = end == std::string_view::npos ? 0 : end + 4;
    return size > 0;
}

void Exchange::read_head(bool body_expected, Deadline deadline) {
    do {
        std::size_t size = 0;
        while (!find_head_end(size)) {
            if (in_.size() > limits::answer_head_bytes_max) wire_.fail("answer of", "its head is larger than 64 kB");
            auto const error = wire_.read(in_, deadline);
            begun_ = begun_ || in_.size() > 0;
            if (error && !begun_) {
                lost = error;
                return wire_.close();
            }
            if (error) wire_.fail("answer of", "broken off in the head: " + error.message());
        }
        take_head(size, body_expected);
    } while (response.status < 200); // interim answers announce nothing we wait for
}

void Exchange::take_head(std::size_t size, bool body_expected) {
    response = {};
    ResponseHead reader(response);
    reader.header_limit(limits::answer_head_bytes_max);
    reader.body_limit(boost::none);
    reader.skip(!body_expected);
    ErrorCode error;
    reader.put(asio::buffer(in_.data().data(), size), error);
    if (error || !reader.is_header_done())
        wire_.fail("answer of", "its head is ill-formed: " + (error ? error.message() : "it does not end"));
    in_.consume(size);
    if (response.status == 101) wire_.fail("answer of", "it changes the protocol, which nobody asked for");
    keep_ = reader.keep_alive();
    bool const bodiless = !body_expected || response.status < 200 || response.status == 204 || response.status == 304;
    auto const encoding = header(response.headers, "Transfer-Encoding");
    if (!encoding.empty() && !same_name(encoding, "chunked"))
        wire_.fail("answer of", "its transfer encoding is not plain 'chunked'");
    if (bodiless)
        body_ = BodyReader::of_length(0);
    else if (reader.chunked())
        body_ = BodyReader::chunked(BodyReader::Manner::tolerant, body_max_);
    else if (auto const length = reader.content_length()) {
        if (*length > body_max_) wire_.fail("answer of", "its body is larger than 64 MB");
        body_ = BodyReader::of_length(static_cast<std::size_t>(*length));
    } else {
        body_ = BodyReader::until_close(body_max_);
        keep_ = false;
    }
}

bool Exchange::read_some_body(Deadline deadline) {
    if (in_.size() == 0 && !body_.done()) {
        if (auto const error = wire_.read(in_, deadline)) {
            if (error == asio::error::eof) body_.end_of_input();
            if (!body_.done()) wire_.fail("answer of", "broken off in the body: " + error.message());
        }
    }
    in_.consume(body_.take(view(), response.body));
    if (auto const& refused = body_.refused()) wire_.fail("answer of", "its body is ill-formed: " + refused->detail);
    return !body_.done();
}

/// The request as it goes on the wire. Throws Fault when a part of it would break out of its line.
std::string request_text(Place const& place, std::string const& method, std::string const& target,
                         Headers const& headers, std::string const& body) {
    auto const safe = [](std::string_view text) { return std::none_of(text.begin(), text.end(), is_control); };
    std::string text = method + " " + place.base + target + " HTTP/1.1\r\nHost: " + place.authority + "\r\n";
    if (!safe(method) || !safe(target) || target.find(' ') != std::string::npos)
        throw Fault("the request '" + method + " " + target + "' holds a control character or a space; encode it");
    for (auto const& [name, value] : headers) {
        if (!safe(name) || !safe(value))
            throw Fault("the header " + name + " for " + target + " holds a control character; leave it out");
        text.append(name).append(": ").append(value).append("\r\n");
    }
    bool const bodied = method == "POST" || method == "PUT" || method == "PATCH" || !body.empty();
    if (bodied) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return text.append("\r\n").append(body);
}

} // namespace

// ----------------------------------------------------------------------------------------------------------- client

struct Client::Impl {
    explicit Impl(Endpoint const& endpoint) : wire(endpoint) {}
    Response send(std::string const& method, std::string const& text, Deadline deadline);
    std::optional<Response> attempt(std::string const& method, std::string const& text, Deadline deadline);
    Wire wire;
};

/// Nothing when the connection was gone before the first byte of an answer.
std::optional<Response> Client::Impl::attempt(std::string const& method, std::string const& text, Deadline deadline) {
    Exchange exchange(wire, limits::answer_bytes_max);
    // A peer that refuses early answers and closes while we still write: what it said matters more than our error.
    auto const written = wire.write(text, deadline);
    exchange.read_head(method != "HEAD", deadline);
    if (exchange.lost) return std::nullopt;
    while (exchange.read_some_body(deadline)) {
    }
    if (written || !exchange.may_keep()) wire.close();
    return std::move(exchange.response);
}

Response Client::Impl::send(std::string const& method, std::string const& text, Deadline deadline) {
    if (wire.open() && wire.still_good()) {
        if (auto response = attempt(method, text, deadline)) return std::move(*response);
    }
    wire.connect(deadline);
    if (auto response = attempt(method, text, deadline)) return std::move(*response);
    wire.fail("answer of", "the connection was closed before an answer came");
}

Client::Client(Endpoint endpoint) : impl_(std::make_shared<Impl>(endpoint)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Response Client::send(std::string method, std::string target, Headers headers, std::string body,
                      std::chrono::milliseconds timeout) {
    auto const deadline = std::chrono::steady_clock::now() + timeout;
    auto const text = request_text(impl_->wire.place(), method, target, headers, body);
    try {
        return impl_->send(method, text, deadline);
    } catch (Stopped const&) {
        impl_->wire.close();
        throw NetworkFault("stopped");
    } catch (...) {
        impl_->wire.close(); // half an exchange is no connection to keep
        throw;
    }
}

void Client::stop() { impl_->wire.stop(); }

// ----------------------------------------------------------------------------------------------------- event stream

struct EventStream::Impl {
    explicit Impl(Endpoint const& endpoint) : wire(endpoint) {}
    void read(std::string const& text, std::chrono::milliseconds silence, std::function<void()> const& on_open,
              EventParser::OnEvent const& on_event);
    void check_head(Response const& response);
    Wire wire;
    std::atomic<bool> stopped{false};
};

void EventStream::Impl::check_head(Response const& response) {
    if (response.status != 200)
        wire.fail("event stream of",
                  "it answered " + std::to_string(response.status) + " " + std::string{reason(response.status)});
    auto const type = header(response.headers, "Content-Type");
    if (!same_name(type.substr(0, type.find_first_of("; ")), "text/event-stream"))
        wire.fail("event stream of", "its Content-Type is '" + std::string{type} + "' and not text/event-stream");
}

void EventStream::Impl::read(std::string const& text, std::chrono::milliseconds silence,
                             std::function<void()> const& on_open, EventParser::OnEvent const& on_event) {
    auto const deadline = [silence] { return std::chrono::steady_clock::now() + silence; };
    wire.connect(deadline());
    if (auto const error = wire.write(text, deadline())) wire.fail("event stream of", error.message());
    Exchange exchange(wire, std::numeric_limits<std::size_t>::max()); // a stream has no size; an event has
    exchange.read_head(true, deadline());
    if (exchange.lost) wire.fail("event stream of", exchange.lost->message());
    check_head(exchange.response);
    if (on_open) on_open();
    EventParser parser;
    auto const handed = [&](StreamEvent const& event) {
        if (!stopped) on_event(event);
    };
    bool more = true;
    while (more && !stopped) {
        more = exchange.read_some_body(deadline());
        parser.feed(exchange.response.body, handed);
        exchange.response.body.clear();
    }
    if (!stopped) wire.fail("event stream of", "the peer ended it");
}

EventStream::EventStream(Endpoint endpoint) : impl_(std::make_shared<Impl>(endpoint)) {}
EventStream::~EventStream() = default;

void EventStream::read(std::string target, Headers headers, std::chrono::milliseconds silence,
                       std::function<void()> on_open, std::function<void(StreamEvent const&)> on_event) {
    headers.emplace_back("Accept", "text/event-stream");
    headers.emplace_back("Cache-Control", "no-store");
    auto const text = request_text(impl_->wire.place(), "GET", target, headers, {});
    try {
        impl_->read(text, silence, on_open, on_event);
    } catch (Stopped const&) {
    } // asked for: a normal end
    catch (...) {
        impl_->wire.close();
        if (!impl_->stopped) throw;
    }
    impl_->wire.close();
}

void EventStream::stop() {
    impl_->stopped = true;
    impl_->wire.stop();
}

} // namespace npod::http
