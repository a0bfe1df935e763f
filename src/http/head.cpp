#include "http/head.hpp"

#include "http/text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace npod::http {

namespace {

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

bool servers_own(std::string_view name) {
    return same_name(name, "content-length") || same_name(name, "connection") || same_name(name, "date") ||
           same_name(name, "transfer-encoding");
}

} // namespace

std::string_view reason(unsigned status) {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Unknown";
    }
}

Response problem(unsigned status, std::string_view detail) {
    boost::json::object const document{
        {"type", "about:blank"}, {"title", reason(status)}, {"status", status}, {"detail", detail}};
    return Response{status, {{"Content-Type", "application/problem+json"}}, boost::json::serialize(document), nullptr};
}

bool sendable(Response const& response) {
    if (response.status < 200 || response.status > 599) return false;
    return std::all_of(response.headers.begin(), response.headers.end(), [](auto const& line) {
        auto const& [name, value] = line;
        return !name.empty() && std::all_of(name.begin(), name.end(), is_token_char) &&
               std::none_of(value.begin(), value.end(), is_control);
    });
}

void append_head(std::string& out, Response const& response, HeadFacts const& facts) {
    out += "HTTP/1.1 ";
    append_number(out, response.status);
    out += ' ';
    out += reason(response.status);
    for (auto const& [name, value] : response.headers) {
        if (servers_own(name)) continue;
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    }
    if (facts.length) {
        out += "\r\nContent-Length: ";
        append_number(out, *facts.length);
    }
    if (!facts.date.empty()) {
        out += "\r\nDate: ";
        out += facts.date;
    }
    if (facts.chunked) out += "\r\nTransfer-Encoding: chunked";
    if (facts.close) out += "\r\nConnection: close";
    out += "\r\n\r\n";
}

std::string http_date(Moment moment) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(moment);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{std::chrono::floor<std::chrono::seconds>(moment - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

} // namespace npod::http
