#pragma once
/// The Belgian numbering plan as a table (RULES-BE section 6). Looked up through belgian_plan() in number.hpp.

#include "porting/number.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace npod::porting {

/// One row of a numbering plan: numbers that begin with `prefix` and go on with one of `next`.
struct PlanRow {
    std::string_view prefix; ///< first digits of the national significant number: "2", "80", "800"
    std::string_view next;   ///< digits that may follow the prefix; empty: any
    std::size_t length = 8;  ///< digits of the national significant number at least …
    std::size_t length_max = 8; ///< … and at most
    Kind kind = Kind::other;
    std::string_view name;   ///< of the zone, or of the service
    bool portable = true;
};

/// The whole plan, longest prefixes first, so that the first row that fits is the right one.
std::span<PlanRow const> belgian_plan_rows();

/// The country code of that plan.
inline constexpr std::string_view belgian_country_code = "32";

/// "Brussels" for zone "2"; empty for a zone that does not exist.
std::string_view belgian_zone_name(std::string_view zone);

/// The network on which numbers of a kind are served; nothing for machines and kinds unknown. Between fixed and mobile
/// nothing is ported. Service numbers (0800, 0900, 070, 078) are served on fixed networks.
std::optional<Network> network_of(Kind kind);

} // namespace npod::porting
