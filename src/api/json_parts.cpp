#include "api/json_parts.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace npod::api {

std::string to_bytes(json::value const& value) { return json::serialize(value); }

json::object view_of(Money money) { return {{"cents", money.cents}, {"currency", "EUR"}, {"text", to_string(money)}}; }

json::object view_of(porting::NumberRange range) {
    return {{"first", porting::to_string(range.first)}, {"last", porting::to_string(range.last)}};
}

json::array view_of(std::vector<porting::NumberRange> const& ranges) {
    json::array items;
    for (auto const& range : ranges) items.push_back(view_of(range));
    return items;
}

json::array view_of(std::vector<std::string> const& texts) { return json::array(texts.begin(), texts.end()); }

std::string iso_day(rules::Day day) {
    return fmt::format("{:04}-{:02}-{:02}", int(day.year()), unsigned(day.month()), unsigned(day.day()));
}

void put(json::object& object, std::string_view name, std::string const& text) {
    if (!text.empty()) object[name] = text;
}

void put(json::object& object, std::string_view name, std::optional<Moment> moment) {
    if (moment) object[name] = to_rfc3339(*moment);
}

json::object page(json::array items, std::string const& next, std::optional<std::int64_t> total) {
    json::object list{{"items", std::move(items)}, {"next", nullptr}};
    if (!next.empty()) list["next"] = next;
    if (total) list["total"] = *total;
    return list;
}

} // namespace npod::api
