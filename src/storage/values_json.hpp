#pragma once
/// Values of several parts as they stand in one JSON column. The order of the keys is fixed, so that equal values are
/// equal bytes; moments are UTC milliseconds (`_ms`), numbers are E.164 digits as integers. What is empty is left out.
///
/// The reading functions throw StorageFault when the text is not what the writing ones wrote: then the file is damaged
/// or a migration is missing.

#include "base/outcome.hpp"
#include "porting/grounds.hpp"
#include "porting/model.hpp"
#include "porting/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npod::storage {

struct LogRow;

std::string to_json(porting::Customer const& customer);
std::string to_json(porting::Location const& location);
std::string to_json(porting::Wish const& wish);
std::string to_json(porting::Mandate const& mandate);
std::string to_json(std::vector<porting::RelatedNumber> const& related);
std::string to_json(std::vector<porting::RelatedService> const& services); ///< "name", or {"name","numbers"} with numbers
std::string to_json(std::vector<porting::NumberRange> const& ranges); ///< [[first,last],…]
std::string to_json(std::vector<porting::Ground> const& grounds);     ///< product codes
std::string to_json(std::vector<porting::Turn> const& turns);         ///< [[since,state,causer,in time until],…]
std::string to_json(std::vector<porting::EarlierPlan> const& plans);  ///< [[planned_at,until],…]
std::string to_json(std::vector<porting::Move> const& moves);
std::string to_json(std::vector<Refusal> const& refusals);
std::string to_json(std::vector<std::string> const& texts);
std::string to_json(porting::Settings const& settings); ///< with what the log was decided, for whoever tells it again

porting::Customer customer_from_json(std::string_view json);
porting::Location location_from_json(std::string_view json);
porting::Wish wish_from_json(std::string_view json);
porting::Mandate mandate_from_json(std::string_view json);
std::vector<porting::RelatedNumber> related_from_json(std::string_view json);
std::vector<porting::RelatedService> services_from_json(std::string_view json);
std::vector<porting::NumberRange> ranges_from_json(std::string_view json);
std::vector<porting::Ground> grounds_from_json(std::string_view json);
std::vector<porting::Turn> turns_from_json(std::string_view json);
std::vector<porting::EarlierPlan> earlier_plans_from_json(std::string_view json);
std::vector<porting::Move> moves_from_json(std::string_view json);
std::vector<Refusal> refusals_from_json(std::string_view json);
std::vector<std::string> texts_from_json(std::string_view json);
/// "[moves,notes,refusals,about]" into these of the row.
void read_brought(std::string_view json, LogRow& row);
porting::Settings settings_from_json(std::string_view json);

/// The stored name of a refusal's kind, "illegal_now".
std::string_view stored_name_of(RefusalCode code);

} // namespace npod::storage
