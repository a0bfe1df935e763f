/// Looking into requests and headers: no sockets, no parser library.

#include "http/http.hpp"
#include "http/text.hpp"

namespace npod::http {

namespace {

std::string_view query_part(std::string_view target) {
    auto const mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

} // namespace

std::string_view header(Headers const& headers, std::string_view name) {
    for (auto const& [key, value] : headers) {
        if (same_name(key, name)) return value;
    }
    return {};
}

std::string_view Request::path() const { return std::string_view{target}.substr(0, target.find('?')); }

std::vector<std::string> Request::segments() const {
    std::vector<std::string> found;
    auto rest = path();
    while (!rest.empty()) {
        rest.remove_prefix(1); // the slash in front
        auto const segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(segment.size());
        // "/v1/ports/" names what "/v1/ports" names: the empty segment behind a last slash is nobody.
        if (!segment.empty() || !rest.empty()) found.push_back(percent_decoded(segment));
    }
    return found;
}

std::optional<std::string> Request::query(std::string_view name) const {
    auto rest = query_part(target);
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        auto const equals = pair.find('=');
        if (percent_decoded(pair.substr(0, equals)) != name) continue;
        return equals == std::string_view::npos ? std::string{} : percent_decoded(pair.substr(equals + 1));
    }
    return std::nullopt;
}

} // namespace npod::http
