/// One act on every port that meets a filter. Each is changed by itself, only if it is still as it was listed.

#include "cli/changes.hpp"
#include "cli/port_list.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace npod::cli {

namespace {

/// A page of the API. Whoever wants more says it again: what was done is no longer listed, or is refused as done.
constexpr std::int64_t at_once_max = 500;

json::array wanted_ports(Session& session, Arguments const& arguments) {
    auto const query = arguments.text("--query");
    auto target = fmt::format("/v1/ports?limit={}&q={}", at_once_max, url_encoded(query));
    if (!asks_for_settled(query)) target += "&open=true";
    auto const reply = get_object(session, target);
    auto const total = integer_in(reply, "total").value_or(0);
    if (total > at_once_max)
        throw Stop(Exit::usage, fmt::format("{} meet the filter; at most {} are changed at once. Nothing was done.\n  next:  narrow "
                                            "it, with \"and\".",
                                            counted(total, "port"), at_once_max));
    return list_in(reply, "items");
}

/// Before anything is done: how many, and which.
void ask_about(Session& session, json::array const& ports, std::string_view act) {
    constexpr std::size_t named_max = 20;
    auto const count = counted(static_cast<long long>(ports.size()), "port");
    session.say(fmt::format("{} for {}:", act, count));
    for (std::size_t i = 0; i < ports.size() && i < named_max; ++i)
        session.say(fmt::format("  {}  {}, {}, {}", text_in(ports[i], "id"), words_of(text_in(ports[i], "state")),
                                text_in(ports[i], "numbers"), text_in(ports[i], "customer")));
    if (ports.size() > named_max) session.say(fmt::format("  and {} more; npctl port list -q shows all", ports.size() - named_max));
    auto const& options = session.options();
    if (options.dry_run || options.yes) return;
    if (!session.may_ask())
        throw Stop(Exit::usage, "Nothing was done.\n  next:  look at what would be with --dry-run, then say it again with --yes.");
    ask_first(session, fmt::format("Do it to {}?", count));
}

/// What became of one port: "id", "before", "after" or "problem".
json::object outcome_of(json::value const& port, http::Response const& response) {
    boost::system::error_code error;
    auto const reply = json::parse(response.body, error);
    json::object outcome{{"id", text_in(port, "id")}, {"before", text_in(port, "state")}, {"done", response.status < 400}};
    outcome["status"] = response.status;
    if (response.status < 400)
        outcome["after"] = error ? std::string{} : text_in(reply, "state");
    else
        outcome["problem"] = error ? fmt::format("the daemon answered {}", response.status) : problem_text(reply, response.status, {});
    return outcome;
}

ListView outcomes_view(bool dry_run) {
    ListView view{"port", "ports", {}, "id", {}};
    view.columns = {plain_column("PORT", "id", Align::left, Give::rigid),
                    {"BEFORE", [](json::object const& one, Times const&) { return Cell(words_of(text_in(one, "before"))); }},
                    {dry_run ? "WOULD BE" : "NOW",
                     [](json::object const& one, Times const&) {
                         return flag_in(one, "done") ? Cell(words_of(text_in(one, "after")), Tone::good) : Cell("not done", Tone::alarm);
                     }},
                    plain_column("PROBLEM", "problem")};
    return view;
}

} // namespace

Exit act_on_all(Session& session, Arguments const& arguments, std::string_view act, json::object const& body) {
    auto const& options = session.options();
    if (options.if_version)
        throw Stop(Exit::usage, "--if-version is of one port, and -q of many.\n  next:  leave it out: each port is changed only if "
                                "it is still as listed.");
    if (!options.as_of.empty()) throw Stop(Exit::usage, "The past cannot be changed.\n  next:  leave out --as-of.");
    auto const ports = wanted_ports(session, arguments);
    if (ports.empty()) {
        session.say("No port meets the filter; nothing was done.");
        return Exit::ok;
    }
    ask_about(session, ports, act);
    auto const key = options.key.empty() ? new_idempotency_key() : options.key;
    json::array outcomes;
    Exit worst = Exit::ok;
    std::int64_t done = 0;
    auto progress = progress_on(session);
    for (auto const& port : ports) {
        if (progress) progress("ports", static_cast<std::int64_t>(outcomes.size()), static_cast<std::int64_t>(ports.size()));
        auto const id = text_in(port, "id");
        auto const response = session.post(port_target(id, act), body, key + "-" + id, integer_in(port.as_object(), "version").value_or(0));
        outcomes.push_back(outcome_of(port, response));
        if (response.status < 400) ++done;
        else if (worst == Exit::ok) worst = exit_of_status(response.status);
    }
    progress = {}; // its line goes away before the report
    print_list(session, {outcomes, static_cast<std::int64_t>(outcomes.size())}, outcomes_view(options.dry_run));
    session.say(fmt::format("{}{} of {} {}.", options.dry_run ? "Dry run, nothing was stored or sent: " : "", done,
                            counted(static_cast<long long>(ports.size()), "port"), options.dry_run ? "could be changed" : "changed"));
    return worst;
}

} // namespace npod::cli
