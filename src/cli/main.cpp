/// npctl: the command line of npod. Everything that can be tested is in run.cpp; here the process meets the terminal.

#include "cli/run.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace npod::cli;

int screen_width() {
    constexpr int usual = 80, narrowest = 40;
    winsize size{};
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return std::max<int>(size.ws_col, narrowest);
    if (char const* columns = std::getenv("COLUMNS"))
        if (int const width = std::atoi(columns); width >= narrowest) return width;
    return usual;
}

Terminal this_terminal() {
    bool const tty = isatty(STDOUT_FILENO) == 1;
    char const* no_colour = std::getenv("NO_COLOR");
    bool const colour = tty && (!no_colour || *no_colour == '\0');
    return {&std::cin, &std::cout, &std::cerr, isatty(STDIN_FILENO) == 1, tty, {screen_width(), colour}};
}

/// Whether a daemon listens there and lets us in; a socket that a dead one left behind does not.
bool answers(std::string const& path) {
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    int const line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line < 0) return false;
    bool const connected = ::connect(line, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    close(line);
    return connected;
}

Environment this_environment() {
    Environment environment;
    for (char const* name : {"NPCTL_URL", "NPCTL_TOKEN", "NPCTL_LANG"})
        if (char const* value = std::getenv(name)) environment[name] = value;
    char const* named = std::getenv("NPCTL_SOCKET");
    std::string const socket = named ? named : std::string(usual_socket);
    if (answers(socket)) environment["NPCTL_SOCKET"] = socket;
    return environment;
}

} // namespace

int main(int count, char** words) {
    std::ios::sync_with_stdio(false);
    auto const exit = run({words + 1, words + count}, this_environment(), this_terminal(), npod::cli::connect);
    std::cout.flush();
    // Nobody reads on (`npctl port list | head`), or the disk is full: what was asked has not been told.
    if (!std::cout && exit == Exit::ok) {
        std::cerr << "npctl: The output could not be written whole.\n  next:  look at the disk or the program that reads it.\n";
        return static_cast<int>(Exit::failure);
    }
    return static_cast<int>(exit);
}
