#include "fuzz/targets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace npod::fuzz {

namespace {

// clang-format off
constexpr Target all[] = {
    {"http", "a request: the gate says the same of it whole and in pieces, and what it takes the parser takes", http, http_seeds},
    {"stream", "a hub's event stream: the same events whole and in pieces; what we write is read back", stream, stream_seeds},
    {"json", "the JSON gate: what it takes, written and read again, is the same", json, json_seeds},
    {"message", "a message of the wire, of every type: what is read can be written, and is read back as the same", message, message_seeds},
    {"business", "a body of the Business API, as every command in turn", business, business_seeds},
    {"filter", "a filter: printed and read again it is the same tree", filter_text, filter_seeds},
    {"texts", "times, dates, numbers, ids and addresses; what has a written form comes back from it", texts, text_seeds},
    {"config", "a configuration file: every problem is a sentence", config, config_seeds},
    {"values", "values of several parts in a column of the database: what is read, written and read again is the same", values, value_seeds},
    {"rows", "any value in any column of a database: it is read, or a fault says that it cannot be", rows, row_seeds},
    {"squeezed", "the stored form of a text: it comes out, or a fault says that it is damaged; any text comes back from it", squeezed, squeezed_seeds},
    {"case", "a case file: refused, or written again as the same, and judged", case_file, case_seeds},
    {"talk", "a counterpart's messages and our own commands to a running book: it stays sound", talk, talk_seeds},
};
// clang-format on

} // namespace

std::span<Target const> targets() { return all; }

std::vector<std::string> files_of(std::string const& folder) {
    std::vector<std::filesystem::path> paths;
    std::error_code none; // NOLINT: no folder, no files
    for (auto const& entry : std::filesystem::directory_iterator(std::string(NPOD_SOURCE_DIR) + "/" + folder, none))
        if (entry.is_regular_file()) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> contents;
    for (auto const& path : paths) {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        contents.push_back(text.str());
    }
    return contents;
}

} // namespace npod::fuzz
