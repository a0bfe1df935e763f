#include "script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace npod::story {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Where the comment begins: at a "#" that follows a blank or begins the line, outside quotes.
std::string_view without_comment(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') quoted = !quoted;
        if (line[i] == '#' && !quoted && (i == 0 || is_blank(line[i - 1]))) return line.substr(0, i);
    }
    return line;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (is_blank(text.front()))) text.remove_prefix(1);
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

/// Takes the next word off `rest`.
std::string take_word(std::string_view& rest) {
    rest = trimmed(rest);
    bool const quoted = !rest.empty() && rest.front() == '"';
    if (quoted) rest.remove_prefix(1);
    auto const end = std::min(quoted ? rest.find('"') : rest.find_first_of(" \t"), rest.size());
    std::string word(rest.substr(0, end));
    rest.remove_prefix(std::min(end + (quoted ? 1 : 0), rest.size()));
    return word;
}

Words words_of(int number, std::string_view line) {
    Words words{number, std::string(trimmed(line)), {}};
    for (auto rest = std::string_view(words.text); !trimmed(rest).empty();) words.words.push_back(take_word(rest));
    return words;
}

using Seen = std::set<std::string>;

void read_into(std::vector<Statement>& story, std::filesystem::path const& path, Seen& seen) {
    if (!seen.insert(path.filename().string()).second) return; // told already
    std::ifstream file(path);
    if (!file)
        throw StoryError(
            fmt::format("{}: cannot be read. Name a story, such as tests/scenarios/whole.story.", path.string()));
    auto const name = path.filename().string();
    std::string line;
    bool belongs_to_statement = false; // of this file, so that an indented first line is caught
    for (int number = 1; std::getline(file, line); ++number) {
        auto const text = without_comment(line);
        if (trimmed(text).empty()) continue;
        auto words = words_of(number, text);
        if (is_blank(line.front())) {
            if (!belongs_to_statement)
                throw StoryError(fmt::format(
                    "{}:{}: an indented line belongs to a statement, and there is none above it.", name, number));
            story.back().details.push_back(std::move(words));
        } else if (words.at(0) == "include") {
            read_into(story, path.parent_path() / words.at(1), seen);
            belongs_to_statement = false;
        } else {
            story.push_back({name, std::move(words), {}});
            belongs_to_statement = true;
        }
    }
}

} // namespace

std::string const& Words::at(std::size_t place) const {
    static std::string const nothing;
    return place < words.size() ? words[place] : nothing;
}

std::string Words::from(std::size_t place) const {
    std::string_view rest = text;
    for (std::size_t i = 0; i < place; ++i) take_word(rest);
    return std::string(trimmed(rest));
}

std::size_t Words::find(std::string_view word, std::size_t place) const {
    for (auto i = place; i < words.size(); ++i)
        if (words[i] == word) return i + 1;
    return 0;
}

std::string Statement::place() const { return fmt::format("{}:{}", file, head.line); }
void Statement::fail(std::string const& why) const { fail(head, why); }
void Statement::fail(Words const& line, std::string const& why) const {
    throw StoryError(fmt::format("{}:{}: {}\n  {}", file, line.line, why, line.text));
}

Words const* Statement::detail(std::string_view first_word) const {
    auto const found = std::ranges::find_if(details, [&](Words const& d) { return d.at(0) == first_word; });
    return found == details.end() ? nullptr : &*found;
}

std::string Statement::whole_text() const {
    auto text = head.from(1);
    for (auto const& detail : details) text += " " + detail.text;
    return text;
}

std::vector<Statement> read_story(std::string const& path) {
    std::vector<Statement> story;
    Seen seen;
    read_into(story, path, seen);
    return story;
}

} // namespace npod::story
