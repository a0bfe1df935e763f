#pragma once
/// A folder for the files of one test or one measurement.

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include <stdlib.h> // mkdtemp is POSIX

namespace npod::testing {

/// Made with the object, and gone with it.
class TemporaryFolder {
public:
    /// In `parent`, or where temporary files go. Throws std::runtime_error when that place takes none.
    explicit TemporaryFolder(std::filesystem::path const& parent = {}) {
        auto const place = parent.empty() ? std::filesystem::temp_directory_path() : parent;
        path_ = (place / "npod-XXXXXX").string();
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("No folder could be made in " + place.string() + ". Set TMPDIR to a place that takes one.");
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::string const& path() const { return path_; }
    std::string file(std::string_view name = "npod.db") const { return path_ + "/" + std::string(name); }

private:
    std::string path_;
};

} // namespace npod::testing
