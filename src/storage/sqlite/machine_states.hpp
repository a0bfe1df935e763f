#pragma once
/// What the machines say of stored states: which of them are settled.

#include "porting/model.hpp"

#include <string_view>

namespace npod::storage::sqlite {

/// Whether a line in this state is past its story. A name that the machine does not know counts as open; check()
/// reports it.
bool line_is_settled(porting::Role role, std::string_view state);
bool claim_is_settled(std::string_view state);
bool delivery_is_settled(std::string_view state);

} // namespace npod::storage::sqlite
