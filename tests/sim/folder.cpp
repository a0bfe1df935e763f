#include "sim/folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <unistd.h>

namespace npod::sim {

Folder::Folder() {
    for (char const* const place : {"/dev/shm", static_cast<char const*>(std::getenv("TMPDIR")), "/tmp"}) {
        if (!place) continue;
        std::string name = std::string(place) + "/npod-sim-XXXXXX";
        if (::mkdtemp(name.data())) {
            path_ = name;
            return;
        }
    }
    throw std::runtime_error("There is no folder for databases: neither in /dev/shm nor in /tmp. Set TMPDIR.");
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace npod::sim
