#include "engine/fingerprints.hpp"

#include "engine/inputs.hpp"
#include "state_machines/outline.hpp"

namespace npod::engine {

void announce_machines(storage::Ledger& ledger, Moment now) {
    std::string changes;
    ledger.begin();
    for (auto const& outline : machine::all_outlines()) {
        auto const key = "machine." + std::string(outline.name);
        auto const was = ledger.meta(key);
        auto const is = machine::fingerprint_text(machine::fingerprint(outline));
        if (was == is) continue;
        ledger.set_meta(key, is);
        if (!was.empty()) changes += std::string(outline.name) + " " + was + " -> " + is + "\n";
    }
    if (!changes.empty() && ledger.head_seq() > 0) {
        storage::LogRow row;
        row.learned_at = row.happened_at = now;
        row.kind = std::string(house_prefix) + "machines";
        row.source = "npod";
        row.body = changes;
        ledger.append(row);
    }
    ledger.commit();
}

} // namespace npod::engine
