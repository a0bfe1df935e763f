#include "web/assets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#ifdef NPOD_WEB_PAGE

// The assembler puts the bytes there as they are: no compiler has to read a hundred thousand numbers.
__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        "npod_web_page:\n"
        ".incbin \"page.bin\"\n"
        ".popsection\n");
extern "C" char const npod_web_page[];

namespace npod::web {
namespace {

/// Where a file lies in page.bin.
struct Place {
    std::string_view path, type, etag;
    bool immutable;
    std::size_t at, size;
};

constexpr Place places[] = {
#include "page.inc"
};

} // namespace

std::span<Asset const> assets() {
    static auto const all = [] {
        std::array<Asset, std::size(places)> list;
        std::transform(std::begin(places), std::end(places), list.begin(), [](Place const& place) {
            return Asset{place.path, place.type, place.etag, place.immutable, {npod_web_page + place.at, place.size}};
        });
        return list;
    }();
    return all;
}

} // namespace npod::web

#else

namespace npod::web {
std::span<Asset const> assets() { return {}; }
} // namespace npod::web

#endif

namespace npod::web {

namespace {

/// What the page may do: load its own files, ask its own daemon; nothing inline, no frames around it, no other origin.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

http::Headers common_headers(Asset const& asset) {
    return {{"ETag", std::string(asset.etag)},
            {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
            {"Vary", "Accept-Encoding"},
            {"Content-Security-Policy", std::string(content_security_policy)},
            {"X-Content-Type-Options", "nosniff"},
            {"X-Frame-Options", "DENY"},
            {"Referrer-Policy", "no-referrer"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
            {"Cross-Origin-Resource-Policy", "same-origin"}};
}

/// A problem (RFC 9457), as the API around the page answers; the words need no escaping.
http::Response problem(unsigned status, std::string_view kind, std::string_view title, std::string_view detail) {
    auto body = fmt::format(R"({{"type":"urn:npod:problem:{}","title":"{}","status":{},"detail":"{}"}})", kind, title,
                            status, detail);
    return {status, {{"Content-Type", "application/problem+json"}}, std::move(body), {}};
}

/// Whoever says nothing of encodings takes any (RFC 9110, 12.5.3).
bool takes_gzip(http::Request const& request) {
    auto const accepted = http::header(request.headers, "Accept-Encoding");
    return accepted.empty() || accepted.find("gzip") != std::string_view::npos || accepted.find('*') != accepted.npos;
}

} // namespace

http::Response answer(http::Request const& request) {
    auto const all = assets();
    if (all.empty())
        return problem(404, "not_found", "There is no such thing",
                       "This npod was built without the web page (-DNPOD_WEB=OFF); npctl shows and does the same.");
    auto const found = std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.path == request.path(); });
    if (found == all.end())
        return problem(404, "not_found", "There is no such thing", "No file of the page has this name; the page is at /.");
    auto headers = common_headers(*found);
    if (http::header(request.headers, "If-None-Match") == found->etag) return {304, std::move(headers), {}, {}};
    if (!takes_gzip(request))
        return problem(406, "malformed", "The page is only kept compressed",
                       "Accept gzip, as every browser does: curl --compressed.");
    headers.emplace_back("Content-Type", found->type);
    headers.emplace_back("Content-Encoding", "gzip");
    return {200, std::move(headers), std::string(found->bytes), {}};
}

} // namespace npod::web
