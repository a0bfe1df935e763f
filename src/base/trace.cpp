#include "base/trace.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace npod {

namespace {

constexpr std::size_t version_00_length = 55;
constexpr std::size_t trace_at = 3, trace_length = 32, span_at = 36, span_length = 16, flags_at = 53;

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_nothing(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

} // namespace

std::optional<std::string> parse_traceparent(std::string_view header) {
    if (header.size() < version_00_length) return {};
    auto const version = header.substr(0, 2), trace = header.substr(trace_at, trace_length), span = header.substr(span_at, span_length),
               flags = header.substr(flags_at, 2);
    if (header[2] != '-' || header[span_at - 1] != '-' || header[flags_at - 1] != '-') return {};
    if (!is_hex(version) || version == "ff" || !is_hex(trace) || !is_hex(span) || !is_hex(flags) || is_nothing(trace) || is_nothing(span)) return {};
    if (header.size() > version_00_length && (version == "00" || header[version_00_length] != '-')) return {};
    return "00" + std::string(header.substr(2, version_00_length - 2));
}

std::string next_span(std::string_view traceparent, std::string_view step) {
    if (traceparent.size() != version_00_length) return {};
    auto const digest = hex(sha256(std::string(traceparent) + " " + std::string(step)));
    auto next = std::string(traceparent);
    return next.replace(span_at, span_length, digest, 0, span_length);
}

std::string_view trace_id(std::string_view traceparent) {
    return traceparent.size() == version_00_length ? traceparent.substr(trace_at, trace_length) : std::string_view{};
}

} // namespace npod
