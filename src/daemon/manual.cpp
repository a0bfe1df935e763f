#include "daemon/manual.hpp"

#include "base/log_catalogue.hpp"
#include "base/roff.hpp"
#include "daemon/config_keys.hpp"
#include "daemon/log_messages.hpp"

#include <fmt/format.h>

namespace npod::daemon {

std::string manual_of_program() {
    ManualPage page("npod", 8, "number portability daemon");
    page.heading("Synopsis")
        .paragraph("npod serve [--config npod.toml] [--operator CODE] [--db PATH] [--listen ADDR:PORT] [--socket PATH] "
                   "[--clock system|manual[@RFC3339]]")
        .paragraph("npod check [--config npod.toml]")
        .paragraph("npod sandbox")
        .paragraph("npod sandbox --as recipient|donor|hub --operator CODE --tested CODE --hub URL|--listen ADDR:PORT "
                   "[--numbers RANGES] [--faults NAMES] [--seed N]");
    page.heading("Description")
        .paragraph("Moves telephone numbers between operators: takes orders and contracts from the operator's own "
                   "systems, talks to other operators through a hub, keeps every legal deadline, and knows what is owed "
                   "for delay. Everything durable is one SQLite file, written by this one process.");
    page.heading("Commands")
        .item("serve", "Serves until SIGTERM; what was acknowledged is finished. Speaks sd_notify, writes one "
                       "structured line per event to standard error.")
        .item("check", "Looks at configuration, rulebook, calendar, time-zone database and database file, and changes "
                       "nothing; exit 9 with findings.")
        .item("sandbox", "Without flags it is a market to try things in: a hub and two operators on this machine, with a story that "
                         "goes on when the clock of one is advanced; it prints the addresses and what to try, and leaves nothing "
                         "behind. With --as it is a counterpart that misbehaves on purpose, for tests of any system of the same wire, and ends "
                         "with a score card; exit 9 when something failed. npod sandbox --help lists the faults and tells "
                         "how scenes are written.");
    page.heading("Precedence").paragraph("Flags, then NPOD_* in the environment, then the configuration file, then defaults.");
    page.heading("Exit status")
        .item("0", "ended as asked")
        .item("2", "the command line makes no sense")
        .item("9", "check: findings; sandbox: something failed")
        .item("69", "the address cannot be bound")
        .item("74", "the disk or the file failed, or another daemon has the database")
        .item("78", "mend the configuration or the database first: starting again does not help");
    page.heading("Signals").item("SIGTERM, SIGINT", "finish and leave");
    page.heading("See also").paragraph("npctl(1), npod.toml(5), npod-messages(7)");
    return page.text();
}

std::string manual_of_messages() {
    ManualPage page("npod-messages", 7, "every line that npod logs, and what to do");
    page.heading("Description")
        .paragraph("npod writes one line an event to standard error, which systemd keeps in the journal: a time, a level, the name of the "
                   "message, and values as key=value. Telephone numbers are masked, names and addresses are never there.")
        .example("2026-04-03T14:59:00Z level=info msg=NP_LISTENING address=127.0.0.1:8700")
        .paragraph("The names are stable and can be searched for: journalctl -u npod.service -g NP_DELIVERY_FAILED. Alarms for what "
                   "matters stand in /usr/share/npod/alerts.yaml, what to do about them in the handbook.");
    auto const add = [&](std::string_view title, auto const& messages) {
        page.heading(title);
        for (auto const& message : messages) page.item(fmt::format("{} ({})", message.name, name_of(message.level)), message.meaning);
    };
    add("Messages of the work", log_catalogue::all);
    add("Messages of the daemon", log_messages::all);
    page.heading("See also").paragraph("npod(8), npctl(1)");
    return page.text();
}

std::string manual_of_configuration() {
    ManualPage page("npod.toml", 5, "configuration of npod");
    page.heading("Description")
        .paragraph("TOML. A key that is not known is an error that names the nearest known one. Each key may be given in "
                   "the environment instead, by the name that stands with it.");
    page.heading("Keys");
    for (auto const& key : all_keys())
        page.item(std::string(key.path), fmt::format("{} Environment: {}.{}", key.meaning, environment_name(key.path),
                                                      key.preset.empty() ? "" : fmt::format(" Default: {}.", key.preset)));
    page.heading("Tables")
        .item("[rulebook.overrides]", "single rules by id, \"be.window.cut_off\" = \"16:30\"")
        .item("[[member]]", "a counterpart: its code, keys and address")
        .item("[[token]]", "who may call the Business API, and with which role")
        .item("[[webhook]]", "a system of ours that is called at every event: its name, url, secret_files and types");
    page.heading("Quirks of a counterpart")
        .paragraph("[[member]] quirks = [\"single-items\", …] takes from this counterpart what the public form of the messages "
                   "refuses from everybody else. The record says which quirk was met; what is passed on to others is strict.");
    for (auto const& quirk : protocol::coin_v3::all_quirks()) page.item(std::string(quirk.name), std::string(quirk.meaning));
    page.heading("Example")
        .example("operator = \"ALFA\"\ndb       = \"/var/lib/npod/npod.db\"\nlisten   = \"127.0.0.1:8700\"\n\n[[member]]\n"
                 "code = \"BRAVO\"");
    page.heading("See also").paragraph("npod(8), npctl-rule(1)");
    return page.text();
}

} // namespace npod::daemon
