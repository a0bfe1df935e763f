#pragma once
/// A case without personal data that still comes out the same: names are replaced before anything is decided again.

#include "casefile/case_file.hpp"

namespace npod::casefile {

/// Replaces in every input what names or describes people: names, addresses, accounts, mandates' people, free text of people
/// and counterparts, users of ours. Equal values become equal tokens, word by word in names, so that every comparison of the
/// domain comes out as before; then all is decided again from the tokens, and what came out stands in the file. Bytes that
/// cannot be read go away whole. Telephone numbers, dossiers, ids of orders and contracts and operators' codes stay: the case
/// is about them. Hashes of the log are left out, because with them a short list of names could be tried.
/// Refused (not_admissible) when the tokens would decide otherwise.
Outcome<Case> redacted(Case const& content);

} // namespace npod::casefile
