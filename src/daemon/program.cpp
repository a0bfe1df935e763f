#include "daemon/program.hpp"

#include "base/log_catalogue.hpp"
#include "daemon/check.hpp"
#include "daemon/config.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/manual.hpp"
#include "daemon/market_command.hpp"
#include "daemon/sandbox_command.hpp"
#include "daemon/serve.hpp"
#include "daemon/system_clock.hpp"
#include "daemon/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace npod::daemon {

namespace {

/// The flags that stand for a key of the configuration.
struct Flag {
    std::string key, help;
};
std::vector<Flag> const flags{
    {"operator", "Our own operator code"},
    {"db", "The SQLite file; made when it does not exist (default npod.db)"},
    {"listen", "IP address and port (default 127.0.0.1:8700; port 0: any free one)"},
    {"socket", "A Unix socket besides, for programs of this machine"},
    {"clock", "system, manual or manual@2026-03-02T09:00:00+01:00"},
};

/// What stands on the command line.
struct CommandLine {
    Sources sources;
    std::string port_file;
};

void offer(CLI::App& command, CommandLine& line) {
    command.add_option("--config", line.sources.file, "Configuration file (TOML)");
    for (auto const& flag : flags)
        command.add_option_function<std::string>(
            "--" + flag.key, [&line, key = flag.key](std::string const& value) { line.sources.flags[key] = value; },
            flag.help);
}

/// The flags of npod sandbox; what they mean together is sandbox_command.cpp's.
void offer_sandbox(CLI::App& command, SandboxFlags& into) {
    command.footer([] { return sandbox_help(); });
    command.add_flag("--print", into.print,
                     "Print the scenes that ship, to begin a scenario of your own from, and end");
    command.add_option("--as", into.part, "recipient (we ask), donor (we are asked) or hub");
    command.add_option("--operator", into.own, "The operator code that we play");
    command.add_option("--tested", into.tested, "The operator code of the tested side");
    command.add_option("--hub", into.hub, "URL where we call: the tested side's own, or its hub's");
    command.add_option("--listen", into.listen, "Address and port where the tested side calls us and has its mailbox");
    command.add_option("--faults", into.faults, "Names, divided by commas (default: all that can be played so)");
    command.add_option("--scenario", into.scenario, "A file of scenes instead of those that ship");
    command.add_option("--numbers", into.numbers, "What the tested side may let go: +3225501100..+3225501149,…");
    command.add_option("--seed", into.seed, "Order of scenes and all chance (default 1)");
    command.add_option("--ports", into.ports, "How many scenes in all (default: each once)");
    command.add_option("--duration", into.duration, "At most so many seconds in all");
    command.add_option("--patience", into.patience, "Milliseconds until what must come has not come (default 10000)");
    command.add_option("--quiet", into.quiet, "Milliseconds in which nothing may come (default 1000)");
    command.add_option("--linger", into.linger,
                       "When all is played, stay until nothing came for so many milliseconds (default 0)");
    command.add_flag("--may-die", into.may_die,
                     "The tested side is killed meanwhile: its repetitions, byte for byte, are right");
    command.add_option("--clock", into.clock, "manual@TIME when the tested side's clock stands still (default system)");
    command.add_option("--zone", into.zone, "Zone of the wire's local times (default Europe/Brussels)");
    command.add_option("--secret-file", into.secret_file, "File with our HMAC secret");
    command.add_option("--private-key-file", into.private_key_file, "File with our RSA key (PEM)");
    command.add_option("--tested-secret-file", into.tested_secret_file, "With --listen: the tested side's secret");
    command.add_option("--tested-key-file", into.tested_key_file, "With --listen: its public key (PEM)");
    command.add_option("--ca-file", into.ca_file, "CA (PEM) to trust for https; with --listen: who signs its clients");
    command.add_option("--certificate-file", into.certificate_file, "Our TLS certificate (PEM)");
    command.add_option("--certificate-key-file", into.certificate_key_file, "and its key (PEM)");
    command.add_option("--output", into.output, "The card as table or json (default table)");
    command.add_option("--record", into.record, "Write every acknowledged message to this file, one JSON a line");
    command.add_option("--port-file", into.port_file, "With --listen: write the bound port to this file");
}

int run_serve(CommandLine line) {
    line.sources.environment = npod_environment();
    try {
        auto config = read_config(line.sources);
        config.port_file = line.port_file;
        return serve(config);
    } catch (ConfigFault const& fault) {
        fmt::print(stderr, "npod: the configuration cannot be used:\n{}\n", fault.what());
        return exit_code::configuration;
    }
}

int run_check(CommandLine line) {
    line.sources.environment = npod_environment();
    try {
        auto const config = read_config(line.sources);
        fmt::print("{}", describe(config));
        SystemClock const real;
        auto const report = check(config, real);
        for (auto const& text : report.good) fmt::print("good     {}\n", text);
        for (auto const& text : report.findings) fmt::print("FINDING  {}\n", text);
        return report.findings.empty() ? exit_code::ok : exit_code::findings;
    } catch (ConfigFault const& fault) {
        std::istringstream problems(fault.what()); // one a line
        for (std::string text; std::getline(problems, text);) fmt::print("FINDING  {}\n", text);
        return exit_code::findings;
    }
}

} // namespace

int run(std::vector<std::string> const& arguments) {
    CLI::App app{"npod - number portability daemon for telecom operators", "npod"};
    app.set_version_flag("--version", fmt::format("npod {}", version));
    app.require_subcommand(1);
    CommandLine line;
    auto* const serve_command = app.add_subcommand("serve", "Serve until SIGTERM");
    offer(*serve_command, line);
    serve_command->add_option("--port-file", line.port_file, "Write the bound port to this file when ready");
    auto* const check_command =
        app.add_subcommand("check", "Look at configuration, rulebook, calendar and database; exit 9 with findings");
    offer(*check_command, line);
    std::string page;
    auto* const manual_command = app.add_subcommand("manual", "Print a manual page: npod manual | man -l -");
    manual_command->add_option("PAGE", page, "npod (the default), npod.toml or messages")
        ->check(CLI::IsMember({"npod", "npod.toml", "messages"}));
    SandboxFlags sandbox_flags;
    auto* const sandbox_command = app.add_subcommand(
        "sandbox", "Without flags: a living market to try. With --as: be a counterpart that misbehaves on purpose; ends with a score "
                   "card, exit 0 or 9");
    offer_sandbox(*sandbox_command, sandbox_flags);
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); // CLI11 takes them last first
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? exit_code::ok : exit_code::usage; // --help and --version are no errors
    }
    if (manual_command->parsed()) {
        fmt::print("{}", page == "npod.toml" ? manual_of_configuration() : page == "messages" ? manual_of_messages() : manual_of_program());
        return exit_code::ok;
    }
    if (sandbox_command->parsed()) return sandbox_command->count_all() > 1 ? run_sandbox(sandbox_flags) : run_market();
    return serve_command->parsed() ? run_serve(std::move(line)) : run_check(std::move(line));
}

} // namespace npod::daemon
