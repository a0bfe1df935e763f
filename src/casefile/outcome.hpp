#pragma once
/// What became of a port, in figures that two machines can compare byte for byte.

#include "rules/laws.hpp"
#include "storage/ledger.hpp"

#include <string>

namespace npod::casefile {

/// JSON: port, lines, armed deadlines, claim, compensation as of a moment, messages sent (with the SHA-256 of their bytes).
/// It names nobody and quotes nothing that people wrote. Empty when there is no such port.
std::string outcome_of(storage::Reader const& reader, rules::Laws const& laws, PortId const& port, Moment as_of);

/// In what two outcomes differ: "/lines/0/state is \"scheduled\" in the file and \"refused\" told again"; empty when in nothing.
std::string difference_between_outcomes(std::string const& in_file, std::string const& told);

/// The same without what follows from the very bytes of messages, which a redaction changes.
std::string without_content(std::string const& outcome);

} // namespace npod::casefile
