#include "storage/sqlite/port_counts.hpp"

namespace npod::storage::sqlite {

void PortCounts::note(std::optional<porting::Port> const& before, porting::Port const& now) {
    if (before) --moved_[{before->settled, before->role, before->state}];
    ++moved_[{now.settled, now.role, now.state}];
}

void PortCounts::write(Database& database) {
    for (auto const& [place, ports] : moved_) {
        if (ports == 0) continue;
        auto const& [settled, role, state] = place;
        // Two statements: the constraint of the table holds for the row that an upsert would insert, too, and fewer than none are not.
        auto known = database.query("UPDATE port_count SET ports = ports + ?4 WHERE settled = ?1 AND role = ?2 AND state = ?3");
        if (known.run(settled, name_of(role), state, ports) > 0) continue;
        auto added = database.query("INSERT INTO port_count (settled, role, state, ports) VALUES (?1, ?2, ?3, ?4)");
        added.run(settled, name_of(role), state, ports);
    }
    moved_.clear();
}

} // namespace npod::storage::sqlite
