#pragma once
/// From the words of the command line to a verb with its arguments.

#include "base/language.hpp"
#include "cli/command.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace npod::cli {

/// The same as in CMakeLists.txt.
inline constexpr std::string_view program_version = "0.1.0";

enum class Output { table, wide, json, jsonl, csv, name, mermaid, dot, svg };

/// Where the packaged daemon listens for programs of its own machine; NPCTL_SOCKET names another place.
inline constexpr std::string_view usual_socket = "/run/npod/npod.sock";

/// What every command may be told.
struct Options {
    Output output = Output::table;
    TimeStyle time = TimeStyle::local;
    std::string url = "http://127.0.0.1:8700";
    bool url_given = false; ///< by flag or environment: then rule and machine ask the daemon, too
    std::string token;
    std::string db;
    std::string as_of; ///< RFC 3339 in UTC; empty: now
    Language language = Language::en; ///< of texts for people
    bool language_given = false;      ///< by flag or environment
    std::int64_t limit = 50;
    bool all = false;
    bool watch = false;
    std::string fail_on; ///< any, none, late or trouble; empty: a list never fails
    // writes
    std::string key; ///< Idempotency-Key; empty: a new one
    std::optional<std::int64_t> if_version;
    bool dry_run = false;
    bool yes = false;
};

/// What shall be done.
struct Invocation {
    Verb const* verb = nullptr; ///< none: `help` is to be shown and nothing else
    Arguments arguments;
    Options options;
    std::string help; ///< asked for; goes to stdout
};

/// Environment of the process, as far as npctl looks at it: NPCTL_URL, NPCTL_TOKEN, NPCTL_LANG, and NPCTL_SOCKET: the socket of
/// this machine's daemon, there only when somebody answers at it.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Reads the words behind the program's name. Throws Stop (usage) with a text that names the nearest known word.
Invocation parse(std::vector<std::string> const& words, Environment const& environment);

/// Help on everything, on a noun, or on a verb; at most 80 columns. Unknown words throw Stop (usage) like parse().
std::string help_on(std::string_view noun, std::string_view verb);

/// The verb, or Stop (usage) that names the nearest noun or verb.
Verb const& find_verb(std::string_view noun, std::string_view verb);

} // namespace npod::cli
