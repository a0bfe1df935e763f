#pragma once
/// A database file against its own log, without a daemon.

#include <string>
#include <vector>

namespace npod::api {

/// engine::differences_from_log() of the file, with the settings and the ways of the wire that its daemon left in it.
/// Throws ConfigFault when the file is not ours, StorageFault when it cannot be read.
std::vector<std::string> differences_from_log(std::string const& database);

} // namespace npod::api
