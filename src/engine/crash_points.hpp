#pragma once
/// For the crash-truth tests only: when NPOD_CRASH_PLAN names a file, the daemon kills itself (SIGKILL) once at each of its
/// crash points, remembering in that file which ones it has been through. Without the variable nothing happens.

#include <cstdint>
#include <set>
#include <string>

namespace npod::engine {

class CrashPoints {
public:
    CrashPoints(); ///< reads the plan
    /// Dies here if a plan is set and this point was not taken before. `where`: "before" or "after" the commit whose last log row is `seq`.
    void at(char const* where, std::int64_t seq);

private:
    std::string plan_;
    std::set<std::string> taken_;
};

} // namespace npod::engine
