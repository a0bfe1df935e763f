#include "storage/values_json.hpp"

#include "storage/ledger.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace npod::storage {

namespace json = boost::json;
using namespace porting;

namespace {

// ------------------------------------------------------------------------------------------------------- small helpers

constexpr std::array<std::pair<RefusalCode, std::string_view>, 10> refusal_names{{
    {RefusalCode::malformed, "malformed"},
    {RefusalCode::unauthorised, "unauthorised"},
    {RefusalCode::forbidden, "forbidden"},
    {RefusalCode::not_found, "not_found"},
    {RefusalCode::conflict, "conflict"},
    {RefusalCode::illegal_now, "illegal_now"},
    {RefusalCode::not_admissible, "not_admissible"},
    {RefusalCode::too_large, "too_large"},
    {RefusalCode::overloaded, "overloaded"},
    {RefusalCode::read_only, "read_only"},
}};

[[noreturn]] void damaged(std::string_view what) {
    throw StorageFault(fmt::format(
        "A stored value cannot be read: {}. Run `npod check`; if it agrees, put back the last backup.", what));
}

json::string text(std::string_view value) { return json::string(value.data(), value.size()); }

void add(json::object& object, std::string_view name, std::string_view value) {
    if (!value.empty()) object.emplace(name, text(value));
}
void add_flag(json::object& object, std::string_view name, bool value) {
    if (value) object.emplace(name, true);
}

std::string get(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value ? std::string(value->as_string()) : "";
}
bool get_flag(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value && value->as_bool();
}
json::array const& get_array(json::object const& object, std::string_view name) {
    static json::array const empty;
    auto const* value = object.if_contains(name);
    return value ? value->as_array() : empty;
}

/// Runs a reader over parsed JSON; whatever the text lacks becomes one kind of fault.
template <class Read>
auto reading(std::string_view what, std::string_view bytes, Read read) {
    try {
        // What a peer wrote may be any bytes; it is kept and shown as it came.
        static json::parse_options const options = [] {
            json::parse_options lenient;
            lenient.allow_invalid_utf8 = true;
            return lenient;
        }();
        std::array<unsigned char, 4096> room; // a customer or a mandate fits: nothing of it is allocated piece by piece
        json::monotonic_resource resource(room.data(), room.size());
        return read(json::parse(json::string_view(bytes.data(), bytes.size()), &resource, options));
    } catch (StorageFault const&) {
        throw;
    } catch (std::exception const& trouble) {
        damaged(fmt::format("{} ({})", what, trouble.what())); // without the value: it may name people, and this text goes into logs
    }
}

template <class Value>
Value known(std::optional<Value> value, std::string_view what, std::string_view name) {
    if (!value) damaged(fmt::format("unknown {} \"{}\"", what, name));
    return *value;
}

// ------------------------------------------------------------------------------------------------- parts of the values

json::array json_of(NumberRange range) { return {range.first.digits, range.last.digits}; }
NumberRange range_from(json::value const& value) {
    auto const& pair = value.as_array();
    return {{pair.at(0).as_int64()}, {pair.at(1).as_int64()}};
}

json::array json_of(std::vector<NumberRange> const& ranges) {
    json::array list;
    list.reserve(ranges.size());
    for (auto const& range : ranges) list.push_back(json_of(range));
    return list;
}
std::vector<NumberRange> ranges_from(json::array const& list) {
    std::vector<NumberRange> ranges;
    ranges.reserve(list.size());
    for (auto const& item : list) ranges.push_back(range_from(item));
    return ranges;
}

std::vector<std::string> texts_from(json::array const& list) {
    std::vector<std::string> texts;
    for (auto const& item : list) texts.emplace_back(item.as_string());
    return texts;
}

json::object json_of(Address const& address) {
    json::object object;
    add(object, "street", address.street);
    add(object, "house_number", address.house_number);
    add(object, "box", address.box);
    add(object, "postcode", address.postcode);
    add(object, "city", address.city);
    return object;
}
Address address_from(json::object const& object) {
    return {get(object, "street"), get(object, "house_number"), get(object, "box"), get(object, "postcode"),
            get(object, "city")};
}

/// What every event writes is written straight as text, without a tree of values in between.
template <class Item, class Append>
std::string written_list(std::vector<Item> const& items, Append append) {
    std::string out = "[";
    for (auto const& item : items) {
        if (out.size() > 1) out += ',';
        append(out, item);
    }
    return out += ']';
}
void append_quoted(std::string& out, std::string_view text) {
    bool const plain = std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; });
    if (plain) out.append(1, '"').append(text).append(1, '"');
    else out += json::serialize(json::string_view(text.data(), text.size()));
}
/// A move as a list without names, [kind, id, machine, event, from, to, verdict, actions, note]: there are several in each row of
/// the log. What is empty at the end is left out.
void append(std::string& out, Move const& move) {
    out += '[';
    append_quoted(out, name_of(move.subject.kind));
    for (auto const* text : {&move.subject.id, &move.machine, &move.event, &move.from, &move.to, &move.verdict}) {
        out += ',';
        append_quoted(out, *text);
    }
    if (!move.actions.empty() || !move.note.empty()) {
        out += ",[";
        for (auto const& action : move.actions) {
            if (&action != move.actions.data()) out += ',';
            append_quoted(out, action);
        }
        out += ']';
    }
    if (!move.note.empty()) {
        out += ',';
        append_quoted(out, move.note);
    }
    out += ']';
}
Move move_from(json::array const& list) {
    auto const text_at = [&](std::size_t i) { return i < list.size() ? std::string(list.at(i).as_string()) : std::string(); };
    auto const kind = text_at(0);
    return {{known(subject_kind_of(kind), "kind of subject", kind), text_at(1)}, text_at(2), text_at(3), text_at(4), text_at(5), text_at(6),
            list.size() > 7 ? texts_from(list.at(7).as_array()) : std::vector<std::string>(), text_at(8)};
}
/// As rows of the log that an older npod wrote have it.
Move move_from(json::object const& object) {
    auto const kind = get(object, "kind");
    return {{known(subject_kind_of(kind), "kind of subject", kind), get(object, "id")},
            get(object, "machine"),
            get(object, "event"),
            get(object, "from"),
            get(object, "to"),
            get(object, "verdict"),
            texts_from(get_array(object, "actions")),
            get(object, "note")};
}

std::vector<Move> moves_from(json::array const& list) {
    std::vector<Move> moves;
    moves.reserve(list.size());
    for (auto const& item : list) moves.push_back(item.is_array() ? move_from(item.get_array()) : move_from(item.as_object()));
    return moves;
}

json::object json_of(Refusal const& refusal) {
    json::object object;
    object.emplace("code", text(stored_name_of(refusal.code)));
    add(object, "text", refusal.text);
    add(object, "pointer", refusal.pointer);
    add(object, "next", refusal.next);
    add(object, "ground", refusal.ground);
    return object;
}
Refusal refusal_from(json::object const& object) {
    auto const name = get(object, "code");
    std::optional<RefusalCode> code;
    for (auto const& [known_code, known_name] : refusal_names)
        if (known_name == name) code = known_code;
    return {known(code, "refusal", name), get(object, "text"), get(object, "pointer"), get(object, "next"),
            get(object, "ground")};
}

template <class Item>
std::string list_to_json(std::vector<Item> const& items) {
    if (items.empty()) return "[]"; // most are
    json::array list;
    for (auto const& item : items) list.push_back(json_of(item));
    return json::serialize(list);
}

} // namespace

std::string_view stored_name_of(RefusalCode code) {
    for (auto const& [known_code, name] : refusal_names)
        if (known_code == code) return name;
    return "malformed";
}

// ------------------------------------------------------------------------------------------------------------- writing

std::string to_json(Customer const& customer) {
    json::object object;
    add_flag(object, "legal_person", customer.legal_person);
    add(object, "name", customer.name);
    add(object, "customer_id", customer.customer_id);
    if (auto address = json_of(customer.address); !address.empty()) object.emplace("address", std::move(address));
    if (customer.language) add(object, "language", name_of(*customer.language));
    return json::serialize(object);
}

std::string to_json(Location const& location) {
    json::object object;
    if (auto address = json_of(location.address); !address.empty()) object.emplace("address", std::move(address));
    add(object, "zone", location.zone);
    return json::serialize(object);
}

std::string to_json(Wish const& wish) {
    json::object object;
    add_flag(object, "on_date", wish.on_date);
    if (wish.at) object.emplace("at_ms", to_ms(*wish.at));
    return json::serialize(object);
}

std::string to_json(Mandate const& mandate) {
    json::object object;
    add(object, "id", mandate.id);
    add(object, "version", mandate.version);
    add(object, "titular", mandate.titular);
    add(object, "signer", mandate.signer);
    add(object, "channel", mandate.channel);
    object.emplace("signed_at_ms", to_ms(mandate.signed_at));
    if (!mandate.numbers.empty()) object.emplace("numbers", json_of(mandate.numbers));
    add(object, "evidence_sha256", mandate.evidence_sha256);
    return json::serialize(object);
}

namespace {
constexpr std::array<std::pair<AutomaticAnswer, std::string_view>, 3> automatic_names{{
    {AutomaticAnswer::none, "none"}, {AutomaticAnswer::simple, "simple"}, {AutomaticAnswer::all, "all"}}};
} // namespace

std::string to_json(Settings const& settings) {
    json::object object;
    object.emplace("own", text(settings.own.text));
    json::array operators;
    for (auto const& code : settings.operators) operators.push_back(text(code.text));
    object.emplace("operators", std::move(operators));
    for (auto const& [automatic, name] : automatic_names)
        if (automatic == settings.automatic) object.emplace("automatic", text(name));
    object.emplace("dossier_prefix", text(settings.dossier_prefix));
    return json::serialize(object);
}

std::string to_json(std::vector<RelatedNumber> const& related) {
    json::array list;
    for (auto const& item : related) {
        json::object object;
        if (item.service.empty()) object.emplace("numbers", json_of(item.numbers));
        else object.emplace("service", text(item.service));
        object.emplace("fate", text(name_of(item.fate)));
        list.push_back(std::move(object));
    }
    return json::serialize(list);
}

std::string to_json(std::vector<RelatedService> const& services) {
    json::array list;
    for (auto const& service : services) {
        if (service.numbers.empty()) list.push_back(text(service.name));
        else list.push_back(json::object{{"name", text(service.name)}, {"numbers", json_of(service.numbers)}});
    }
    return json::serialize(list);
}

std::string to_json(std::vector<Ground> const& grounds) {
    return written_list(grounds, [](std::string& out, Ground ground) { append_quoted(out, code_of(ground)); });
}

std::string to_json(std::vector<NumberRange> const& ranges) { return json::serialize(json_of(ranges)); }
std::string to_json(std::vector<std::string> const& texts) {
    return written_list(texts, [](std::string& out, std::string const& text) { append_quoted(out, text); });
}
std::string to_json(std::vector<Turn> const& turns) {
    return written_list(turns, [](std::string& out, Turn const& turn) {
        fmt::format_to(std::back_inserter(out), "[{},", to_ms(turn.since));
        append_quoted(out, turn.state);
        out += ',';
        append_quoted(out, name_of(turn.causer));
        if (turn.in_time_until) fmt::format_to(std::back_inserter(out), ",{}", to_ms(*turn.in_time_until));
        out += ']';
    });
}
std::string to_json(std::vector<EarlierPlan> const& plans) {
    return written_list(plans, [](std::string& out, EarlierPlan const& plan) {
        fmt::format_to(std::back_inserter(out), "[{},{}]", to_ms(plan.planned_at), to_ms(plan.until));
    });
}
std::string to_json(std::vector<Move> const& moves) {
    return written_list(moves, [](std::string& out, Move const& move) { append(out, move); });
}
std::string to_json(std::vector<Refusal> const& refusals) { return list_to_json(refusals); }

// ------------------------------------------------------------------------------------------------------------- reading

Customer customer_from_json(std::string_view bytes) {
    return reading("customer", bytes, [](json::value const& value) {
        auto const& object = value.as_object();
        Customer customer{get_flag(object, "legal_person"), get(object, "name"), get(object, "customer_id"), {}};
        if (auto const* address = object.if_contains("address")) customer.address = address_from(address->as_object());
        customer.language = language_of(get(object, "language"));
        return customer;
    });
}

Location location_from_json(std::string_view bytes) {
    return reading("location", bytes, [](json::value const& value) {
        auto const& object = value.as_object();
        Location location{{}, get(object, "zone")};
        if (auto const* address = object.if_contains("address")) location.address = address_from(address->as_object());
        return location;
    });
}

Wish wish_from_json(std::string_view bytes) {
    return reading("wish", bytes, [](json::value const& value) {
        auto const& object = value.as_object();
        Wish wish{get_flag(object, "on_date"), {}};
        if (auto const* at = object.if_contains("at_ms")) wish.at = from_ms(at->as_int64());
        return wish;
    });
}

Mandate mandate_from_json(std::string_view bytes) {
    return reading("mandate", bytes, [](json::value const& value) {
        auto const& object = value.as_object();
        return Mandate{get(object, "id"),
                       get(object, "version"),
                       get(object, "titular"),
                       get(object, "signer"),
                       get(object, "channel"),
                       from_ms(object.at("signed_at_ms").as_int64()),
                       ranges_from(get_array(object, "numbers")),
                       get(object, "evidence_sha256")};
    });
}

std::vector<RelatedNumber> related_from_json(std::string_view bytes) {
    return reading("related numbers", bytes, [](json::value const& value) {
        std::vector<RelatedNumber> related;
        for (auto const& item : value.as_array()) {
            auto const& object = item.as_object();
            auto const name = get(object, "fate");
            auto const* const numbers = object.if_contains("numbers");
            related.push_back({numbers ? range_from(*numbers) : NumberRange{}, known(fate_of(name), "fate", name), get(object, "service")});
        }
        return related;
    });
}

std::vector<RelatedService> services_from_json(std::string_view bytes) {
    return reading("services", bytes, [](json::value const& value) {
        std::vector<RelatedService> services;
        for (auto const& item : value.as_array()) {
            if (auto const* const name = item.if_string()) services.push_back({std::string(*name)});
            else services.push_back({get(item.as_object(), "name"), ranges_from(get_array(item.as_object(), "numbers"))});
        }
        return services;
    });
}

std::vector<NumberRange> ranges_from_json(std::string_view bytes) {
    return reading("ranges", bytes, [](json::value const& value) { return ranges_from(value.as_array()); });
}

std::vector<Ground> grounds_from_json(std::string_view bytes) {
    if (bytes == "[]") return {};
    return reading("grounds", bytes, [](json::value const& value) {
        std::vector<Ground> grounds;
        for (auto const& item : value.as_array()) {
            std::string_view const code{item.as_string().data(), item.as_string().size()};
            grounds.push_back(known(ground_of(code), "ground", code));
        }
        return grounds;
    });
}

std::vector<Turn> turns_from_json(std::string_view bytes) {
    if (bytes == "[]") return {};
    return reading("turns", bytes, [](json::value const& value) {
        std::vector<Turn> turns;
        for (auto const& item : value.as_array()) {
            auto const& part = item.as_array();
            auto const causer = std::string(part.at(2).as_string());
            Turn turn{from_ms(part.at(0).as_int64()), std::string(part.at(1).as_string()), known(causer_of(causer), "causer", causer), {}};
            if (part.size() > 3) turn.in_time_until = from_ms(part.at(3).as_int64());
            turns.push_back(std::move(turn));
        }
        return turns;
    });
}

std::vector<EarlierPlan> earlier_plans_from_json(std::string_view bytes) {
    if (bytes == "[]") return {};
    return reading("earlier plans", bytes, [](json::value const& value) {
        std::vector<EarlierPlan> plans;
        for (auto const& item : value.as_array())
            plans.push_back({from_ms(item.as_array().at(0).as_int64()), from_ms(item.as_array().at(1).as_int64())});
        return plans;
    });
}

std::vector<Move> moves_from_json(std::string_view bytes) {
    return reading("moves", bytes, [](json::value const& value) {
        return moves_from(value.as_array());
    });
}

void read_brought(std::string_view bytes, LogRow& row) {
    reading("row of the log", bytes, [&](json::value const& value) {
        auto const& list = value.as_array();
        row.moves = moves_from(list.at(0).as_array());
        row.notes = texts_from(list.at(1).as_array());
        row.refusals.clear();
        for (auto const& item : list.at(2).as_array()) row.refusals.push_back(refusal_from(item.as_object()));
        row.about = texts_from(list.at(3).as_array());
    });
}

std::vector<Refusal> refusals_from_json(std::string_view bytes) {
    return reading("refusals", bytes, [](json::value const& value) {
        std::vector<Refusal> refusals;
        for (auto const& item : value.as_array()) refusals.push_back(refusal_from(item.as_object()));
        return refusals;
    });
}

Settings settings_from_json(std::string_view bytes) {
    return reading("settings", bytes, [](json::value const& value) {
        auto const& object = value.as_object();
        Settings settings;
        settings.own = OperatorCode{get(object, "own")};
        for (auto const& code : get_array(object, "operators")) settings.operators.emplace(std::string(code.as_string()));
        for (auto const& [automatic, name] : automatic_names)
            if (get(object, "automatic") == name) settings.automatic = automatic;
        settings.dossier_prefix = get(object, "dossier_prefix");
        return settings;
    });
}

std::vector<std::string> texts_from_json(std::string_view bytes) {
    return reading("texts", bytes, [](json::value const& value) { return texts_from(value.as_array()); });
}

} // namespace npod::storage
