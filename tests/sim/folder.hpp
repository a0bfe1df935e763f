#pragma once
/// A folder of its own, gone with whoever holds it; in memory where the system has such a place.

#include <string>

namespace npod::sim {

class Folder {
public:
    /// Throws std::runtime_error when no place takes one.
    Folder();
    ~Folder();
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::string const& path() const { return path_; }

private:
    std::string path_;
};

} // namespace npod::sim
