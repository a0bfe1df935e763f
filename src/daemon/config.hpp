#pragma once
/// What the operator tells the daemon. One value may come from four places; the first that has it wins:
///
///   flags  >  NPOD_* environment  >  configuration file (TOML)  >  defaults
///
/// Every key with its meaning and default stands in config_keys.cpp. The environment name of a key is NPOD_ and the key
/// in capitals with underscores: interchange.hub_code is NPOD_INTERCHANGE_HUB_CODE. Counterparts are written as
/// [[member]]. A relative path in the file counts from the folder of the file; elsewhere from the working directory.
/// Secrets come from files of their own or from the environment, never from the configuration file, and are never
/// shown.

#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/moment.hpp"
#include "porting/settings.hpp"
#include "protocol/coin_v3/quirks.hpp"
#include "rules/overrides.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace npod::daemon {

/// A text that no log, message or listing may show. Only reveal() gives it away.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    std::string const& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

struct ListenAddress {
    std::string address = "127.0.0.1"; ///< literal IP address
    std::uint16_t port = 0;            ///< 0: the system chooses
    bool loopback() const;
};
/// "127.0.0.1:8700", "[::1]:8700". Throws ConfigFault for anything else.
ListenAddress parse_listen(std::string const& text);

/// Whose time the law follows.
struct ClockChoice {
    bool manual = false;
    std::optional<Moment> start; ///< manual only; nothing: the moment of the first start
};
/// "system", "manual" or "manual@2026-03-02T09:00:00+01:00". Throws ConfigFault for anything else.
ClockChoice parse_clock(std::string const& text);

/// Words of the product (grounds, reasons) and the codes that mean them on one counterpart's wire. Empty: the shipped,
/// assumed ones.
struct WireCodes {
    std::map<std::string, std::string> blocking; ///< "NAME_ADDRESS_MISMATCH" → "63"
    std::map<std::string, std::string> delay;    ///< "1" → what it means
    std::map<std::string, std::string> error;    ///< "UNKNOWN_DOSSIER" → code
};

/// By what one counterpart knows our calls, where that is not what [interchange] says. Empty: as there.
struct OurProofs {
    std::string username;
    Secret secret, private_key_pem;
    std::string encrypted_secret; ///< base64, as the other side delivered it; becomes `secret`
    std::string ca_file, certificate_file, certificate_key_file;
    bool empty() const;
};

/// A counterpart: [[member]].
struct Member {
    OperatorCode code;
    std::string url;                          ///< set: we hand it its messages ourselves; "http://127.0.0.1:8701"
    OurProofs ours;                           ///< with a url only
    std::string username;                     ///< by which it signs its calls; default: its code
    std::vector<Secret> secrets;              ///< two while one is being replaced
    std::vector<std::string> public_keys_pem; ///< the same
    std::string zone; ///< of the wire's local times; default: Europe/Brussels with a url, else that of the interchange
    std::string certificate; ///< SAN that its client certificate must show besides; empty: none is asked for
    WireCodes codes;
    protocol::coin_v3::Quirks quirks; ///< what its messages may have against the public form
};

/// Someone who may use the Business API: [[token]].
struct Token {
    std::string name;
    std::string role;       ///< "reader", "desk", "system" or "admin"
    std::string sha256_hex; ///< of the token; the token itself is nowhere
};

/// A program or person that shows a client certificate: [[certificate]].
struct Certificate {
    std::string name;
    std::string role;     ///< as in Token
    std::string identity; ///< SAN URI or DNS name in the certificate
};

/// A system of ours that is called at every event: [[webhook]].
struct Webhook {
    std::string name;               ///< by which its place in the feed is kept
    std::string url;                ///< https://…, or http:// on this machine
    std::vector<std::string> keys;  ///< bytes of its secrets: two while one is being replaced
    std::vector<std::string> types; ///< "be.np.port_in.*"; empty: all
};

/// [interchange]: the wire between operators.
struct InterchangeConfig {
    bool serve = false; ///< keep mailboxes for the members
    std::string hub;    ///< base URL of the hub; empty: none
    OperatorCode hub_code{"HUB"};
    std::string username; ///< by which we sign our calls; default: the own code
    Secret secret;
    std::string encrypted_secret; ///< base64 of RSA-PKCS#1 under our key, as COIN delivers it; becomes `secret`
    Secret private_key_pem;
    std::string zone;
    std::chrono::seconds silence{30}; ///< without a byte of the hub's stream, not even a heartbeat: it is dead
    std::string ca_file, certificate_file, certificate_key_file; ///< TLS towards the hub and members
    WireCodes codes;
};

struct TlsConfig {
    std::string certificate_file, private_key_file, client_ca_file;
    bool in_front = false; ///< something in front of the daemon speaks TLS
};

/// How long is kept what serves only for a while; zero: for ever (engine::Retention).
struct RetentionConfig {
    std::chrono::hours answers{}, mail{}, bytes{};
};

struct LimitsConfig {
    std::size_t body_bytes = 0;
    std::size_t connections = 0;
    unsigned threads = 0;
    std::int64_t requests_per_second = 0; ///< of one member, at the interchange
};

struct Config {
    OperatorCode operator_code;
    std::string dossier_prefix;
    std::string db;
    ListenAddress listen;
    std::string socket;    ///< path; empty: none
    std::string port_file; ///< flag only: where to write the bound port; empty: nowhere
    ClockChoice clock;
    Level log_level = Level::info;
    std::string rulebook;
    std::vector<rules::Override> overrides;       ///< in the order of the file
    porting::AutomaticAnswer automatic = porting::AutomaticAnswer::all;
    InterchangeConfig interchange;
    TlsConfig tls;
    LimitsConfig limits;
    RetentionConfig retention;
    std::vector<Member> members;
    std::vector<Token> tokens;
    std::vector<Certificate> certificates;
    std::vector<Webhook> webhooks;

    /// Where a value came from, for `npod check`.
    struct Said {
        std::string value;  ///< as written; "(hidden)" for a secret
        std::string origin; ///< "npod.toml:12", "NPOD_LISTEN", "--listen", "default"
    };
    std::map<std::string, Said> said; ///< by key

    Member const* member(OperatorCode const& code) const; ///< nullptr: no such counterpart
    /// Anybody who reaches the address may do anything: no tokens or certificates, and only this machine reaches it.
    bool development() const;
    /// Callers of this machine are believed to be the member that they say: mailboxes are served, and no member has keys.
    bool open_interchange() const;
    porting::Settings settings() const;
};

/// Where values may come from.
struct Sources {
    std::string file;                               ///< --config; empty: NPOD_CONFIG, else no file
    std::map<std::string, std::string> flags;       ///< key → value
    std::map<std::string, std::string> environment; ///< the NPOD_* variables
};

/// [interchange] as it holds for our calls to that member: with what is agreed with it alone.
InterchangeConfig way_to(Config const& config, Member const& member);

/// The NPOD_* variables of this process.
std::map<std::string, std::string> npod_environment();

/// Reads and judges everything. Throws ConfigFault with every problem, one a line: where, what, what to do.
Config read_config(Sources const& sources);

/// "listen = 127.0.0.1:8700   # default", one line a key; secrets are hidden.
std::string describe(Config const& config);

} // namespace npod::daemon
