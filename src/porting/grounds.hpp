#pragma once
/// Grounds on which a donor may refuse or postpone (RULES-BE section 3), and what each means to the person who must mend it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <span>

namespace npod::porting {

enum class Ground : std::uint8_t {
    not_assigned, never_used, ageing, out_of_zone, incomplete_range, name_address_mismatch, wrong_account, not_titular,
    mandate_missing, mandate_invalid, inactive, port_in_progress, technical, legal,
};

/// Everything the product says of one ground.
struct GroundEntry {
    Ground ground;
    std::string_view code;    ///< "NAME_ADDRESS_MISMATCH": the product code, stored and shown
    std::string_view meaning; ///< plain text, one sentence
    std::string_view field;   ///< RFC 6901 pointer into the order that must be mended; empty when nothing in it is wrong
    std::string_view fix;     ///< what to do, one sentence
    bool restarts_clock;      ///< a new request starts the legal clock afresh
};

std::span<GroundEntry const> all_grounds();
GroundEntry const& about(Ground ground);
std::string_view code_of(Ground ground);
std::optional<Ground> ground_of(std::string_view code);
/// Why a word that people try ("UNPAID_BILL", "RUNNING_TERM", in any letter case) is not a ground: one sentence. Empty for other words.
std::string_view why_no_ground(std::string_view word);

} // namespace npod::porting
