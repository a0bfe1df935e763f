#pragma once
/// A story as text. One statement a line; indented lines belong to the statement above them; "#" begins a comment.
///
///   part      A port in parts
///   tell      Brasserie Horta moves to ALFA.
///   ALFA orders horta-1
///     donor   BRAVO
///     numbers +3225501100..+3225501109 +3225502000
///
/// What the statements mean stands in player.hpp.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace npod::story {

/// The story is not told right, or did not come true. The text begins with "file:line:".
class StoryError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One line, split at blanks; "words in quotes" are one word. `text` is the line without indentation and comment.
struct Words {
    int line = 0;
    std::string text;
    std::vector<std::string> words;

    std::size_t size() const { return words.size(); }
    /// The word at that place, or empty when the line is shorter.
    std::string const& at(std::size_t place) const;
    /// The text from that word on, as written.
    std::string from(std::size_t place) const;
    /// True when one of the words from `place` on is `word`; the word after it is at(*). 0: it is not there.
    std::size_t find(std::string_view word, std::size_t place = 1) const;
};

/// A line with the indented lines under it.
struct Statement {
    std::string file; ///< without folders
    Words head;
    std::vector<Words> details;

    std::string place() const;                            ///< "late.story:12"
    [[noreturn]] void fail(std::string const& why) const; ///< throws StoryError at the statement
    [[noreturn]] void fail(Words const& line, std::string const& why) const;
    /// The detail that begins with that word; null when there is none.
    Words const* detail(std::string_view first_word) const;
    /// The text of all lines after the first word, joined: for narration.
    std::string whole_text() const;
};

/// Reads a story; `include FILE` (from the same folder) is replaced by what that file holds, the first time. Throws
/// StoryError.
std::vector<Statement> read_story(std::string const& path);

} // namespace npod::story
