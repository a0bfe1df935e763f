#include "protocol/business/parts.hpp"

#include "base/json.hpp"
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::protocol::business {

namespace json = boost::json;
using porting::Number;
using porting::NumberRange;

// -------------------------------------------------------------------------------------------------------- small texts

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= id_bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '/'; });
}

std::string id_in(JsonReader& reader, std::string_view name) {
    auto id = reader.text(name, Need::required, id_bytes_max);
    if (id.empty() || is_id(id)) return id;
    reader.refuse(name, fmt::format("\"{}\" has characters that an id does not have.", name),
                  "Send visible ASCII characters without spaces and without \"/\".");
    return {};
}

OperatorCode operator_in(JsonReader& reader, std::string_view name) {
    auto code = reader.text(name);
    auto const plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (code.empty() || (code.size() >= 3 && code.size() <= 6 && std::all_of(code.begin(), code.end(), plain)))
        return OperatorCode{std::move(code)};
    reader.refuse(name, fmt::format("\"{}\" is \"{}\", which is not an operator code.", name, first_characters(code, 40)),
                  "Send 3 to 6 capital letters or digits.");
    return {};
}

porting::Network network_in(JsonReader& reader, std::string_view name) {
    return reader.choice(name, {"fixed", "mobile"}) == "mobile" ? porting::Network::mobile : porting::Network::fixed;
}

std::string sha256_in(JsonReader& reader, std::string_view name) {
    auto digits = reader.text(name, Need::optional);
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? char(c | 0x20) : c; });
    auto const is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (digits.empty() || (digits.size() == 64 && std::all_of(digits.begin(), digits.end(), is_hex))) return digits;
    reader.refuse(name, fmt::format("\"{}\" is not a SHA-256.", name), "Send its 64 hexadecimal digits.");
    return {};
}

// ------------------------------------------------------------------------------------------------------ people, places

namespace {
porting::Address address_in(JsonReader& reader) {
    porting::Address address;
    auto place = reader.object("address", Need::optional);
    if (!place) return address;
    address.street = place->text("street", Need::optional);
    address.house_number = place->text("house_number", Need::optional);
    address.box = place->text("box", Need::optional);
    address.postcode = place->text("postcode", Need::optional);
    address.city = place->text("city", Need::optional);
    place->unknown_keys();
    return address;
}
} // namespace

porting::Customer customer_in(JsonReader& reader, std::string_view name) {
    porting::Customer customer;
    auto person = reader.object(name);
    if (!person) return customer;
    customer.legal_person = person->choice("kind", {"natural", "legal"}) == "legal";
    customer.name = person->text("name");
    customer.customer_id = person->text("customer_id", Need::optional, id_bytes_max);
    customer.address = address_in(*person);
    customer.language = language_of(person->choice("language", {"en", "nl", "fr"}, Need::optional));
    person->unknown_keys();
    return customer;
}

porting::Location location_in(JsonReader& reader, std::string_view name) {
    porting::Location location;
    auto place = reader.object(name, Need::optional);
    if (!place) return location;
    location.address = address_in(*place);
    location.zone = place->text("zone", Need::optional);
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (location.zone.size() > 2 || !std::all_of(location.zone.begin(), location.zone.end(), is_digit) ||
        (!location.zone.empty() && location.zone.front() == '0'))
        place->refuse("zone", fmt::format("\"zone\" is \"{}\", which is not a zone.", first_characters(location.zone, 40)),
                      "Send the prefix without the leading 0: \"2\" for Brussels.");
    place->unknown_keys();
    return location;
}

// ------------------------------------------------------------------------------------------------------------- numbers

namespace {

/// Adds the refusal with the pointer of what it is about.
template <class T>
std::optional<T> value_or_problem(Outcome<T> const& outcome, std::string const& pointer,
                                  std::vector<Refusal>& problems) {
    if (outcome) return *outcome;
    auto refusal = outcome.refusal();
    refusal.pointer = pointer;
    problems.push_back(std::move(refusal));
    return std::nullopt;
}

std::optional<Number> number_in(JsonReader& reader, std::string_view name) {
    auto const text = reader.text(name);
    if (text.empty()) return std::nullopt;
    return value_or_problem(porting::parse_e164(text), reader.pointer(name), reader.problems());
}

std::optional<NumberRange> range_of_item(json::value const& item, std::string const& pointer,
                                         std::vector<Refusal>& problems) {
    if (auto const* text = item.if_string()) {
        auto const number = value_or_problem(porting::parse_e164(*text), pointer, problems);
        return number ? std::optional(NumberRange{*number, *number}) : std::nullopt;
    }
    auto const* object = item.if_object();
    if (!object) {
        problems.push_back({RefusalCode::malformed,
                            "This is neither a number nor a range.",
                            pointer,
                            R"(Send "+3225501100" or {"first":"+3225501100","last":"+3225501109"}.)",
                            {}});
        return std::nullopt;
    }
    JsonReader reader(*object, problems, pointer);
    auto const range = first_and_last_in(reader);
    reader.unknown_keys();
    return range;
}

void refuse_repeated(JsonReader& reader, std::string_view name, std::vector<NumberRange> ranges) {
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].first <= ranges[i - 1].last) {
            reader.refuse(name, fmt::format("{} is given twice.", porting::to_string(ranges[i].first)),
                          "Give every number once.");
            return; // one example is enough: a range given twice would name a thousand
        }
}

} // namespace

std::optional<NumberRange> first_and_last_in(JsonReader& reader) {
    auto const first = number_in(reader, "first"), last = number_in(reader, "last");
    if (!first || !last) return std::nullopt;
    return value_or_problem(porting::range_of(*first, *last), reader.pointer("last"), reader.problems());
}

std::optional<NumberRange> number_or_range_in(JsonReader& reader) {
    bool const single = reader.has("number");
    if (single && (reader.has("first") || reader.has("last"))) {
        reader.raw("number"), reader.raw("first"), reader.raw("last"); // known, though not together
        reader.refuse("", "Both a \"number\" and a range are given.",
                      "Send either \"number\" or \"first\" and \"last\".");
        return std::nullopt;
    }
    if (!single) return first_and_last_in(reader);
    auto const number = number_in(reader, "number");
    return number ? std::optional(NumberRange{*number, *number}) : std::nullopt;
}

std::vector<NumberRange> numbers_in(JsonReader& reader, std::string_view name, Need need, std::int64_t most) {
    std::vector<NumberRange> ranges;
    auto const* items = reader.array(name, need);
    if (!items) return ranges;
    auto const here = reader.pointer(name);
    for (std::size_t i = 0; i < items->size(); ++i)
        if (auto const range = range_of_item((*items)[i], pointer_to(here, i), reader.problems())) {
            ranges.push_back(*range);
            if (range->count() > limits::numbers_per_order_max && range->count() <= most)
                reader.problems().push_back({RefusalCode::too_large, fmt::format("A range of {} numbers is more than {}.", range->count(), limits::numbers_per_order_max),
                                             pointer_to(here, i), "Split the range.", ""});
        }
    refuse_repeated(reader, name, ranges);
    if (porting::count(ranges) > most)
        reader.refuse(name, fmt::format("\"{}\" holds more than {} numbers.", name, most), "Split it.",
                      RefusalCode::too_large);
    return ranges;
}

// -------------------------------------------------------------------------------------------------------------- shapes

std::optional<JsonReader> object_or_true_in(JsonReader& reader, std::string_view name) {
    static json::object const nothing;
    auto const* value = reader.raw(name);
    if (value && value->is_bool() && value->get_bool())
        return JsonReader(nothing, reader.problems(), reader.pointer(name));
    return reader.object(name, Need::optional);
}

} // namespace npod::protocol::business
