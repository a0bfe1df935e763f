#pragma once
/// What the story has named so far, and the ids that the daemons gave to it.

#include "market.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace npod::story {

/// An order of the story: a port-in at its recipient, and a port-out at its donor, by the dossier that both know.
struct Order {
    std::string recipient;
    std::string dossier;
    std::map<std::string, std::string> port_at; ///< operator → port id
};

struct Memory {
    std::map<std::string, Order> orders;
    std::set<std::pair<std::string, std::string>> contracts; ///< operator, id
    std::set<std::string> numbers;                           ///< single numbers, for the last look
    std::int64_t wire_seen = 0;                              ///< log row of the hub up to which messages were expected

    /// The id of an order's port at that operator. Throws StoryError when it has none.
    std::string port_of(Market& market, std::string const& code, std::string const& order);
    /// The claim that belongs to an order, at its recipient.
    std::string claim_of(Market& market, std::string const& code, std::string const& order);
    /// "horta-1/2" for "PI-000001/2" and the like, as far as the story knows the port; else the id itself.
    std::string story_name(Market& market, std::string const& code, std::string const& id);
    /// Remembers every number of a word such as "+3225501100..+3225501109".
    void note_numbers(std::string const& word);
};

/// All items of a list of the API, over all its pages.
std::vector<boost::json::value> all_items(Daemon& daemon, std::string const& target);

} // namespace npod::story
