/// Running ports go over to the law in force.

#include "cli/changes.hpp"
#include "cli/law.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

Exit adopt_rules(Session& session, Arguments const& arguments) {
    auto body = body_of(arguments);
    json::array ports;
    for (auto const& key : arguments.texts("PORT")) ports.emplace_back(find_port(session, key));
    auto const which = ports.empty() ? std::string("every running port") : fmt::format("{} port{}", ports.size(), ports.size() == 1 ? "" : "s");
    if (!ports.empty()) body["ports"] = std::move(ports);
    ask_first(session, fmt::format("Take {} over to the law in force? Deadlines and money may change.", which));
    auto const reply = session.change("POST", "/v1/rules/adopt", body, {});
    static json::object const none;
    auto const& done = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, text_in(done, "rulebook/version"), [&] {
        std::string out;
        for (auto const& sentence : list_in(done, "told")) out += paragraph(text_of(sentence), session.screen());
        return out;
    });
}

} // namespace npod::cli
