/// Completion for shells: three short scripts that ask npctl itself what may come next.

#include "cli/completion.hpp"
#include "cli/session.hpp"
#include "rules/rulebook.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

/// Bash breaks words at "=" and ":"; what it broke is put together again, and the answer taken apart as bash expects it.
constexpr auto bash_script = R"(# bash completion for npctl; made by: npctl completion bash
_npctl() {
    local IFS=$'\n' words=() word glue= head i
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ ${#words[@]} -gt 0 && ($glue || $word == [=:]*) ]]; then words[-1]+=$word; else words+=("$word"); fi
        if [[ $word == [=:]* ]]; then glue=1; else glue=; fi
    done
    word=${words[-1]}
    unset 'words[-1]'
    head=
    [[ $word != *[=:]* ]] || head=${word%"${word##*[=:]}"}
    COMPREPLY=($(npctl completion words -- "${words[@]}" ".$word" 2>/dev/null))
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
    COMPREPLY=("${COMPREPLY[@]#"$head"}")
}
complete -o default -F _npctl npctl
)";

constexpr auto zsh_script = R"(#compdef npctl
# zsh completion for npctl; made by: npctl completion zsh
_npctl() {
    local -a found
    found=("${(@f)$(npctl completion words -- "${(@)words[2,CURRENT-1]}" ".${words[CURRENT]}" 2>/dev/null)}")
    if [[ -n $found[1] ]]; then compadd -- "${found[@]}"; else _files; fi
}
if [[ $funcstack[1] == _npctl ]]; then _npctl "$@"; else compdef _npctl npctl; fi
)";

constexpr auto fish_script = R"(# fish completion for npctl; made by: npctl completion fish
function __npctl_words
    set -l typed (commandline -opc)
    set -e typed[1]
    npctl completion words -- $typed .(commandline -ct) 2>/dev/null
end
complete -c npctl -n 'count (__npctl_words) >/dev/null' -f -a '(__npctl_words)'
complete -c npctl -n 'not count (__npctl_words) >/dev/null' -F
)";

/// Ids of one kind from the daemon or file that the typed flags name; who completes wants no error texts.
std::vector<std::string> live_ids(Session const& here, std::string_view kind, Options const& typed) {
    std::vector<std::string> ids;
    if (kind == "rule") {
        auto const book = rules::Rulebook::shipped("be");
        for (auto const& rule : book.all())
            if (ids.empty() || ids.back() != rule.id) ids.emplace_back(rule.id);
        return ids;
    }
    auto options = here.options();
    options.limit = 200;
    if (typed.url_given) options.url = typed.url, options.url_given = true;
    if (!typed.db.empty()) options.db = typed.db;
    if (!typed.token.empty()) options.token = typed.token;
    bool const about_ports = kind == "port" || kind == "order" || kind == "dossier" || kind == "number";
    auto const target = about_ports ? std::string("/v1/ports?open=true") : fmt::format("/v1/{}s", kind);
    auto const member = kind == "order" ? "order_id" : kind == "dossier" ? "dossier" : kind == "number" ? "numbers" : kind == "operator" ? "code" : "id";
    auto session = here.beside(options);
    for (auto const& item : session.list(target).items) {
        auto id = text_in(item, member);
        if (kind == "number") id = id.substr(0, id.find_first_of(". ,"));
        ids.push_back(std::move(id));
    }
    return ids;
}

Exit words(Session& session, Arguments const& arguments) {
    auto before = arguments.texts("WORD");
    if (before.empty() || !before.back().starts_with('.'))
        throw Stop(Exit::usage, "The last word, the one being typed, has a dot before it.\n  next:  npctl completion words -- port .sh");
    auto const current = before.back().substr(1);
    before.pop_back();
    auto const ids = [&](std::string_view kind, Options const& typed) -> std::vector<std::string> {
        try {
            return live_ids(session, kind, typed);
        } catch (std::exception const&) {
            return {}; // nobody answers, or not to us: what can be said without ids is said
        }
    };
    std::string out;
    for (auto const& word : words_that_fit(before, current, ids)) out += word + "\n";
    session.print(out);
    return Exit::ok;
}

Exit bash(Session& session, Arguments const&) {
    session.print(bash_script);
    return Exit::ok;
}
Exit zsh(Session& session, Arguments const&) {
    session.print(zsh_script);
    return Exit::ok;
}
Exit fish(Session& session, Arguments const&) {
    session.print(fish_script);
    return Exit::ok;
}

} // namespace

std::vector<Verb> completion_verbs() {
    return {{"completion", "bash", "Prints the completion for bash: source <(npctl completion bash).", {}, {}, Does::tell, bash},
            {"completion", "zsh", "Prints the completion for zsh: a file _npctl on its fpath.", {}, {}, Does::tell, zsh},
            {"completion", "fish", "Prints the completion for fish: npctl completion fish | source.", {}, {}, Does::tell, fish},
            {"completion",
             "words",
             "Prints what may come next; the three ask this. The word being typed comes last, with a dot before it.",
             {{"[WORD...]", "the words behind npctl, after a --"}},
             {},
             Does::tell,
             words}};
}

} // namespace npod::cli
