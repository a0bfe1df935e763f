#include "cli/law.hpp"

#include "cli/changes.hpp"
#include "cli/lookup.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>

namespace npod::cli {

namespace {

using Overrides = std::map<std::string, std::string>;

/// A rulebook as a configuration names it.
struct Law {
    std::string name = "be";
    Overrides overrides;
};

/// The configured ones among the rules of a list, as the daemon and `npctl rule list -o json` give it.
Law law_of(json::array const& rules) {
    Law law;
    for (auto const& rule : rules) {
        auto const id = text_in(rule, "id");
        if (!id.starts_with("npod.")) law.name = id.substr(0, id.find('.'));
        if (text_in(rule, "standing") == "configured") law.overrides[id] = text_in(rule, "value");
    }
    return law;
}

/// {"be.execute.within": "2", …}, or a list of rules. `name`: the book of the former.
Law law_in(Session& session, std::string const& path, std::string const& name) {
    auto const file = read_json(session, path);
    if (auto const& rules = list_in(file, "items"); !rules.empty()) return law_of(rules);
    Law law{name, {}};
    for (auto const& [id, value] : file) {
        bool const plain = value.is_string() || value.is_int64() || value.is_bool();
        if (!plain)
            throw Stop(Exit::usage, fmt::format("{}: {} is no text, whole number, true or false.\n  next:  write "
                                                "{{\"ID\": \"VALUE\"}}, amounts in quotes: \"3.00\".",
                                                path == "-" ? "Standard input" : path, std::string_view(id)));
        law.overrides[id] = value.is_bool() ? (value.get_bool() ? "true" : "false") : text_of(value);
    }
    return law;
}

/// What the daemon has: its book by name, with what its operator configured.
Law law_of_daemon(Session& session) {
    auto const status = get_object(session, "/v1/status");
    auto const law = law_of(list_in(get_object(session, "/v1/rules"), "items"));
    if (rules::Rulebook::shipped(law.name, law.overrides).version() != text_in(status, "rulebook/version"))
        session.say("The daemon's rules are not those shipped with this npctl: compare with the npctl of its version.");
    return law;
}

std::pair<std::string, std::string> setting(std::string const& text) {
    auto const equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        throw Stop(Exit::usage, fmt::format("--set cannot be \"{}\".\n  next:  write ID=VALUE, be.execute.within=2.",
                                            text.substr(0, 64)));
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Law law_before(Session& session, Arguments const& arguments) {
    auto const name = arguments.has("--rulebook") ? arguments.text("--rulebook") : std::string("be");
    if (arguments.has("--in-force")) return law_in(session, arguments.text("--in-force"), name);
    if (arguments.has("--rulebook")) return {name, {}};
    if (session.options().url_given && session.options().db.empty()) return law_of_daemon(session);
    return {};
}

/// Starts from the law in force: what is not named stays.
Law law_after(Session& session, Arguments const& arguments, Law const& before) {
    if (!arguments.has("--to") && !arguments.has("--set") && !arguments.has("--config-overrides"))
        throw Stop(Exit::usage, "What shall the rules be compared with?\n  next:  change one with --set ID=VALUE, name "
                                "a file with --config-overrides FILE, or another rulebook with --to nl.");
    Law after = before;
    if (arguments.has("--config-overrides")) after = law_in(session, arguments.text("--config-overrides"), before.name);
    if (arguments.has("--to") && arguments.text("--to") != after.name) after = {arguments.text("--to"), {}};
    for (auto const& text : arguments.texts("--set")) {
        auto const [id, value] = setting(text);
        after.overrides[id] = value;
    }
    return after;
}

} // namespace

Flag const rulebook_flag{"--rulebook", "NAME", "be or nl, as shipped"};

std::vector<Flag> const& book_flags() {
    static std::vector<Flag> const flags{
        rulebook_flag,
        {"--in-force", "FILE",
         "the law now: JSON {\"ID\": \"VALUE\"}, or what npctl rule list -o json printed; else the daemon's at --url, "
         "else as shipped"},
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
    auto const before = law_before(session, arguments);
    auto const after = law_after(session, arguments, before);
    return {rules::Rulebook::shipped(before.name, before.overrides),
            rules::Rulebook::shipped(after.name, after.overrides)};
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
