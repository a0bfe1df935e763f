#include "daemon/market_story.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace npod::daemon {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// The network of whoever wins a number rings it half an hour after the agreed moment.
constexpr auto switching_takes = 30min;

struct Customer {
    std::string_view order, name, street, house, postcode, first, last, from, to; ///< from: who loses it
};

// One number is answered by BRAVO's machine; ten wait for its desk, which answers on Tuesday; four for a desk that is silent until the
// next Monday; two for whoever plays BRAVO's desk; two are ALFA's own, wanted by BRAVO: they wait for whoever plays ALFA's desk.
constexpr Customer customers[]{
    {"lune-1", "Boulangerie Lune SRL", "Rue Haute", "41", "1180", "+3225508000", "+3225508000", "BRAVO", "ALFA"},
    {"horta-1", "Atelier Horta SA", "Rue Royale", "12", "1000", "+3225501100", "+3225501109", "BRAVO", "ALFA"},
    {"nova-1", "Cabinet Nova SRL", "Avenue Louise", "100", "1050", "+3225505000", "+3225505003", "BRAVO", "ALFA"},
    {"pont-1", "Librairie du Pont SA", "Rue du Pont", "3", "1000", "+3225505100", "+3225505101", "BRAVO", "ALFA"},
    {"retour-1", "Garage Retour BV", "Steenweg", "7", "1020", "+3226601200", "+3226601201", "ALFA", "BRAVO"},
};

/// What a person does at a moment, unless somebody has done it before.
struct Act {
    std::string_view at, who, order, verb, body, telling;
};
constexpr Act acts[]{
    {"2026-03-03T11:00:00+01:00", "BRAVO", "horta-1", "answer", R"({"decisions":[{"numbers":[@],"accept":{"at":"2026-03-05T09:00:00+01:00"}}]})",
     "BRAVO's desk lets Atelier Horta's ten numbers go, from Thursday 9:00."},
    {"2026-03-09T10:00:00+01:00", "BRAVO", "nova-1", "answer", R"({"decisions":[{"numbers":[@],"accept":{"at":"2026-03-10T09:00:00+01:00"}}]})",
     "BRAVO's desk answers about Cabinet Nova at last."},
    {"2026-03-11T10:00:00+01:00", "ALFA", "nova-1", "claim", "", "Cabinet Nova asks for its money: npctl claim list, npctl claim approve."},
};

json::object customer_of(Customer const& one) {
    json::object const address{{"street", one.street}, {"house_number", one.house}, {"postcode", one.postcode}, {"city", "Brussel"}};
    return {{"customer", {{"kind", "legal"}, {"name", one.name}, {"address", address}}},
            {"network", "fixed"},
            {"location", {{"address", address}, {"zone", "2"}}}};
}

json::value numbers_of(Customer const& one) {
    if (one.first == one.last) return json::value(one.first);
    return json::object{{"first", one.first}, {"last", one.last}};
}

Customer const& customer_named(std::string_view order) {
    return *std::find_if(std::begin(customers), std::end(customers), [&](Customer const& one) { return one.order == order; });
}

std::string text_at(json::value const& value, std::string_view pointer) {
    boost::system::error_code error;
    auto const* found = value.find_pointer(pointer, error);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

json::array items_of(Market::Reply const& reply) {
    auto const* body = reply.body.if_object();
    auto const* items = body ? body->if_contains("items") : nullptr;
    return items && items->is_array() ? items->get_array() : json::array{};
}

std::string words_of(std::string text) {
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

} // namespace

Moment MarketStory::beginning() { return *parse_rfc3339("2026-03-02T09:00:00+01:00"); }

void MarketStory::begin() {
    for (auto const code : {"ALFA", "BRAVO", "HUB"}) {
        market_.tell(code, "PUT", "/v1/blocks", R"({"first":"+3225501000","last":"+3225509999","holder":"BRAVO"})");
        market_.tell(code, "PUT", "/v1/blocks", R"({"first":"+3226601000","last":"+3226609999","holder":"ALFA"})");
    }
    for (auto const& one : customers) {
        auto contract = customer_of(one);
        contract["product"] = "Voice";
        contract["numbers"] = json::array{numbers_of(one)};
        auto reply = market_.tell(one.from, "PUT", fmt::format("/v1/contracts/{}-at-{}", one.order, one.from), json::serialize(contract));
        if (!reply.good()) throw Fault(fmt::format("{} does not take the contract of {}: {}", one.from, one.name, json::serialize(reply.body)));
        auto order = customer_of(one);
        order["order_id"] = one.order;
        order["donor"] = one.from;
        order["numbers"] = json::array{numbers_of(one)};
        order["contract_id"] = fmt::format("{}-at-{}", one.order, one.to);
        order["mandate"] = json::object{{"id", fmt::format("M-{}", one.order)}, {"titular", one.name}, {"signer", "Nora Lambert"},
                                        {"channel", "online"}, {"signed_at", "2026-03-01T19:00:00+01:00"}};
        reply = market_.tell(one.to, "POST", "/v1/port-ins", json::serialize(order));
        if (!reply.good()) throw Fault(fmt::format("{} does not take the order of {}: {}", one.to, one.name, json::serialize(reply.body)));
        market_.settle(); // ids in the order of the table
    }
    watch_the_network();
    tell_news();
}

void MarketStory::go_on() {
    market_.move_as_asked([this](Moment to) { return next_act(to); },
                          [this] {
                              act();
                              tell_news();
                          });
    watch_the_network();
    tell_news();
}

std::string MarketStory::port_of(std::string_view code, std::string const& order) {
    auto const& customer = customer_named(order);
    auto items = items_of(market_.get(customer.to, "/v1/ports?order=" + order));
    if (items.empty() || code == customer.to) return items.empty() ? "" : text_at(items.front(), "/id");
    items = items_of(market_.get(code, "/v1/ports?dossier=" + text_at(items.front(), "/dossier")));
    return items.empty() ? "" : text_at(items.front(), "/id");
}

std::optional<Moment> MarketStory::next_act(Moment to) const {
    std::optional<Moment> next;
    if (acts_done_ < std::size(acts)) next = *parse_rfc3339(acts[acts_done_].at);
    for (auto const& [port, done] : at_the_switch_) next = next ? std::min(*next, done) : done;
    return next && *next <= to ? next : std::nullopt;
}

/// Everything that is due now. What was done before us, by whoever plays along, is refused, and that is well.
void MarketStory::act() {
    for (; acts_done_ < std::size(acts) && *parse_rfc3339(acts[acts_done_].at) <= market_.now(); ++acts_done_) {
        auto const& one = acts[acts_done_];
        auto const& customer = customer_named(one.order);
        auto const port = port_of(one.who, std::string(one.order));
        Market::Reply reply;
        if (one.verb == "claim") {
            reply = market_.tell(one.who, "POST", "/v1/claims", json::serialize(json::object{{"port", port}, {"claimant", customer.name}, {"channel", "letter"}}));
        } else {
            std::string body(one.body);
            body.replace(body.find('@'), 1, json::serialize(numbers_of(customer)));
            reply = market_.tell(one.who, "POST", fmt::format("/v1/ports/{}/{}", port, one.verb), body);
        }
        market_.settle();
        if (!reply.good()) continue;
        tell_hour();
        say_("  " + std::string(one.telling));
    }
    for (auto at = at_the_switch_.begin(); at != at_the_switch_.end();) {
        if (at->second > market_.now()) {
            ++at;
            continue;
        }
        auto const code = at->first.substr(0, at->first.find(' ')), port = at->first.substr(at->first.find(' ') + 1);
        market_.tell(code, "POST", fmt::format("/v1/ports/{}/activation", port), R"({"done":true,"reason":"a call came through"})");
        market_.settle();
        at = at_the_switch_.erase(at);
    }
    watch_the_network();
}

void MarketStory::watch_the_network() {
    for (auto const code : {"ALFA", "BRAVO"})
        for (auto const& port : items_of(market_.get(code, "/v1/ports?role=port_in&state=activating")))
            at_the_switch_.emplace(fmt::format("{} {}", code, text_at(port, "/id")), market_.now() + switching_takes);
}

void MarketStory::tell_hour() {
    auto const hour = text_at(market_.get("ALFA", "/v1/status").body, "/clock/local");
    if (hour == std::exchange(hour_told_, hour)) return;
    say_(fmt::format("{} {}", hour.substr(0, 10), hour.substr(11, 5)));
}

/// One line for every port or claim that changed its state.
void MarketStory::tell_news() {
    for (std::string const code : {"ALFA", "BRAVO"}) {
        for (;;) {
            auto& last = heard_.try_emplace(code, "0").first->second;
            auto const events = items_of(market_.get(code, fmt::format("/v1/events?after={}&limit=500", last)));
            if (events.empty()) break;
            for (auto const& event : events) {
                last = text_at(event, "/id");
                auto const from = text_at(event, "/data/move/from"), to = text_at(event, "/data/move/to"), subject = text_at(event, "/subject");
                bool const told = from != to && (subject.starts_with("PI-") || subject.starts_with("PO-") || (subject.starts_with("CL-") && from != "nothing_due"));
                if (!told) continue;
                tell_hour();
                say_(fmt::format("  {:<6} {:<12} {} -> {}", code, subject, words_of(from), words_of(to)));
            }
        }
    }
}

} // namespace npod::daemon
