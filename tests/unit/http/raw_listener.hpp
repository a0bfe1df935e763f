#pragma once
/// A server that says exactly what a test's script says. One connection after the other, on its own thread.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace npod::http {

class RawPeer {
public:
    explicit RawPeer(int handle) : handle_(handle) {}
    void say(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto const sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    std::string hear_until(std::string_view mark) const {
        std::string heard;
        while (heard.find(mark) == std::string::npos && hear_more(heard)) {
        }
        return heard;
    }
    void hear_all() const {
        for (std::string heard; hear_more(heard); heard.clear()) {
        }
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

class RawListener {
public:
    using Script = std::function<void(RawPeer&)>;
    /// Runs `script` for every connection, then closes it.
    explicit RawListener(Script script) : handle_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(handle_, generic, size) != 0 || ::listen(handle_, 16) != 0 ||
            ::getsockname(handle_, generic, &size) != 0)
            throw std::runtime_error("raw listener: cannot listen");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, script = std::move(script)] { run(script); });
    }
    ~RawListener() {
        ::shutdown(handle_, SHUT_RDWR); // accept() returns
        thread_.join();
        ::close(handle_);
    }
    RawListener(RawListener const&) = delete;
    RawListener& operator=(RawListener const&) = delete;
    std::uint16_t port() const { return port_; }

private:
    void run(Script const& script) const {
        for (int accepted = ::accept(handle_, nullptr, nullptr); accepted >= 0;
             accepted = ::accept(handle_, nullptr, nullptr)) {
            RawPeer peer(accepted);
            script(peer);
            ::close(accepted);
        }
    }
    int handle_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

} // namespace npod::http
