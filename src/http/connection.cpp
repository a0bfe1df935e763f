#include "http/connection.hpp"

#include "http/head.hpp"
#include "http/request_head.hpp"
#include "http/tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <new>

namespace npod::http {

namespace {

namespace beast = boost::beast;

/// One read. Small while waiting, so that ten thousand idle peers cost 40 MB and not 640.
constexpr std::size_t read_bytes_idle = 4 * 1024;
constexpr std::size_t read_bytes_body = 64 * 1024;
/// Bodies up to this are copied behind their head and leave in one write, which over TLS means one record.
constexpr std::size_t small_body_max = 16 * 1024;
/// One pull from a stream.
constexpr std::size_t stream_room = 64 * 1024;
/// How long a peer may take to read our last words before its socket is closed under it.
constexpr std::chrono::milliseconds linger_time{1'000};

std::string_view view(beast::flat_buffer const& buffer) {
    return {static_cast<char const*>(buffer.data().data()), buffer.size()};
}

/// Carries one answer from whichever thread gives it to the connection's own. When everybody let go of it without an
/// answer, the peer gets a 500 instead of silence.
class Reply {
public:
    Reply(std::weak_ptr<Connection> connection, std::shared_ptr<Loop> loop, std::shared_ptr<Service> service)
        : connection_(std::move(connection)), loop_(std::move(loop)), service_(std::move(service)) {}
    Reply(Reply const&) = delete;
    Reply& operator=(Reply const&) = delete;
    ~Reply() {
        if (given_.load()) return;
        try {
            if (!connection_.expired()) service_->report("a request was never answered; the peer got status 500");
            give(problem(500, "The request was not answered."));
        } catch (std::exception const&) {
        } // out of memory: the connection ends with its server
    }

    /// Any thread; the first call counts.
    void give(Response response) {
        if (given_.exchange(true)) return;
        auto const connection = connection_.lock();
        if (!connection) return;
        if (loop_->context.get_executor().running_in_this_thread()) return connection->answer(std::move(response));
        asio::post(loop_->context, [weak = connection_, held = std::move(response)]() mutable {
            if (auto const living = weak.lock()) living->answer(std::move(held));
        });
    }

private:
    std::weak_ptr<Connection> connection_;
    std::shared_ptr<Loop> loop_;
    std::shared_ptr<Service> service_;
    std::atomic<bool> given_{false};
};

} // namespace

// ------------------------------------------------------------------------------------------------------ life of one

Connection::Connection(std::shared_ptr<Service> service, std::shared_ptr<Loop> loop)
    : service_(std::move(service)), loop_(std::move(loop)), socket_(loop_->context), timer_(loop_->context),
      search_(service_->limits) {}

void Connection::start(std::string peer) {
    loop_->connections.emplace(this, shared_from_this());
    if (loop_->stopping) return close();
    peer_ = peer;
    request_.peer = std::move(peer);
    if (service_->tls)
        shake_hands();
    else
        next_request();
}

void Connection::shake_hands() {
    tls_.emplace(socket_, *service_->tls);
    set_deadline(service_->limits.header_time);
    tls_->async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](ErrorCode error) {
        if (self->state_ == State::closed) return;
        if (error) return self->close();
        self->request_.peer_identity = peer_identity(self->tls_->native_handle());
        self->next_request();
    });
}

void Connection::wind_down() {
    keep_ = false;
    if (state_ == State::head || state_ == State::handshake)
        close();
    else if (state_ == State::streaming && !writing_)
        end_stream();
    else if (state_ == State::streaming)
        set_deadline(linger_time); // whoever takes nothing does not hold the others up
}

void Connection::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    leave_streams();
    timer_.cancel();
    ErrorCode ignored; // NOLINT: closing a socket whose peer vanished is no news
    socket_.close(ignored);
    leave_room();
    service_->leave_seat(peer_);
    loop_->connections.erase(this); // callers hold a share, so `this` outlives the call
}

void Connection::finish() {
    if (keep_)
        next_request();
    else
        hang_up();
}

/// Says goodbye so that the peer can read our last answer: closing with bytes unread would reset the connection and
/// destroy the answer on its way (RFC 9112 section 9.6).
void Connection::hang_up() {
    if (loop_->stopping) return close();
    state_ = State::lingering;
    set_deadline(linger_time);
    if (tls_) {
        tls_->async_shutdown([self = shared_from_this()](ErrorCode) { self->close(); });
        return;
    }
    ErrorCode error;
    socket_.shutdown(Socket::shutdown_send, error);
    if (error) return close();
    in_.clear();
    read();
}

// ---------------------------------------------------------------------------------------------------------- reading

void Connection::next_request() {
    state_ = State::head;
    head_begun_ = false;
    search_ = HeadSearch(service_->limits);
    request_.headers.clear();
    request_.body.clear();
    if (body_room_ > 0) request_.body.shrink_to_fit();
    leave_room();
    request_.method.clear();
    if (in_.size() > 0) return search_head();
    if (in_.capacity() > 2 * read_bytes_idle) in_.shrink_to_fit();
    set_deadline(service_->limits.idle_time);
    read();
}

void Connection::read() {
    if (reading_) return; // the read begun during a stream still waits
    reading_ = true;
    // Large reads are for bodies that have room of their own.
    auto const room = in_.prepare(state_ == State::body && body_room_ > 0 ? read_bytes_body : read_bytes_idle);
    auto done = [self = shared_from_this()](ErrorCode error, std::size_t count) { self->on_read(error, count); };
    if (tls_)
        tls_->async_read_some(room, std::move(done));
    else
        socket_.async_read_some(room, std::move(done));
}

/// Reads during a stream, to notice a peer that leaves. It lands beside in_, because it may still be waiting when the
/// stream has ended and in_ is consumed from.
void Connection::watch() {
    if (reading_ || in_.size() >= service_->limits.header_bytes) return;
    reading_ = watching_ = true;
    auto done = [self = shared_from_this()](ErrorCode error, std::size_t count) { self->on_read(error, count); };
    if (tls_)
        tls_->async_read_some(asio::buffer(watch_), std::move(done));
    else
        socket_.async_read_some(asio::buffer(watch_), std::move(done));
}

void Connection::on_read(ErrorCode error, std::size_t count) try {
    reading_ = false;
    bool const watched = std::exchange(watching_, false);
    if (state_ == State::closed) return;
    if (error) {
        // A peer that only closed its side still gets the answer being written.
        if (state_ != State::handling && state_ != State::answering && state_ != State::ending) return close();
        keep_ = false;
        return;
    }
    if (watched) asio::buffer_copy(in_.prepare(count), asio::buffer(watch_, count));
    in_.commit(count);
    switch (state_) {
    case State::head: return search_head();
    case State::body: return take_body();
    case State::streaming: return watch();
    case State::lingering: in_.clear(); return read();
    case State::handshake:
    case State::handling:
    case State::answering:
    case State::ending:
    case State::closed: return; // the bytes stay in in_ until their turn
    }
} catch (std::bad_alloc const&) {
    // A peer whose connection only falls silent waits for nothing; one that is cut off asks again.
    service_->report("memory ran out while " + peer_ + " was heard; its connection is closed");
    close();
}

void Connection::search_head() {
    auto const found = search_.look(view(in_));
    if (auto const* refused = std::get_if<Refused>(&found)) return refuse(*refused);
    if (auto const size = std::get<std::size_t>(found); size > 0) return take_head(size);
    if (!head_begun_) {
        head_begun_ = true;
        set_deadline(service_->limits.header_time);
    }
    read();
}

void Connection::take_head(std::size_t size) {
    auto const head = view(in_).substr(0, size);
    auto const verdict = judge_head(head, service_->limits);
    if (auto const* refused = std::get_if<Refused>(&verdict)) return refuse(*refused);
    if (auto const ill_formed = read_head(head, service_->limits, request_)) return refuse(*ill_formed);
    in_.consume(size);
    begin_body(std::get<Framing>(verdict));
}

void Connection::begin_body(Framing const& framing) {
    keep_ = !framing.last && !loop_->stopping;
    chunks_known_ = !framing.old;
    body_ = framing.chunked ? BodyReader::chunked(BodyReader::Manner::strict, service_->limits.body_bytes)
                            : BodyReader::of_length(framing.length);
    // A length is only a claim until the bytes come: room is made for a usual body, not for the largest.
    request_.body.reserve(std::min(framing.length, limits::body_bytes_free));
    if (body_.done()) return handle();
    state_ = State::body;
    set_deadline(service_->limits.body_time);
    if (framing.expects_continue && in_.size() == 0) {
        out_ = "HTTP/1.1 100 Continue\r\n\r\n";
        return write();
    }
    take_body();
}

void Connection::take_body() {
    in_.consume(body_.take(view(in_), request_.body));
    if (auto const& refused = body_.refused()) return refuse(*refused);
    if (!has_room_for_body())
        return refuse({503, "Too many large bodies arrive at once; send this one again in a second."});
    if (body_.done()) return handle();
    read();
}

/// What a body has beyond its free bytes is counted from its arrival until it is answered.
bool Connection::has_room_for_body() {
    auto const size = request_.body.size();
    auto const wanted = size > limits::body_bytes_free ? size - limits::body_bytes_free : 0;
    if (wanted <= body_room_) return true;
    if (!service_->take_room(wanted - body_room_)) return false;
    body_room_ = wanted;
    return true;
}

void Connection::leave_room() { service_->give_room_back(std::exchange(body_room_, 0)); }

void Connection::handle() {
    state_ = State::handling;
    deadline_ = SteadyClock::time_point::max();
    auto const reply = std::make_shared<Reply>(weak_from_this(), loop_, service_);
    try {
        service_->handler(request_, [reply](Response response) { reply->give(std::move(response)); });
    } catch (std::exception const& trouble) {
        service_->report("handler of " + request_.method + " " + request_.target + " threw: " + trouble.what());
        reply->give(problem(500, "The server failed at this request; its log says why."));
    } catch (...) {
        service_->report("handler of " + request_.method + " " + request_.target + " threw something unknown");
        reply->give(problem(500, "The server failed at this request; its log says why."));
    }
}

// ---------------------------------------------------------------------------------------------------------- writing

void Connection::refuse(Refused const& refused) {
    keep_ = false;
    request_.method.clear();
    state_ = State::handling;
    auto response = problem(refused.status, refused.detail);
    if (refused.status == 503) response.headers.emplace_back("Retry-After", "1");
    answer(std::move(response));
}

void Connection::answer(Response response) {
    if (state_ != State::handling) return;
    if (!sendable(response)) {
        service_->report("the answer to " + request_.method + " " + request_.target + " cannot be sent");
        response = problem(500, "The server's answer was ill-formed; its log says more.");
    }
    keep_ = keep_ && !loop_->stopping;
    bool const bodiless = request_.method == "HEAD" || response.status == 204 || response.status == 304;
    stream_ = bodiless ? nullptr : std::move(response.stream);
    HeadFacts facts{stream_ && chunks_known_, !keep_, std::nullopt, loop_->date(service_->clock)};
    if (!stream_ && response.status != 204 && response.status != 304) facts.length = response.body.size();
    out_.clear();
    append_head(out_, response, facts);
    if (stream_) return begin_stream();
    state_ = State::answering;
    if (bodiless) return write();
    if (response.body.size() > small_body_max) {
        large_ = std::move(response.body);
        return write(large_);
    }
    out_ += response.body;
    write();
}

/// Writes out_, then `large`. Every piece the peer takes gives it idle_time for the next one, up to answer_until_.
void Connection::write(std::string_view large) {
    writing_ = true;
    answer_until_ = state_ == State::answering ? SteadyClock::now() + service_->limits.answer_time
                                               : SteadyClock::time_point::max();
    deadline_ = std::min(SteadyClock::now() + service_->limits.idle_time, answer_until_);
    arm_timer();
    std::array<asio::const_buffer, 2> const buffers{asio::buffer(out_), asio::buffer(large.data(), large.size())};
    auto progress = [this](ErrorCode error, std::size_t) -> std::size_t {
        if (error) return 0;
        // The armed timer is never later than this.
        deadline_ = std::min(SteadyClock::now() + service_->limits.idle_time, answer_until_);
        return stream_room;
    };
    auto done = [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); };
    if (tls_)
        asio::async_write(*tls_, buffers, progress, std::move(done));
    else
        asio::async_write(socket_, buffers, progress, std::move(done));
}

void Connection::on_written(ErrorCode error) {
    writing_ = false;
    if (state_ == State::closed) return;
    if (error) return close();
    switch (state_) {
    case State::body: // "100 Continue" is out
        set_deadline(service_->limits.body_time);
        return read();
    case State::streaming: quiet_since_ = SteadyClock::now(); return pump();
    case State::answering:
    case State::ending: large_ = {}; return finish();
    case State::handshake:
    case State::head:
    case State::handling:
    case State::lingering:
    case State::closed: NPOD_PROMISE(false);
    }
}

// ---------------------------------------------------------------------------------------------------------- streams

void Connection::begin_stream() {
    state_ = State::streaming;
    loop_->streams.insert(this);
    // Counted before the first pull: whoever adds bytes and still counts no stream here is seen by that pull.
    loop_->stream_count.fetch_add(1);
    write();
    watch();
}

void Connection::wake_stream() {
    if (state_ == State::streaming && !writing_) pump();
}

/// Sends what the stream has; with nothing to send, sleeps until woken or until a heartbeat is due.
void Connection::pump() {
    if (loop_->stopping) return end_stream();
    std::string bytes;
    try {
        bytes = next_stream_bytes();
        if (bytes.empty() && stream_->ended()) return end_stream();
    } catch (std::exception const& trouble) {
        service_->report("stream " + request_.target + " threw: " + trouble.what());
        return close();
    } catch (...) {
        service_->report("stream " + request_.target + " threw something unknown");
        return close();
    }
    if (!bytes.empty()) return write_chunk(bytes);
    deadline_ = quiet_since_ + service_->limits.stream_heartbeat;
    arm_timer();
}

std::string Connection::next_stream_bytes() {
    auto bytes = stream_->pull(stream_room);
    auto const now = SteadyClock::now();
    if (bytes.empty() && !stream_->ended() && now >= quiet_since_ + service_->limits.stream_heartbeat) {
        bytes = stream_->heartbeat();
        quiet_since_ = now; // a source without a heartbeat is asked again after the next interval
    }
    return bytes;
}

void Connection::write_chunk(std::string_view bytes) {
    out_.clear();
    if (chunks_known_) {
        std::array<char, 16> digits{};
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16).ptr;
        out_.append(digits.data(), end).append("\r\n").append(bytes).append("\r\n");
    } else {
        out_ = bytes;
    }
    write();
}

/// Precondition: nothing is being written.
void Connection::end_stream() {
    leave_streams();
    state_ = State::ending;
    out_ = chunks_known_ ? "0\r\n\r\n" : "";
    write();
}

void Connection::leave_streams() {
    stream_.reset();
    if (loop_->streams.erase(this) > 0) loop_->stream_count.fetch_sub(1);
}

// --------------------------------------------------------------------------------------------------------- deadlines

void Connection::set_deadline(std::chrono::milliseconds from_now) {
    deadline_ = SteadyClock::now() + from_now;
    arm_timer();
}

/// The timer is not moved when the deadline moves back, which happens with every request: it finds out when it fires.
void Connection::arm_timer() {
    if (timer_armed_ && timer_.expiry() <= deadline_) return;
    timer_armed_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait([self = shared_from_this()](ErrorCode error) {
        if (!error && self->state_ != State::closed) self->on_timer();
    });
}

void Connection::on_timer() {
    timer_armed_ = false;
    if (deadline_ == SteadyClock::time_point::max()) return;
    if (SteadyClock::now() < deadline_) return arm_timer();
    overdue();
}

void Connection::overdue() {
    deadline_ = SteadyClock::time_point::max();
    if (state_ == State::streaming && !writing_) return pump();
    if (writing_) return close(); // the peer takes nothing
    if (state_ == State::head && head_begun_) return refuse({408, "The head of the request did not arrive in time."});
    if (state_ == State::body) return refuse({408, "The body of the request did not arrive in time."});
    close();
}

} // namespace npod::http
