#include "cli/completion.hpp"

#include "api/filters.hpp"
#include "api/reports.hpp"
#include "cli/topics.hpp"
#include "porting/grounds.hpp"
#include "rules/rulebook.hpp"
#include "state_machines/outline.hpp"

#include <algorithm>

namespace npod::cli {

namespace {

using Words = std::vector<std::string>;

/// What has been typed so far.
struct Typed {
    std::string noun, verb;
    Words operands;
    std::optional<Flag> open; ///< its value is what comes next
    Options options;            ///< whom to ask for ids
};

Verb const* verb_of(Typed const& typed) {
    for (auto const& verb : all_verbs())
        if (verb.noun == typed.noun && verb.name == (stands_alone(typed.noun) ? no_verb : std::string_view(typed.verb))) return &verb;
    return nullptr;
}

/// The flags that may stand here.
std::vector<Flag> flags_here(Typed const& typed) {
    auto flags = global_flags();
    if (auto const* verb = verb_of(typed)) {
        auto own = flags_of(*verb);
        flags.insert(flags.begin(), own.begin(), own.end());
    }
    return flags;
}

void keep_place(Typed& typed, std::string_view flag, std::string const& value) {
    if (flag == "--url") typed.options.url = value, typed.options.url_given = true;
    if (flag == "--db") typed.options.db = value;
    if (flag == "--token") typed.options.token = value;
}

Typed typed_of(Words const& before, std::vector<Flag>& flags) {
    Typed typed;
    for (auto const& word : before) {
        flags = flags_here(typed);
        if (typed.open) {
            keep_place(typed, typed.open->name, word);
            typed.open.reset();
        } else if (word.starts_with('-') && word.size() > 1) {
            auto const equals = word.find('=');
            auto const name = word.substr(0, equals);
            auto const flag = std::find_if(flags.begin(), flags.end(), [&](Flag const& one) { return one.name == name || one.letter == name; });
            if (flag == flags.end() || flag->value.empty()) continue;
            if (equals == std::string::npos) {
                typed.open = *flag;
            } else {
                keep_place(typed, name, word.substr(equals + 1));
            }
        } else if (typed.noun.empty()) {
            typed.noun = word;
        } else if (typed.verb.empty() && !stands_alone(typed.noun)) {
            typed.verb = word;
        } else {
            typed.operands.push_back(word);
        }
    }
    flags = flags_here(typed);
    return typed;
}

// ---------------------------------------------------------------------------------------------------- what is known

void add_names(Words& into, auto const& named) {
    for (auto const& one : named)
        if (std::find(into.begin(), into.end(), one.name) == into.end()) into.emplace_back(one.name);
}

Words states_of_ports() {
    Words words;
    for (auto const machine : {"port_in", "port_out"}) add_names(words, machine::find_outline(machine)->states);
    return words;
}

Words events_of_ports() {
    Words words;
    for (auto const machine : {"port_in", "port_out", "claim"}) add_names(words, machine::find_outline(machine)->events);
    return words;
}

Words fields_of(std::string_view noun) {
    Words words;
    auto const& fields = noun == "timer" ? api::timer_fields() : noun == "claim" ? api::claim_fields() : api::port_fields();
    for (auto const& field : fields) words.push_back(std::string(field.name) + "=");
    return words;
}

Words machines() {
    Words words;
    add_names(words, machine::all_outlines());
    return words;
}

Words grounds() {
    Words words;
    for (auto const& ground : porting::all_grounds()) words.emplace_back(ground.code);
    return words;
}

/// "invoice|call_credit", "in|out": the help says them all.
Words parts_of(std::string_view choices) {
    Words words;
    for (;;) {
        auto const bar = choices.find('|');
        words.emplace_back(choices.substr(0, bar));
        if (bar == std::string_view::npos) return words;
        choices.remove_prefix(bar + 1);
    }
}

Words values_of(Flag const& flag, Typed const& typed, LiveIds const& ids) {
    auto const& name = flag.name;
    if (name == "--output") {
        Words words{"table", "wide", "json", "jsonl", "csv", "name"};
        if (typed.noun == "machine" && typed.verb == "draw") words.insert(words.end(), {"mermaid", "dot", "svg"});
        return words;
    }
    if (name == "--time") return {"local", "utc", "relative"};
    if (name == "--lang") return {"en", "nl", "fr"};
    if (name == "--fail-on") return typed.noun == "radar" ? Words{"any", "none", "late", "trouble"} : Words{"any", "none"};
    if (name == "--standing") return {"contract", "read", "secondary", "assumed", "configured"};
    if (name == "--query") return fields_of(typed.noun);
    if (name == "--event") return events_of_ports();
    if (name == "--ground") return grounds();
    if (name == "--with") return ids("operator", typed.options);
    if (name == "--contract") return ids("contract", typed.options);
    if (name == "--order") return ids("order", typed.options);
    if (name == "--dossier") return ids("dossier", typed.options);
    if (name == "--number") return ids("number", typed.options);
    if (name == "--for") {
        Words words{"settled"};
        for (auto const& state : states_of_ports()) words.push_back("state=" + state);
        return words;
    }
    if (name == "--state") {
        if (typed.noun != "machine") return states_of_ports();
        Words words;
        if (auto const* outline = typed.operands.empty() ? nullptr : machine::find_outline(typed.operands.front())) add_names(words, outline->states);
        return words;
    }
    return flag.value.find('|') == std::string_view::npos ? Words{} : parts_of(flag.value);
}

Words nouns() {
    Words words;
    for (auto const& verb : all_verbs())
        if (std::find(words.begin(), words.end(), verb.noun) == words.end()) words.emplace_back(verb.noun);
    return words;
}

Words verbs_of(std::string_view noun) {
    Words words;
    for (auto const& verb : all_verbs())
        if (verb.noun == noun) words.emplace_back(verb.name);
    return words;
}

Words help_words(Typed const& typed) {
    if (!typed.verb.empty()) return typed.operands.empty() ? verbs_of(typed.verb) : Words{}; // "help port", then its verbs
    auto words = nouns();
    for (auto const topic : topics()) words.emplace_back(topic);
    return words;
}

/// By the operand's name and the noun it stands with.
Words values_of(Operand const& operand, Typed const& typed, LiveIds const& ids) {
    auto const key = operand.key();
    if (key == "ID" && typed.noun != "rule") return ids(typed.noun, typed.options);
    if (key == "ID" || typed.noun == "rule") return ids(key == "PORT" ? "port" : "rule", typed.options);
    if (key == "KEY") {
        auto words = ids("port", typed.options);
        for (auto const kind : {"claim", "contract"})
            for (auto& id : ids(kind, typed.options)) words.push_back(std::move(id));
        return words;
    }
    if (key == "PORT") return ids("port", typed.options);
    if (key == "E164") return ids("number", typed.options);
    if (key == "CODE") return ids("operator", typed.options);
    if (key == "NOUN") return nouns();
    if (key == "NAME" && typed.noun == "machine") return machines();
    if (key == "NAME" && typed.noun == "report") {
        Words words;
        add_names(words, api::all_reports());
        return words;
    }
    return {};
}

Words all_that_may_come(Typed const& typed, std::vector<Flag> const& flags, std::string_view current, LiveIds const& ids) {
    if (typed.open) return values_of(*typed.open, typed, ids);
    if (current.starts_with('-')) {
        Words words;
        for (auto const& flag : flags) words.emplace_back(flag.name);
        return words;
    }
    if (typed.noun == "help") return help_words(typed);
    if (typed.noun.empty()) {
        auto words = nouns();
        words.emplace_back("help");
        return words;
    }
    if (typed.verb.empty() && !stands_alone(typed.noun)) return verbs_of(typed.noun);
    auto const* verb = verb_of(typed);
    if (!verb || verb->operands.empty()) return {};
    auto const place = typed.operands.size();
    if (place < verb->operands.size()) return values_of(verb->operands[place], typed, ids);
    return verb->operands.back().repeats() ? values_of(verb->operands.back(), typed, ids) : Words{};
}

} // namespace

std::vector<std::string> words_that_fit(std::vector<std::string> const& before, std::string_view current, LiveIds const& ids) {
    std::vector<Flag> flags;
    auto const typed = typed_of(before, flags);
    auto words = all_that_may_come(typed, flags, current, ids);
    std::erase_if(words, [&](std::string const& word) { return word.empty() || !word.starts_with(current); });
    return words;
}

} // namespace npod::cli
