#pragma once
/// Every single-valued key of the configuration as a table: reading it is reading the manual.

#include "daemon/config.hpp"

#include <span>
#include <string>
#include <string_view>

namespace npod::daemon {

/// What a value must look like in the file. `path` is a text that names a file; `secret` may come from the environment
/// only.
enum class Kind : std::uint8_t { text, path, integer, boolean, secret };

struct Key {
    std::string_view path; ///< "interchange.hub"
    Kind kind = Kind::text;
    std::string_view preset;  ///< the default; empty: not set
    std::string_view meaning; ///< for the manual
    /// Puts the value in its place. Throws ConfigFault with a sentence when it makes no sense.
    void (*take)(Config& config, std::string const& value);
};

std::span<Key const> all_keys();
Key const* find_key(std::string_view path); ///< nullptr: no such key

/// NPOD_INTERCHANGE_HUB for "interchange.hub".
std::string environment_name(std::string_view path);

/// The content of a file that holds a secret, without the line end. Throws ConfigFault when it cannot be read, is
/// empty, or may be read by everybody on the machine.
Secret read_secret_file(std::string const& path);
/// The content of a small file that is no secret. Throws ConfigFault.
std::string read_text_file(std::string const& path);

/// Throws ConfigFault unless `text` is an operator's code: three to six of 0-9 and A-Z, and not ALLO, which means
/// everybody.
OperatorCode parse_operator(std::string const& text);
/// Throws ConfigFault, with the nearest known one, unless `text` names a quirk.
protocol::coin_v3::Quirk parse_quirk(std::string const& text);
/// Throws ConfigFault unless `text` is an http:// or https:// address without a path.
/// https:// to anybody, http:// to this machine only. Throws ConfigFault.
void expect_hook_url(std::string const& text);
void expect_url(std::string const& text);
/// Throws ConfigFault unless the system knows the zone.
void expect_zone(std::string const& text);

} // namespace npod::daemon
