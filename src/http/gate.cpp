#include "http/gate.hpp"

#include "http/text.hpp"

#include <charconv>

namespace npod::http {

namespace {

using Verdict = std::optional<Refused>;

/// What the header lines said about framing, collected before it is judged as a whole.
struct Said {
    std::size_t count = 0;
    std::size_t hosts = 0;
    std::vector<std::string_view> lengths;
    std::vector<std::string_view> encodings;
    std::optional<std::string_view> expect;
    bool close = false;
};

Refused bad(std::string detail) { return Refused{400, std::move(detail)}; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool names_token(std::string_view list, std::string_view token) {
    while (!list.empty()) {
        auto const item = list.substr(0, list.find(','));
        if (same_name(trimmed(item), token)) return true;
        list.remove_prefix(std::min(list.size(), item.size() + 1));
    }
    return false;
}

/// Every percent sign starts a pair of hexadecimal digits, and none of them hides a NUL.
bool percent_signs_sound(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') continue;
        if (i + 2 >= text.size()) return false;
        int const high = hex_value(text[i + 1]);
        int const low = hex_value(text[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0)) return false;
    }
    return true;
}

/// Answers quote paths and parameters in JSON, which must be UTF-8. Overlong forms and halves of pairs are none.
bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
        std::size_t const length = byte(0) < 0x80 ? 1 : byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
        bool const lead = byte(0) < 0x80 || (byte(0) >= 0xc2 && byte(0) <= 0xf4);
        bool const overlong = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
        bool const beyond = (byte(0) == 0xed && byte(1) > 0x9f) || (byte(0) == 0xf4 && byte(1) > 0x8f);
        if (!lead || overlong || beyond) return false;
        for (std::size_t i = 1; i < length; ++i)
            if ((byte(i) & 0xc0) != 0x80) return false;
        text.remove_prefix(length);
    }
    return true;
}

Verdict judge_path(std::string_view path) {
    if (path.find("//") != std::string_view::npos) return bad("The path holds '//'; send each segment once.");
    while (!path.empty()) {
        path.remove_prefix(1);
        auto const segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (segment.find("..") != std::string_view::npos || segment.find('%') != std::string_view::npos ||
            segment == ".") {
            auto const decoded = percent_decoded(segment);
            if (decoded == "." || decoded.find("..") != std::string::npos)
                return bad("The path holds '.' or '..'; send the resolved path.");
        }
    }
    return std::nullopt;
}

Verdict judge_target(std::string_view target, Limits const& limits) {
    if (target.size() > limits.target_bytes)
        return Refused{414, "The target is longer than " + std::to_string(limits.target_bytes) + " bytes; shorten it."};
    if (target.empty() || target.front() != '/')
        return bad("The target is not in origin form; send a path that starts with '/'.");
    for (char const c : target) {
        if (c <= 0x20 || c == 0x7f || c == '#' || static_cast<unsigned char>(c) >= 0x80)
            return bad("The target holds a byte that must be percent-encoded.");
    }
    if (!percent_signs_sound(target)) return bad("The target holds an ill-formed percent sign or a NUL.");
    if (!is_utf8(percent_decoded(target))) return bad("The target is not UTF-8 behind its percent signs.");
    return judge_path(target.substr(0, target.find('?')));
}

struct RequestLine {
    std::string_view method, target, version;
};

std::optional<RequestLine> split_request_line(std::string_view line) {
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    return RequestLine{line.substr(0, first), line.substr(first + 1, last - first - 1), line.substr(last + 1)};
}

Verdict judge_request_line(RequestLine const& line, Limits const& limits) {
    if (line.method.empty()) return bad("The request line has no method.");
    for (char const c : line.method) {
        if (!is_token_char(c)) return bad("The method is no token.");
    }
    if (line.method == "CONNECT" || line.method == "TRACE") return bad("CONNECT and TRACE are not served here.");
    if (line.version != "HTTP/1.1" && line.version != "HTTP/1.0") return bad("The version is not HTTP/1.1; send that.");
    return judge_target(line.target, limits);
}

bool host_sound(std::string_view host) {
    if (host.empty()) return false;
    for (char const c : host) {
        auto const letter = lower(c);
        bool const fine = is_digit(c) || (letter >= 'a' && letter <= 'z') ||
                          std::string_view{".-_:[]"}.find(c) != std::string_view::npos;
        if (!fine) return false;
    }
    return true;
}

/// Tokens divided by commas, with nothing else between them (RFC 9110 section 7.6.1).
bool is_token_list(std::string_view value) {
    while (!value.empty()) {
        auto const piece = value.substr(0, value.find(','));
        value.remove_prefix(std::min(value.size(), piece.size() + 1));
        for (char const c : trimmed(piece)) {
            if (!is_token_char(c)) return false;
        }
    }
    return true;
}

Verdict note_header(Said& said, std::string_view name, std::string_view value) {
    if (same_name(name, "host")) {
        ++said.hosts;
        if (!host_sound(value)) return bad("The Host header is empty or no host name.");
    } else if (same_name(name, "content-length")) {
        said.lengths.push_back(value);
    } else if (same_name(name, "transfer-encoding")) {
        said.encodings.push_back(value);
    } else if (same_name(name, "expect")) {
        if (said.expect) return Refused{417, "More than one Expect header."};
        said.expect = value;
    } else if (same_name(name, "upgrade")) {
        return bad("Upgrade is not served here; leave the header out.");
    } else if (same_name(name, "connection") || same_name(name, "proxy-connection")) {
        if (!is_token_list(value)) return bad("The Connection header is no list of tokens.");
        said.close = said.close || (same_name(name, "connection") && names_token(value, "close"));
    }
    return std::nullopt;
}

Verdict read_header_line(Said& said, std::string_view line, Limits const& limits) {
    if (line.front() == ' ' || line.front() == '\t')
        return bad("A header is folded over two lines; send it on one line.");
    if (++said.count > limits.header_count)
        return Refused{431, "More than " + std::to_string(limits.header_count) + " headers; send fewer."};
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return bad("A header line has no name and colon.");
    auto const name = line.substr(0, colon);
    for (char const c : name) {
        if (!is_token_char(c)) return bad("A header name holds a byte that names may not hold.");
    }
    auto const value = trimmed(line.substr(colon + 1));
    for (char const c : value) {
        if (is_control(c)) return bad("A header value holds a control character.");
    }
    return note_header(said, name, value);
}

/// One Content-Length of one to eight digits.
Verdict read_length(Framing& framing, Said const& said, Limits const& limits) {
    if (said.lengths.size() > 1) return bad("Content-Length is repeated; send it once.");
    auto const text = said.lengths.front();
    if (text.empty()) return bad("Content-Length is empty.");
    for (char const c : text) {
        if (!is_digit(c)) return bad("Content-Length is not a number of digits.");
    }
    auto const too_large = Refused{413, "The body is larger than " + std::to_string(limits.body_bytes) + " bytes."};
    if (text.size() > 8) return too_large;
    std::from_chars(text.data(), text.data() + text.size(), framing.length);
    if (framing.length > limits.body_bytes) return too_large;
    return std::nullopt;
}

Verdict judge_framing(Framing& framing, Said const& said, RequestLine const& line, Limits const& limits) {
    framing.old = line.version == "HTTP/1.0";
    framing.last = framing.old || said.close;
    if (said.hosts != 1) return bad("There must be exactly one Host header.");
    if (!said.encodings.empty()) {
        if (!said.lengths.empty()) return bad("Transfer-Encoding and Content-Length together; send one of them.");
        if (framing.old) return bad("Transfer-Encoding is not part of HTTP/1.0; send Content-Length.");
        if (said.encodings.size() > 1 || !same_name(said.encodings.front(), "chunked"))
            return bad("The only Transfer-Encoding taken is exactly 'chunked'.");
        framing.chunked = true;
    }
    if (!said.lengths.empty()) {
        if (auto refused = read_length(framing, said, limits)) return refused;
    }
    bool const carries_body = line.method == "POST" || line.method == "PUT" || line.method == "PATCH";
    if (carries_body && said.lengths.empty() && said.encodings.empty())
        return Refused{411, "A " + std::string{line.method} + " needs Content-Length (0 for no body)."};
    if (said.expect) {
        if (!same_name(*said.expect, "100-continue")) return Refused{417, "Only 'Expect: 100-continue' is served."};
        framing.expects_continue = !framing.old && (framing.chunked || framing.length > 0);
    }
    return std::nullopt;
}

/// Cuts the first line off `rest`. Precondition: `rest` holds a CRLF (HeadSearch saw to that).
std::string_view cut_line(std::string_view& rest) {
    auto const line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    return line;
}

} // namespace

std::variant<std::size_t, Refused> HeadSearch::look(std::string_view bytes) {
    // A request line is a method, the target and the version; 32 bytes hold the first and the last of ours.
    auto const first_line_max = limits_->target_bytes + 32;
    for (; seen_ < bytes.size(); ++seen_) {
        char const c = bytes[seen_];
        char const before = seen_ == 0 ? '\0' : bytes[seen_ - 1];
        if ((c == '\n') != (before == '\r')) return bad("A line does not end in CR LF.");
        if (is_control(c) && c != '\r' && c != '\n' && c != '\t') return bad("The head holds a control character.");
        if (seen_ == 0 && !is_token_char(c)) return bad("A request starts with a method; this does not.");
        if (seen_ >= limits_->header_bytes)
            return Refused{431, "The head is larger than " + std::to_string(limits_->header_bytes) + " bytes."};
        if (c == '\n') {
            in_first_line_ = false;
            if (seen_ >= 3 && bytes[seen_ - 2] == '\n') return seen_ + 1;
        }
        if (in_first_line_ && seen_ >= first_line_max)
            return Refused{414, "The target is longer than " + std::to_string(limits_->target_bytes) + " bytes."};
    }
    return std::size_t{0};
}

std::variant<Framing, Refused> judge_head(std::string_view head, Limits const& limits) {
    auto const line = split_request_line(cut_line(head));
    if (!line) return bad("The request line is not 'METHOD target HTTP/1.1'.");
    if (auto refused = judge_request_line(*line, limits)) return *refused;
    Said said;
    for (auto text = cut_line(head); !text.empty(); text = cut_line(head)) {
        if (auto refused = read_header_line(said, text, limits)) return *refused;
    }
    Framing framing;
    if (auto refused = judge_framing(framing, said, *line, limits)) return *refused;
    return framing;
}

} // namespace npod::http
