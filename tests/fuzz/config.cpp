/// The configuration file. Its author is trusted, but not to be free of slips: each ends in a sentence.

#include "fuzz/targets.hpp"

#include "daemon/config.hpp"

#include <filesystem>
#include <fstream>
#include <regex>

#include <unistd.h>

namespace npod::fuzz {

namespace {

/// A file of our own, rewritten for each input.
std::string const& path() {
    static std::string const one =
        (std::filesystem::temp_directory_path() / ("npod-fuzz-" + std::to_string(::getpid()) + ".toml")).string();
    return one;
}

struct Remove {
    ~Remove() { ::unlink(path().c_str()); }
};

} // namespace

void config(std::string_view bytes) {
    // A file that names a device as its secret would be read from until memory ends, and deserves it.
    if (bytes.find("dev/") != std::string_view::npos || bytes.find("proc/") != std::string_view::npos) return;
    static Remove const at_the_end;
    std::ofstream(path(), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    try {
        auto const read = daemon::read_config({.file = path(), .flags = {}, .environment = {}});
        expect(!daemon::describe(read).empty(), "a configuration can be shown");
        static_cast<void>(read.settings());
    } catch (ConfigFault const& fault) {
        expect(std::string_view(fault.what()).size() > 10, "a problem is a sentence");
    }
}

std::vector<std::string> config_seeds() {
    return {R"(operator = "ALFA"
db = "npod.db"
listen = "[::1]:8700"
[donor]
automatic = "simple"
[rulebook.overrides]
"be.window.cut_off" = "16:30"
"be.comp.rate.simple" = { value = "4.00", source = "Decision", standing = "read", from = 2027-01-01 }
[interchange]
serve = true
silence_seconds = 20
[interchange.codes.blocking]
NAME_ADDRESS_MISMATCH = "63"
[limits]
threads = 2
[[member]]
code = "BRAVO"
url = "http://127.0.0.1:8701"
zone = "Europe/Amsterdam"
quirks = ["single-items", "small-letters"]
[[token]]
name = "anna"
role = "desk"
sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
)",
            "operator = \"AL\"\nclock = \"manual@2026-03-02T09:00:00+01:00\"\n", "operater = 'ALFA'\n[member]\n",
            "a = [[[[{b = 1979-05-27T07:32:00Z}]]]]\n", "operator = \"\"\"\nX\"\"\"\nx.y.z = 0xff\n"};
}

} // namespace npod::fuzz
