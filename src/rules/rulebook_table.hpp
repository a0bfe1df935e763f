#pragma once
/// How a shipped rulebook is written down: rows of text, one per rule, in files that a lawyer can read.

#include "rules/rulebook.hpp"

#include <span>
#include <string_view>

namespace npod::rules {

struct RuleRow {
    std::string_view id;
    std::string_view title;
    Unit unit;
    std::string_view value;
    Standing standing;
    std::string_view source;
    std::string_view text;
    /// The values that configuration may give, separated by "|"; empty: any that fits the unit; `principle`: none, the
    /// rule is built into the process and is shown, not set.
    std::string_view choices = {};
    Anchor anchor = Anchor::message;
    /// Civil days of its validity, YYYY-MM-DD, until exclusive; empty: from ever, for ever. Another row of the id holds besides.
    std::string_view from = {}, until = {};
};
inline constexpr std::string_view principle = "=";

std::span<RuleRow const> belgian_rules(); ///< RULES-BE, every id
std::span<RuleRow const> dutch_rules();   ///< ids "nl.…": a second country
std::span<RuleRow const> house_rules();   ///< ids "npod.…": what the law leaves open and a daemon must still decide

} // namespace npod::rules
