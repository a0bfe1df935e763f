#pragma once
/// A quota: what a tester without rights can have in place of a full disk.

#include <csignal>

#include <sys/resource.h>

namespace npod::test {

/// No file of this process may become longer than `bytes`; as it was again with the object. What a tester without rights
/// can have, too: the system refuses a write as it does with a quota.
class ShortFiles {
public:
    explicit ShortFiles(rlim_t bytes) : before_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const less{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &less);
    }
    ~ShortFiles() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, before_signal_);
    }
    ShortFiles(ShortFiles const&) = delete;
    ShortFiles& operator=(ShortFiles const&) = delete;

private:
    void (*before_signal_)(int);
    rlimit before_{};
};

} // namespace npod::test
