#pragma once
/// The law in force, and the laws under which running things began.

#include "rules/rulebook.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace npod::rules {

/// A port keeps the rulebook that was in force when it was requested, until somebody takes it over. Who is asked about a port
/// finds its law here by version. Reading is thread-safe; learning is not.
class Laws {
public:
    explicit Laws(std::shared_ptr<Rulebook const> in_force);

    Rulebook const& in_force() const { return *in_force_; }
    /// The rulebook of that version; the law in force when it is empty or was never kept (rows older than the table of laws).
    Rulebook const& pinned(std::string_view version) const;
    /// pinned(), to keep.
    std::shared_ptr<Rulebook const> shared(std::string_view version) const;
    bool knows(std::string_view version) const { return known_.contains(version); }

    void learn(std::shared_ptr<Rulebook const> rulebook);
    /// From now on; what was in force stays known.
    void put_in_force(std::shared_ptr<Rulebook const> rulebook);

private:
    std::shared_ptr<Rulebook const> in_force_;
    std::map<std::string, std::shared_ptr<Rulebook const>, std::less<>> known_;
};

} // namespace npod::rules
