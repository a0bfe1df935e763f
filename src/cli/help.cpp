#include "cli/options.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/topics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

namespace {

Screen const page{80, false};

std::vector<std::string_view> nouns() {
    std::vector<std::string_view> names;
    for (auto const& verb : all_verbs())
        if (std::find(names.begin(), names.end(), verb.noun) == names.end()) names.push_back(verb.noun);
    return names;
}

std::vector<std::string_view> verbs_of(std::string_view noun) {
    std::vector<std::string_view> names;
    for (auto const& verb : all_verbs())
        if (verb.noun == noun) names.push_back(verb.name);
    return names;
}

std::string usage_of(Verb const& verb) {
    auto line = fmt::format("npctl {}", verb.noun);
    if (!verb.name.empty()) line += fmt::format(" {}", verb.name);
    for (auto const& operand : verb.operands) line += fmt::format(" {}", operand.name);
    for (auto const& flag : verb.flags)
        if (flag.required) line += fmt::format(" {} {}", flag.name, flag.value);
    return line;
}

void add_flags(Sheet& sheet, std::vector<Flag> const& flags) {
    for (auto const& flag : flags) {
        auto name = fmt::format("{}{}{}", flag.letter, flag.letter.empty() ? "" : ", ", flag.name);
        if (!flag.value.empty()) name += fmt::format(" {}", flag.value);
        auto help = std::string(flag.help);
        if (flag.required) help += " (required)";
        if (flag.repeats) help += " (may be repeated)";
        sheet.add(std::move(name), help);
    }
}

std::string help_on_verb(Verb const& verb) {
    auto out = usage_of(verb) + " [flags]\n\n" + paragraph(std::string(verb.summary), page) + "\n";
    Sheet own, common;
    for (auto const& operand : verb.operands) own.add(std::string(operand.name), std::string(operand.help));
    add_flags(own, flags_of(verb));
    add_flags(common, global_flags());
    return out + own.render(page) + "\nEvery command:\n" + common.render(page);
}

std::string help_on_noun(std::string_view noun) {
    Sheet sheet;
    for (auto const& verb : all_verbs())
        if (verb.noun == noun) sheet.add(usage_of(verb).substr(6), std::string(verb.summary));
    return fmt::format("npctl {} VERB\n\n{}\nnpctl {} VERB --help tells more.\n", noun, sheet.render(page), noun);
}

std::string help_on_everything() {
    Sheet sheet, common, exits;
    for (auto const noun : nouns()) {
        std::string verbs;
        for (auto const name : verbs_of(noun)) verbs += (verbs.empty() ? "" : " | ") + std::string(name);
        if (noun == "status") verbs = "[KEY]  finds anything by any key: port, number, order, dossier, contract, claim";
        if (noun == "radar") verbs = "[--within 4wh]  what is late or will be next, and counterparts in trouble";
        sheet.add(std::string(noun), verbs);
    }
    add_flags(common, global_flags());
    exits.add("Exit", "0 ok, 1 failure, 2 usage, 3 not found, 4 not allowed, 5 wait timed out, 6 conflict or illegal "
                      "transition, 7 daemon unreachable, 8 still pending, 9 findings present");
    return "npctl NOUN VERB [ID|E164|ORDER] [flags]\n\nTalks to the number portability daemon, npod.\n\n" +
           sheet.render(page) + "\nEvery command:\n" + common.render(page) + "\n" + exits.render(page, 0) +
           "\n" +
           paragraph(fmt::format("npctl NOUN --help and npctl NOUN VERB --help tell more; npctl help TOPIC: {}.", fmt::join(topics(), ", ")), page);
}

[[noreturn]] void unknown(std::string_view what, std::string_view word, std::vector<std::string_view> const& known,
                          std::string const& where) {
    auto const near = closest(word, known);
    auto text = fmt::format("There is no {} \"{}\"{}.", what, word.substr(0, 64), where);
    if (!near.empty()) text += fmt::format(" Did you mean \"{}\"?", near);
    throw Stop(Exit::usage, text + fmt::format("\n  next:  choose one of {}.", fmt::join(known, ", ")));
}

} // namespace

Verb const& find_verb(std::string_view noun, std::string_view name) {
    auto const names = nouns();
    if (std::find(names.begin(), names.end(), noun) == names.end()) unknown("noun", noun, names, "");
    for (auto const& verb : all_verbs())
        if (verb.noun == noun && verb.name == name) return verb;
    auto const verbs = verbs_of(noun);
    if (name.empty())
        throw Stop(
            Exit::usage,
            fmt::format("What shall be done with \"{}\"?\n  next:  choose one of {}; npctl {} --help tells more.", noun,
                        fmt::join(verbs, ", "), noun));
    unknown("verb", name, verbs, fmt::format(" of {}", noun));
}

std::string help_on(std::string_view noun, std::string_view name) {
    if (noun.empty()) return help_on_everything();
    bool const alone = stands_alone(noun);
    if (name.empty() && !alone) {
        auto names = nouns();
        if (std::find(names.begin(), names.end(), noun) != names.end()) return help_on_noun(noun);
        if (auto const topic = help_on_topic(noun); !topic.empty()) return topic;
        for (auto const topic : topics()) names.push_back(topic);
        unknown("noun or topic", noun, names, "");
    }
    return help_on_verb(find_verb(noun, alone ? no_verb : name));
}

} // namespace npod::cli
