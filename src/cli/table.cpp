#include "cli/table.hpp"

#include "base/fault.hpp"
#include "cli/text.hpp"
#include "words/catalogue.hpp"

#include <algorithm>
#include <cstddef>

namespace npod::cli {

namespace {

constexpr int gap = 2;
/// Below this a wrapped column is a ladder of letters that nobody reads: a Belgian number and ".." fit.
constexpr int narrowest = 13;

int longest_word(std::string const& text) {
    int longest = 0;
    std::size_t from = 0;
    while (from < text.size()) {
        auto const to = std::min(text.find_first_of(" \n", from), text.size());
        longest = std::max(longest, display_width(text.substr(from, to - from)));
        from = to + 1;
    }
    return longest;
}

int natural_width(std::string const& text) {
    int width = 0;
    for (auto const& line : wrapped(text, 0)) width = std::max(width, display_width(line));
    return width;
}

/// Each line of a text in the language of the screen.
std::string spoken(std::string const& text, Screen const& screen) {
    if (screen.language == Language::en) return text;
    std::string out;
    for (auto const& line : wrapped(text, 0)) out += (out.empty() ? "" : "\n") + words::translated(line, screen.language);
    return out;
}

void end_line(std::string& out) {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
}

} // namespace

std::string painted(std::string const& text, Tone tone, Screen const& screen) {
    if (!screen.colour || tone == Tone::plain || text.empty()) return text;
    char const* code = "";
    switch (tone) {
    case Tone::plain: break;
    case Tone::strong: code = "1"; break;
    case Tone::faint: code = "2"; break;
    case Tone::good: code = "32"; break;
    case Tone::warning: code = "33"; break;
    case Tone::alarm: code = "1;31"; break;
    }
    return std::string("\x1b[") + code + "m" + text + "\x1b[0m";
}

void Table::add(std::vector<Cell> row) {
    NPOD_PROMISE(row.size() == columns_.size());
    rows_.push_back(std::move(row));
}

/// The width of each shown column so that all fit into `room` (0: unlimited), as far as they can.
std::vector<int> Table::widths(std::vector<std::size_t> const& shown, int room) const {
    std::vector<int> widths, longest_words;
    int total = gap * (static_cast<int>(shown.size()) - 1);
    for (auto const column : shown) {
        int width = display_width(columns_[column].title), word = 0;
        for (auto const& row : rows_) {
            width = std::max(width, natural_width(row[column].text));
            word = std::max(word, longest_word(row[column].text));
        }
        widths.push_back(width);
        longest_words.push_back(word);
        total += width;
    }
    // Down to `narrowest` first; where that is not enough and whole words are, down to these.
    auto const least_of = [&](std::size_t i, bool to_words) {
        return std::max(to_words ? std::min(narrowest, longest_words[i]) : narrowest, display_width(columns_[shown[i]].title));
    };
    auto const fits = [&](bool to_words) {
        int sum = gap * (static_cast<int>(shown.size()) - 1);
        for (std::size_t i = 0; i < shown.size(); ++i)
            sum += columns_[shown[i]].give == Give::wraps ? std::min(widths[i], least_of(i, to_words)) : widths[i];
        return sum <= room;
    };
    bool const to_words = room > 0 && !fits(false) && fits(true);
    for (; room > 0 && total > room; --total) {
        std::size_t widest = shown.size();
        for (std::size_t i = 0; i < shown.size(); ++i) {
            auto const& column = columns_[shown[i]];
            int const least = least_of(i, to_words);
            bool const gives = column.give == Give::wraps && widths[i] > least;
            if (gives && (widest == shown.size() || widths[i] > widths[widest])) widest = i;
        }
        if (widest == shown.size()) break;
        --widths[widest];
    }
    return widths;
}

std::string Table::render(Screen const& screen, int indent) const {
    if (screen.language == Language::en) return drawn(screen, indent);
    Table spoken_table(columns_);
    for (auto& column : spoken_table.columns_) column.title = spoken(column.title, screen);
    for (auto row : rows_) {
        for (auto& cell : row) cell.text = spoken(cell.text, screen);
        spoken_table.add(std::move(row));
    }
    return spoken_table.drawn(screen, indent);
}

std::string Table::drawn(Screen const& screen, int indent) const {
    std::vector<std::size_t> shown;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        bool const used =
            std::any_of(rows_.begin(), rows_.end(), [&](auto const& row) { return !row[column].text.empty(); });
        if (used || rows_.empty()) shown.push_back(column);
    }
    auto const room = screen.width > 0 ? std::max(1, screen.width - indent) : 0;
    auto const width = widths(shown, room);
    std::string const margin(static_cast<std::size_t>(indent), ' ');
    std::string const between(gap, ' ');

    std::string out = margin;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        auto const& column = columns_[shown[i]];
        auto title = padded(column.title, width[i], column.align == Align::right);
        if (i + 1 == shown.size()) title.erase(title.find_last_not_of(' ') + 1);
        out += (i > 0 ? between : "") + painted(title, Tone::strong, screen);
    }
    end_line(out);

    for (auto const& row : rows_) {
        std::vector<std::vector<std::string>> cells;
        std::size_t height = 1;
        for (std::size_t i = 0; i < shown.size(); ++i) {
            cells.push_back(wrapped(row[shown[i]].text, width[i]));
            height = std::max(height, cells.back().size());
        }
        for (std::size_t line = 0; line < height; ++line) {
            std::string text = margin;
            int pending = 0; // spaces before the next cell that has something, so that no line ends in painted spaces
            for (std::size_t i = 0; i < shown.size(); ++i) {
                auto const part = line < cells[i].size() ? cells[i][line] : std::string{};
                int const lack = width[i] - display_width(part);
                bool const right = columns_[shown[i]].align == Align::right;
                if (right) pending += lack;
                if (!part.empty()) {
                    text += std::string(static_cast<std::size_t>(std::max(0, pending)), ' ') +
                            painted(part, row[shown[i]].tone, screen);
                    pending = 0;
                    if (!right) pending += lack;
                } else if (!right) {
                    pending += lack;
                }
                pending += gap;
            }
            end_line(text);
            out += text;
        }
    }
    return out;
}

std::string Sheet::render(Screen const& screen, int indent) const {
    int names = 0;
    for (auto const& [name, cell] : facts_)
        if (!cell.text.empty()) names = std::max(names, display_width(spoken(name, screen)));
    std::string const margin(static_cast<std::size_t>(indent), ' ');
    int const room = screen.width > 0 ? std::max(20, screen.width - indent - names - gap) : 0;
    std::string out;
    for (auto const& [name, cell] : facts_) {
        if (cell.text.empty()) continue;
        auto label = painted(padded(spoken(name, screen), names + gap), Tone::faint, screen);
        for (auto const& line : wrapped(spoken(cell.text, screen), room)) {
            std::string text = margin + label + painted(line, cell.tone, screen);
            end_line(text);
            out += text;
            label = std::string(static_cast<std::size_t>(names + gap), ' ');
        }
    }
    return out;
}

std::string paragraph(std::string const& text, Screen const& screen, int indent, Tone tone) {
    std::string const margin(static_cast<std::size_t>(indent), ' ');
    std::string out;
    for (auto const& line : wrapped(spoken(text, screen), screen.width > 0 ? std::max(20, screen.width - indent) : 0)) {
        std::string shown = margin + painted(line, tone, screen);
        end_line(shown);
        out += shown;
    }
    return out;
}

} // namespace npod::cli
