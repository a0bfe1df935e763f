#pragma once
/// Prints a story for people, 80 columns wide. A quiet narrator prints nothing, for tests.

#include "base/moment.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace npod::story {

/// "Mon 2 Mar 2026 09:00", legal time of Belgium.
std::string local_text(Moment moment);
/// The same for a time as the API writes it; the word itself when it is none.
std::string local_text(std::string const& rfc3339);

using Row = std::vector<std::string>;

class Narrator {
public:
    explicit Narrator(bool loud) : loud_(loud) {}
    bool loud() const { return loud_; }

    void part(std::string_view title);
    void tell(std::string_view text); ///< a paragraph
    void at(Moment now);              ///< from here on it is `now`; printed once, before the next line
    void says(std::string_view who, std::string_view text); ///< "  ALFA   orders …"
    void detail(std::string_view text);                     ///< a line under the last one
    /// Columns as wide as needed; the last one is wrapped at column 80.
    void table(Row const& heads, std::vector<Row> const& rows);
    void line(std::string_view text = ""); ///< as it is

private:
    void print_time();
    bool loud_;
    std::string now_, printed_;
};

/// Lines of at most `width` characters, broken at blanks.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

} // namespace npod::story
