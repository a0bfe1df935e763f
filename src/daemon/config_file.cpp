#include "daemon/config_file.hpp"

#include "base/nearest.hpp"
#include "daemon/config_keys.hpp"
#include "porting/grounds.hpp"
#include "protocol/standard_webhooks.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <optional>

namespace npod::daemon {

namespace {

/// Keys that hold more than one value.
constexpr std::array<std::string_view, 8> collections{"rulebook.overrides",
                                                      "interchange.blocking_codes",
                                                      "interchange.delay_codes",
                                                      "interchange.error_codes",
                                                      "member",
                                                      "token",
                                                      "certificate",
                                                      "webhook"};
constexpr std::array<std::string_view, 4> roles{"reader", "desk", "system", "admin"};

std::string_view word_for(toml::node const& node) {
    switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a point";
    case toml::node_type::boolean: return "true or false";
    default: return "a date or time";
    }
}

std::string_view word_for(Kind kind) {
    return kind == Kind::integer ? "a whole number" : kind == Kind::boolean ? "true or false" : "a text in quotes";
}

std::string join(std::string const& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

/// "did you mean X?", else the list of what is known.
std::string advice(std::string_view name, std::vector<std::string> const& known) {
    std::vector<std::string_view> const views(known.begin(), known.end());
    auto const close = nearest(name, views);
    return close.empty() ? fmt::format("is not known; known here: {}", fmt::join(known, ", "))
                         : fmt::format("is not known; did you mean {}?", close);
}

/// Names of everything that may stand directly under `path`.
std::vector<std::string> known_under(std::string const& path) {
    std::vector<std::string> names;
    auto const add = [&](std::string_view key) {
        if (!path.empty() && !(key.starts_with(path) && key.size() > path.size() && key[path.size()] == '.')) return;
        auto const rest = path.empty() ? key : key.substr(path.size() + 1);
        std::string name(rest.substr(0, rest.find('.')));
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    };
    for (auto const& key : all_keys())
        if (key.kind != Kind::secret) add(key.path);
    for (auto const key : collections) add(key);
    return names;
}

/// Where we are in the file while reading it.
struct Place {
    std::string file;
    std::filesystem::path folder;
    Problems& problems;

    std::string at(toml::node const& node) const { return fmt::format("{}:{}", file, node.source().begin.line); }
    std::string resolved(std::string const& path) const {
        bool const plain =
            !path.empty() && path.front() != '/' && path.front() != ':' && path.find("://") == std::string::npos;
        return plain ? (folder / path).lexically_normal().string() : path;
    }
    void wrong_type(toml::node const& node, std::string const& key, std::string_view wanted) const {
        problems.add(at(node), key, fmt::format("wants {}, but is {}", wanted, word_for(node)));
    }
};

/// A single value as text; nothing for anything else.
std::optional<std::string> single_value(toml::node const& node) {
    if (auto const text = node.value_exact<std::string>()) return *text;
    if (auto const number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    if (auto const truth = node.value_exact<bool>()) return *truth ? "true" : "false";
    return std::nullopt;
}

/// A table whose names are free ("63" for GROUND): single values as text.
std::map<std::string, std::string> read_free_table(toml::node const& node, std::string const& key, Place const& place) {
    std::map<std::string, std::string> values;
    auto const* table = node.as_table();
    if (table == nullptr) {
        place.wrong_type(node, key, "a table");
        return values;
    }
    for (auto const& [name, value] : *table) {
        std::string const word(name.str());
        if (auto const text = single_value(value))
            values[word] = *text;
        else if (value.is_table()) // an id with dots, written without quotes
            for (auto const& [rest, deep] : read_free_table(value, join(key, word), place))
                values[join(word, rest)] = deep;
        else
            place.wrong_type(value, join(key, word), "a text, a whole number, or true or false");
    }
    return values;
}

/// One rule with its own authority: { value = "4.00", source = "Decision of …", standing = "read", from = "2027-01-01" }.
rules::Override read_period(toml::table const& table, std::string const& id, std::string const& key, Place const& place) {
    rules::Override one{.id = id, .value = {}, .where = fmt::format("{}: {}", place.at(table), key)};
    auto const day = [&](toml::node const& node, std::string const& name) -> std::optional<rules::Day> {
        auto const text = node.value_exact<std::string>();
        if (auto const found = text ? rules::parse_day(*text) : std::nullopt) return found;
        if (auto const date = node.value_exact<toml::date>())
            return rules::Day{std::chrono::year{date->year}, std::chrono::month{date->month}, std::chrono::day{date->day}};
        place.problems.add(place.at(node), join(key, name), "wants a day, \"2027-01-01\"");
        return std::nullopt;
    };
    for (auto const& [name, node] : table) {
        std::string const word(name.str());
        auto const text = single_value(node);
        if (word == "from") one.from = day(node, word);
        else if (word == "until") one.until = day(node, word);
        else if (!text)
            place.wrong_type(node, join(key, word), "a text, a whole number, or true or false");
        else if (word == "value") one.value = *text;
        else if (word == "source") one.source = *text;
        else if (word != "standing")
            place.problems.add(place.at(node), join(key, word), advice(word, {"value", "source", "standing", "from", "until"}));
        else if (auto const standing = rules::standing_of(*text)) one.standing = *standing;
        else
            place.problems.add(place.at(node), fmt::format("{} = \"{}\"", join(key, word), *text),
                               "write one of contract, read, secondary, assumed and configured");
    }
    if (!table.contains("value")) place.problems.add(place.at(table), key, "has no \"value\"; say what the rule is to be");
    return one;
}

/// [rulebook.overrides]: values by rule id, or periods with their source, one or a list of them.
std::vector<rules::Override> read_overrides(toml::node const& node, std::string const& key, std::string const& id, Place const& place) {
    auto const* table = node.as_table();
    if (table != nullptr && !id.empty() && table->contains("value")) return {read_period(*table, id, key, place)};
    if (auto const text = single_value(node); text && !id.empty())
        return {{.id = id, .value = *text, .where = fmt::format("{}: {}", place.at(node), key)}};
    std::vector<rules::Override> all;
    auto const add = [&](std::vector<rules::Override> more) { std::ranges::move(more, std::back_inserter(all)); };
    if (auto const* list = id.empty() ? nullptr : node.as_array()) {
        for (auto const& item : *list) {
            if (auto const* period = item.as_table()) all.push_back(read_period(*period, id, key, place));
            else place.wrong_type(item, key, "{ value = …, from = …, until = … } for each period");
        }
    } else if (table != nullptr) { // the section itself, or an id with dots, written without quotes
        for (auto const& [name, value] : *table)
            add(read_overrides(value, join(key, name.str()), join(id, name.str()), place));
    } else {
        place.wrong_type(node, key, id.empty() ? "a table" : "a value, or { value = …, source = …, from = …, until = … }");
    }
    return all;
}

/// In the order of ids and periods, however the file has them.
std::vector<rules::Override> by_rule(std::vector<rules::Override> overrides) {
    std::ranges::stable_sort(overrides, {}, [](rules::Override const& one) { return std::pair(one.id, one.from); });
    return overrides;
}

/// Grounds of the product and one or two digits each.
std::map<std::string, std::string> read_blocking_codes(toml::node const& node, std::string const& key,
                                                       Place const& place) {
    std::vector<std::string> known;
    for (auto const& ground : porting::all_grounds()) known.emplace_back(ground.code);
    auto codes = read_free_table(node, key, place);
    for (auto const& [ground, wire] : codes) {
        if (!porting::ground_of(ground)) place.problems.add(place.at(node), join(key, ground), advice(ground, known));
        bool const digits =
            !wire.empty() && wire.size() <= 2 && wire.find_first_not_of("0123456789") == std::string::npos;
        if (!digits)
            place.problems.add(place.at(node), fmt::format("{} = \"{}\"", join(key, ground), wire),
                               "write one or two digits");
    }
    return codes;
}

/// One [[member]] or [[token]]: asks for its keys, then names those that nobody asked for.
class Entry {
public:
    Entry(toml::table const& table, std::string name, Place const& place)
        : table_(table), name_(std::move(name)), place_(place) {}

    std::string text(std::string_view key, bool required = false) {
        auto const* node = find(key);
        if (node == nullptr) {
            if (required) problem(key, "is missing; every one needs it");
            return {};
        }
        if (auto const value = node->value_exact<std::string>()) return *value;
        place_.wrong_type(*node, join(name_, key), "a text in quotes");
        return {};
    }

    std::vector<std::string> texts(std::string_view key) {
        auto const* node = find(key);
        if (node == nullptr) return {};
        std::vector<std::string> values;
        auto const* list = node->as_array();
        if (list == nullptr)
            place_.wrong_type(*node, join(name_, key), "a list of texts");
        else
            for (auto const& item : *list) {
                if (auto const value = item.value_exact<std::string>())
                    values.push_back(*value);
                else
                    place_.wrong_type(item, join(name_, key), "a text in quotes");
            }
        return values;
    }

    toml::node const* find(std::string_view key) {
        known_.emplace_back(key);
        return table_.get(key);
    }

    /// Does `read` and turns its ConfigFault into a problem of `key`.
    void attempt(std::string_view key, std::function<void()> const& read) {
        try {
            read();
        } catch (ConfigFault const& fault) {
            problem(key, fault.what());
        }
    }

    void problem(std::string_view key, std::string const& why) {
        auto const* node = table_.get(key);
        place_.problems.add(place_.at(node == nullptr ? static_cast<toml::node const&>(table_) : *node),
                            join(name_, key), why);
    }

    void refuse_unknown() {
        for (auto const& [key, node] : table_)
            if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
                place_.problems.add(place_.at(node), join(name_, key.str()), advice(key.str(), known_));
    }

private:
    toml::table const& table_;
    std::string name_;
    Place const& place_;
    std::vector<std::string> known_;
};

/// What only this member knows us by.
void read_our_proofs(Entry& entry, OurProofs& ours, Place const& place) {
    auto const file = [&](std::string_view key, auto const& read) {
        auto const path = entry.text(key);
        if (!path.empty()) entry.attempt(key, [&] { read(place.resolved(path)); });
    };
    ours.username = entry.text("our_username");
    file("our_secret_file", [&](std::string const& path) { ours.secret = read_secret_file(path); });
    file("our_encrypted_secret_file", [&](std::string const& path) { ours.encrypted_secret = read_text_file(path); });
    file("our_private_key_file", [&](std::string const& path) { ours.private_key_pem = read_secret_file(path); });
    file("ca_file", [&](std::string const& path) { ours.ca_file = path; });
    file("certificate_file", [&](std::string const& path) { ours.certificate_file = path; });
    file("certificate_key_file", [&](std::string const& path) { ours.certificate_key_file = path; });
}

Member read_member(toml::table const& table, Place const& place) {
    Entry entry(table, "[[member]]", place);
    Member member;
    auto const code = entry.text("code", true);
    if (!code.empty()) entry.attempt("code", [&] { member.code = parse_operator(code); });
    member.url = entry.text("url");
    if (!member.url.empty()) entry.attempt("url", [&] { expect_url(member.url); });
    member.username = entry.text("username");
    member.certificate = entry.text("certificate");
    read_our_proofs(entry, member.ours, place);
    member.zone = entry.text("zone");
    if (!member.zone.empty()) entry.attempt("zone", [&] { expect_zone(member.zone); });
    for (auto const& file : entry.texts("secret_files"))
        entry.attempt("secret_files", [&] { member.secrets.push_back(read_secret_file(place.resolved(file))); });
    for (auto const& file : entry.texts("public_key_files"))
        entry.attempt("public_key_files",
                      [&] { member.public_keys_pem.push_back(read_text_file(place.resolved(file))); });
    if (auto const* node = entry.find("blocking_codes"))
        member.codes.blocking = read_blocking_codes(*node, "[[member]].blocking_codes", place);
    if (auto const* node = entry.find("delay_codes"))
        member.codes.delay = read_free_table(*node, "[[member]].delay_codes", place);
    if (auto const* node = entry.find("error_codes"))
        member.codes.error = read_free_table(*node, "[[member]].error_codes", place);
    for (auto const& name : entry.texts("quirks")) entry.attempt("quirks", [&] { member.quirks.insert(parse_quirk(name)); });
    entry.refuse_unknown();
    return member;
}

void expect_role(Entry& entry, std::string const& role) {
    if (!role.empty() && std::find(roles.begin(), roles.end(), role) == roles.end())
        entry.problem("role", fmt::format("there is no role \"{}\"; write reader, desk, system or admin", role));
}

Certificate read_certificate(toml::table const& table, Place const& place) {
    Entry entry(table, "[[certificate]]", place);
    Certificate certificate{entry.text("name", true), entry.text("role", true), entry.text("identity", true)};
    expect_role(entry, certificate.role);
    entry.refuse_unknown();
    return certificate;
}

/// Problems never quote sha256: somebody may have put the token itself there.
Token read_token(toml::table const& table, Place const& place) {
    Entry entry(table, "[[token]]", place);
    Token token{entry.text("name", true), entry.text("role", true), entry.text("sha256", true)};
    expect_role(entry, token.role);
    std::transform(token.sha256_hex.begin(), token.sha256_hex.end(), token.sha256_hex.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    bool const hash =
        token.sha256_hex.size() == 64 && token.sha256_hex.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!token.sha256_hex.empty() && !hash)
        entry.problem("sha256",
                      "is not the SHA-256 of a token in hexadecimal; make it with: printf %s TOKEN | sha256sum");
    entry.refuse_unknown();
    return token;
}

/// Targets come from here alone, and secrets never from here.
Webhook read_webhook(toml::table const& table, Place const& place) {
    Entry entry(table, "[[webhook]]", place);
    Webhook hook;
    hook.name = entry.text("name", true);
    if (hook.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        entry.problem("name", "write small letters, digits and dashes: its place is kept under it");
    hook.url = entry.text("url", true);
    if (!hook.url.empty()) entry.attempt("url", [&] { expect_hook_url(hook.url); });
    for (auto const& file : entry.texts("secret_files"))
        entry.attempt("secret_files", [&] {
            auto key = protocol::webhook_key(read_secret_file(place.resolved(file)).reveal());
            if (!key) throw ConfigFault(file + ": " + key.refusal().text + "; " + key.refusal().next);
            hook.keys.push_back(std::move(*key));
        });
    if (hook.keys.empty() && table.get("secret_files") == nullptr)
        entry.problem("secret_files", "is missing: a receiver must know that it is us; name a file, two while one is being replaced");
    hook.types = entry.texts("types");
    entry.refuse_unknown();
    return hook;
}

template <class Item>
std::vector<Item> read_entries(toml::node const& node, std::string const& key, Place const& place,
                               Item (*read)(toml::table const&, Place const&)) {
    std::vector<Item> items;
    auto const* list = node.as_array();
    if (list == nullptr)
        place.wrong_type(node, key, fmt::format("[[{}]] once for each", key));
    else
        for (auto const& item : *list) {
            if (auto const* table = item.as_table())
                items.push_back(read(*table, place));
            else
                place.wrong_type(item, key, fmt::format("[[{}]] once for each", key));
        }
    return items;
}

void read_collection(toml::node const& node, std::string const& key, Place const& place, FileContent& content) {
    if (key == "rulebook.overrides")
        content.overrides = by_rule(read_overrides(node, key, {}, place));
    else if (key == "interchange.blocking_codes")
        content.interchange_codes.blocking = read_blocking_codes(node, key, place);
    else if (key == "interchange.delay_codes")
        content.interchange_codes.delay = read_free_table(node, key, place);
    else if (key == "interchange.error_codes")
        content.interchange_codes.error = read_free_table(node, key, place);
    else if (key == "member")
        content.members = read_entries(node, key, place, read_member);
    else if (key == "token")
        content.tokens = read_entries(node, key, place, read_token);
    else if (key == "webhook")
        content.webhooks = read_entries(node, key, place, read_webhook);
    else
        content.certificates = read_entries(node, key, place, read_certificate);
}

void read_value(toml::node const& node, Key const& key, Place const& place, FileContent& content) {
    std::string const path(key.path);
    std::optional<std::string> value;
    if (key.kind == Kind::secret) {
        auto const file_key = fmt::format("{}_file", path);
        place.problems.add(
            place.at(node), path,
            fmt::format("a secret may not stand in this file; put it in a file of its own and say {} = \"…\"",
                        file_key));
        return;
    }
    if (key.kind == Kind::integer) {
        if (auto const number = node.value_exact<std::int64_t>()) value = std::to_string(*number);
    } else if (key.kind == Kind::boolean) {
        if (auto const truth = node.value_exact<bool>()) value = *truth ? "true" : "false";
    } else if (auto const text = node.value_exact<std::string>()) {
        value = key.kind == Kind::path ? place.resolved(*text) : *text;
    }
    if (value)
        content.values[path] = {*value, place.at(node)};
    else if (path == "operator")
        place.problems.add(place.at(node), path,
                           "wants our own code as a text in quotes; counterparts are written as [[member]]");
    else
        place.wrong_type(node, path, word_for(key.kind));
}

void read_table(toml::table const& table, std::string const& path, Place const& place, FileContent& content) {
    for (auto const& [name, node] : table) {
        auto const key = join(path, name.str());
        bool const section = !known_under(key).empty();
        if (auto const* known = find_key(key))
            read_value(node, *known, place, content);
        else if (std::find(collections.begin(), collections.end(), key) != collections.end())
            read_collection(node, key, place, content);
        else if (section && node.is_table())
            read_table(*node.as_table(), key, place, content);
        else if (section)
            place.wrong_type(node, key, fmt::format("a table: [{}]", key));
        else
            place.problems.add(place.at(node), key, advice(name.str(), known_under(path)));
    }
}

} // namespace

FileContent read_config_file(std::string const& path, Problems& problems) {
    auto const text = read_text_file(path);
    Place const place{path, std::filesystem::path(path).parent_path(), problems};
    FileContent content;
    try {
        read_table(toml::parse(text, path), "", place, content);
    } catch (toml::parse_error const& error) {
        throw ConfigFault(
            fmt::format("{}:{}: this is not TOML: {}", path, error.source().begin.line, error.description()));
    }
    return content;
}

} // namespace npod::daemon
