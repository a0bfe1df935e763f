#pragma once
/// A folder of its own for each test, gone with it.

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace npod::testing {

class Folder {
public:
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "npod-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;

    /// Writes a file; a secret one may be read by its owner only. Returns its path.
    std::string write(std::string const& name, std::string const& text, bool secret = false) const {
        auto const file = path(name);
        std::ofstream(file) << text;
        using std::filesystem::perms;
        auto const own = perms::owner_read | perms::owner_write;
        std::filesystem::permissions(file, secret ? own : own | perms::others_read);
        return file;
    }
    std::string path(std::string const& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

} // namespace npod::testing
