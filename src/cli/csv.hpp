#pragma once
/// Sheets as programs export them: comma-separated values after RFC 4180.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace npod::cli {

/// Reads a sheet row by row. Cells are divided by commas, or by semicolons when the first row has these and no comma, as
/// spreadsheets of countries with a decimal comma write it. Lines end with LF or CRLF; a mark of UTF-8 at the beginning and
/// empty lines are passed over. Spaces around a cell without quotes are no part of it.
class CsvReader {
public:
    explicit CsvReader(std::string text);

    struct Row {
        std::size_t line = 0; ///< of the text, where the row begins; from 1
        std::vector<std::string> cells;
        std::string wrong; ///< why it cannot be read; its cells are as far as they were
    };
    /// The next row; nothing at the end.
    std::optional<Row> next();
    std::size_t bytes_read() const { return at_; }
    std::size_t bytes() const { return text_.size(); }

private:
    std::string quoted_cell(Row& row);
    std::string plain_cell();
    bool at_end_of_line() const;
    void pass_end_of_line();

    std::string text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    char divider_ = ',';
};

} // namespace npod::cli
