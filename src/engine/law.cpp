#include "engine/law.hpp"

#include "engine/inputs.hpp"
#include "rules/difference.hpp"

#include <fmt/format.h>

namespace npod::engine {

namespace {

std::string words_for(rules::Rule const& rule) {
    auto const day = [](std::optional<rules::Day> const& is) { return is ? rules::day_text(*is) : std::string(); };
    return fmt::format("{} ({}, {}){}{}", rule.value, name_of(rule.standing), rule.source,
                       rule.valid_from ? " from " + day(rule.valid_from) : "", rule.valid_until ? " until " + day(rule.valid_until) : "");
}

} // namespace

std::vector<std::string> changes_between(rules::Rulebook const& before, rules::Rulebook const& after) {
    std::vector<std::string> changes;
    for (auto const& one : rules::rule_differences(before, after))
        changes.push_back(fmt::format("{}: {} -> {}", one.before ? one.before->id : one.after->id, one.before ? words_for(*one.before) : "none",
                                      one.after ? words_for(*one.after) : "none"));
    constexpr std::size_t days_named_max = 30; // another country's holidays are a thousand
    auto const days = rules::day_differences(before.calendar(), after.calendar(), rules::calendar_first_year, rules::calendar_last_year);
    for (auto const& one : days) {
        if (changes.size() >= days_named_max) break;
        changes.push_back(fmt::format("{}: {} -> {}", rules::day_text(one.day), one.off_before.value_or("a working day"), one.off_after.value_or("a working day")));
    }
    if (!days.empty()) changes.push_back(fmt::format("days that count otherwise, 1990 to 2100: {}", days.size()));
    return changes;
}

void announce_law(Writer& writer, storage::Ledger& ledger, std::shared_ptr<rules::Rulebook const> const& rulebook, Moment now) {
    if (ledger.law_in_force() == rulebook->version()) return;
    ledger.begin();
    if (ledger.law_in_force().empty()) {
        ledger.put_law_in_force(*rulebook, now);
    } else {
        writer.learn(rulebook);
        writer.write(law_event(*rulebook), now);
    }
    ledger.commit();
}

} // namespace npod::engine
