#pragma once
/// What npod_siege plays. Each throws SiegeError when it does not end as it must, and prints its figures.

#include <string>

namespace npod::siege {

struct Choices {
    std::string npod, npctl, kind;
    int seconds = 5;
    int messages = 100'000; ///< in the full mailbox
    bool tamper = false; ///< something is counted that nobody did: the siege must notice
};

void flood(Choices const& choices);
void restarts(Choices const& choices);
void secrets(Choices const& choices);
void tls(Choices const& choices);
void rotation(Choices const& choices);
void load(Choices const& choices);
void crowd(Choices const& choices);
void mailbox(Choices const& choices);

} // namespace npod::siege
