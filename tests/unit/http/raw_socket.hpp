#pragma once
/// A peer that says exactly the bytes a test wants said, with no HTTP library to tidy them up.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace npod::http {

class RawSocket {
public:
    explicit RawSocket(std::uint16_t port) : handle_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("raw socket: cannot connect");
        timeval const patience{10, 0};
        ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~RawSocket() { ::close(handle_); }
    RawSocket(RawSocket const&) = delete;
    RawSocket& operator=(RawSocket const&) = delete;

    /// False when the server reset the connection meanwhile.
    bool say(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto const sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end_saying() const { ::shutdown(handle_, SHUT_WR); }

    /// Everything up to the server's close (or ten seconds).
    std::string hear_all() const {
        std::string heard;
        while (hear_more(heard)) {
        }
        return heard;
    }
    /// Everything until `mark` was heard, at most what one read brings beyond it.
    std::string hear_until(std::string_view mark) const {
        std::string heard;
        while (heard.find(mark) == std::string::npos && hear_more(heard)) {
        }
        return heard;
    }
    /// Whether the server says something, or closes, within the time.
    bool hears_within(int milliseconds) const {
        pollfd waiting{handle_, POLLIN, 0};
        return ::poll(&waiting, 1, milliseconds) > 0;
    }

private:
    bool hear_more(std::string& heard) const {
        char bytes[4096];
        auto const count = ::recv(handle_, bytes, sizeof bytes, 0);
        if (count > 0) heard.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }
    int handle_;
};

} // namespace npod::http
