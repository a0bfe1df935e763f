#pragma once
/// The command line of npod.

#include <string>
#include <vector>

namespace npod::daemon {

/// Runs `npod ARGUMENTS` and returns its exit code (exit_code.hpp).
int run(std::vector<std::string> const& arguments);

} // namespace npod::daemon
