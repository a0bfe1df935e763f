#include "narrator.hpp"

#include "base/json.hpp"
#include "rules/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::story {

namespace {

constexpr std::size_t page_width = 80;

/// Blanks after `text` up to `width` characters as people count them.
std::string padded(std::string_view text, std::size_t width) {
    auto const length = count_characters(text);
    return std::string(text) + std::string(length < width ? width - length : 0, ' ');
}

} // namespace

std::string local_text(Moment moment) {
    static rules::Calendar const calendar{rules::CalendarRules{}};
    return calendar.local_text(moment);
}

std::string local_text(std::string const& rfc3339) {
    auto const moment = parse_rfc3339(rfc3339);
    return moment ? local_text(*moment) : rfc3339;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines{""};
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (word.empty()) continue;
        bool const fits = lines.back().empty() || count_characters(lines.back()) + 1 + count_characters(word) <= width;
        if (!fits) lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + std::string(word);
    }
    return lines;
}

void Narrator::line(std::string_view text) {
    if (loud_) fmt::print("{}\n", text);
}

void Narrator::part(std::string_view title) {
    line();
    line(std::string(page_width, '='));
    line(title);
    line(std::string(page_width, '='));
    printed_.clear();
}

void Narrator::tell(std::string_view text) {
    if (!loud_) return;
    print_time();
    line();
    for (auto const& one : wrapped(text, page_width)) line(one);
}

void Narrator::at(Moment now) {
    if (loud_) now_ = local_text(now);
}

void Narrator::print_time() {
    if (now_.empty() || now_ == printed_) return;
    printed_ = now_;
    line();
    line(fmt::format("-- {} {}", now_, std::string(page_width - 4 - now_.size(), '-')));
}

void Narrator::says(std::string_view who, std::string_view text) {
    if (!loud_) return;
    print_time();
    auto const lines = wrapped(text, page_width - 9);
    for (std::size_t i = 0; i < lines.size(); ++i) line(fmt::format("  {} {}", padded(i == 0 ? who : "", 6), lines[i]));
}

void Narrator::detail(std::string_view text) {
    if (!loud_) return;
    auto const lines = wrapped(text, page_width - 13);
    for (std::size_t i = 0; i < lines.size(); ++i) line(fmt::format("         {} {}", i == 0 ? "-" : " ", lines[i]));
}

void Narrator::table(Row const& heads, std::vector<Row> const& rows) {
    if (!loud_) return;
    constexpr std::size_t indent = 9, gap = 2;
    std::vector<std::size_t> widths;
    std::size_t used = indent;
    for (std::size_t column = 0; column + 1 < heads.size(); ++column) {
        auto width = count_characters(heads[column]);
        for (auto const& row : rows) width = std::max(width, count_characters(row[column]));
        widths.push_back(width);
        used += width + gap;
    }
    auto const room = page_width > used + 16 ? page_width - used : 16;
    auto const print = [&](Row const& row) {
        std::string front;
        for (std::size_t column = 0; column < widths.size(); ++column)
            front += padded(row[column], widths[column] + gap);
        auto const last = wrapped(row.back(), room);
        for (std::size_t i = 0; i < last.size(); ++i)
            line(std::string(indent, ' ') + (i == 0 ? front : std::string(used - indent, ' ')) + last[i]);
    };
    print(heads);
    for (auto const& row : rows) print(row);
}

} // namespace npod::story
