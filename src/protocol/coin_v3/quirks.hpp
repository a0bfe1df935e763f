#pragma once
/// What messages of some counterparts have against the public form, agreed one by one in the configuration. None is taken
/// from anybody with whom it is not agreed, and none is ever said by us or passed on to others.

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace npod::protocol::coin_v3 {

class LocalTime;

enum class Quirk : std::uint8_t { single_items, readable_times, international_numbers, small_letters, bare_numbers };
using Quirks = std::set<Quirk>;

struct QuirkRow {
    Quirk quirk;
    std::string_view name;    ///< in the configuration: "single-items"
    std::string_view meaning; ///< what such a counterpart sends, and how it is read
};
std::span<QuirkRow const> all_quirks();
/// Precondition: of all_quirks().
QuirkRow const& about(Quirk quirk);
std::optional<Quirk> quirk_of(std::string_view name);

/// Brings a whole message (from "{" to "}") into the form, as far as the quirks go; what is wrong in another way stays as it
/// is and is refused by the form. Times without an offset are of `time`'s zone. Each quirk that was met is flagged once:
/// "quirk: single-items".
void straighten(boost::json::value& whole, Quirks const& quirks, std::string_view country_code, LocalTime const& time,
                std::vector<std::string>& flags);

} // namespace npod::protocol::coin_v3
