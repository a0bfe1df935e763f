#pragma once
/// The laws that a database keeps, read back.

#include "rules/laws.hpp"
#include "storage/ledger.hpp"

#include <memory>

namespace npod::storage {

/// Every law of the file; in force is what was in force last, or `otherwise` in a file that names none yet. Where the file
/// keeps a law of the same version, `otherwise` itself is taken: its wording may be newer. Throws StorageFault for a law
/// that cannot be read back as it was.
rules::Laws laws_in(Reader const& reader, std::shared_ptr<rules::Rulebook const> otherwise);

} // namespace npod::storage
