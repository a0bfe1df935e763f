#pragma once
/// The parts that bodies of the Business API have in common: numbers, people, places, ids. Each function reads one
/// member; what is wrong is noted in the reader's problems, and a harmless empty value returned.

#include "base/json.hpp"
#include "base/limits_wire.hpp"
#include "porting/model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::protocol::business {

using limits::id_bytes_max;

/// 1 to id_bytes_max visible ASCII characters without "/".
bool is_id(std::string_view text);
/// A required id.
std::string id_in(JsonReader& reader, std::string_view name);
/// A required operator code, [0-9A-Z]{3,6}.
OperatorCode operator_in(JsonReader& reader, std::string_view name);
/// A required "fixed" or "mobile".
porting::Network network_in(JsonReader& reader, std::string_view name);
/// 64 hexadecimal digits, kept in lower case; may be absent.
std::string sha256_in(JsonReader& reader, std::string_view name);

/// A required {kind, name, customer_id?, address?}.
porting::Customer customer_in(JsonReader& reader, std::string_view name);
/// {address?, zone?}; may be absent.
porting::Location location_in(JsonReader& reader, std::string_view name);

/// Members "first" and "last" of this very object.
std::optional<porting::NumberRange> first_and_last_in(JsonReader& reader);
/// Either a member "number" or "first" and "last".
std::optional<porting::NumberRange> number_or_range_in(JsonReader& reader);
/// A list of E.164 texts and {first,last}, in the order given; together at most `most` numbers, none of them twice.
std::vector<porting::NumberRange> numbers_in(JsonReader& reader, std::string_view name, Need need, std::int64_t most);

/// An object, for which `true` is short when nothing is to be said in it: {"accept": true}.
std::optional<JsonReader> object_or_true_in(JsonReader& reader, std::string_view name);

} // namespace npod::protocol::business
