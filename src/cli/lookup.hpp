#pragma once
/// From whatever key a person has at hand to the things it names.

#include "cli/pages.hpp"
#include "cli/session.hpp"

#include <string>
#include <vector>

namespace npod::cli {

/// A thing found under a key.
struct Found {
    std::string kind; ///< "port", "contract", "claim", "number"
    std::string id;
};

/// Everything found under a key: ids, dossiers, orders, numbers as people write them. Throws Stop (not_found) when
/// nothing is.
std::vector<Found> find_all(Session& session, std::string const& key);

/// The one port a key names. Throws Stop: not_found, or usage when there are several, naming them.
std::string find_port(Session& session, std::string const& key);

json::object get_object(Session& session, std::string const& target);

/// "/v1/ports/PI-000001/why".
std::string port_target(std::string const& id, std::string_view part = {});

/// Whether the filter of -q asks for finished things, too: it names a state or what became of ports. One that cannot be
/// read here is answered by the daemon.
bool asks_for_settled(std::string const& query);
/// The target with -q as its q=, when there is one.
std::string with_query(std::string target, Arguments const& arguments);

Paper paper_of(Session& session);
/// Working time by the shipped calendar of the country whose rules GET …/why names, Belgium's when it names none; the
/// daemon's own figure is taken where it gives one.
WorkingTime working_time_of(json::object const& why);

} // namespace npod::cli
