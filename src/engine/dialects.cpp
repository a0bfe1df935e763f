#include "engine/dialects.hpp"

#include "base/fault.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::engine {

namespace coin = protocol::coin_v3;
namespace json = boost::json;
namespace message = porting::message;

namespace {

/// A date later than this is a slip of somebody's pen: nobody plans a port a year ahead.
constexpr Duration plausible_horizon = std::chrono::days{366};

} // namespace

coin::Profile const& Dialects::profile_of(OperatorCode const& code) const {
    auto const found = profiles.find(code);
    return found == profiles.end() ? usual : found->second;
}

OperatorCode Dialects::peer_for(OperatorCode const& receiver) const {
    if (std::find(direct.begin(), direct.end(), receiver) != direct.end()) return receiver;
    return hub ? hub : own;
}

Encoded Dialects::encode(message::Message const& message, Moment now) const {
    return {peer_for(message.receiver), std::string(message::type_of(message.body)),
            coin::encode(message, profile_of(message.receiver), now)};
}

porting::input::Any Dialects::decode(OperatorCode const& sender, std::string_view type, std::string_view bytes,
                                     Moment now) const {
    auto decoded = coin::decode(type, bytes, profile_of(sender));
    if (!decoded) {
        auto const envelope = coin::read_envelope(bytes, [this](OperatorCode const& code) -> coin::Profile const& { return profile_of(code); });
        return porting::input::ReceivedBroken{sender, std::string(type), envelope ? envelope->dossier : DossierId{},
                                              decoded.refusals()};
    }
    coin::flag_implausible(*decoded, now, plausible_horizon);
    return porting::input::Received{.message = std::move(*decoded), .seq = 0};
}

Interchange Dialects::interchange() const {
    return {.encode = [all = *this](message::Message const& message, Moment now) { return all.encode(message, now); },
            .decode = [all = *this](OperatorCode const& sender, std::string_view type, std::string_view bytes,
                                    Moment now) { return all.decode(sender, type, bytes, now); }};
}

// ------------------------------------------------------------------------------------------------------- kept as JSON

namespace {

json::object texts_of(std::map<std::string, std::string> const& texts) {
    json::object object;
    for (auto const& [key, value] : texts) object[key] = value;
    return object;
}

json::object view_of(coin::Profile const& profile) {
    json::array blocking, quirks;
    for (auto const& code : profile.blocking_codes) blocking.push_back(json::array{porting::code_of(code.ground), code.wire});
    for (auto const quirk : profile.quirks) quirks.push_back(json::value(coin::about(quirk).name));
    return {{"country", profile.country_code},
            {"zone", profile.time.zone()},
            {"blocking", std::move(blocking)},
            {"delay", texts_of(profile.delay_codes)},
            {"error", texts_of(profile.error_codes)},
            {"quirks", std::move(quirks)},
            {"assumed", profile.codes_assumed}};
}

std::string text_at(json::object const& object, std::string_view key) { return std::string(object.at(key).as_string()); }

std::map<std::string, std::string> texts_from(json::value const& value) {
    std::map<std::string, std::string> texts;
    for (auto const& [key, text] : value.as_object()) texts.emplace(std::string(key), std::string(text.as_string()));
    return texts;
}

/// Throws ConfigFault for what this program does not know, std::exception for another shape.
coin::Profile profile_from(json::object const& view) {
    coin::Profile profile;
    profile.country_code = text_at(view, "country");
    profile.time = coin::LocalTime(text_at(view, "zone"));
    profile.blocking_codes.clear();
    for (auto const& item : view.at("blocking").as_array()) {
        auto const& pair = item.as_array();
        auto const name = std::string(pair.at(0).as_string());
        auto const ground = porting::ground_of(name);
        if (!ground) throw ConfigFault("the ground \"" + name + "\" is not known");
        profile.blocking_codes.push_back({*ground, std::string(pair.at(1).as_string())});
    }
    profile.delay_codes = texts_from(view.at("delay"));
    profile.error_codes = texts_from(view.at("error"));
    for (auto const& item : view.at("quirks").as_array()) {
        auto const quirk = coin::quirk_of(std::string(item.as_string()));
        if (!quirk) throw ConfigFault("the quirk \"" + std::string(item.as_string()) + "\" is not known");
        profile.quirks.insert(*quirk);
    }
    profile.codes_assumed = view.at("assumed").as_bool();
    return profile;
}

} // namespace

std::string to_json(Dialects const& dialects) {
    json::object members;
    for (auto const& [code, profile] : dialects.profiles) members[code.text] = view_of(profile);
    json::array direct;
    for (auto const& code : dialects.direct) direct.push_back(json::value(code.text));
    return json::serialize(json::object{{"own", dialects.own.text},
                                        {"hub", dialects.hub.text},
                                        {"usual", view_of(dialects.usual)},
                                        {"members", std::move(members)},
                                        {"direct", std::move(direct)}});
}

Outcome<Dialects> dialects_from_json(std::string_view text) {
    try {
        auto const value = json::parse(text);
        auto const& object = value.as_object();
        Dialects dialects;
        dialects.own = OperatorCode{text_at(object, "own")};
        dialects.hub = OperatorCode{text_at(object, "hub")};
        dialects.usual = profile_from(object.at("usual").as_object());
        for (auto const& [code, view] : object.at("members").as_object())
            dialects.profiles.emplace(OperatorCode{std::string(code)}, profile_from(view.as_object()));
        for (auto const& code : object.at("direct").as_array()) dialects.direct.push_back(OperatorCode{std::string(code.as_string())});
        return dialects;
    } catch (std::exception const& fault) {
        return Refusal{RefusalCode::malformed, fmt::format("The dialects of the counterparts cannot be read: {}.", fault.what()), {},
                       "Use the program version that wrote them.", {}};
    }
}

std::optional<Dialects> dialects_kept_in(storage::Reader const& reader) {
    auto const kept = reader.meta(dialects_key);
    if (kept.empty()) return {};
    auto dialects = dialects_from_json(kept);
    if (!dialects) throw ConfigFault(dialects.refusal().text + " " + dialects.refusal().next);
    return std::move(*dialects);
}

} // namespace npod::engine
