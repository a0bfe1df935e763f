#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

std::string Arguments::text(std::string_view name) const {
    auto const found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::string{} : found->second.front();
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
    auto const found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::string> Arguments::moment(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    auto const moment = parse_typed_moment(text(name));
    if (!moment) {
        auto const& refusal = moment.refusal();
        throw Stop(Exit::usage, fmt::format("{}: {}\n  next:  {}", name, refusal.text, refusal.next));
    }
    return to_rfc3339(*moment);
}

std::vector<Verb> const& all_verbs() {
    static std::vector<Verb> const verbs = [] {
        std::vector<Verb> all;
        for (auto const rows : {status_verbs, port_read_verbs, port_write_verbs, port_simulate_verbs, port_import_verbs, number_verbs, number_import_verbs,
                                contract_verbs, contract_import_verbs,
                                claim_verbs, radar_verbs, timer_verbs, report_verbs, event_verbs, operator_verbs,
                                operator_sheet_verbs, rule_verbs, calendar_verbs,
                                machine_verbs, case_verbs, clock_verbs, daemon_verbs, completion_verbs, manual_verbs})
            for (auto& verb : rows()) all.push_back(std::move(verb));
        return all;
    }();
    return verbs;
}

bool stands_alone(std::string_view noun) {
    auto const& verbs = all_verbs();
    return std::any_of(verbs.begin(), verbs.end(), [&](Verb const& verb) { return verb.noun == noun && verb.name == no_verb; });
}

std::vector<Flag> const& global_flags() {
    static std::vector<Flag> const flags{
        {"--output", "FORM", "table, wide, json, jsonl, csv or name; machine draw also mermaid, dot or svg", false, false,
         "-o"},
        {"--time", "STYLE", "local (Europe/Brussels), utc or relative"},
        {"--url", "URL", "the daemon: http://…, https://… or unix:/path; else NPCTL_URL, else the socket /run/npod/npod.sock when it answers, else "
                  "http://127.0.0.1:8700"},
        {"--token", "TOKEN", "who you are; else NPCTL_TOKEN"},
        {"--db", "FILE", "read a database file without a daemon; changes nothing"},
        {"--as-of", "MOMENT", "what was known at that moment"},
        {"--lang", "LANG", "texts in en, nl or fr; else NPCTL_LANG, else English"},
        {"--help", "", "this text", false, false, "-h"},
        {"--version", "", "the program's version"},
    };
    return flags;
}

std::vector<Flag> flags_of(Verb const& verb) {
    auto flags = verb.flags;
    switch (verb.does) {
    case Does::tell: break;
    case Does::list:
        flags.push_back({"--limit", "N", "at most so many; 50 when not told"});
        flags.push_back({"--fail-on", "WHAT", "end with 9: any, when something is listed; none, when nothing is"});
        [[fallthrough]];
    case Does::read:
        flags.push_back(
            {"--watch", "", "again every two seconds, on a terminal, until interrupted", false, false, "-w"});
        break;
    case Does::write:
    case Does::make:
        flags.push_back({"--dry-run", "", "say what would be; store and send nothing"});
        if (verb.does == Does::write) flags.push_back({"--if-version", "N", "only if it still has this version"});
        flags.push_back({"--key", "KEY", "the same key twice is the same change once; a random one when not told"});
        flags.push_back({"--yes", "", "do not ask; off a terminal only acts on many (-q) need it", false, false, "-y"});
        break;
    }
    return flags;
}

} // namespace npod::cli
