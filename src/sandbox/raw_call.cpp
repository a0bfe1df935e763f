#include "sandbox/raw_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace npod::sandbox {

namespace {

using namespace std::chrono_literals;

/// A connected socket that says and hears whatever one likes. Every failure is kept as a sentence.
class RawSocket {
public:
    explicit RawSocket(std::string const& url) {
        auto rest = url.starts_with("http://") ? url.substr(7) : std::string{};
        host_ = rest.substr(0, rest.find('/'));
        auto const colon = host_.rfind(':');
        auto const name = host_.substr(0, colon),
                   port = colon == std::string::npos ? std::string("80") : host_.substr(colon + 1);
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (host_.empty() || ::getaddrinfo(name.c_str(), port.c_str(), &hints, &found) != 0) {
            trouble_ = url + " cannot be called in this way";
            return;
        }
        socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        timeval const patience{.tv_sec = 15, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (::connect(socket_, found->ai_addr, found->ai_addrlen) != 0)
            trouble_ = fmt::format("{}: {}", url, std::strerror(errno));
        ::freeaddrinfo(found);
    }
    ~RawSocket() {
        if (socket_ >= 0) ::close(socket_);
    }
    RawSocket(RawSocket const&) = delete;
    RawSocket& operator=(RawSocket const&) = delete;

    std::string const& host() const { return host_; }
    std::string const& trouble() const { return trouble_; }

    /// False when the other side hung up; what it said before can still be heard.
    bool say(std::string_view bytes) {
        while (trouble_.empty() && !bytes.empty()) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return trouble_.empty();
    }
    /// Everything until the other side ends the connection.
    std::string hear() {
        std::string text;
        char piece[4096];
        constexpr std::size_t enough = 1 << 20; // no answer of this wire is a megabyte
        while (trouble_.empty() && text.size() < enough) {
            auto const got = ::recv(socket_, piece, sizeof piece, 0);
            if (got <= 0) break;
            text.append(piece, static_cast<std::size_t>(got));
        }
        return text;
    }
    void reset() {
        linger const at_once{.l_onoff = 1, .l_linger = 0}; // closing resets instead of saying goodbye
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(socket_);
        socket_ = -1;
    }

private:
    std::string host_, trouble_;
    int socket_ = -1;
};

std::string head_of(std::string const& target, std::string const& host, http::Headers const& headers,
                    std::size_t length) {
    auto head = fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n", target, host,
                            length);
    for (auto const& [name, value] : headers) head += name + ": " + value + "\r\n";
    return head + "\r\n";
}

RawAnswer answer_in(std::string const& text) {
    if (text.size() < 12 || !text.starts_with("HTTP/1.1 ")) return {0, "no answer came"};
    auto const digits = text.substr(9, 3);
    auto const end = text.find("\r\n\r\n");
    return {static_cast<unsigned>(std::strtoul(digits.c_str(), nullptr, 10)),
            end == std::string::npos ? "" : text.substr(end + 4)};
}

} // namespace

RawAnswer reset_midway(std::string const& url, std::string const& target, http::Headers const& headers,
                       std::string const& body, std::uint64_t salt) {
    RawSocket socket(url);
    socket.say(head_of(target, socket.host(), headers, body.size()));
    socket.say(std::string_view(body).substr(0, 1 + salt % std::max<std::size_t>(body.size() - 1, 1)));
    if (!socket.trouble().empty()) return {0, socket.trouble()};
    socket.reset();
    return {0, "we hung up in the middle"};
}

RawAnswer drip(std::string const& url, std::string const& target, http::Headers const& headers,
               std::string const& body) {
    constexpr std::size_t pieces = 30;
    RawSocket socket(url);
    socket.say(head_of(target, socket.host(), headers, body.size()));
    auto const size = body.size() / pieces + 1;
    for (std::size_t at = 0; at < body.size(); at += size) {
        if (!socket.say(std::string_view(body).substr(at, size))) break;
        std::this_thread::sleep_for(30ms);
    }
    if (!socket.trouble().empty()) return {0, socket.trouble()};
    return answer_in(socket.hear());
}

} // namespace npod::sandbox
