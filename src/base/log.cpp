#include "base/log.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace npod {

namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

bool needs_quotes(std::string_view value) {
    return value.empty() || std::ranges::any_of(value, [](char c) {
               auto const byte = static_cast<unsigned char>(c);
               return byte <= ' ' || byte == 0x7f || c == '"' || c == '=' || c == '\\';
           });
}

/// A value as logfmt: bare when it can be, else quoted, so that no value can end the line or look like a second key.
void append_value(std::string& line, std::string_view value) {
    auto const shown = value.substr(0, limits::text_bytes_max);
    if (!needs_quotes(shown)) {
        line += shown;
        return;
    }
    line += '"';
    for (char const c : shown) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else if (c == '\t') {
            line += "\\t";
        } else if (byte < ' ' || byte == 0x7f) {
            line += fmt::format("\\u{:04x}", byte);
        } else {
            line += c;
        }
    }
    line += '"';
}

/// A text that may quote others, with every international number in it masked: a + and at least as many digits as any has.
std::string without_numbers(std::string_view text) {
    constexpr std::size_t digits_min = 8;
    std::string shown;
    while (!text.empty()) {
        auto const plus = text.find('+');
        shown += text.substr(0, plus);
        if (plus == std::string_view::npos) break;
        text.remove_prefix(plus);
        auto const end = std::min(text.find_first_not_of("0123456789", 1), text.size());
        if (end > digits_min) shown += masked(text.substr(0, end));
        else shown += text.substr(0, end);
        text.remove_prefix(end);
    }
    return shown;
}

void to_stderr(std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }

} // namespace

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }

std::optional<Level> level_of(std::string_view name) {
    auto const found = std::ranges::find(level_names, name);
    if (found == level_names.end()) return std::nullopt;
    return static_cast<Level>(found - level_names.begin());
}

std::string masked(std::string_view number) {
    constexpr std::size_t shown_first = 5, shown_last = 2;
    // At least three characters must really be hidden, or the mask would hide nothing.
    if (number.size() < shown_first + shown_last + 3) return "•••";
    return fmt::format("{}•••{}", number.substr(0, shown_first), number.substr(number.size() - shown_last));
}

Log::Log(Clock const& clock, Level least) : Log(clock, least, to_stderr) {}

Log::Log(Clock const& clock, Level least, Sink sink) : clock_(clock), least_(least), sink_(std::move(sink)) {}

void Log::write(LogMessage const& message, std::initializer_list<LogField> fields) {
    if (!writes(message.level)) return;
    auto line = fmt::format("{} level={} msg={}", to_rfc3339(clock_.now()), name_of(message.level), message.name);
    for (auto const& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        if (field.value.find('+') == std::string::npos) append_value(line, field.value);
        else append_value(line, without_numbers(field.value));
    }
    line += '\n';
    std::lock_guard const lock(mutex_);
    if (gathering_) gathered_ += line;
    else sink_(line);
}

void Log::gather() {
    std::lock_guard const lock(mutex_);
    gathering_ = true;
}

void Log::release() {
    std::lock_guard const lock(mutex_);
    gathering_ = false;
    if (!gathered_.empty()) sink_(gathered_);
    gathered_.clear();
}

} // namespace npod
