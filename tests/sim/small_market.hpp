#pragma once
/// One port between one recipient and one donor, explored completely: every order in which messages, deadlines and people
/// can follow each other, over the very tables that the daemon interprets. Nothing is thrown by chance here.

#include <cstdint>
#include <string>
#include <vector>

namespace npod::sim {

struct Explored {
    std::int64_t states = 0, steps = 0;
    std::int64_t depth = 0;                ///< of the longest shortest way
    std::int64_t pairs = 0;                ///< of a state of the recipient's line and one of the donor's, that can be together
    std::vector<std::string> findings;     ///< sentences, each with the way that leads there; empty: none
};

/// Whether a donor's person may close by hand what was agreed.
enum class Desk : std::uint8_t { keeps_its_word, does_as_it_likes };

/// Breadth-first from the order on. Messages wait in one-place channels behind outboxes that repeat them; each may be
/// lost, and heard twice. Looks for:
///   - a donor that lets go what the recipient does not serve, or a recipient that serves without the donor's yes;
///   - a rest in which both serve, or something waits, and no person was called;
///   - a way round in circles, by deadlines and messages alone, on which no person is called.
Explored explore(Desk desk);

} // namespace npod::sim
