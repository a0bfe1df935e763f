#include "daemon/config_keys.hpp"

#include "base/limits.hpp"
#include "base/nearest.hpp"
#include "protocol/coin_v3/local_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <arpa/inet.h>
#include <sys/stat.h>

namespace npod::daemon {

namespace {

bool boolean(std::string const& value) {
    if (value != "true" && value != "false") throw ConfigFault("write true or false");
    return value == "true";
}

template <class Number>
Number whole(std::string const& value, Number least, Number most) {
    Number number{};
    auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || number < least || number > most)
        throw ConfigFault(fmt::format("write a whole number from {} to {}", least, most));
    return number;
}

/// Less than a month would forget what is still asked for again after an outage.
std::chrono::hours days(std::string const& value) {
    auto const count = whole<int>(value, 0, 36'500);
    if (count > 0 && count < 30) throw ConfigFault("write 0, or at least 30 days");
    return std::chrono::days{count};
}

void take_db(Config& config, std::string const& value) {
    if (value.starts_with("postgresql:") || value.starts_with("postgres:"))
        throw ConfigFault("this program has no PostgreSQL built in; name a file for SQLite");
    if (value.empty() || value == ":memory:") throw ConfigFault("name a file: the database must survive a restart");
    config.db = value;
}

void take_log_level(Config& config, std::string const& value) {
    auto const level = level_of(value);
    if (!level) throw ConfigFault("write debug, info, warning or error");
    config.log_level = *level;
}

void take_automatic(Config& config, std::string const& value) {
    using enum porting::AutomaticAnswer;
    if (value == "all")
        config.automatic = all;
    else if (value == "simple")
        config.automatic = simple;
    else if (value == "none")
        config.automatic = none;
    else
        throw ConfigFault("write all, simple or none");
}

void take_dossier_prefix(Config& config, std::string const& value) {
    auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (value.size() > 6 || !std::all_of(value.begin(), value.end(), fits))
        throw ConfigFault("write up to six of 0-9 and A-Z");
    config.dossier_prefix = value;
}

using C = Config;
using V = std::string const&;

// clang-format off
// The columns: key, what it looks like, default, meaning, where it goes.
constexpr std::array keys{
    Key{"operator", Kind::text, "", "Our own operator code, three to six of 0-9 and A-Z. The one key that must be set.",
        [](C& c, V v) { c.operator_code = parse_operator(v); }},
    Key{"dossier_prefix", Kind::text, "",
        "How the dossiers that we open begin. Default: the own code.", take_dossier_prefix},
    Key{"db", Kind::path, "npod.db", "The database: a SQLite file, made when it does not exist.", take_db},
    Key{"listen", Kind::text, "127.0.0.1:8700",
        "IP address and port on which calls are answered; port 0: any free one.",
        [](C& c, V v) { c.listen = parse_listen(v); }},
    Key{"socket", Kind::path, "",
        "A Unix socket for programs of this machine, besides; guarded by file permission (0660).",
        [](C& c, V v) { c.socket = v; }},
    Key{"clock", Kind::text, "system", "system, or for sandboxes manual or manual@2026-03-02T09:00:00+01:00.",
        [](C& c, V v) { c.clock = parse_clock(v); }},

    Key{"log.level", Kind::text, "info",
        "The least grave lines to write: debug, info, warning or error.", take_log_level},

    Key{"rulebook.name", Kind::text, "be",
        "The rulebook of the country. [rulebook.overrides] changes single rules by id.",
        [](C& c, V v) { c.rulebook = v; }},
    Key{"donor.automatic", Kind::text, "all",
        "Which requests are answered without a person where the contract's data suffices: all, simple or none.",
        take_automatic},

    Key{"interchange.serve", Kind::boolean, "false", "Keep mailboxes for the members: be the hub, or talk without one.",
        [](C& c, V v) { c.interchange.serve = boolean(v); }},
    Key{"interchange.hub", Kind::text, "", "Address of the hub, http:// or https://; not set: there is none.",
        [](C& c, V v) { expect_url(v); c.interchange.hub = v; }},
    Key{"interchange.hub_code", Kind::text, "HUB", "What the hub is called in the records.",
        [](C& c, V v) { c.interchange.hub_code = parse_operator(v); }},
    Key{"interchange.username", Kind::text, "", "The name by which we sign our calls. Default: the own code.",
        [](C& c, V v) { c.interchange.username = v; }},
    Key{"interchange.secret_file", Kind::path, "", "File with the secret that we share with the hub.",
        [](C& c, V v) { c.interchange.secret = read_secret_file(v); }},
    Key{"interchange.encrypted_secret_file", Kind::path, "",
        "Instead: the secret as the hub delivered it, RSA-encrypted under our key and in base64.",
        [](C& c, V v) { c.interchange.encrypted_secret = read_text_file(v); }},
    Key{"interchange.private_key_file", Kind::path, "", "File with our RSA key (PEM) for the tokens of our calls.",
        [](C& c, V v) { c.interchange.private_key_pem = read_secret_file(v); }},
    Key{"interchange.secret", Kind::secret, "", "The secret itself: NPOD_INTERCHANGE_SECRET.",
        [](C& c, V v) { c.interchange.secret = Secret(v); }},
    Key{"interchange.private_key", Kind::secret, "", "The key itself (PEM): NPOD_INTERCHANGE_PRIVATE_KEY.",
        [](C& c, V v) { c.interchange.private_key_pem = Secret(v); }},
    Key{"interchange.zone", Kind::text, "Europe/Amsterdam", "The zone of the local times on the hub's wire.",
        [](C& c, V v) { expect_zone(v); c.interchange.zone = v; }},
    Key{"interchange.silence_seconds", Kind::integer, "30",
        "After so long without a byte of the hub's stream it is opened anew. Hubs send a heartbeat well under 20 s.",
        [](C& c, V v) { c.interchange.silence = std::chrono::seconds{whole<int>(v, 1, 600)}; }},
    Key{"interchange.ca_file", Kind::path, "", "CA (PEM) to trust for https. Default: the system's.",
        [](C& c, V v) { c.interchange.ca_file = v; }},
    Key{"interchange.certificate_file", Kind::path, "", "Certificate that we show to the hub and members.",
        [](C& c, V v) { c.interchange.certificate_file = v; }},
    Key{"interchange.certificate_key_file", Kind::path, "", "Its key.",
        [](C& c, V v) { c.interchange.certificate_key_file = v; }},

    Key{"tls.certificate_file", Kind::path, "", "Certificate (PEM) of our own address; set: https only.",
        [](C& c, V v) { c.tls.certificate_file = v; }},
    Key{"tls.private_key_file", Kind::path, "", "Its key.", [](C& c, V v) { c.tls.private_key_file = v; }},
    Key{"tls.client_ca_file", Kind::path, "", "Set: every caller must show a certificate signed by this CA.",
        [](C& c, V v) { c.tls.client_ca_file = v; }},
    Key{"tls.in_front", Kind::boolean, "false",
        "Something in front of the daemon speaks TLS, so it may listen without.",
        [](C& c, V v) { c.tls.in_front = boolean(v); }},

    Key{"retention.answers_days", Kind::integer, "0",
        "For so long is known what our own systems asked under an Idempotency-Key and were answered; 0: for ever.",
        [](C& c, V v) { c.retention.answers = days(v); }},
    Key{"retention.mail_days", Kind::integer, "0",
        "Mailboxes served here keep confirmed messages for so long, for members who ask again after a restore; 0: for ever.",
        [](C& c, V v) { c.retention.mail = days(v); }},
    Key{"retention.bytes_days", Kind::integer, "0", "The bytes of delivered messages are kept for so long; 0: for ever.",
        [](C& c, V v) { c.retention.bytes = days(v); }},
    Key{"limits.body_bytes", Kind::integer, "1048576", "The largest body of a call that is read.",
        [](C& c, V v) { c.limits.body_bytes = whole<std::size_t>(v, 1024, limits::body_bytes_max); }},
    Key{"limits.connections", Kind::integer, "10000", "Connections at once.",
        [](C& c, V v) { c.limits.connections = whole<std::size_t>(v, 8, 100'000); }},
    Key{"limits.threads", Kind::integer, "2", "Threads that answer calls.",
        [](C& c, V v) { c.limits.threads = whole<unsigned>(v, 1, 64); }},
    Key{"limits.requests_per_second", Kind::integer, "1000",
        "Calls of one member at the interchange in the long run; beyond it they are told to wait (429).",
        [](C& c, V v) { c.limits.requests_per_second = whole<std::int64_t>(v, 1, 1'000'000); }},
};

// clang-format on
std::string content_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw ConfigFault(fmt::format("cannot open {}: {}", path, std::strerror(errno)));
    if (std::filesystem::is_directory(path)) throw ConfigFault(fmt::format("{} is a folder; name a file", path));
    std::ostringstream text;
    text << file.rdbuf();
    if (file.bad()) throw ConfigFault(fmt::format("cannot read {}", path));
    return text.str();
}

} // namespace

std::span<Key const> all_keys() { return keys; }

Key const* find_key(std::string_view path) {
    auto const found = std::find_if(keys.begin(), keys.end(), [&](Key const& key) { return key.path == path; });
    return found == keys.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view path) {
    std::string name = "NPOD_";
    for (char const c : path) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

Secret read_secret_file(std::string const& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw ConfigFault(fmt::format("cannot open {}: {}", path, std::strerror(errno)));
    if ((status.st_mode & 0007) != 0)
        throw ConfigFault(fmt::format("everybody on this machine may use {}; run: chmod 600 {}", path, path));
    auto text = content_of(path);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) throw ConfigFault(fmt::format("{} is empty", path));
    return Secret(std::move(text));
}

std::string read_text_file(std::string const& path) { return content_of(path); }

OperatorCode parse_operator(std::string const& text) {
    auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (text.size() < 3 || text.size() > 6 || !std::all_of(text.begin(), text.end(), fits))
        throw ConfigFault("an operator's code is three to six of 0-9 and A-Z");
    if (text == "ALLO") throw ConfigFault("ALLO means all operators; choose another code");
    return OperatorCode(text);
}

protocol::coin_v3::Quirk parse_quirk(std::string const& text) {
    if (auto const quirk = protocol::coin_v3::quirk_of(text)) return *quirk;
    std::vector<std::string_view> names;
    for (auto const& row : protocol::coin_v3::all_quirks()) names.push_back(row.name);
    auto const close = nearest(text, names);
    if (!close.empty()) throw ConfigFault(fmt::format("there is no quirk \"{}\"; did you mean \"{}\"?", text, close));
    throw ConfigFault(fmt::format("there is no quirk \"{}\"; there are {}", text, fmt::join(names, ", ")));
}

void expect_url(std::string const& text) {
    auto const scheme = text.starts_with("http://") ? 7u : text.starts_with("https://") ? 8u : 0u;
    if (scheme == 0 || text.size() == scheme || text.find_first_of("/?#@ ", scheme) != std::string::npos)
        throw ConfigFault("write http://HOST:PORT or https://HOST:PORT, without a path");
}

void expect_hook_url(std::string const& text) {
    bool const secure = text.starts_with("https://");
    auto const begin = secure ? 8u : 7u;
    if (!secure && !text.starts_with("http://")) throw ConfigFault("write https://HOST/PATH");
    auto const authority = text.substr(begin, text.find_first_of("/?", begin) - begin);
    bool const printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (authority.empty() || !printable || authority.find('@') != std::string::npos || text.find('#') != std::string::npos)
        throw ConfigFault("write https://HOST/PATH, without a user and without #");
    auto const colon = authority.rfind(':');
    auto const host = authority.ends_with(']') || colon == std::string::npos ? authority : authority.substr(0, colon);
    if (!secure && host != "127.0.0.1" && host != "[::1]" && host != "localhost")
        throw ConfigFault("http:// is for this machine only (127.0.0.1): events tell of customers; write https://");
}

void expect_zone(std::string const& text) { protocol::coin_v3::LocalTime{text}; }

ListenAddress parse_listen(std::string const& text) {
    auto const colon = text.rfind(':');
    if (colon == std::string::npos) throw ConfigFault("write ADDRESS:PORT, such as 127.0.0.1:8700");
    auto host = text.substr(0, colon);
    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    in6_addr six{};
    in_addr four{};
    bool const known =
        bracketed ? inet_pton(AF_INET6, host.c_str(), &six) == 1 : inet_pton(AF_INET, host.c_str(), &four) == 1;
    if (!known) throw ConfigFault("the address must be an IP address, such as 127.0.0.1, 0.0.0.0 or [::1]");
    return {host, whole<std::uint16_t>(text.substr(colon + 1), 0, 65535)};
}

bool ListenAddress::loopback() const { return address == "::1" || address.starts_with("127."); }

ClockChoice parse_clock(std::string const& text) {
    if (text == "system") return {};
    if (text == "manual") return {.manual = true, .start = {}};
    constexpr std::string_view prefix = "manual@";
    if (!text.starts_with(prefix)) throw ConfigFault("write system, manual, or manual@2026-03-02T09:00:00+01:00");
    auto const start = parse_rfc3339(std::string_view(text).substr(prefix.size()));
    if (!start) throw ConfigFault(start.refusal().text);
    return {.manual = true, .start = *start};
}

} // namespace npod::daemon
