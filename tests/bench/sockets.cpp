#include "sockets.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace npod::bench {

namespace {

constexpr std::size_t message_bytes_max = 1024 * 1024;

[[noreturn]] void fail(std::string_view doing) {
    throw BenchError(fmt::format("a socket could not be {}: {}", doing, std::strerror(errno)));
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

Handle listening() {
    Handle socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    auto const address = loopback(0);
    if (::bind(socket.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) fail("bound");
    if (::listen(socket.number(), 128) != 0) fail("listened on");
    return socket;
}

/// One HTTP message at the start of `bytes`: what its first line is, where its body lies. Length 0: not all there yet.
struct Parsed {
    std::string_view first_line, body;
    std::size_t length = 0;
};

std::size_t content_length(std::string_view head) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        constexpr std::string_view name = "content-length:";
        auto const line = head.substr(at + 2);
        bool same = line.size() > name.size();
        for (std::size_t i = 0; same && i < name.size(); ++i) same = (line[i] | 0x20) == (name[i] | 0x20);
        if (!same) continue;
        std::size_t length = 0;
        auto const digits = line.substr(line.find_first_not_of(' ', name.size()));
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
        return length;
    }
    return 0;
}

Parsed parse(std::string_view bytes) {
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return {};
    auto const head = bytes.substr(0, end + 2);
    auto const length = content_length(head);
    if (bytes.size() < end + 4 + length) return {};
    return {head.substr(0, head.find("\r\n")), bytes.substr(end + 4, length), end + 4 + length};
}

} // namespace

// ------------------------------------------------------------------------------------------------------- descriptors

Handle::Handle(int number) : number_(number) {
    if (number_ < 0) fail("made");
}
Handle::Handle(Handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
Handle::~Handle() {
    if (number_ >= 0) ::close(number_);
}

Sockets::Sockets() : poll_(::epoll_create1(EPOLL_CLOEXEC)), listener_(listening()) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("named");
    port_ = ntohs(address.sin_port);
    watch(listener_.number());
}

void Sockets::watch(int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (::epoll_ctl(poll_.number(), EPOLL_CTL_ADD, descriptor, &event) != 0) fail("watched");
}

void Sockets::add(Handle socket, bool ours) {
    int const on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int const descriptor = socket.number();
    watch(descriptor);
    auto line = std::make_unique<Line>(Line{std::move(socket), ours, false, {}, {}});
    if (ours) free_.push_back(line.get());
    lines_.emplace(descriptor, std::move(line));
}

void Sockets::connect(std::uint16_t port, int connections) {
    server_ = port;
    auto const address = loopback(port);
    for (int i = 0; i < connections; ++i) {
        Handle socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (::connect(socket.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) fail("connected");
        add(std::move(socket), true);
    }
}

void Sockets::accept_all() {
    for (;;) {
        int const socket = ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        add(Handle(socket), false);
    }
}

// ------------------------------------------------------------------------------------------------------------- calls

void Sockets::call(Call const& call, Subject::Answered answered) {
    auto bytes = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
                             call.method, call.target, call.body.size());
    if (!call.key.empty()) bytes += "Idempotency-Key: " + call.key + "\r\n";
    bytes += "\r\n";
    bytes += call.body;
    waiting_.push_back({std::move(bytes), std::move(answered)});
    if (!free_.empty()) send_next();
}

/// A daemon closes a connection on which nothing is said for long: another takes its place.
void Sockets::replace(Line& line) {
    std::erase(free_, &line);
    lines_.erase(line.socket.number());
    connect(server_, 1);
}

void Sockets::send_next() {
    auto const is_closed = [](Line const& line) {
        char one = 0;
        return ::recv(line.socket.number(), &one, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    };
    while (is_closed(*free_.back())) replace(*free_.back());
    Line& line = *free_.back();
    free_.pop_back();
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    line.answered = std::move(next.answered);
    line.asked = true;
    send(line, next.bytes);
}

void Sockets::send(Line& line, std::string_view bytes) {
    while (!bytes.empty()) { // a few kilobytes: they fit the socket's buffer, so this does not wait
        auto const count = ::send(line.socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) fail("written to");
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool Sockets::turn(int patience_ms) {
    std::array<epoll_event, 64> events;
    int const count = ::epoll_wait(poll_.number(), events.data(), static_cast<int>(events.size()), patience_ms);
    if (count < 0 && errno != EINTR) fail("waited for");
    for (int i = 0; i < count; ++i) {
        int const descriptor = events[static_cast<std::size_t>(i)].data.fd;
        if (descriptor == listener_.number()) accept_all();
        else if (auto const line = lines_.find(descriptor); line != lines_.end()) receive(*line->second);
    }
    return count != 0;
}

void Sockets::receive(Line& line) {
    std::array<char, 64 * 1024> room;
    auto const count = ::recv(line.socket.number(), room.data(), room.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        if (line.asked) throw BenchError("the daemon closed a connection; its log says why");
        if (line.ours) return replace(line);
        lines_.erase(line.socket.number());
        return;
    }
    line.in.append(room.data(), static_cast<std::size_t>(count));
    if (line.in.size() > message_bytes_max) throw BenchError("a message of more than a megabyte came");
    while (line.ours ? take_answer(line) : take_request(line)) {}
}

bool Sockets::take_answer(Line& line) {
    auto const answer = parse(line.in);
    if (answer.length == 0 || answer.first_line.size() < 12) return false;
    unsigned status = 0;
    std::from_chars(answer.first_line.data() + 9, answer.first_line.data() + 12, status);
    auto const bytes = std::exchange(line.in, {}); // one call at a time: nothing follows
    auto const answered = std::exchange(line.answered, {});
    line.asked = false;
    free_.push_back(&line);
    if (answered) answered(status, answer.length == bytes.size() ? parse(bytes).body : std::string_view{});
    if (!waiting_.empty() && !free_.empty()) send_next();
    return false;
}

/// "POST /number-portability/v3/dossiers/portingrequest HTTP/1.1"
bool Sockets::take_request(Line& line) {
    auto const request = parse(line.in);
    if (request.length == 0) return false;
    auto const target_end = request.first_line.rfind(' ');
    auto const type_begin = request.first_line.rfind('/', target_end) + 1;
    std::string const type(request.first_line.substr(type_begin, target_end - type_begin));
    std::string const body(request.body);
    line.in.erase(0, request.length);
    auto const receipt = fmt::format(R"({{"transactionId":"BENCH-{}"}})", ++receipts_);
    send(line, fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", receipt.size(), receipt));
    if (sent_) sent_(type, body);
    return true;
}

} // namespace npod::bench
