#include "daemon/notify.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace npod::daemon {

void notify_service_manager(std::string_view state) {
    char const* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    auto const length = path == nullptr ? 0 : std::strlen(path);
    if (length == 0 || length >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, path, length);
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0'; // abstract name
    int const handle = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle < 0) return;
    auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    ::sendto(handle, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr const*>(&address), size);
    ::close(handle);
}

std::optional<std::chrono::milliseconds> watchdog_interval() {
    char const* const text = std::getenv("WATCHDOG_USEC");
    if (text == nullptr) return std::nullopt;
    long long microseconds = 0;
    auto const end = text + std::strlen(text);
    if (std::from_chars(text, end, microseconds).ptr != end || microseconds < 2'000) return std::nullopt;
    return std::chrono::milliseconds{microseconds / 2'000};
}

} // namespace npod::daemon
