#include "cli/csv.hpp"

#include <string_view>

namespace npod::cli {

namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

std::string trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

} // namespace

CsvReader::CsvReader(std::string text) : text_(std::move(text)) {
    if (text_.starts_with(utf8_mark)) at_ = utf8_mark.size();
    auto const head = std::string_view(text_).substr(0, text_.find('\n'));
    if (head.find(',') == std::string_view::npos && head.find(';') != std::string_view::npos) divider_ = ';';
}

bool CsvReader::at_end_of_line() const {
    return at_ >= text_.size() || text_[at_] == '\n' || text_.compare(at_, 2, "\r\n") == 0;
}

void CsvReader::pass_end_of_line() {
    if (at_ >= text_.size()) return;
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++line_;
}

std::optional<CsvReader::Row> CsvReader::next() {
    while (at_ < text_.size() && at_end_of_line()) pass_end_of_line();
    if (at_ >= text_.size()) return {};
    Row row;
    row.line = line_;
    for (;;) {
        auto const begin = text_.find_first_not_of(" \t", at_);
        if (begin != std::string::npos && text_[begin] == '"') {
            at_ = begin;
            row.cells.push_back(quoted_cell(row));
        } else {
            row.cells.push_back(plain_cell());
        }
        if (at_end_of_line()) break;
        ++at_; // the divider
    }
    pass_end_of_line();
    return row;
}

std::string CsvReader::plain_cell() {
    auto const begin = at_;
    while (!at_end_of_line() && text_[at_] != divider_) ++at_;
    return trimmed(std::string_view(text_).substr(begin, at_ - begin));
}

/// From the opening quote; two quotes inside are one, and line breaks inside are text.
std::string CsvReader::quoted_cell(Row& row) {
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
        if (text_[at_] == '\n') ++line_;
        if (text_[at_] != '"') {
            cell += text_[at_];
        } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
            cell += text_[at_++];
        } else {
            ++at_;
            auto const behind = plain_cell();
            if (!behind.empty() && row.wrong.empty()) row.wrong = "\"" + behind + "\" stands behind a closing quote.";
            return cell;
        }
    }
    row.wrong = "A quote is opened and never closed.";
    return cell;
}

} // namespace npod::cli
