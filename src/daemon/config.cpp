#include "daemon/config.hpp"

#include "daemon/config_file.hpp"
#include "daemon/config_keys.hpp"
#include "protocol/auth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include <arpa/inet.h>
#include <unistd.h>

extern char** environ;

namespace npod::daemon {

namespace {

/// Gives one key its value; a value that makes no sense becomes a problem. Secrets are never quoted.
void take(Config& config, Key const& key, std::string const& value, std::string const& origin, Problems& problems) {
    bool const secret = key.kind == Kind::secret;
    try {
        key.take(config, value);
        config.said[std::string(key.path)] = {secret ? "(hidden)" : value, origin};
    } catch (ConfigFault const& fault) {
        problems.add(origin, secret ? std::string(key.path) : fmt::format("{} = \"{}\"", key.path, value),
                     fault.what());
    }
}

/// The value of a key from the first place that has it.
void settle(Config& config, Key const& key, Sources const& sources, FileContent const& file, Problems& problems) {
    std::string const path(key.path);
    if (auto const flag = sources.flags.find(path); flag != sources.flags.end())
        return take(config, key, flag->second, "--" + path, problems);
    auto const name = environment_name(path);
    if (auto const variable = sources.environment.find(name); variable != sources.environment.end())
        return take(config, key, variable->second, name, problems);
    if (auto const given = file.values.find(path); given != file.values.end())
        return take(config, key, given->second.value, given->second.origin, problems);
    if (!key.preset.empty()) take(config, key, std::string(key.preset), "default", problems);
}

/// What was left out and follows from something else.
void complete(Config& config, Sources const& sources) {
    if (config.dossier_prefix.empty()) config.dossier_prefix = config.operator_code.text;
    if (config.interchange.username.empty()) config.interchange.username = config.operator_code.text;
    for (auto& member : config.members) {
        if (member.username.empty()) member.username = member.code.text;
        if (member.zone.empty()) member.zone = member.url.empty() ? config.interchange.zone : "Europe/Brussels";
        auto const secret = sources.environment.find("NPOD_MEMBER_" + member.code.text + "_SECRET");
        if (secret != sources.environment.end()) member.secrets = {Secret(secret->second)};
        auto const ours = sources.environment.find("NPOD_MEMBER_" + member.code.text + "_OUR_SECRET");
        if (ours != sources.environment.end()) member.ours.secret = Secret(ours->second);
    }
}

/// Where a key was said, for a problem that several keys make together.
std::string origin_of(Config const& config, std::string const& key) {
    auto const found = config.said.find(key);
    return found == config.said.end() ? "configuration" : found->second.origin;
}

/// The secret that came encrypted is put in the place of the plain one.
void decrypt(Secret& secret, std::string const& encrypted, Secret const& key, std::string const& where,
             std::string const& what, Problems& problems) {
    if (encrypted.empty()) return;
    if (!secret.empty()) return problems.add(where, what, "is given besides the secret itself; give one of them");
    if (key.empty()) return problems.add(where, what, "was encrypted under our key; set the private key's file, too");
    try {
        secret = Secret(protocol::decrypt_secret(encrypted, key.reveal()));
    } catch (ConfigFault const& fault) {
        problems.add(where, what, fault.what());
    }
}

void decrypt_secrets(Config& config, Problems& problems) {
    auto& wire = config.interchange;
    decrypt(wire.secret, wire.encrypted_secret, wire.private_key_pem,
            origin_of(config, "interchange.encrypted_secret_file"), "interchange.encrypted_secret_file", problems);
    for (auto& member : config.members) {
        auto const way = way_to(config, member);
        decrypt(member.ours.secret, member.ours.encrypted_secret, way.private_key_pem, "configuration",
                fmt::format("[[member]] {}.our_encrypted_secret_file", member.code.text), problems);
    }
}

void judge_access(Config const& config, Problems& problems) {
    if (config.tls.certificate_file.empty() != config.tls.private_key_file.empty())
        problems.add(origin_of(config, "tls.certificate_file"), "[tls]",
                     "set both certificate_file and private_key_file, or neither");
    if (!config.tls.client_ca_file.empty() && config.tls.certificate_file.empty())
        problems.add(origin_of(config, "tls.client_ca_file"), "tls.client_ca_file",
                     "set certificate_file and private_key_file too");
    if (!config.listen.loopback() && config.tls.certificate_file.empty() && !config.tls.in_front)
        problems.add(
            origin_of(config, "listen"), fmt::format("listen = \"{}\"", config.said.at("listen").value),
            "other machines reach this address, and calls would travel in the clear; set [tls] certificate_file and "
            "private_key_file, or tls.in_front = true when a proxy speaks TLS, or listen on 127.0.0.1");
}

/// "http://127.0.0.1:8701" and its like: what is said there does not leave this machine.
bool stays_here(std::string_view url) {
    constexpr std::string_view plain = "http://";
    if (!url.starts_with(plain)) return true; // TLS
    url.remove_prefix(plain.size());
    if (url.starts_with("[::1]")) return true;
    auto const host = url.substr(0, url.find(':'));
    in_addr four{};
    bool const address = inet_pton(AF_INET, std::string(host).c_str(), &four) == 1;
    return host == "localhost" || (address && host.starts_with("127."));
}

constexpr auto in_the_clear =
    "leads to another machine, and what we sign would travel in the clear; write https://, or http:// with 127.0.0.1 when "
    "a proxy on this machine speaks TLS";

void judge_interchange(Config const& config, Problems& problems) {
    auto const& wire = config.interchange;
    if (!stays_here(wire.hub))
        problems.add(origin_of(config, "interchange.hub"), fmt::format("interchange.hub = \"{}\"", wire.hub), in_the_clear);
    if (wire.secret.empty() != wire.private_key_pem.empty())
        problems.add(
            origin_of(config, wire.secret.empty() ? "interchange.private_key_file" : "interchange.secret_file"),
            "[interchange]", "a call needs both proofs: set secret_file and private_key_file, or neither");
    if (wire.certificate_file.empty() != wire.certificate_key_file.empty())
        problems.add(origin_of(config, "interchange.certificate_file"), "[interchange]",
                     "set both certificate_file and certificate_key_file, or neither");
    if (!wire.hub.empty() && wire.hub_code == config.operator_code)
        problems.add(origin_of(config, "interchange.hub_code"), "interchange.hub_code",
                     "is our own code; the hub needs another");
}

/// What is agreed with one member alone, together with what it takes from [interchange].
void judge_our_proofs(Config const& config, Member const& member, std::string const& what, Problems& problems) {
    if (member.ours.empty()) return;
    if (member.url.empty())
        return problems.add("configuration", what,
                            "has no url, so that we never call it; set url, or leave out what is our_… and the certificate files");
    auto const way = way_to(config, member);
    if (way.secret.empty() != way.private_key_pem.empty())
        problems.add("configuration", what,
                     "a call needs both proofs: set our_secret_file and our_private_key_file, here or in [interchange], or none");
    if (way.certificate_file.empty() != way.certificate_key_file.empty())
        problems.add("configuration", what, "set both certificate_file and certificate_key_file, or neither");
}

void judge_members(Config const& config, Problems& problems) {
    std::set<OperatorCode> seen;
    bool const others_reach_us = !config.listen.loopback() || config.tls.in_front;
    for (auto const& member : config.members) {
        auto const what = fmt::format("[[member]] {}", member.code.text);
        if (!stays_here(member.url)) problems.add("configuration", what + ".url", in_the_clear);
        if (member.code == config.operator_code)
            problems.add("configuration", what, "is our own code; list only the others");
        if (!seen.insert(member.code).second) problems.add("configuration", what, "is listed twice; remove one");
        judge_our_proofs(config, member, what, problems);
        if (member.secrets.empty() != member.public_keys_pem.empty())
            problems.add("configuration", what,
                         "a caller gives both proofs: set secret_files and public_key_files, or neither");
        if (!member.certificate.empty() && config.tls.client_ca_file.empty())
            problems.add("configuration", what + ".certificate",
                         "nobody is asked for a certificate here; set tls.client_ca_file, or leave it out");
        if (config.interchange.serve && member.secrets.empty() && others_reach_us)
            problems.add(
                "configuration", what,
                "other machines reach this address, and anybody could speak for this member; set secret_files and "
                "public_key_files");
    }
    std::set<std::string> names;
    for (auto const& token : config.tokens)
        if (!names.insert(token.name).second)
            problems.add("configuration", fmt::format("[[token]] {}", token.name),
                         "is listed twice; records could not tell them apart");
    std::set<std::string> hooks;
    for (auto const& hook : config.webhooks)
        if (!hooks.insert(hook.name).second)
            problems.add("configuration", fmt::format("[[webhook]] {}", hook.name), "is listed twice; its place is kept under its name");
}

} // namespace

void Problems::add(std::string const& where, std::string const& what, std::string const& why) {
    lines_.push_back(fmt::format("{}: {}: {}", where, what, why));
}

void Problems::throw_if_any() const {
    if (!lines_.empty()) throw ConfigFault(fmt::format("{}", fmt::join(lines_, "\n")));
}

Member const* Config::member(OperatorCode const& code) const {
    auto const found =
        std::find_if(members.begin(), members.end(), [&](Member const& one) { return one.code == code; });
    return found == members.end() ? nullptr : &*found;
}

bool OurProofs::empty() const {
    return username.empty() && secret.empty() && private_key_pem.empty() && encrypted_secret.empty() && ca_file.empty() &&
           certificate_file.empty() && certificate_key_file.empty();
}

bool Config::development() const {
    return tokens.empty() && certificates.empty() && listen.loopback() && !tls.in_front;
}

porting::Settings Config::settings() const {
    porting::Settings settings{
        .own = operator_code, .operators = {}, .automatic = automatic, .dossier_prefix = dossier_prefix};
    for (auto const& one : members) settings.operators.insert(one.code);
    return settings;
}

std::map<std::string, std::string> npod_environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string const text = *entry;
        auto const equals = text.find('=');
        if (text.starts_with("NPOD_") && equals != std::string::npos)
            variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return variables;
}

InterchangeConfig way_to(Config const& config, Member const& member) {
    auto way = config.interchange;
    auto const prefer = [](auto& value, auto const& own) {
        if (!own.empty()) value = own;
    };
    auto const& ours = member.ours;
    prefer(way.username, ours.username);
    prefer(way.secret, ours.secret);
    prefer(way.private_key_pem, ours.private_key_pem);
    prefer(way.ca_file, ours.ca_file);
    prefer(way.certificate_file, ours.certificate_file);
    prefer(way.certificate_key_file, ours.certificate_key_file);
    return way;
}

Config read_config(Sources const& sources) {
    auto const variable = sources.environment.find("NPOD_CONFIG");
    auto const path = !sources.file.empty()                   ? sources.file
                      : variable != sources.environment.end() ? variable->second
                                                              : std::string{};

    Problems problems;
    Config config;
    FileContent file;
    if (!path.empty()) file = read_config_file(path, problems);
    for (auto const& key : all_keys()) settle(config, key, sources, file, problems);
    config.overrides = std::move(file.overrides);
    config.interchange.codes = std::move(file.interchange_codes);
    config.members = std::move(file.members);
    config.tokens = std::move(file.tokens);
    config.certificates = std::move(file.certificates);
    config.webhooks = std::move(file.webhooks);
    if (config.operator_code.text.empty() && !config.said.contains("operator"))
        problems.add(path.empty() ? "configuration" : path, "operator",
                     "our own code is not set; say --operator ALFA, NPOD_OPERATOR=ALFA or operator = \"ALFA\"");
    problems.throw_if_any();

    complete(config, sources);
    decrypt_secrets(config, problems);
    judge_access(config, problems);
    judge_interchange(config, problems);
    judge_members(config, problems);
    problems.throw_if_any();
    return config;
}

bool Config::open_interchange() const {
    auto const has_keys = [](Member const& one) { return !one.secrets.empty(); };
    return interchange.serve && !members.empty() && std::none_of(members.begin(), members.end(), has_keys);
}

std::string describe(Config const& config) {
    std::string text;
    auto const line = [&](std::string_view key, std::string_view value, std::string_view origin) {
        text += fmt::format("{:<34} {:<34} # {}\n", key, value, origin);
    };
    for (auto const& key : all_keys())
        if (auto const said = config.said.find(std::string(key.path)); said != config.said.end())
            line(key.path, said->second.value, said->second.origin);
    for (auto const& one : config.overrides) line("rulebook.overrides." + one.id, one.value, one.source);
    for (auto const& member : config.members) {
        std::string quirks;
        for (auto const quirk : member.quirks) quirks += ", " + std::string(protocol::coin_v3::about(quirk).name);
        line("member " + member.code.text, member.url.empty() ? "by hub or mailbox" : member.url,
             fmt::format("{} secrets, {} keys, {}{}", member.secrets.size(), member.public_keys_pem.size(), member.zone, quirks));
    }
    for (auto const& token : config.tokens) line("token " + token.name, token.role, "file");
    return text;
}

} // namespace npod::daemon
