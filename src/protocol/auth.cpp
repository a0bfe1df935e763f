#include "protocol/auth.hpp"

#include "base/base64.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "protocol/rsa.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace npod::protocol {

namespace json = boost::json;

namespace {

/// A token lives this long around the moment of its making, as COIN's own clients do.
constexpr std::chrono::seconds token_life{30};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return small(x) == small(y); });
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The text up to the next `separator`, trimmed; `rest` is moved behind it.
std::string_view next_part(std::string_view& rest, char separator) {
    auto const end = std::min(rest.find(separator), rest.size());
    auto const part = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

std::string_view without_query(std::string_view path) { return path.substr(0, path.find('?')); }

std::string digest_of(std::string_view body) { return "SHA-256=" + base64(as_text(sha256(body))); }

std::int64_t seconds(Moment moment) {
    return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

Refusal nobody(std::string text, std::string next) {
    return {RefusalCode::unauthorised, std::move(text), {}, std::move(next), {}};
}

/// The one header of that name. More than one would let two programs see two different callers.
Outcome<std::string_view> single(Headers const& headers, std::string_view name) {
    std::optional<std::string_view> found;
    for (auto const& [header, value] : headers) {
        if (!same_name(header, name)) continue;
        if (found) return nobody(fmt::format("The header {} is given more than once.", name), "Send it once.");
        found = trimmed(value);
    }
    if (!found) return nobody(fmt::format("The header {} is missing.", name), fmt::format("Send {}.", name));
    return *found;
}

// ------------------------------------------------------------------------------------------------ the HMAC header

struct HmacHeader {
    std::string username, algorithm, headers, signature;
};

/// Reads `hmac name="value", …`. Unknown parameters are passed over.
Outcome<HmacHeader> parse_hmac(std::string_view text) {
    auto const ill_formed = [] {
        return nobody("The header authorization is not of the form hmac username=\"…\", algorithm=\"hmac-sha256\", "
                      "headers=\"x-date "
                      "digest request-line\", signature=\"…\".",
                      "Send it in that form.");
    };
    if (text.size() < 5 || !same_name(text.substr(0, 4), "hmac") || (text[4] != ' ' && text[4] != '\t'))
        return ill_formed();
    HmacHeader header;
    std::array<std::pair<std::string_view, std::string*>, 4> const known{{{"username", &header.username},
                                                                          {"algorithm", &header.algorithm},
                                                                          {"headers", &header.headers},
                                                                          {"signature", &header.signature}}};
    for (auto rest = trimmed(text.substr(5)); !rest.empty(); rest = trimmed(rest)) {
        auto const name = next_part(rest, '=');
        rest = trimmed(rest);
        if (rest.empty() || rest.front() != '"') return ill_formed();
        rest.remove_prefix(1);
        auto const end = rest.find('"');
        if (end == std::string_view::npos) return ill_formed();
        for (auto const& [known_name, value] : known) {
            if (!same_name(name, known_name)) continue;
            if (!value->empty()) return ill_formed(); // twice
            *value = trimmed(rest.substr(0, end));
        }
        rest.remove_prefix(end + 1);
        if (!next_part(rest, ',').empty()) return ill_formed(); // something between the quote and the comma
    }
    if (header.username.empty() || header.headers.empty() || header.signature.empty()) return ill_formed();
    return header;
}

std::string request_line(std::string_view method, std::string_view path) {
    return fmt::format("{} {} HTTP/1.1", method, without_query(path));
}

/// The lines that the signature covers, in the order in which the caller lists them. All three must be among them.
Outcome<std::string> signed_lines(HmacHeader const& hmac, Headers const& headers, std::string_view method,
                                  std::string_view path) {
    bool date = false, digest = false, line = false;
    std::string lines;
    for (std::string_view rest = hmac.headers; !rest.empty(); rest = trimmed(rest)) {
        auto const name = next_part(rest, ' ');
        if (!lines.empty()) lines += '\n';
        if (same_name(name, "request-line")) {
            lines += request_line(method, path);
            line = true;
            continue;
        }
        auto const value = single(headers, name);
        if (!value) return value.refusals();
        date = date || same_name(name, "x-date");
        digest = digest || same_name(name, "digest");
        for (char const c : name) lines += small(c);
        lines.append(": ").append(*value);
    }
    if (!date || !digest || !line)
        return nobody("The signature does not cover x-date, digest and request-line.", "Sign all three.");
    return lines;
}

// ------------------------------------------------------------------------------------------------------ the token

std::string make_token(RsaKey const& key, std::string const& issuer, Moment now) {
    json::object claims;
    claims.emplace("iss", issuer);
    claims.emplace("nbf", seconds(now - token_life));
    claims.emplace("exp", seconds(now + token_life));
    auto const text = base64_url(R"({"alg":"RS256","typ":"JWT"})") + "." + base64_url(json::serialize(claims));
    return text + "." + base64_url(key.sign(text));
}

/// The value of the cookie `jwt`, wherever it stands among others.
Outcome<std::string_view> token_cookie(Headers const& headers) {
    std::optional<std::string_view> found;
    for (auto const& [name, value] : headers) {
        if (!same_name(name, "cookie")) continue;
        for (std::string_view rest = value; !rest.empty();) {
            auto cookie = next_part(rest, ';');
            if (!same_name(next_part(cookie, '='), "jwt")) continue;
            if (found) return nobody("The cookie jwt is given more than once.", "Send it once.");
            found = trimmed(cookie);
        }
    }
    if (!found) return nobody("The cookie jwt is missing.", "Send cookie: jwt=TOKEN.");
    if (found->size() >= 2 && found->front() == '"' && found->back() == '"')
        found = found->substr(1, found->size() - 2);
    return *found;
}

struct Token {
    std::string_view signed_text;
    std::string signature, issuer;
    std::int64_t not_before = 0, expires = 0;
};

std::optional<json::object> json_part(std::string_view part) {
    auto const bytes = from_base64(part);
    if (!bytes) return std::nullopt;
    auto parsed = parse_json(*bytes);
    if (!parsed || !parsed->is_object()) return std::nullopt;
    return std::move(parsed->get_object());
}

/// Takes a token apart. Only RS256 is ever accepted: "none" and HMAC with the public key as secret are old attacks.
Outcome<Token> parse_token(std::string_view text) {
    auto const ill_formed =
        nobody("The token in the cookie jwt is not a JWT with iss, nbf and exp.",
               "Send a JWT (RFC 7519): header, claims and signature in base64url, separated by dots.");
    auto const first = text.find('.'), last = text.rfind('.');
    if (first == std::string_view::npos || first == last) return ill_formed;
    auto const header = json_part(text.substr(0, first)), claims = json_part(text.substr(first + 1, last - first - 1));
    auto const signature = from_base64(text.substr(last + 1));
    if (!header || !claims || !signature) return ill_formed;

    std::vector<Refusal> problems;
    JsonReader header_reader(*header, problems), reader(*claims, problems);
    if (header_reader.text("alg") != "RS256" || header->contains("crit"))
        return nobody("The token is not signed with RS256.",
                      "Sign it with RS256 (RFC 7518) and no critical extension.");
    Token token{text.substr(0, last), *signature, reader.text("iss"), 0, 0};
    token.not_before = reader.integer("nbf").value_or(0);
    token.expires = reader.integer("exp").value_or(0);
    if (!problems.empty()) return ill_formed;
    return token;
}

} // namespace

// ---------------------------------------------------------------------------------------------------------- signing

struct Signer::Impl {
    Credentials credentials;
    RsaKey key;
};

Signer::Signer(Credentials credentials) {
    auto key = RsaKey::private_key(credentials.private_key_pem);
    impl_ = std::make_shared<Impl const>(Impl{std::move(credentials), std::move(key)});
}

Headers Signer::sign(std::string_view method, std::string_view path, std::string_view body, Moment now) const {
    auto const& who = impl_->credentials;
    auto const date = to_http_date(now), digest = digest_of(body);
    auto const lines = fmt::format("x-date: {}\ndigest: {}\n{}", date, digest, request_line(method, path));
    auto const signature = base64(as_text(hmac_sha256(who.secret, lines)));
    return {{"x-date", date},
            {"digest", digest},
            {"authorization", fmt::format("hmac username=\"{}\", algorithm=\"hmac-sha256\", headers=\"x-date digest "
                                          "request-line\", signature=\"{}\"",
                                          who.username, signature)},
            {"cookie", "jwt=" + make_token(impl_->key, who.username, now)}};
}

Headers sign(Credentials const& credentials, std::string_view method, std::string_view path, std::string_view body,
             Moment now) {
    return Signer(credentials).sign(method, path, body, now);
}

// --------------------------------------------------------------------------------------------------------- checking

struct Verifier::Impl {
    struct Known {
        OperatorCode code;
        std::vector<std::string> secrets;
        std::vector<RsaKey> keys;
    };
    std::map<std::string, Known> by_name;

    Outcome<Known const*> check_hmac(Headers const& headers, std::string_view method, std::string_view path,
                                     std::string_view body, Moment now, Duration skew, std::string& username) const;
    Outcome<bool> check_token(Headers const& headers, Known const& known, std::string const& username, Moment now,
                              Duration skew) const;
};

Verifier::Verifier(std::vector<Consumer> consumers) {
    auto impl = std::make_shared<Impl>();
    for (auto& consumer : consumers) {
        auto const& name = consumer.username;
        // An empty secret would let anybody in.
        auto const empty =
            std::any_of(consumer.secrets.begin(), consumer.secrets.end(), [](auto const& s) { return s.empty(); });
        if (name.empty() || consumer.secrets.empty() || empty || consumer.public_keys_pem.empty())
            throw ConfigFault(
                fmt::format("The consumer \"{}\" of operator {} needs a name, a secret and a public key. Add what is "
                            "missing to the configuration.",
                            name, consumer.code.text));
        Impl::Known known{consumer.code, std::move(consumer.secrets), {}};
        for (auto const& pem : consumer.public_keys_pem) known.keys.push_back(RsaKey::public_key(pem));
        if (!impl->by_name.emplace(name, std::move(known)).second)
            throw ConfigFault(
                fmt::format("The consumer name \"{}\" is given to two operators. Give each its own.", name));
    }
    impl_ = std::move(impl);
}

Outcome<Verifier::Impl::Known const*> Verifier::Impl::check_hmac(Headers const& headers, std::string_view method,
                                                                 std::string_view path, std::string_view body,
                                                                 Moment now, Duration skew,
                                                                 std::string& username) const {
    auto const authorization = single(headers, "authorization"), date_text = single(headers, "x-date"),
               digest = single(headers, "digest");
    for (auto const* one : {&authorization, &date_text, &digest})
        if (!*one) return one->refusals();
    auto const hmac = parse_hmac(*authorization);
    if (!hmac) return hmac.refusals();
    if (!hmac->algorithm.empty() && !same_name(hmac->algorithm, "hmac-sha256"))
        return nobody("The algorithm of the header authorization is not hmac-sha256.", "Use hmac-sha256.");

    auto const date = parse_http_date(*date_text);
    if (!date) return nobody("The header x-date is not a date.", "Send it as in \"" + to_http_date(now) + "\".");
    if (*date < now - skew || *date > now + skew)
        return nobody(fmt::format("The header x-date says {}, but it is {} here.", to_rfc3339(*date), to_rfc3339(now)),
                      "Sign every call afresh, and set the clock by NTP.");
    auto const equals = digest->find('=');
    if (equals == std::string_view::npos || !same_name(digest->substr(0, equals), "SHA-256") ||
        !same_secret(digest->substr(equals + 1), base64(as_text(sha256(body)))))
        return nobody("The header digest is not that of the body.",
                      "Send digest: SHA-256=BASE64 of the body's bytes as they are sent.");

    auto const lines = signed_lines(*hmac, headers, method, path);
    if (!lines) return lines.refusals();
    auto const found = by_name.find(hmac->username);
    // An unknown name is compared with a secret as well, so that time does not tell whether the name exists.
    static std::vector<std::string> const decoy{"decoy"};
    auto const& secrets = found == by_name.end() ? decoy : found->second.secrets;
    bool good = false;
    for (auto const& secret : secrets)
        good = same_secret(base64(as_text(hmac_sha256(secret, *lines))), hmac->signature) || good;
    if (!good || found == by_name.end())
        return nobody("User name and signature of the header authorization do not belong together.",
                      "Check user name, secret, and that x-date, digest and request line are signed as they are sent.");
    username = hmac->username;
    return &found->second;
}

Outcome<bool> Verifier::Impl::check_token(Headers const& headers, Known const& known, std::string const& username,
                                          Moment now, Duration skew) const {
    auto const cookie = token_cookie(headers);
    if (!cookie) return cookie.refusals();
    auto const token = parse_token(*cookie);
    if (!token) return token.refusals();
    bool good = false;
    for (auto const& key : known.keys) good = good || key.verifies(token->signed_text, token->signature);
    if (!good)
        return nobody("The token is not signed with a key that is known here.",
                      "Sign it with the key registered here.");
    if (token->issuer != username)
        return nobody("The token was issued by somebody else than the header authorization names.",
                      "Use one name (iss) for both.");
    if (token->not_before > seconds(now + skew))
        return nobody("The token is not valid yet (nbf).", "Set the clock by NTP.");
    if (token->expires < seconds(now - skew))
        return nobody("The token has expired (exp).", "Make a new token for every call.");
    return true;
}

Outcome<OperatorCode> Verifier::verify(Headers const& headers, std::string_view method, std::string_view path,
                                       std::string_view body, Moment now, Duration skew) const {
    std::string username;
    auto const known = impl_->check_hmac(headers, method, path, body, now, skew, username);
    if (!known) return known.refusals();
    auto const token = impl_->check_token(headers, **known, username, now, skew);
    if (!token) return token.refusals();
    return (*known)->code;
}

Outcome<OperatorCode> verify(Headers const& headers, std::string_view method, std::string_view path,
                             std::string_view body, std::vector<Consumer> const& consumers, Moment now, Duration skew) {
    return Verifier(consumers).verify(headers, method, path, body, now, skew);
}

std::string decrypt_secret(std::string_view encrypted_base64, std::string const& private_key_pem) {
    std::string packed(encrypted_base64); // files and mails wrap long lines
    std::erase_if(packed, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
    auto const encrypted = from_base64(packed);
    if (!encrypted)
        throw ConfigFault("The encrypted shared secret is not base64. Copy it again as the hub delivered it.");
    return RsaKey::private_key(private_key_pem).decrypt(*encrypted);
}

} // namespace npod::protocol
