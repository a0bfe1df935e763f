#include "engine/alarm.hpp"

#include "base/fault.hpp"

#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#ifndef TFD_TIMER_CANCEL_ON_SET
#define TFD_TIMER_CANCEL_ON_SET (1 << 1)
#endif

namespace npod::engine {

Alarm::Alarm() : bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), timer_(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)) {
    if (bell_ < 0 || timer_ < 0)
        throw Fault(std::string("the system gives no timer descriptors (") + std::strerror(errno) + "); raise the limit of open files");
}

Alarm::~Alarm() {
    ::close(bell_);
    ::close(timer_);
}

void Alarm::ring() {
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(bell_, &one, sizeof one); // a full counter rings as well
}

void Alarm::sleep(std::optional<Moment> until, std::optional<std::chrono::milliseconds> longest) {
    itimerspec when{};
    if (until) {
        auto const ms = std::max<std::int64_t>(to_ms(*until), 1); // all zero would disarm it
        when.it_value = {ms / 1000, (ms % 1000) * 1'000'000};
    }
    ::timerfd_settime(timer_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr);
    pollfd waits[] = {{bell_, POLLIN, 0}, {timer_, POLLIN, 0}};
    ::poll(waits, 2, longest ? static_cast<int>(longest->count()) : -1);
    std::uint64_t swallowed = 0;
    [[maybe_unused]] auto rung = ::read(bell_, &swallowed, sizeof swallowed);
    rung = ::read(timer_, &swallowed, sizeof swallowed);
}

} // namespace npod::engine
