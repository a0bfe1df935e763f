#pragma once
/// Writes the case of a port.

#include "casefile/case_file.hpp"

#include <memory>

namespace npod::casefile {

/// From where and how a case is made.
struct Source {
    storage::Reader const& reader;
    std::shared_ptr<rules::Rulebook const> rulebook; ///< see engine::replay()
    porting::Settings const& settings;
    engine::Dialects const& dialects;
    std::string program; ///< version
};

/// Tells the whole log again up to `as_of` (which takes as long as it is long), finds the rows on which the port depends, and
/// tells these alone once more, to be sure that another machine can. `redact`: see redact.hpp. Refused (not_found) without
/// such a port, (not_admissible) when the log comes out differently under this configuration, or cannot be redacted.
Outcome<Case> case_of(Source const& source, PortId const& port, Moment as_of, bool redact);

} // namespace npod::casefile
