#include "cli/lookup.hpp"

#include "api/filters.hpp"
#include "cli/text.hpp"
#include "rules/rulebook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace npod::cli {

namespace {

bool is_port_id(std::string const& key) {
    bool const prefix = key.starts_with("PI-") || key.starts_with("PO-");
    return prefix && key.size() > 3 &&
           std::all_of(key.begin() + 3, key.end(), [](unsigned char c) { return std::isdigit(c); });
}

std::vector<Found> find_exactly(Session& session, std::string const& key) {
    std::vector<Found> found;
    auto const reply = session.get_if_there("/v1/find/" + url_encoded(key));
    if (!reply || !reply->is_object()) return found;
    for (auto const& item : list_in(reply->get_object(), "items"))
        found.push_back({text_in(item, "kind"), text_in(item, "id")});
    return found;
}

/// The id, order or dossier of a port that is closest to a mistyped key; empty when none is.
std::string key_meant(Session& session, std::string const& key) {
    auto const reply = session.get_if_there("/v1/ports?limit=500");
    std::vector<std::string> keys;
    if (reply && reply->is_object())
        for (auto const& port : list_in(reply->get_object(), "items"))
            for (auto const* member : {"id", "order_id", "dossier"}) keys.push_back(text_in(port, member));
    std::erase(keys, "");
    std::vector<std::string_view> const known(keys.begin(), keys.end());
    return std::string(closest(key, known));
}

[[noreturn]] void nothing_found(Session& session, std::string const& key, std::string const& what) {
    auto const meant = key_meant(session, key);
    throw Stop(Exit::not_found,
               fmt::format("No {} is known under \"{}\".{}\n  next:  check the key; npctl port list --all shows every port.", what,
                           key.substr(0, 64), meant.empty() ? "" : fmt::format(" Did you mean \"{}\"?", meant)));
}

} // namespace

std::vector<Found> find_all(Session& session, std::string const& key) {
    auto found = find_exactly(session, key);
    auto const number = as_e164(key);
    if (found.empty() && number != key) found = find_exactly(session, number);
    bool const looks_like_a_number = number.starts_with('+');
    if (found.empty() && looks_like_a_number)
        found.push_back({"number", number}); // the plan may know it although we do not
    if (found.empty()) nothing_found(session, key, "port, number, contract or claim");
    return found;
}

std::string find_port(Session& session, std::string const& key) {
    if (is_port_id(key)) return key;
    std::vector<std::string> ports;
    for (auto const& [kind, id] : find_all(session, key))
        if (kind == "port" && std::find(ports.begin(), ports.end(), id) == ports.end()) ports.push_back(id);
    if (ports.empty()) nothing_found(session, key, "port");
    if (ports.size() > 1)
        throw Stop(Exit::usage, fmt::format("\"{}\" names several ports: {}.\n  next:  name one of them.", key,
                                            fmt::join(ports, ", ")));
    return ports.front();
}

json::object get_object(Session& session, std::string const& target) {
    auto value = session.get(target);
    if (!value.is_object()) throw Stop(Exit::unreachable, "What answered is no npod.\n  next:  check --url.");
    return std::move(value.get_object());
}

std::string port_target(std::string const& id, std::string_view part) {
    auto target = "/v1/ports/" + url_encoded(id);
    return part.empty() ? target : fmt::format("{}/{}", target, part);
}

bool asks_for_settled(std::string const& query) {
    auto expression = filter::parse(query, api::port_fields());
    if (!expression) return false;
    bool found = false;
    filter::each_comparison(*expression, [&](filter::Comparison const& comparison) {
        for (auto const field : {"state", "settled", "open", "effective", "refused_for"})
            found = found || comparison.field == field;
    });
    return found;
}

std::string with_query(std::string target, Arguments const& arguments) {
    if (!arguments.has("--query")) return target;
    target += target.find('?') == std::string::npos ? "?q=" : "&q=";
    return target + url_encoded(arguments.text("--query"));
}

Paper paper_of(Session& session) {
    return {session.times(), session.screen(), session.options().output == Output::wide};
}

WorkingTime working_time_of(json::object const& why) {
    std::string country = "be";
    auto const look_at = [&](std::string const& id) {
        if (!id.empty() && !id.starts_with("npod.")) country = id.substr(0, id.find('.'));
    };
    for (auto const& rule : list_in(why, "compensation/rules")) look_at(text_in(rule, "id"));
    for (auto const& deadline : list_in(why, "deadlines")) look_at(text_in(deadline, "rule/id"));
    return [country, calendar = std::shared_ptr<rules::Calendar>()](Moment from, Moment to) mutable {
        if (!calendar) calendar = std::make_shared<rules::Calendar>(rules::Rulebook::shipped(country).calendar());
        return calendar->working_time(from, to);
    };
}

} // namespace npod::cli
