/// The only file that sees CLI11: the tables of command.hpp become its options, for one verb at a time.

#include "cli/options.hpp"

#include "cli/text.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <list>

namespace npod::cli {

namespace {

bool is_flag(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

Flag const* find_flag(std::vector<Flag> const& flags, std::string_view word) {
    auto const name = word.substr(0, word.find('='));
    auto const found = std::find_if(flags.begin(), flags.end(), [&](Flag const& flag) {
        return flag.name == name || (!flag.letter.empty() && word.starts_with(flag.letter) && !word.starts_with("--"));
    });
    return found == flags.end() ? nullptr : &*found;
}

/// Noun and verb are the first two words that are neither flags nor values of flags that every command takes.
struct Command {
    std::string noun, verb;
    std::vector<std::string> rest; ///< everything else, in order
    bool help = false, version = false;
};

Command split(std::vector<std::string> const& words) {
    Command command;
    bool only_operands = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const& word = words[i];
        if (!only_operands && (word == "--help" || word == "-h")) {
            command.help = true;
        } else if (!only_operands && word == "--version") {
            command.version = true;
        } else if (!only_operands && is_flag(word)) {
            only_operands = word == "--";
            command.rest.push_back(word);
            auto const* flag = find_flag(global_flags(), word);
            bool const value_follows = flag && !flag->value.empty() && (word == flag->name || word == flag->letter);
            if (value_follows && i + 1 < words.size()) command.rest.push_back(words[++i]);
        } else if (command.noun.empty()) {
            command.noun = word;
        } else if (command.verb.empty() && !stands_alone(command.noun)) {
            command.verb = word;
        } else {
            command.rest.push_back(word);
        }
    }
    return command;
}

void refuse_unknown_flags(std::vector<std::string> const& words, std::vector<Flag> const& flags, Verb const& verb) {
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        if (!is_flag(words[i])) continue;
        if (auto const* flag = find_flag(flags, words[i])) {
            bool const value_follows = !flag->value.empty() && (words[i] == flag->name || words[i] == flag->letter);
            if (value_follows) ++i; // what follows is its value, whatever it looks like
            continue;
        }
        std::vector<std::string_view> known;
        for (auto const& flag : flags) known.push_back(flag.name);
        auto const near = closest(words[i], known);
        throw Stop(Exit::usage,
                   fmt::format("{} {} has no flag \"{}\".{}\n  next:  npctl {} {} --help shows all.", verb.noun,
                               verb.name, words[i].substr(0, 64),
                               near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near), verb.noun, verb.name));
    }
}

/// Reads the words with CLI11. Its own texts name what is missing or too many.
Arguments read_words(std::vector<std::string> words, Verb const& verb, std::vector<Flag> const& flags) {
    CLI::App app{std::string(verb.summary)};
    app.set_help_flag();
    app.prefix_command(false);
    // Lists, because CLI11 keeps references to what it fills.
    std::list<std::pair<std::string, std::vector<std::string>>> values;
    for (auto const& operand : verb.operands) {
        auto& [name, texts] = values.emplace_back(operand.key(), std::vector<std::string>{});
        app.add_option(name, texts, std::string(operand.help))
            ->required(!operand.optional())
            ->expected(1, operand.repeats() ? 1'000 : 1)
            ->allow_extra_args(operand.repeats()); // else the first operand takes the words of the next ones
    }
    for (auto const& flag : flags) {
        auto const names = flag.letter.empty() ? std::string(flag.name) : fmt::format("{},{}", flag.letter, flag.name);
        auto& [name, texts] = values.emplace_back(std::string(flag.name), std::vector<std::string>{});
        if (flag.value.empty()) {
            app.add_flag_callback(
                names, [&texts = texts] { texts.emplace_back("yes"); }, std::string(flag.help));
            continue;
        }
        auto* option = app.add_option(names, texts, std::string(flag.help))->required(flag.required);
        option->expected(1)->allow_extra_args(false);
        option->multi_option_policy(flag.repeats ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::Throw);
        if (flag.repeats) option->expected(1, 1'000);
        if (flag.repeats) option->allow_extra_args(false);
    }
    std::reverse(words.begin(), words.end()); // as CLI11 wants them
    try {
        app.parse(words);
    } catch (CLI::ParseError const& error) {
        throw Stop(Exit::usage, fmt::format("{} {}: {}.\n  next:  npctl {} {} --help shows how it is called.",
                                            verb.noun, verb.name, error.what(), verb.noun, verb.name));
    }
    Arguments arguments;
    for (auto const& [name, texts] : values)
        for (auto const& text : texts)
            if (!text.empty() || name.starts_with("--")) arguments.add(name, text);
    return arguments;
}

template <class Value, std::size_t size>
Value choice(Arguments const& arguments, std::string_view flag,
             std::array<std::pair<std::string_view, Value>, size> const& known, Value otherwise) {
    if (!arguments.has(flag)) return otherwise;
    auto const word = arguments.text(flag);
    std::vector<std::string_view> names;
    for (auto const& [name, value] : known) {
        if (name == word) return value;
        names.push_back(name);
    }
    auto const near = closest(word, names);
    throw Stop(Exit::usage,
               fmt::format("{} cannot be \"{}\".{}\n  next:  choose one of {}.", flag, word.substr(0, 64),
                           near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near), fmt::join(names, ", ")));
}

std::optional<std::int64_t> whole_number(Arguments const& arguments, std::string_view flag, std::int64_t least,
                                         std::int64_t most) {
    if (!arguments.has(flag)) return std::nullopt;
    auto const text = arguments.text(flag);
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most) return value;
    throw Stop(Exit::usage, fmt::format("{} cannot be \"{}\".\n  next:  give a whole number from {} to {}.", flag,
                                        text.substr(0, 64), least, most));
}

std::string from_environment(Environment const& environment, std::string_view name) {
    auto const found = environment.find(name);
    return found == environment.end() ? std::string{} : found->second;
}

/// --lang, else NPCTL_LANG. What the system's LANG says does not count: scripts would change their words with it.
void add_language(Options& options, Arguments const& arguments, Environment const& environment) {
    auto const text = arguments.has("--lang") ? arguments.text("--lang") : from_environment(environment, "NPCTL_LANG");
    if (text.empty()) return;
    auto const language = language_of(text);
    if (!language)
        throw Stop(Exit::usage, fmt::format("{} cannot be \"{}\".\n  next:  choose one of en, nl, fr.",
                                            arguments.has("--lang") ? "--lang" : "NPCTL_LANG", text.substr(0, 64)));
    options.language = *language;
    options.language_given = true;
}

Options options_of(Arguments const& arguments, Environment const& environment) {
    using namespace std::string_view_literals;
    static constexpr std::array outputs{std::pair{"table"sv, Output::table},     std::pair{"wide"sv, Output::wide},
                                        std::pair{"json"sv, Output::json},       std::pair{"jsonl"sv, Output::jsonl},
                                        std::pair{"csv"sv, Output::csv},         std::pair{"name"sv, Output::name},
                                        std::pair{"mermaid"sv, Output::mermaid}, std::pair{"dot"sv, Output::dot},
                                        std::pair{"svg"sv, Output::svg}};
    static constexpr std::array styles{std::pair{"local"sv, TimeStyle::local}, std::pair{"utc"sv, TimeStyle::utc},
                                       std::pair{"relative"sv, TimeStyle::relative}};
    constexpr std::int64_t limit_max = 1'000'000;
    Options options;
    options.output = choice(arguments, "--output", outputs, Output::table);
    options.time = choice(arguments, "--time", styles, TimeStyle::local);
    auto url = arguments.has("--url") ? arguments.text("--url") : from_environment(environment, "NPCTL_URL");
    options.url_given = !url.empty();
    if (options.url_given) options.url = std::move(url);
    else if (auto const socket = from_environment(environment, "NPCTL_SOCKET"); !socket.empty()) options.url = "unix:" + socket;
    options.token = arguments.has("--token") ? arguments.text("--token") : from_environment(environment, "NPCTL_TOKEN");
    options.db = arguments.text("--db");
    options.as_of = arguments.moment("--as-of").value_or("");
    add_language(options, arguments, environment);
    options.limit = whole_number(arguments, "--limit", 1, limit_max).value_or(options.limit);
    options.all = arguments.has("--all");
    options.watch = arguments.has("--watch");
    static constexpr std::array reasons_to_fail{std::pair{"any"sv, "any"sv}, std::pair{"none"sv, "none"sv},
                                                std::pair{"late"sv, "late"sv}, std::pair{"trouble"sv, "trouble"sv}};
    options.fail_on = choice(arguments, "--fail-on", reasons_to_fail, ""sv);
    options.key = arguments.text("--key");
    options.if_version = whole_number(arguments, "--if-version", 0, INT64_MAX);
    options.dry_run = arguments.has("--dry-run");
    options.yes = arguments.has("--yes");
    if (!options.db.empty() && arguments.has("--url"))
        throw Stop(Exit::usage, "--db and --url exclude each other.\n  next:  name either a file or a daemon.");
    return options;
}

} // namespace

Invocation parse(std::vector<std::string> const& words, Environment const& environment) {
    auto command = split(words);
    Invocation invocation;
    if (command.version) {
        invocation.help = fmt::format("npctl {}\n", program_version);
        return invocation;
    }
    if (command.help || command.noun == "help") {
        if (command.noun == "help") {
            command.noun = std::exchange(command.verb, command.rest.empty() ? std::string{} : command.rest.front());
        }
        invocation.help = help_on(command.noun, command.verb);
        return invocation;
    }
    if (command.noun.empty())
        throw Stop(Exit::usage,
                   "What shall be done?\n  next:  npctl --help shows all; npctl status KEY finds anything by any key.");
    auto const& verb = find_verb(command.noun, command.verb);
    auto flags = flags_of(verb);
    flags.insert(flags.end(), global_flags().begin(), global_flags().end());
    refuse_unknown_flags(command.rest, flags, verb);
    invocation.verb = &verb;
    invocation.arguments = read_words(std::move(command.rest), verb, flags);
    invocation.options = options_of(invocation.arguments, environment);
    return invocation;
}

} // namespace npod::cli
