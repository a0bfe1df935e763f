#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace npod::cli {

namespace {

/// The JSON of one thing and the page about it.
struct Told {
    json::value value;
    std::string page;
};

Told tell_of_port(Session& session, std::string const& id) {
    auto port = get_object(session, port_target(id));
    auto why = get_object(session, port_target(id, "why"));
    auto page =
        session.wants_table() ? status_page(port, why, working_time_of(why), paper_of(session)) : std::string{};
    return {json::object{{"kind", "port"}, {"port", std::move(port)}, {"why", std::move(why)}}, std::move(page)};
}

Told tell_of(Session& session, Found const& found) {
    if (found.kind == "port") return tell_of_port(session, found.id);
    auto const path = found.kind == "number"     ? "/v1/numbers/"
                      : found.kind == "contract" ? "/v1/contracts/"
                                                 : "/v1/claims/";
    auto thing = get_object(session, path + url_encoded(found.id));
    std::string page;
    if (session.wants_table()) {
        auto const paper = paper_of(session);
        page = found.kind == "number"     ? number_page(thing, paper)
               : found.kind == "contract" ? contract_page(thing, paper)
                                          : claim_page(thing, paper);
    }
    return {json::object{{"kind", found.kind}, {found.kind, std::move(thing)}}, std::move(page)};
}

/// A number that is being ported has a port to tell of, and a port has its numbers in it: live ports come first.
Exit status(Session& session, Arguments const& arguments) {
    if (!arguments.has("KEY")) {
        auto const status = get_object(session, "/v1/status");
        return print_one(session, status, text_in(status, "operator"),
                         [&] { return daemon_page(status, paper_of(session)); });
    }
    constexpr std::size_t told_max = 5; // more is a list, and lists have their own command
    auto const found = find_all(session, arguments.text("KEY"));
    json::array all;
    std::string pages, names;
    for (std::size_t i = 0; i < found.size() && i < told_max; ++i) {
        auto told = tell_of(session, found[i]);
        all.push_back(std::move(told.value));
        pages += (i == 0 ? "" : "\n") + told.page;
        names += found[i].id + "\n";
    }
    if (found.size() > told_max)
        session.say(fmt::format("{} of {}; npctl port list --all with a filter shows all.", told_max,
                                counted(static_cast<long long>(found.size()), "thing")));
    if (session.options().output == Output::name) {
        session.print(names);
        return Exit::ok;
    }
    if (session.options().output == Output::jsonl) {
        for (auto const& one : all) session.print(json::serialize(one) + "\n");
        return Exit::ok;
    }
    return print_one(session, json::object{{"items", all}}, {}, [&] { return pages; });
}

} // namespace

std::vector<Verb> status_verbs() {
    return {{"status",
             no_verb,
             "Says where anything stands: whose turn it is, until when, by which law, and what may be done.",
             {{"[KEY]", "a port, number, order, dossier, contract or claim; without one, the daemon"}},
             {},
             Does::read,
             status}};
}

} // namespace npod::cli
