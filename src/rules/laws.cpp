#include "rules/laws.hpp"

namespace npod::rules {

Laws::Laws(std::shared_ptr<Rulebook const> in_force) { put_in_force(std::move(in_force)); }

Rulebook const& Laws::pinned(std::string_view version) const {
    auto const found = known_.find(version);
    return found == known_.end() ? *in_force_ : *found->second;
}

std::shared_ptr<Rulebook const> Laws::shared(std::string_view version) const {
    auto const found = known_.find(version);
    return found == known_.end() ? in_force_ : found->second;
}

void Laws::learn(std::shared_ptr<Rulebook const> rulebook) {
    NPOD_PROMISE(rulebook != nullptr);
    known_.try_emplace(rulebook->version(), rulebook);
}

void Laws::put_in_force(std::shared_ptr<Rulebook const> rulebook) {
    NPOD_PROMISE(rulebook != nullptr);
    known_.insert_or_assign(rulebook->version(), rulebook);
    in_force_ = std::move(rulebook);
}

} // namespace npod::rules
