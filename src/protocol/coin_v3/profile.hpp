#pragma once
/// What was agreed with one counterpart: country, zone, the code tables that are not public, and its quirks.

#include "porting/grounds.hpp"
#include "protocol/coin_v3/local_time.hpp"
#include "protocol/coin_v3/quirks.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::protocol::coin_v3 {

/// One ground and the one or two digits that mean it on the wire.
struct BlockingCode {
    porting::Ground ground;
    std::string wire;
};

/// The tables that ship. COIN does not publish its codes: these are `assumed`, to be replaced by configuration per
/// counterpart.
std::vector<BlockingCode> shipped_blocking_codes();
std::map<std::string, std::string> shipped_delay_codes();

/// One counterpart's dialect. A plain value; reading it is thread-safe.
struct Profile {
    std::string country_code = "32";
    LocalTime time{"Europe/Amsterdam"}; ///< COIN's zone; Europe/Brussels for a Belgian peer
    std::vector<BlockingCode> blocking_codes = shipped_blocking_codes();
    std::map<std::string, std::string> delay_codes = shipped_delay_codes(); ///< reasoncode → what it means
    std::map<std::string, std::string> error_codes; ///< product word ("UNKNOWN_DOSSIER") → errorcode of the wire
    Quirks quirks = {};        ///< what its messages may have against the public form; ours never have any
    bool codes_assumed = true; ///< said wherever a code is shown; false once the tables come from configuration

    /// The wire code of a ground; that of TECHNICAL when the table has none for it, "99" when it has not even that.
    std::string wire_of(porting::Ground ground) const;
    /// The ground of a wire code ("7" and "07" are the same code), or nothing when the table does not know it.
    std::optional<porting::Ground> ground_of(std::string_view wire) const;
    /// The errorcode for a product word: the table's, else the word itself, at most 20 characters.
    std::string error_code(std::string_view word) const;
};

} // namespace npod::protocol::coin_v3
