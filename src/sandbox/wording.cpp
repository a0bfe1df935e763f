#include "sandbox/wording.hpp"

#include "base/json.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::sandbox {

namespace json = boost::json;
namespace coin = protocol::coin_v3;
namespace message = porting::message;

namespace {

/// Texts that are optional in every message of that type.
void add_empty_strings(std::string_view type, json::object& content) {
    if (type == "portingrequest") {
        content["customerinfo"] = json::object{{"lastname", ""}, {"housenrext", ""}, {"postcode", ""}};
        content["donorserviceprovider"] = "";
    }
    if (type == "portingrequest" || type == "cancel") content["note"] = "";
    if (type != "portingrequestanswer") return;
    for (auto& item : content.at("repeats").as_array()) {
        auto& seq = item.as_object().at("seq").as_object();
        seq["blockingcode"] = "";
        seq["note"] = "";
        seq["donorserviceprovider"] = "";
    }
}

void set_dates(std::string_view type, json::object& content, std::string const& date) {
    if (type == "portingperformed") content["actualdatetime"] = date;
    if (type != "portingrequestanswer") return;
    for (auto& item : content.at("repeats").as_array())
        item.as_object().at("seq").as_object()["firstpossibledate"] = date;
}

std::string first_error(message::ErrorFound const& error) {
    if (error.items.empty()) return "errorfound";
    return fmt::format("errorfound {}: {}", error.items.front().code, error.items.front().description);
}

} // namespace

Said Wording::say(message::Body body, OperatorCode const& receiver, Moment law_now) const {
    std::string type(message::type_of(body));
    return {type, coin::encode({own, receiver, law_now, std::move(body), {}}, profile, law_now)};
}

Said oddly(Said said, std::string_view how, int days, Wording const& wording, Moment law_now) {
    if (how.empty()) return said;
    auto value = parse_json(said.bytes);
    NPOD_PROMISE(static_cast<bool>(value));
    auto& envelope = value->as_object().at("message").as_object();
    auto& content = envelope.at("body").as_object().at(said.type).as_object();
    auto const year = wording.profile.time.write(law_now).substr(0, 4);
    if (how == "empty-strings") add_empty_strings(said.type, content);
    if (how == "unknown-fields") {
        content["x_channel"] = json::object{{"name", "sandbox"}, {"list", json::array{1, 2}}};
        envelope.at("header").as_object()["x_trace"] = "1";
    }
    if (how == "wrong-timestamp")
        envelope.at("header").as_object()["timestamp"] = wording.profile.time.write(law_now + std::chrono::days{days});
    if (how == "far-date") set_dates(said.type, content, "20991231120000");
    if (how == "other-date") set_dates(said.type, content, wording.profile.time.write(law_now + std::chrono::days{days}));
    if (how == "impossible-date") set_dates(said.type, content, year + "0231120000");
    said.bytes = json::serialize(*value);
    return said;
}

Reading read_message(std::string_view type, std::string_view bytes, coin::Profile const& profile) {
    Reading reading;
    reading.summary = std::string(type);
    auto const envelope = coin::read_envelope(bytes);
    if (!envelope) {
        reading.summary = fmt::format("{} that cannot be read: {}", type, envelope.refusals().front().text);
        return reading;
    }
    reading.dossier = envelope->dossier;
    auto const decoded = coin::decode(type, bytes, profile);
    if (!decoded) {
        reading.summary = fmt::format("{} that cannot be read: {}", type, decoded.refusals().front().text);
        return reading;
    }
    reading.readable = true;
    reading.timestamp = decoded->timestamp;
    if (auto const* request = std::get_if<message::PortRequest>(&decoded->body)) reading.numbers = request->numbers;
    if (auto const* error = std::get_if<message::ErrorFound>(&decoded->body)) reading.summary = first_error(*error);
    if (auto const* answer = std::get_if<message::Answer>(&decoded->body)) {
        reading.yes =
            !answer->ranges.empty() && std::all_of(answer->ranges.begin(), answer->ranges.end(), [](auto const& range) {
                return range.grounds.empty() && range.unknown_codes.empty();
            });
        std::string why;
        for (auto const& range : answer->ranges) {
            for (auto const ground : range.grounds) why += " " + std::string(porting::code_of(ground));
            for (auto const& code : range.unknown_codes) why += " " + code;
        }
        reading.summary = reading.yes ? "answer yes" : "answer no:" + why;
    }
    return reading;
}

} // namespace npod::sandbox
