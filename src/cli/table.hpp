#pragma once
/// Tables and sheets of facts that fit the terminal. Pure: the screen is a parameter.

#include "base/language.hpp"

#include <string>
#include <utility>
#include <vector>

namespace npod::cli {

/// What is written on, and in which language: titles, names of facts and texts are said in it as far as the catalogue
/// of src/words has them; what it does not have stays as it is.
struct Screen {
    int width = 80;      ///< columns; 0: as wide as it takes
    bool colour = false; ///< a terminal, and NO_COLOR is not set
    Language language = Language::en;
};

enum class Tone { plain, strong, faint, good, warning, alarm };

/// Text with its tone, when the screen has colours.
struct Cell {
    std::string text;
    Tone tone = Tone::plain;
    Cell() = default;
    Cell(std::string t, Tone how = Tone::plain) : text(std::move(t)), tone(how) {}
    Cell(char const* t) : text(t) {}
};

/// `text` in its tone.
std::string painted(std::string const& text, Tone tone, Screen const& screen);

enum class Align { left, right };
/// Ids and instants are rigid: they are copied by hand and by mouse, and stay in one piece. Others may be wrapped.
enum class Give { wraps, rigid };

struct Column {
    std::string title;
    Align align = Align::left;
    Give give = Give::wraps;
};

/// Rows under titles. A column in which no row has anything is left out. When the rows are wider than the screen the
/// widest columns that may wrap give way first.
class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// One cell per column.
    void add(std::vector<Cell> row);
    bool empty() const { return rows_.empty(); }
    /// Each line ends with a line break and has no spaces at its end.
    std::string render(Screen const& screen, int indent = 0) const;

private:
    std::string drawn(Screen const& screen, int indent) const;
    std::vector<int> widths(std::vector<std::size_t> const& shown, int room) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

/// Named facts, one below the other, the texts wrapped behind the names. A fact without text is left out; one without a
/// name continues the one above.
class Sheet {
public:
    void add(std::string name, Cell text) { facts_.emplace_back(std::move(name), std::move(text)); }
    std::string render(Screen const& screen, int indent = 2) const;

private:
    std::vector<std::pair<std::string, Cell>> facts_;
};

/// A paragraph, wrapped and indented.
std::string paragraph(std::string const& text, Screen const& screen, int indent = 0, Tone tone = Tone::plain);

} // namespace npod::cli
