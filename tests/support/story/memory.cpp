#include "memory.hpp"

#include "fields.hpp"
#include "script.hpp"

#include <fmt/format.h>

namespace npod::story {

namespace json = boost::json;

std::string Memory::port_of(Market& market, std::string const& code, std::string const& order) {
    auto const found = orders.find(order);
    if (found == orders.end()) throw StoryError(fmt::format("the story knows no order {}", order));
    auto& ports = found->second.port_at;
    if (!ports.contains(code)) {
        auto const list = market.at(code).get("/v1/ports?dossier=" + found->second.dossier);
        auto const id = fact(list.body, "items/0/id");
        if (id == "none")
            throw StoryError(fmt::format("{} has no port for order {} (dossier {}): {}", code, order,
                                         found->second.dossier, list.text));
        ports[code] = id;
    }
    return ports[code];
}

std::string Memory::claim_of(Market& market, std::string const& code, std::string const& order) {
    auto const port = market.at(code).get("/v1/ports/" + port_of(market, code, order));
    auto const id = fact(port.body, "claim_id");
    if (id == "none") throw StoryError(fmt::format("{} has no claim for order {}", code, order));
    return id;
}

std::string Memory::story_name(Market& market, std::string const& code, std::string const& id) {
    bool const claim = id.starts_with("CL-");
    if (!claim && !id.starts_with("PI-") && !id.starts_with("PO-")) return id;
    auto const port = claim ? fact(market.at(code).get("/v1/claims/" + id).body, "port") : id.substr(0, id.find('/'));
    auto const dossier = fact(market.at(code).get("/v1/ports/" + port).body, "dossier");
    for (auto const& [name, order] : orders)
        if (order.dossier == dossier) return name + (claim ? "/claim" : id.substr(port.size()));
    return id;
}

void Memory::note_numbers(std::string const& word) {
    if (word.empty() || word.front() != '+') return;
    auto const dots = word.find("..");
    auto const first = std::stoll(word.substr(1)),
               last = dots == std::string::npos ? first : std::stoll(word.substr(dots + 3));
    for (auto number = first; number <= last; ++number) numbers.insert(fmt::format("+{}", number));
}

std::vector<json::value> all_items(Daemon& daemon, std::string const& target) {
    std::vector<json::value> all;
    std::string cursor;
    do {
        auto const mark = target.find('?') == std::string::npos ? "?" : "&";
        auto const page = daemon.get(cursor.empty() ? target : fmt::format("{}{}cursor={}", target, mark, cursor));
        if (!page.good())
            throw StoryError(fmt::format("{} GET {}: {} {}", daemon.code(), target, page.status, page.text));
        for (auto const& item : page.body.at("items").as_array()) all.push_back(item);
        auto const* next = page.body.as_object().if_contains("next");
        cursor = next != nullptr && next->is_string() ? std::string(next->as_string()) : "";
    } while (!cursor.empty());
    return all;
}

} // namespace npod::story
