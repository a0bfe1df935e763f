#pragma once
/// What happened since the last look, told from the operators' own event feeds, for the demonstration.

#include "memory.hpp"
#include "narrator.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <utility>

namespace npod::story {

class News {
public:
    News(Market& market, Narrator& narrator, Memory& memory) : market_(market), narrator_(narrator), memory_(memory) {}
    void tell(); ///< everything since the last call

private:
    struct Meaning {
        std::string owner, state, event; ///< of the state gone to, and of what happened
    };
    Meaning meaning_of(Daemon& daemon, boost::json::value const& move);
    std::pair<std::string, std::string> names_of_subject(Daemon& daemon, boost::json::value const& move);
    void tell(Daemon& daemon);

    Market& market_;
    Narrator& narrator_;
    Memory& memory_;
    std::map<std::string, std::string> seen_;            ///< operator → place in its feed
    std::map<std::string, boost::json::value> machines_; ///< name → table
};

} // namespace npod::story
