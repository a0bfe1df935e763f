/// Completion for shells, made from the same tables as everything else.

#include "cli/session.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

namespace {

/// Verbs of each noun, in order.
std::vector<std::pair<std::string, std::string>> nouns_with_verbs() {
    std::vector<std::pair<std::string, std::string>> nouns;
    for (auto const& verb : all_verbs()) {
        auto found =
            std::find_if(nouns.begin(), nouns.end(), [&](auto const& noun) { return noun.first == verb.noun; });
        if (found == nouns.end()) found = nouns.insert(nouns.end(), {std::string(verb.noun), {}});
        found->second += (found->second.empty() ? "" : " ") + std::string(verb.name);
    }
    return nouns;
}

std::string flags_text(Verb const& verb) {
    std::string out;
    auto flags = flags_of(verb);
    flags.insert(flags.end(), global_flags().begin(), global_flags().end());
    for (auto const& flag : flags) out += (out.empty() ? "" : " ") + std::string(flag.name);
    return out;
}

/// The command that lists ids of a noun, if one does.
std::string ids_command(std::string_view noun) {
    if (noun == "port" || noun == "status") return "npctl port list -o name --limit 200 2>/dev/null";
    if (noun == "claim") return "npctl claim list -o name --limit 200 2>/dev/null";
    if (noun == "rule") return "npctl rule list -o name 2>/dev/null";
    if (noun == "machine") return "npctl machine list -o name 2>/dev/null";
    if (noun == "report") return "npctl report list -o name 2>/dev/null";
    if (noun == "operator") return "npctl operator list -o name 2>/dev/null";
    return {};
}

std::string bash_script() {
    std::string nouns, verbs, flags, ids, alone;
    for (auto const& [noun, names] : nouns_with_verbs()) {
        nouns += (nouns.empty() ? "" : " ") + noun;
        if (stands_alone(noun)) alone += (alone.empty() ? "" : "|") + noun;
        if (names.empty() || stands_alone(noun)) continue;
        verbs += fmt::format("        {}) words='{}' ;;\n", noun, names);
    }
    for (auto const& verb : all_verbs())
        flags += fmt::format("        '{} {}') words='{}' ;;\n", verb.noun, verb.name, flags_text(verb));
    for (auto const& [noun, names] : nouns_with_verbs())
        if (auto const command = ids_command(noun); !command.empty())
            ids += fmt::format("        {}) words=$({}) ;;\n", noun, command);
    return fmt::format(R"(# bash completion for npctl; made by: npctl completion bash
_npctl() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} noun=${{COMP_WORDS[1]}} verb=${{COMP_WORDS[2]}} words=
    local alone=
    case "$noun" in {}) alone=1 verb= ;; esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='{}'
    elif [ "${{current#-}}" != "$current" ]; then
        case "$noun $verb" in
{}        esac
    elif [ "$COMP_CWORD" -eq 2 ] && [ -z "$alone" ]; then
        case "$noun" in
{}        esac
    else
        case "$noun" in
{}        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _npctl npctl
)",
                       alone, nouns, flags, verbs, ids);
}

std::string fish_script() {
    std::string out = "# fish completion for npctl; made by: npctl completion fish\n";
    std::string nouns;
    for (auto const& [noun, names] : nouns_with_verbs()) nouns += (nouns.empty() ? "" : " ") + noun;
    out += fmt::format("complete -c npctl -f -n '__fish_use_subcommand' -a '{}'\n", nouns);
    for (auto const& [noun, names] : nouns_with_verbs()) {
        if (!names.empty() && !stands_alone(noun))
            out += fmt::format("complete -c npctl -f -n '__fish_seen_subcommand_from {}; and not "
                               "__fish_seen_subcommand_from {}' -a '{}'\n",
                               noun, names, names);
        if (auto const command = ids_command(noun); !command.empty())
            out += fmt::format("complete -c npctl -f -n '__fish_seen_subcommand_from {} {}' -a '({})'\n", noun, names,
                               command);
    }
    for (auto const& flag : global_flags())
        out += fmt::format("complete -c npctl -l {} -d '{}'{}\n", flag.name.substr(2), flag.help,
                           flag.value.empty() ? "" : " -r");
    return out;
}

Exit bash(Session& session, Arguments const&) {
    session.print(bash_script());
    return Exit::ok;
}
/// zsh reads bash's completion.
Exit zsh(Session& session, Arguments const&) {
    session.print("#compdef npctl\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script());
    return Exit::ok;
}
Exit fish(Session& session, Arguments const&) {
    session.print(fish_script());
    return Exit::ok;
}

} // namespace

std::vector<Verb> completion_verbs() {
    return {{"completion",
             "bash",
             "Prints the completion for bash: source <(npctl completion bash).",
             {},
             {},
             Does::read,
             bash},
            {"completion", "zsh", "Prints the completion for zsh.", {}, {}, Does::read, zsh},
            {"completion", "fish", "Prints the completion for fish.", {}, {}, Does::read, fish}};
}

} // namespace npod::cli
