#pragma once
/// What the commands that change something have in common.

#include "cli/lookup.hpp"
#include "cli/output.hpp"

#include <string>

namespace npod::cli {

extern Flag const reason_required; ///< --reason TEXT: who looks back must read why a person stepped in
extern Flag const reason_optional;
extern Flag const numbers_flag; ///< --numbers, repeated

/// {"reason": …} and, when told, {"numbers": […]}.
json::object body_of(Arguments const& arguments);
/// "+32…" as a text, "+32…..+32…" as {"first","last"}.
json::value number_or_range(std::string const& text);
/// A JSON object from a file, "-" for stdin. Throws Stop (usage) with the place of a mistake.
json::object read_json(Session& session, std::string const& path);
/// Asks a person on a terminal before what is hard to undo; Stop (failure) when he says no.
void ask_first(Session& session, std::string const& question);

} // namespace npod::cli
