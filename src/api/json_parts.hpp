#pragma once
/// The small shapes that every larger one is made of: moments, money, ranges, and members that may be missing.

#include "base/money.hpp"
#include "porting/model.hpp"
#include "rules/calendar.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

namespace json = boost::json;

/// One line of JSON.
std::string to_bytes(json::value const& value);

/// {"cents":900,"currency":"EUR","text":"9.00 EUR"}
json::object view_of(Money money);
/// {"first":"+32…","last":"+32…"}
json::object view_of(porting::NumberRange range);
json::array view_of(std::vector<porting::NumberRange> const& ranges);
json::array view_of(std::vector<std::string> const& texts);
/// "2026-04-07": a civil day of the rulebook's zone.
std::string iso_day(rules::Day day);

/// Members that are left out when there is nothing to say.
void put(json::object& object, std::string_view name, std::string const& text);
void put(json::object& object, std::string_view name, std::optional<Moment> moment);

/// {"items":[…],"next":"cursor" or null,"total":n}; `total` is left out when nobody counted.
json::object page(json::array items, std::string const& next, std::optional<std::int64_t> total);

} // namespace npod::api
