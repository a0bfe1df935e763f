#pragma once
/// A large book in little time: ports are written straight through storage (one log row a port, everything else as the
/// domain would leave it), not through the engine. The hash chain, every index and every constraint are the real ones.

#include "base/moment.hpp"

#include <cstdint>
#include <string>

namespace npod::bench {

inline constexpr std::int64_t first_filled_number = 32'480'000'000;

struct Book {
    std::int64_t completed = 0; ///< ports done long ago: port, line, claim, contract, number
    std::int64_t parked = 0;    ///< ports that wait for their activation, with two timers each
    Moment activation{};        ///< when the parked ones are due
    std::int64_t first_number = 32'471'000'000; ///< one a port, from here on
    Moment now{};               ///< they were ordered three days before; nothing: before law_time
};

/// Makes the database of operator ALFA; BRAVO holds the blocks 0470 to 0489, ALFA 0490 to 0499.
void fill(std::string const& path, Book const& book);

/// What the log of a database says about its activation timers.
struct Fired {
    std::int64_t count = 0;
    std::int64_t out_of_order = 0; ///< fired before one that was due earlier
    std::int64_t early = 0;        ///< fired before it was due
};
Fired fired_activations(std::string const& path);

} // namespace npod::bench
