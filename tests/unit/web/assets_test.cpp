// The page as files: complete, named by their content, and answered as a browser wants them.

#include "web/assets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace npod;

namespace {

http::Response get(std::string target, http::Headers headers = {{"Accept-Encoding", "gzip, br"}}) {
    return web::answer({"GET", std::move(target), std::move(headers), {}, "127.0.0.1:50000", {}});
}

std::string header(http::Response const& response, std::string_view name) {
    return std::string(http::header(response.headers, name));
}

} // namespace

TEST_CASE("a program built without the page says so, and what to use instead") {
    if (!web::assets().empty()) return; // it has one: the others speak
    auto const answer = get("/");
    CHECK(answer.status == 404);
    CHECK(header(answer, "Content-Type") == "application/problem+json");
    CHECK(answer.body.find("-DNPOD_WEB=OFF") != std::string::npos);
    CHECK(answer.body.find("npctl") != std::string::npos);
}

TEST_CASE("the page is one document, a script, a style sheet and an icon, each compressed and named once") {
    if (web::assets().empty()) return;
    std::set<std::string_view> paths, types;
    for (auto const& asset : web::assets()) {
        CAPTURE(asset.path);
        paths.insert(asset.path);
        types.insert(asset.type);
        CHECK(asset.bytes.substr(0, 2) == "\x1f\x8b"); // gzip, RFC 1952
        CHECK(asset.immutable == (asset.path != "/"));
        CHECK(asset.etag.front() == '"');
        CHECK(asset.etag.back() == '"');
    }
    CHECK(paths.size() == web::assets().size());
    CHECK(paths.contains("/"));
    CHECK(types.size() == 4);
}

TEST_CASE("each file comes with what keeps a browser from doing harm, and comes once") {
    for (auto const& asset : web::assets()) {
        CAPTURE(asset.path);
        auto const answer = get(std::string(asset.path));
        CHECK(answer.status == 200);
        CHECK(answer.body == asset.bytes);
        CHECK(header(answer, "Content-Encoding") == "gzip");
        CHECK(header(answer, "X-Content-Type-Options") == "nosniff");
        CHECK(header(answer, "X-Frame-Options") == "DENY");
        CHECK(header(answer, "Content-Security-Policy").starts_with("default-src 'none';"));
        CHECK(header(answer, "Content-Security-Policy").find("unsafe") == std::string::npos);
        CHECK((header(answer, "Cache-Control").find("immutable") != std::string::npos) == asset.immutable);

        auto const again =
            get(std::string(asset.path), {{"Accept-Encoding", "gzip"}, {"If-None-Match", header(answer, "ETag")}});
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(get(std::string(asset.path), {{"Accept-Encoding", "identity"}}).status == 406);
        CHECK(get(std::string(asset.path), {}).status == 200); // who says nothing takes anything
    }
}

TEST_CASE("a file that an older page named is not there") {
    CHECK(get("/assets/app-OLDHASH1.js").status == 404);
    CHECK(get("/assets/").status == 404);
}
