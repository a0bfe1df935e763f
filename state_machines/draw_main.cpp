/// draw_machines DIR writes one page per machine into DIR; draw_machines --check DIR only says whether they are true.
/// Ends with 0 when all is well, 1 when a page differs or cannot be written, 2 when it was called wrongly.

#include "state_machines/draw.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

std::string page_path(std::string const& folder, npod::machine::Outline const& outline) {
    return folder + "/" + std::string(outline.name) + ".md";
}

bool is_true(std::string const& path, std::string const& page) {
    std::ifstream file(path, std::ios::binary);
    std::string const found{std::istreambuf_iterator<char>(file), {}};
    if (file && found == page) return true;
    std::cerr << path << (file ? " differs from its table" : " cannot be read")
              << ". Run scripts/draw and look at the difference before you commit it.\n";
    return false;
}

bool write(std::string const& path, std::string const& page) {
    std::ofstream file(path, std::ios::binary);
    file << page;
    if (file.flush()) return true;
    std::cerr << path << " cannot be written. Does the folder exist, and may you write there?\n";
    return false;
}

} // namespace

int main(int count, char** words) {
    bool const check = count == 3 && std::string_view(words[1]) == "--check";
    if (!check && (count != 2 || std::string_view(words[1]).starts_with("-"))) {
        std::cerr << "Say draw_machines DIR to write the pages, or draw_machines --check DIR to compare them.\n";
        return 2;
    }
    std::string const folder = words[count - 1];
    bool well = true;
    for (auto const& outline : npod::machine::all_outlines()) {
        auto const page = npod::machine::draw_markdown(outline);
        well &= check ? is_true(page_path(folder, outline), page) : write(page_path(folder, outline), page);
    }
    return well ? 0 : 1;
}
