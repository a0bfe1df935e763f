/// Manual pages, made from the same tables as the help: npctl(1) and one page per noun.

#include "base/roff.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

namespace {

struct ExitMeaning {
    Exit exit;
    std::string_view meaning;
};
constexpr ExitMeaning exits[] = {
    {Exit::ok, "done"},
    {Exit::failure, "failure"},
    {Exit::usage, "the command makes no sense"},
    {Exit::not_found, "there is no such thing"},
    {Exit::not_allowed, "not allowed"},
    {Exit::wait_timed_out, "the wait timed out"},
    {Exit::conflict, "conflict, or not possible in its present state"},
    {Exit::unreachable, "no daemon, or one that cannot answer now"},
    {Exit::pending, "asked once, and it has not happened yet"},
    {Exit::findings, "findings present"},
};

std::vector<std::string_view> nouns() {
    std::vector<std::string_view> names;
    for (auto const& verb : all_verbs())
        if (std::find(names.begin(), names.end(), verb.noun) == names.end()) names.push_back(verb.noun);
    return names;
}

void add_flags(ManualPage& page, std::vector<Flag> const& flags) {
    for (auto const& flag : flags)
        page.item(fmt::format("{}{}{}{}{}", flag.letter, flag.letter.empty() ? "" : ", ", flag.name,
                              flag.value.empty() ? "" : " ", flag.value),
                  fmt::format("{}{}{}.", flag.help, flag.required ? " (required)" : "",
                              flag.repeats ? " (may be repeated)" : ""));
}

std::string overview() {
    ManualPage page("npctl", 1, "look at and move number portability, from the command line");
    page.heading("Synopsis").paragraph("npctl NOUN VERB [ID|E164|ORDER] [flags]");
    page.heading("Description")
        .paragraph("Talks to the number portability daemon npod(8), or reads its database file without one (--db). Data "
                   "goes to standard output, talk to standard error; off a terminal everything is plain.");
    page.heading("Nouns");
    for (auto const noun : nouns()) {
        std::string verbs;
        for (auto const& verb : all_verbs())
            if (verb.noun == noun && !verb.name.empty()) verbs += (verbs.empty() ? "" : ", ") + std::string(verb.name);
        page.item(noun, verbs.empty() ? "see npctl-" + std::string(noun) + "(1)" : verbs);
    }
    page.heading("Flags of every command");
    add_flags(page, global_flags());
    page.heading("Exit status");
    for (auto const& [exit, meaning] : exits) page.item(std::to_string(static_cast<int>(exit)), meaning);
    page.heading("Environment")
        .item("NPCTL_URL", "the daemon, when --url is not given")
        .item("NPCTL_SOCKET", "the socket of this machine's daemon, when neither is given; /run/npod/npod.sock when not told")
        .item("NPCTL_TOKEN", "who you are, when --token is not given")
        .item("NPCTL_LANG", "en, nl or fr, when --lang is not given")
        .item("NO_COLOR", "set: no colours");
    page.heading("Examples")
        .example("npctl status +3225501100\nnpctl port list\nnpctl port why PI-000010\n"
                 "npctl calendar add 2026-04-03T16:59+02:00 1wd\nnpctl --db npod.db daemon verify");
    page.heading("See also").paragraph("npctl-NOUN(1) for each noun, npod(8), npod.toml(5)");
    return page.text();
}

std::string page_of(std::string_view noun) {
    ManualPage page(fmt::format("npctl-{}", noun), 1, fmt::format("{}, from the command line", noun));
    for (auto const& verb : all_verbs()) {
        if (verb.noun != noun) continue;
        auto usage = fmt::format("npctl {}{}{}", noun, verb.name.empty() ? "" : " ", verb.name);
        for (auto const& operand : verb.operands) usage += fmt::format(" {}", operand.name);
        page.heading(usage).paragraph(verb.summary);
        for (auto const& operand : verb.operands) page.item(operand.name, fmt::format("{}.", operand.help));
        add_flags(page, flags_of(verb));
    }
    page.heading("See also").paragraph("npctl(1) has the flags and exit codes of every command.");
    return page.text();
}

Exit print_manual(Session& session, Arguments const& arguments) {
    auto const noun = arguments.text("NOUN");
    auto const known = nouns();
    if (noun.empty()) {
        session.print(overview());
    } else if (std::find(known.begin(), known.end(), noun) != known.end()) {
        session.print(page_of(noun));
    } else {
        throw Stop(Exit::usage, fmt::format("There is no noun \"{}\".\n  next:  choose one of {}.", noun.substr(0, 64),
                                            fmt::join(known, ", ")));
    }
    return Exit::ok;
}

} // namespace

std::vector<Verb> manual_verbs() {
    return {{"manual",
             "page",
             "Prints a manual page: npctl manual page port | man -l -.",
             {{"[NOUN]", "whose page; nothing: the overview"}},
             {},
             Does::tell,
             print_manual}};
}

} // namespace npod::cli
