/// npctl: the command line of npod. Everything that can be tested is in run.cpp; here the process meets the terminal.

#include "cli/run.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

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

Environment this_environment() {
    Environment environment;
    for (char const* name : {"NPCTL_URL", "NPCTL_TOKEN", "NPCTL_LANG"})
        if (char const* value = std::getenv(name)) environment[name] = value;
    return environment;
}

} // namespace

int main(int count, char** words) {
    std::ios::sync_with_stdio(false);
    auto const exit = run({words + 1, words + count}, this_environment(), this_terminal(), connect);
    std::cout.flush();
    // Nobody reads on (`npctl port list | head`), or the disk is full: what was asked has not been told.
    if (!std::cout && exit == Exit::ok) {
        std::cerr << "npctl: The output could not be written whole.\n  next:  look at the disk or the program that reads it.\n";
        return static_cast<int>(Exit::failure);
    }
    return static_cast<int>(exit);
}
