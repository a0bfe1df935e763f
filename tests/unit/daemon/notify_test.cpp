#include "daemon/notify.hpp"

#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace npod::daemon;

TEST_CASE("the service manager hears what we tell it, and silence without one is no error") {
    npod::testing::Folder const folder;
    auto const path = folder.path("notify");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    int const handle = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    REQUIRE(::bind(handle, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);

    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    notify_service_manager("READY=1");
    std::array<char, 64> buffer{};
    auto const size = ::recv(handle, buffer.data(), buffer.size(), MSG_DONTWAIT);
    REQUIRE(size > 0);
    CHECK(std::string(buffer.data(), static_cast<std::size_t>(size)) == "READY=1");
    ::close(handle);
    notify_service_manager("STOPPING=1"); // nobody listens any more
    ::unsetenv("NOTIFY_SOCKET");
    notify_service_manager("STOPPING=1");
}

TEST_CASE("the watchdog is fed twice in its time") {
    ::setenv("WATCHDOG_USEC", "30000000", 1); // 30 s
    CHECK(watchdog_interval() == std::chrono::milliseconds{15'000});
    ::setenv("WATCHDOG_USEC", "soon", 1);
    CHECK_FALSE(watchdog_interval());
    ::unsetenv("WATCHDOG_USEC");
    CHECK_FALSE(watchdog_interval());
}
