#pragma once
/// What npod_siege plays. Each throws SiegeError when it does not end as it must, and prints its figures.

#include <cstdint>
#include <string>

namespace npod::siege {

struct Choices {
    std::string npod, npctl, kind;
    std::string stepped_clock; ///< the library of stepped_clock.cpp
    int seconds = 5;
    int messages = 100'000; ///< in the full mailbox
    int blows = 120;        ///< of a storm
    std::uint64_t seed = 1; ///< of a storm
    bool tamper = false; ///< something is counted that nobody did: the siege must notice
};

void flood(Choices const& choices);
void restarts(Choices const& choices);
void restore(Choices const& choices);
void storm(Choices const& choices);
void limits(Choices const& choices);
void clock(Choices const& choices);
void secrets(Choices const& choices);
void people(Choices const& choices);
void tls(Choices const& choices);
void rotation(Choices const& choices);
void load(Choices const& choices);
void crowd(Choices const& choices);
void mailbox(Choices const& choices);

} // namespace npod::siege
