#pragma once
/// npctl from its words to its exit code.

#include "cli/session.hpp"

#include <string>
#include <vector>

namespace npod::cli {

/// Runs one command. Never throws: everything that goes wrong is told on `terminal.err` with what to do next.
Exit run(std::vector<std::string> const& words, Environment const& environment, Terminal terminal,
         Connect const& connect);

/// A daemon or a database file, as the options say.
std::unique_ptr<Transport> connect(Options const& options);

} // namespace npod::cli
