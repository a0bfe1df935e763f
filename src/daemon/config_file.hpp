#pragma once
/// The configuration file (TOML) as plain values, each with the line it stands on. Knows what may stand where; what a
/// value means is decided in config_keys.cpp.

#include "daemon/config.hpp"

#include <map>
#include <string>
#include <vector>

namespace npod::daemon {

/// Everything that is wrong with a configuration, collected so that all of it can be mended at once.
class Problems {
public:
    /// "npod.toml:12: listen = "x": write ADDRESS:PORT"
    void add(std::string const& where, std::string const& what, std::string const& why);
    void throw_if_any() const; ///< ConfigFault with one line for each

private:
    std::vector<std::string> lines_;
};

struct FileContent {
    std::map<std::string, Config::Said> values; ///< single values by key; paths already count from the file's folder
    std::vector<rules::Override> overrides;
    WireCodes interchange_codes;
    std::vector<Member> members; ///< url, username and zone may still be empty
    std::vector<Token> tokens;
    std::vector<Certificate> certificates;
    std::vector<Webhook> webhooks;
};

/// Unknown keys, wrong types and unusable values become problems. Throws ConfigFault when the file cannot be read or is
/// not TOML.
FileContent read_config_file(std::string const& path, Problems& problems);

} // namespace npod::daemon
