#pragma once
/// How many ports are in which state (table port_count): what a batch moved, written once before it is committed. Status, metrics
/// and every list ask for it, and a book may hold ten million.

#include "porting/model.hpp"
#include "storage/sqlite/database.hpp"

#include <map>
#include <string>
#include <tuple>

namespace npod::storage::sqlite {

class PortCounts {
public:
    /// `before`: as it was stored; nothing when it is new.
    void note(std::optional<porting::Port> const& before, porting::Port const& now);
    /// Writes what was noted since the last time.
    void write(Database& database);
    /// What was noted is undone.
    void forget() { moved_.clear(); }

private:
    using State = std::tuple<bool, porting::Role, std::string>; ///< settled?, role, state
    std::map<State, std::int64_t> moved_; ///< how many came, less how many went
};

} // namespace npod::storage::sqlite
