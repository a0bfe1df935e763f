/// A library to be loaded before a program (LD_PRELOAD), so that the wall clock it sees can be stepped while it runs, as an
/// administrator or NTP would: time is the machine's plus the milliseconds that stand in the file NPOD_STEPPED_CLOCK. The
/// program is the shipped one and knows nothing of it. Steady time is not touched.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace {

std::atomic<std::int64_t> const* offset_file = nullptr;
constexpr int timers_max = 1024;
std::atomic<bool> follows_wall_clock[timers_max]; ///< by descriptor

template <class Function>
Function next(char const* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

std::int64_t offset_ms() { return offset_file == nullptr ? 0 : offset_file->load(); }

void add_to(timespec& time, std::int64_t ms) {
    auto const whole = time.tv_sec * 1'000'000'000 + time.tv_nsec + ms * 1'000'000;
    time.tv_sec = whole / 1'000'000'000;
    time.tv_nsec = whole % 1'000'000'000;
}

using SetTimer = int (*)(int, int, itimerspec const*, itimerspec*);

/// The kernel wakes whoever sleeps on the wall clock when that is set; here it has to be done.
void* wake_sleepers(void*) {
    auto const set = next<SetTimer>("timerfd_settime");
    for (auto seen = offset_ms();; ::usleep(2'000)) {
        if (offset_ms() == seen) continue;
        seen = offset_ms();
        itimerspec const at_once{{0, 0}, {0, 1}};
        for (int timer = 0; timer < timers_max; ++timer)
            if (follows_wall_clock[timer]) set(timer, 0, &at_once, nullptr);
    }
    return nullptr;
}

__attribute__((constructor)) void begin() {
    char const* const path = std::getenv("NPOD_STEPPED_CLOCK");
    int const file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    auto* const memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) return;
    offset_file = static_cast<std::atomic<std::int64_t> const*>(memory);
    sigset_t all, before; // signals are the program's
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    pthread_create(&thread, nullptr, wake_sleepers, nullptr);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
    static auto const real = next<int (*)(clockid_t, timespec*)>("clock_gettime");
    int const result = real(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) add_to(*time, offset_ms());
    return result;
}

int timerfd_create(int clock, int flags) {
    static auto const real = next<int (*)(int, int)>("timerfd_create");
    int const timer = real(clock, flags);
    if (timer >= 0 && timer < timers_max) follows_wall_clock[timer] = clock == CLOCK_REALTIME;
    return timer;
}

int timerfd_settime(int timer, int flags, itimerspec const* wanted, itimerspec* before) {
    static auto const real = next<SetTimer>("timerfd_settime");
    auto shifted = *wanted;
    bool const armed = shifted.it_value.tv_sec != 0 || shifted.it_value.tv_nsec != 0;
    if (armed && (flags & TFD_TIMER_ABSTIME) != 0 && timer >= 0 && timer < timers_max && follows_wall_clock[timer]) {
        add_to(shifted.it_value, -offset_ms());
        if (shifted.it_value.tv_sec < 0) shifted.it_value = {0, 1}; // long over
    }
    return real(timer, flags, &shifted, before);
}
}
