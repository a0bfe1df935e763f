#include "http/place.hpp"

#include "base/fault.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <string_view>

namespace npod::http {

namespace {

constexpr std::string_view unix_scheme = "unix:";

[[noreturn]] void fail(std::string const& url, std::string const& why) {
    throw ConfigFault("the URL '" + url + "' cannot be used: " + why +
                      "; write http://host:port, https://host:port or unix:/path/of/socket");
}

} // namespace

Place parse_place(std::string const& url) {
    Place place;
    if (url.starts_with(unix_scheme)) {
        place.unix_path = url.substr(unix_scheme.size());
        if (!place.unix_path.starts_with('/')) fail(url, "the socket's path does not start with '/'");
        place.authority = "localhost";
        return place;
    }
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed) fail(url, parsed.error().message());
    auto const scheme = parsed->scheme_id();
    place.tls = scheme == boost::urls::scheme::https;
    if (!place.tls && scheme != boost::urls::scheme::http) fail(url, "its scheme is neither http nor https");
    if (parsed->has_userinfo()) fail(url, "it holds a user name; tokens go into the configuration");
    if (parsed->has_query() || parsed->has_fragment()) fail(url, "it holds a query or fragment");
    if (parsed->encoded_host().empty()) fail(url, "it names no host");
    if (parsed->has_port() && parsed->port_number() == 0) fail(url, "its port is not 1 to 65535");
    place.host = parsed->host_address();
    place.port = parsed->has_port() ? std::string{parsed->port()} : place.tls ? "443" : "80";
    place.authority = parsed->encoded_host_and_port();
    place.base = parsed->encoded_path();
    while (place.base.ends_with('/')) place.base.pop_back();
    return place;
}

} // namespace npod::http
