#pragma once
/// What an operator's configuration says instead of a shipped rule: a value, on an authority of its own, for some days or
/// for all.

#include "rules/rulebook.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::rules {

struct Override {
    std::string id, value;
    std::string source = "operator's configuration";
    Standing standing = Standing::configured;
    std::optional<Day> from = {}, until = {}; ///< nothing: from ever, for ever; `until` is the first day on which it holds no more
    std::string where = {};                   ///< "npod.toml:12: rulebook.overrides.be.fee", for complaints about it
    bool operator==(Override const&) const = default;
};

/// Values alone, by rule id.
std::vector<Override> overrides_of(std::map<std::string, std::string> const& values);

/// The shipped rulebook of that name ("be", "nl") as the operator has it: an override replaces the rule in the days in which
/// it holds, and what was shipped holds around it. Throws ConfigFault, naming the place, for an unknown name or id (with the
/// nearest), an unusable value, an `until` that is not after `from`, two overrides of one rule on the same day, and days said
/// of a rule that shapes the calendar (NAME.window.*, NAME.working_day.*), which is one for all days.
Rulebook configured_rulebook(std::string_view name, std::vector<Override> const& overrides);

/// Puts the overrides among the rules of the book of that name. Throws as configured_rulebook() does.
void apply_overrides(std::string_view book, std::vector<Rule>& rules, std::vector<Override> const& overrides);

/// "read" → Standing::read; nothing for other words.
std::optional<Standing> standing_of(std::string_view name);

} // namespace npod::rules
