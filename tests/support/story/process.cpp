#include "process.hpp"

#include "script.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace npod::story {

namespace {

/// What the person who plays the story has set for a daemon of his own is nothing to these.
void forget_our_settings() {
    std::vector<std::string> names;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        std::string const text = *variable;
        if (text.starts_with("NPOD_")) names.push_back(text.substr(0, text.find('=')));
    }
    for (auto const& name : names) ::unsetenv(name.c_str());
}

[[noreturn]] void become(std::vector<char*> const& arguments, Process::Environment const& environment, int log) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    forget_our_settings();
    for (auto const& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(arguments.front(), arguments.data());
    std::string const text = fmt::format("cannot start {}: {}\n", arguments.front(), std::strerror(errno));
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(127);
}

} // namespace

Process::Process(std::vector<std::string> const& command, Environment const& environment, std::string const& log_file) {
    std::vector<char*> arguments;
    for (auto const& word : command)
        arguments.push_back(const_cast<char*>(word.c_str())); // execv does not write to them
    arguments.push_back(nullptr);
    int const log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log < 0) throw StoryError(fmt::format("cannot write {}: {}", log_file, std::strerror(errno)));
    pid_ = ::fork();
    if (pid_ == 0) become(arguments, environment, log);
    ::close(log);
    if (pid_ < 0) throw StoryError(fmt::format("cannot start {}: {}", command.front(), std::strerror(errno)));
}

Process::~Process() {
    signal(SIGKILL);
    wait(std::chrono::seconds{5});
}

bool Process::reap() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
}

bool Process::alive() {
    std::scoped_lock const lock(mutex_);
    return !reap();
}

void Process::signal(int number) {
    std::scoped_lock const lock(mutex_);
    if (!reap()) ::kill(pid_, number);
}

bool Process::wait(std::chrono::milliseconds patience) {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (alive()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

bool Process::was_killed() {
    std::scoped_lock const lock(mutex_);
    return reap() && WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL;
}

std::string Process::ending() {
    std::scoped_lock const lock(mutex_);
    if (!reap()) return "running";
    if (WIFSIGNALED(status_)) return fmt::format("signal {} ({})", WTERMSIG(status_), ::strsignal(WTERMSIG(status_)));
    return fmt::format("exit status {}", WEXITSTATUS(status_));
}

} // namespace npod::story
