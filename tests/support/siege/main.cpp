/// npod serve as strangers and counterparts find it: real processes on loopback. `npod_siege --npod PATH --npctl PATH KIND`:
///
///     flood      floods, drips, stalls and every malformed request at once; good callers do not feel it
///     restarts   the hub dies and comes back while messages flow
///     restore    a backup taken under load is put back; what came after it is asked for again
///     storm      a market of three is killed, frozen and ended at random under load; files are copied meanwhile
///     limits     descriptors, memory and the right to write are taken from a running daemon, and given back
///     clock      the wall clock is stepped under a running daemon, over days of daylight saving
///     secrets    what is planted as a secret is seen nowhere
///     people     names, addresses and numbers are in no log line, metric or error
///     tls        certificates and versions, tried by openssl, curl and another npod
///     rotation   the keys of a counterpart are changed over restarts
///     load       how fast messages are acknowledged, at saturation and at half of it
///     crowd      two thousand mailboxes are open, and cost those who post nothing
///     mailbox    a mailbox of a hundred thousand unconfirmed messages is read, over a restart
///
/// `--seconds N` lengthens flood and load, `--messages N` fills the mailbox with more (a million takes some minutes);
/// `--blows N --seed N` say how long and which the storm is; `--tamper` makes load, restarts, storm, secrets and people look for what
/// is not so.

#include "support/siege/sieges.hpp"

#include <exception>
#include <iostream>

int main(int count, char** words) {
    npod::siege::Choices choices;
    for (int i = 1; i < count; ++i) {
        std::string const word = words[i];
        auto const value = [&]() -> std::string { return i + 1 < count ? words[++i] : ""; };
        if (word == "--npod")
            choices.npod = value();
        else if (word == "--npctl")
            choices.npctl = value();
        else if (word == "--stepped-clock")
            choices.stepped_clock = value();
        else if (word == "--seconds")
            choices.seconds = std::stoi(value());
        else if (word == "--messages")
            choices.messages = std::stoi(value());
        else if (word == "--blows")
            choices.blows = std::stoi(value());
        else if (word == "--seed")
            choices.seed = std::stoull(value());
        else if (word == "--tamper")
            choices.tamper = true;
        else
            choices.kind = word;
    }
    try {
        if (choices.kind == "flood") return npod::siege::flood(choices), 0;
        if (choices.kind == "restarts") return npod::siege::restarts(choices), 0;
        if (choices.kind == "restore") return npod::siege::restore(choices), 0;
        if (choices.kind == "storm") return npod::siege::storm(choices), 0;
        if (choices.kind == "limits") return npod::siege::limits(choices), 0;
        if (choices.kind == "clock") return npod::siege::clock(choices), 0;
        if (choices.kind == "tls") return npod::siege::tls(choices), 0;
        if (choices.kind == "rotation") return npod::siege::rotation(choices), 0;
        if (choices.kind == "load") return npod::siege::load(choices), 0;
        if (choices.kind == "crowd") return npod::siege::crowd(choices), 0;
        if (choices.kind == "mailbox") return npod::siege::mailbox(choices), 0;
        if (choices.kind == "secrets") return npod::siege::secrets(choices), 0;
        if (choices.kind == "people") return npod::siege::people(choices), 0;
    } catch (std::exception const& trouble) {
        std::cerr << trouble.what() << "\n";
        return 1;
    }
    std::cerr << "npod_siege --npod PATH --npctl PATH flood|restarts|restore|storm|limits|clock|secrets|people|tls|rotation|load|crowd|mailbox "
                 "[--seconds N] [--messages N] [--blows N] [--seed N] [--stepped-clock LIBRARY] [--tamper]\n";
    return 2;
}
