#pragma once
/// Erasure of a customer's personal data, once nothing of his runs any more: in the log (whose chain stays whole), in what the log
/// brought about, in what was sent and in answers that were remembered. The log told again gives the same erased book.

#include "engine/engine.hpp"
#include "storage/ledger.hpp"

#include <string>
#include <vector>

namespace npod::engine {

/// All that belongs together: a port, its contract, the contract's other ports, their claims.
struct Erasure {
    std::vector<porting::Port> ports;
    std::vector<porting::Line> lines;
    std::vector<porting::Contract> contracts;
    std::vector<porting::Claim> claims;
    std::vector<storage::LogRow> rows;      ///< bodies included
    std::vector<std::string> about() const; ///< ids of ports, contracts and claims
};

/// What an erasure of `key` (a port or a contract) would take along. Refused while something of it still runs, while a message is on
/// its way, or when a row is too old (Ledger::erasable_from()).
Outcome<Erasure> erasure_of(storage::Ledger const& ledger, Event const& event);

/// Erases, inside the open transaction. Returns the row of the log that tells of it, seq and hash filled.
storage::LogRow erase(storage::Ledger& ledger, Erasure erasure, storage::LogRow telling, std::string const& secret);

/// The ids that the body of such a row names.
std::vector<std::string> about_in_erasure(std::string_view body);

} // namespace npod::engine
