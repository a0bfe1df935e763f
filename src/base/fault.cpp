#include "base/fault.hpp"

#include <cstdio>
#include <cstdlib>

namespace npod {

void break_promise(char const* promise, char const* file, int line) {
    std::fprintf(stderr, "npod: bug: promise broken: %s (%s:%d)\n", promise, file, line);
    std::abort();
}

} // namespace npod
