#include "http/connection.hpp"
#include "http/head.hpp"
#include "http/tls.hpp"

#include "base/fault.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>

namespace npod::http {

using Generic = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Generic, Executor>;
using WorkGuard = asio::executor_work_guard<Executor>;

// ------------------------------------------------------------------------------------------------ service and loop

namespace {

/// "192.0.2.7" of "192.0.2.7:51234".
std::string address_of(std::string const& peer) { return peer.substr(0, peer.rfind(':')); }

} // namespace

bool Service::take_seat(std::string const& peer) {
    std::lock_guard const lock(mutex_);
    if (taken_ >= limits.connections) return false;
    if (limits.connections_per_address > 0) {
        auto const address = address_of(peer);
        auto const held = taken_by_.find(address);
        if (held != taken_by_.end() && held->second >= limits.connections_per_address) return false;
        ++taken_by_[address];
    }
    ++taken_;
    return true;
}

void Service::leave_seat(std::string const& peer) {
    std::lock_guard const lock(mutex_);
    if (auto const held = taken_by_.find(address_of(peer)); held != taken_by_.end() && --held->second == 0)
        taken_by_.erase(held);
    if (--taken_ == 0) emptied_.notify_all();
}

bool Service::take_room(std::size_t bytes) {
    if (body_room_taken_.fetch_add(bytes) + bytes <= limits.bodies_bytes) return true;
    body_room_taken_.fetch_sub(bytes);
    return false;
}

void Service::give_room_back(std::size_t bytes) { body_room_taken_.fetch_sub(bytes); }

bool Service::wait_empty(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return emptied_.wait_for(lock, patience, [this] { return taken_ == 0; });
}

void Service::report(std::string const& text) const noexcept {
    try {
        if (on_fault) on_fault(text);
    } catch (...) {
    } // who is told of faults must not make new ones
}

std::string const& Loop::date(Clock const* clock) {
    if (clock == nullptr) return date_;
    auto const now = clock->now();
    if (auto const second = to_ms(now) / 1000; second != date_second_) {
        date_second_ = second;
        date_ = http_date(now);
    }
    return date_;
}

void Loop::wake_streams() {
    std::vector<std::shared_ptr<Connection>> awake;
    awake.reserve(streams.size());
    for (auto* connection : streams) awake.push_back(connection->shared_from_this());
    for (auto const& connection : awake) connection->wake_stream();
}

std::vector<std::shared_ptr<Connection>> Loop::all_of_them() const {
    std::vector<std::shared_ptr<Connection>> all;
    all.reserve(connections.size());
    for (auto const& [key, connection] : connections) all.push_back(connection);
    return all;
}

void Loop::wind_down() {
    stopping = true;
    for (auto const& connection : all_of_them()) connection->wind_down();
}

void Loop::close_all() {
    stopping = true;
    for (auto const& connection : all_of_them()) connection->close();
}

// ----------------------------------------------------------------------------------------------------------- binding

namespace {

/// How long accepting pauses when the process has no file descriptor left.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr int backlog = 1'024;

constexpr std::string_view house_full = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                                        "Content-Length: 0\r\nConnection: close\r\n\r\n";

Generic::endpoint tcp_endpoint(Listen const& listen) {
    ErrorCode error;
    auto const address = asio::ip::make_address(listen.address, error);
    if (error)
        throw ConfigFault("'" + listen.address + "' is no IP address to listen on; write one like 127.0.0.1 or ::1");
    return asio::ip::tcp::endpoint{address, listen.port};
}

std::string name_of(Listen const& listen) {
    return listen.unix_path.empty() ? listen.address + " port " + std::to_string(listen.port) : listen.unix_path;
}

/// Removes the socket file a dead process left behind; a file that is no socket, or answers, stays.
void clear_stale_socket(std::string const& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return;
    if (!S_ISSOCK(found.st_mode)) throw Fault(path + " exists and is no socket; move it away or listen elsewhere");
    asio::io_context context;
    Generic::socket probe(context);
    ErrorCode error;
    probe.connect(Generic::endpoint{asio::local::stream_protocol::endpoint{path}}, error);
    if (!error) throw Fault(path + " is served by another process; stop it first or listen elsewhere");
    ::unlink(path.c_str());
}

Generic::endpoint unix_endpoint(std::string const& path) {
    if (path.size() >= sizeof(sockaddr_un::sun_path))
        throw ConfigFault("the socket path " + path + " is longer than the system allows (107 bytes); shorten it");
    return asio::local::stream_protocol::endpoint{path};
}

bool is_tcp(Generic::endpoint const& endpoint) {
    auto const family = endpoint.protocol().family();
    return family == AF_INET || family == AF_INET6;
}

asio::ip::tcp::endpoint as_tcp(Generic::endpoint const& generic) {
    asio::ip::tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), generic.data(), std::min(generic.size(), endpoint.capacity()));
    endpoint.resize(generic.size());
    return endpoint;
}

std::string peer_name(Generic::endpoint const& endpoint) {
    if (!is_tcp(endpoint)) return "unix";
    auto const tcp = as_tcp(endpoint);
    auto const address = tcp.address().to_string();
    return (tcp.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(tcp.port());
}

} // namespace

// ------------------------------------------------------------------------------------------------------------ server

struct Server::Impl {
    Impl(Listen const& listen, Limits const& limits, unsigned threads, Handler handler);
    void bind(Listen const& listen);
    void run();
    void accept();
    void accepted(std::shared_ptr<Connection> const& connection, std::shared_ptr<Loop> const& loop);
    void pause_accepting(std::string const& why);
    void stop(std::chrono::milliseconds patience);

    std::shared_ptr<Service> service_ = std::make_shared<Service>();
    std::vector<std::shared_ptr<Loop>> loops_;
    std::vector<WorkGuard> guards_;
    std::optional<Acceptor> acceptor_; ///< on the first loop
    std::optional<Timer> pause_;
    Generic::endpoint peer_; ///< of the connection being accepted
    std::size_t next_loop_ = 0;
    std::uint16_t port_ = 0;
    std::string unix_path_;
    std::vector<std::thread> threads_;
    std::once_flag stopped_;
};

Server::Impl::Impl(Listen const& listen, Limits const& limits, unsigned threads, Handler handler) {
    service_->limits = limits;
    service_->handler = std::move(handler);
    service_->on_fault = listen.on_fault;
    service_->clock = listen.clock;
    if (!listen.tls.certificate_file.empty())
        service_->tls = std::make_unique<asio::ssl::context>(server_tls_context(listen.tls));
    for (unsigned i = 0; i < std::max(1U, threads); ++i) {
        loops_.push_back(std::make_shared<Loop>());
        guards_.push_back(asio::make_work_guard(loops_.back()->context));
    }
    bind(listen);
    run();
}

void Server::Impl::bind(Listen const& listen) {
    bool const on_unix = !listen.unix_path.empty();
    if (on_unix) clear_stale_socket(listen.unix_path);
    auto const endpoint = on_unix ? unix_endpoint(listen.unix_path) : tcp_endpoint(listen);
    auto& context = loops_.front()->context;
    acceptor_.emplace(context);
    pause_.emplace(context);
    try {
        acceptor_->open(endpoint.protocol());
        if (!on_unix) acceptor_->set_option(asio::socket_base::reuse_address(true));
        acceptor_->bind(endpoint);
        if (on_unix) {
            unix_path_ = listen.unix_path;
            // Nobody can connect before listen(), so the mode is right before anyone could use a wrong one.
            if (::chmod(unix_path_.c_str(), 0660) != 0)
                throw Fault("cannot set the mode of " + unix_path_ + ": " + std::strerror(errno));
        }
        acceptor_->listen(backlog);
        if (!on_unix) port_ = as_tcp(acceptor_->local_endpoint()).port();
    } catch (boost::system::system_error const& trouble) {
        throw Fault("cannot listen on " + name_of(listen) + ": " + trouble.code().message() +
                    "; free the address or choose another");
    }
}

void Server::Impl::run() {
    accept();
    for (auto const& loop : loops_) {
        threads_.emplace_back([loop, service = service_] {
            for (;;) {
                try {
                    loop->context.run();
                    return;
                } catch (std::exception const& trouble) { // memory ran out: one connection is lost, the others go on
                    service->report(std::string{"an io thread caught: "} + trouble.what());
                }
            }
        });
    }
}

void Server::Impl::accept() {
    auto const& loop = loops_[next_loop_++ % loops_.size()];
    auto connection = std::make_shared<Connection>(service_, loop);
    auto& socket = connection->socket();
    acceptor_->async_accept(socket, peer_, [this, connection = std::move(connection), loop](ErrorCode error) {
        if (!acceptor_->is_open()) return;
        if (error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
            error == asio::error::no_memory || error.value() == ENFILE)
            return pause_accepting(error.message());
        try {
            if (!error) accepted(connection, loop); // any other error is one peer that left early
            accept();
        } catch (std::bad_alloc const& trouble) {
            pause_accepting(trouble.what());
        }
    });
}

void Server::Impl::accepted(std::shared_ptr<Connection> const& connection, std::shared_ptr<Loop> const& loop) {
    ErrorCode ignored; // a peer that is gone already is noticed by the first read
    if (is_tcp(peer_)) connection->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    auto peer = peer_name(peer_);
    if (!service_->take_seat(peer)) {
        connection->socket().non_blocking(true, ignored);
        if (!service_->tls) connection->socket().write_some(asio::buffer(house_full), ignored);
        connection->socket().close(ignored);
        return;
    }
    asio::dispatch(loop->context, [connection, peer = std::move(peer)] { connection->start(peer); });
}

void Server::Impl::pause_accepting(std::string const& why) {
    service_->report("accepting pauses: " + why + "; give the process more memory or open files");
    pause_->expires_after(accept_pause);
    pause_->async_wait([this](ErrorCode error) {
        if (!error && acceptor_->is_open()) accept();
    });
}

void Server::Impl::stop(std::chrono::milliseconds patience) {
    for (auto const& thread : threads_) NPOD_PROMISE(thread.get_id() != std::this_thread::get_id());
    asio::post(loops_.front()->context, [this] {
        ErrorCode ignored;
        acceptor_->close(ignored);
        pause_->cancel();
    });
    for (auto const& loop : loops_) asio::post(loop->context, [loop = loop.get()] { loop->wind_down(); });
    service_->wait_empty(patience);
    for (auto const& loop : loops_) asio::post(loop->context, [loop = loop.get()] { loop->close_all(); });
    guards_.clear();
    for (auto& thread : threads_) thread.join();
    if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
}

Server::Server(Listen const& listen, Limits const& limits, unsigned threads, Handler handler)
    : impl_(std::make_shared<Impl>(listen, limits, threads, std::move(handler))) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return impl_->port_; }

void Server::wake_streams() {
    for (auto const& loop : impl_->loops_) {
        if (loop->stream_count.load() == 0 || loop->wake_posted.exchange(true)) continue;
        asio::post(loop->context, [loop = loop.get()] {
            loop->wake_posted.store(false); // before pulling: bytes that come meanwhile wake again
            loop->wake_streams();
        });
    }
}

void Server::stop(std::chrono::milliseconds patience) {
    std::call_once(impl_->stopped_, [&] { impl_->stop(patience); });
}

} // namespace npod::http
