#pragma once
/// Erased rows of the log: what is left of each, as the row of the erasure tells it.

#include "base/hash.hpp"
#include "storage/ledger.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npod::storage {

/// Kind of the row that tells of an erasure. Its body says which rows it erased and what it left of each; who and why stand
/// beside it, as in every row.
inline constexpr std::string_view erasure_kind = "house.erasure";

struct ErasedRow {
    std::int64_t seq = 0;
    Hash left{}; ///< hash_of_what_is_there() after the erasure
    bool operator==(ErasedRow const&) const = default;
};

/// The two hashes of a row's words and bytes as they stand in it now.
Original hashes_of(LogRow const& row);
/// Both in one.
Hash hash_of_what_is_there(LogRow const& row);

/// The body of an erasure.
struct ErasureTold {
    std::vector<std::string> about; ///< ids of the ports, contracts and claims
    std::vector<ErasedRow> rows;
    bool operator==(ErasureTold const&) const = default;
};
/// {"about":["PI-000001"],"rows":[[17,"<64 hexadecimal digits>"],…]}
std::string to_json(ErasureTold const& told);
/// Throws StorageFault when it cannot be read.
ErasureTold erasure_told_from_json(std::string_view body);

} // namespace npod::storage
