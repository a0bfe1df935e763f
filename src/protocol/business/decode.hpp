#pragma once
/// From the JSON bodies of the Business API to inputs of the domain. Pure: the log keeps the bodies, and replay reads
/// them again with exactly these functions.

#include "base/outcome.hpp"
#include "porting/input.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npod::protocol::business {

/// The kinds that decode_command() knows, in the order of the API: "contract.put", "contract.terminate", "block.put",
/// "port.order", "port.submit", "port.answer", "port.cancel", "port.hold", "port.resume", "port.note",
/// "port.reschedule", "port.activation", "port.settle", "claim.file", "claim.approve", "claim.reject", "claim.pay".
std::vector<std::string_view> const& command_kinds();

/// Reads one command. `key` is the id in the path: of the contract, the port or the claim; empty for "block.put",
/// "port.order" and "claim.file". An empty body is an object without members. All problems come at once, each with its
/// pointer: what is missing, of the wrong type or form, beyond a limit, contradictory, or a member that nobody knows
/// (the nearest known one is named). Refused not_found: a kind that is none of command_kinds().
Outcome<porting::input::Any> decode_command(std::string_view kind, std::string_view key, std::string_view body);

/// The person's reason in a body that decode_command() took; empty when it has none.
std::string reason_in(std::string_view body);

} // namespace npod::protocol::business
