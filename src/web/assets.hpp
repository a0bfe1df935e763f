#pragma once
/// The web page as bytes: built by build.mjs from app/, embedded in the program, served as plain files.

#include "http/http.hpp"

#include <span>
#include <string_view>

namespace npod::web {

/// One file of the page.
struct Asset {
    std::string_view path;  ///< "/" or "/assets/app-K3TZ5WQA.js"
    std::string_view type;  ///< of its content, for Content-Type
    std::string_view etag;  ///< quoted; names the bytes
    bool immutable = false; ///< its name changes when its bytes do: it may be kept for ever
    std::string_view bytes; ///< gzip
};

/// Every file of the page; empty when the program was built without it (-DNPOD_WEB=OFF).
std::span<Asset const> assets();

/// Answers a GET of "/" or of "/assets/…": the file, 304 when the browser has it, 404 with a sentence when there is none,
/// 406 when the caller does not take gzip. Thread-safe.
http::Response answer(http::Request const& request);

} // namespace npod::web
