#include "cli/law.hpp"

#include "cli/changes.hpp"
#include "cli/lookup.hpp"
#include "rules/overrides.hpp"
#include "storage/laws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace npod::cli {

namespace {

using Overrides = std::map<std::string, std::string>;

/// The rules of a list, as the daemon and `npctl rule list -o json` give it; what a list does not tell is as shipped.
rules::Rulebook book_of(json::array const& items) {
    std::string name = "be";
    for (auto const& item : items)
        if (auto const id = text_in(item, "id"); !id.starts_with("npod.")) name = id.substr(0, id.find('.'));
    auto const shipped = rules::Rulebook::shipped(name);
    std::vector<rules::Rule> rules;
    for (auto const& item : items) {
        auto const known = std::ranges::find(shipped.all(), text_in(item, "id"), &rules::Rule::id);
        auto const standing = rules::standing_of(text_in(item, "standing"));
        if (known == shipped.all().end() || !standing)
            throw Stop(Exit::usage, fmt::format("This npctl knows no rule {} with standing \"{}\".\n  next:  use the npctl "
                                                "of the npod that wrote the list.",
                                                text_in(item, "id"), text_in(item, "standing")));
        auto& rule = rules.emplace_back(*known);
        rule.value = text_in(item, "value");
        rule.standing = *standing;
        rule.source = text_in(item, "source");
        rule.valid_from = rules::parse_day(text_in(item, "valid_from"));
        rule.valid_until = rules::parse_day(text_in(item, "valid_until"));
    }
    return rules::Rulebook::made_of(name, std::move(rules));
}

/// {"be.execute.within": "2", …} for the book of that name, or a list of rules.
rules::Rulebook book_in(Session& session, std::string const& path, std::string const& name) {
    auto const file = read_json(session, path);
    if (auto const& rules = list_in(file, "items"); !rules.empty()) return book_of(rules);
    Overrides overrides;
    for (auto const& [id, value] : file) {
        bool const plain = value.is_string() || value.is_int64() || value.is_bool();
        if (!plain)
            throw Stop(Exit::usage, fmt::format("{}: {} is no text, whole number, true or false.\n  next:  write "
                                                "{{\"ID\": \"VALUE\"}}, amounts in quotes: \"3.00\".",
                                                path == "-" ? "Standard input" : path, std::string_view(id)));
        overrides[id] = value.is_bool() ? (value.get_bool() ? "true" : "false") : text_of(value);
    }
    return rules::Rulebook::shipped(name, overrides);
}

rules::Rulebook book_of_daemon(Session& session) {
    auto const status = get_object(session, "/v1/status");
    auto book = book_of(list_in(get_object(session, "/v1/rules"), "items"));
    if (book.version() != text_in(status, "rulebook/version"))
        session.say("The daemon's rules are not those shipped with this npctl: compare with the npctl of its version.");
    return book;
}

/// The law in force in a database file.
rules::Rulebook book_of_file(std::string const& path) {
    auto const shipped = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
    return storage::laws_in(storage::Reader(path), shipped).in_force();
}

std::pair<std::string, std::string> setting(std::string const& text) {
    auto const equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        throw Stop(Exit::usage, fmt::format("--set cannot be \"{}\".\n  next:  write ID=VALUE, be.execute.within=2.",
                                            text.substr(0, 64)));
    return {text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace

rules::Rulebook book_in_use(Session& session, Arguments const& arguments) {
    auto const name = arguments.has("--rulebook") ? arguments.text("--rulebook") : std::string("be");
    if (arguments.has("--in-force")) return book_in(session, arguments.text("--in-force"), name);
    if (arguments.has("--rulebook")) return rules::Rulebook::shipped(name);
    if (!session.options().db.empty()) return book_of_file(session.options().db);
    if (session.options().url_given) return book_of_daemon(session);
    return rules::Rulebook::shipped(name);
}

namespace {

/// Starts from the law in force: what is not named stays.
rules::Rulebook book_after(Session& session, Arguments const& arguments, rules::Rulebook const& before) {
    if (!arguments.has("--to") && !arguments.has("--set") && !arguments.has("--config-overrides"))
        throw Stop(Exit::usage, "What shall the rules be compared with?\n  next:  change one with --set ID=VALUE, name "
                                "a file with --config-overrides FILE, or another rulebook with --to nl.");
    auto after = before;
    if (arguments.has("--config-overrides")) after = book_in(session, arguments.text("--config-overrides"), before.name());
    if (arguments.has("--to") && arguments.text("--to") != after.name())
        after = rules::Rulebook::shipped(arguments.text("--to"));
    Overrides set;
    for (auto const& text : arguments.texts("--set")) set.insert_or_assign(setting(text).first, setting(text).second);
    return set.empty() ? after : rules::Rulebook::made_of(after.name(), after.all(), set);
}

} // namespace

Flag const rulebook_flag{"--rulebook", "NAME", "be or nl, as shipped"};

std::vector<Flag> const& book_flags() {
    static std::vector<Flag> const flags{
        rulebook_flag,
        {"--in-force", "FILE",
         "the law now: JSON {\"ID\": \"VALUE\"}, or what npctl rule list -o json printed; else that of --db or of the "
         "daemon at --url, else as shipped"},
        {"--to", "NAME", "compared with that shipped rulebook: be or nl"},
        {"--config-overrides", "FILE", "compared with the overrides in this file, written as for --in-force"},
        {"--set", "ID=VALUE", "with this rule changed: be.execute.within=2", false, true},
    };
    return flags;
}

bool asks_daemon(Session const& session, Arguments const& arguments) {
    return (session.options().url_given || !session.options().db.empty()) && !arguments.has("--rulebook");
}

rules::Rulebook shipped_book(Arguments const& arguments) {
    return rules::Rulebook::shipped(arguments.has("--rulebook") ? arguments.text("--rulebook") : "be");
}

TwoBooks books_of(Session& session, Arguments const& arguments) {
    auto before = book_in_use(session, arguments);
    auto after = book_after(session, arguments, before);
    return {std::move(before), std::move(after)};
}

std::pair<std::chrono::year, std::chrono::year> years_of(std::string const& text) {
    auto const dots = text.find("..");
    auto const first_text = text.substr(0, dots);
    auto const last_text = dots == std::string::npos ? first_text : text.substr(dots + 2);
    auto const read = [](std::string const& word) -> std::optional<int> {
        int year = 0;
        auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), year);
        bool const in_table =
            year >= static_cast<int>(rules::calendar_first_year) && year <= static_cast<int>(rules::calendar_last_year);
        if (error != std::errc{} || end != word.data() + word.size() || !in_table) return std::nullopt;
        return year;
    };
    auto const first = read(first_text), last = read(last_text);
    if (!first || !last || *last < *first)
        throw Stop(Exit::usage, fmt::format("\"{}\" is no year of the calendar.\n  next:  give one from {} to {}, or "
                                            "two: 2026..2028.",
                                            text.substr(0, 20), static_cast<int>(rules::calendar_first_year),
                                            static_cast<int>(rules::calendar_last_year)));
    return {std::chrono::year{*first}, std::chrono::year{*last}};
}

} // namespace npod::cli
