#pragma once
/// `npod sandbox`: from the words of a command line to a score card.

#include <cstdint>
#include <string>

namespace npod::daemon {

/// What stands on the command line, as written.
struct SandboxFlags {
    std::string part, own, tested, hub, listen, faults, scenario, numbers, clock = "system", zone = "Europe/Brussels";
    std::string secret_file, private_key_file, tested_secret_file, tested_key_file, output = "table", record, port_file;
    std::string ca_file, certificate_file, certificate_key_file;
    std::uint64_t seed = 1;
    int ports = 0, duration = 0, patience = 10'000, quiet = 1'000, linger = 0;
    bool may_die = false, print = false;
};

/// The catalogue of faults and the grammar of scenes.
std::string sandbox_help();

/// Plays, prints the card, and returns 0 when nothing failed, 9 otherwise, or 2 with a sentence for flags that cannot
/// be used.
int run_sandbox(SandboxFlags const& flags);

} // namespace npod::daemon
