#include "daemon/sandbox_command.hpp"

#include "daemon/exit_code.hpp"
#include "daemon/system_clock.hpp"
#include "sandbox/sandbox.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace npod::daemon {

namespace {

std::string read_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file || std::filesystem::is_directory(path)) throw ConfigFault(path + ": cannot be read");
    return text.str();
}

/// A secret is a line of its own file; the line's end is none of it.
std::string read_secret(std::string const& path) {
    auto text = read_file(path);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) throw ConfigFault(path + ": holds no secret");
    return text;
}

std::vector<std::string> items_of(std::string const& list) {
    std::vector<std::string> items;
    std::istringstream words(list);
    for (std::string item; std::getline(words, item, ',');)
        if (!item.empty()) items.push_back(item);
    return items;
}

OperatorCode operator_named(std::string const& flag, std::string const& code) {
    bool const fits = code.size() >= 3 && code.size() <= 6 &&
                      code.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    if (!fits)
        throw ConfigFault(fmt::format("{}: \"{}\" is no operator code; write three to six of 0-9 and A-Z", flag, code));
    return OperatorCode{code};
}

std::vector<porting::NumberRange> numbers_in(std::string const& list) {
    std::vector<porting::NumberRange> numbers;
    for (auto const& item : items_of(list)) {
        auto const dots = item.find("..");
        auto const first = porting::parse_e164(item.substr(0, dots));
        auto const last = dots == std::string::npos ? first : porting::parse_e164(item.substr(dots + 2));
        auto const range = first && last ? porting::range_of(*first, *last) : Outcome<porting::NumberRange>(Refusal{});
        if (!range)
            throw ConfigFault(fmt::format(
                "--numbers: \"{}\" is no number or range; write +3225501100 or +3225501100..+3225501149", item));
        numbers.push_back(*range);
    }
    return numbers;
}

sandbox::Part part_named(std::string const& name) {
    for (auto const part : {sandbox::Part::recipient, sandbox::Part::donor, sandbox::Part::hub})
        if (name == sandbox::name_of(part)) return part;
    throw ConfigFault(fmt::format("--as: \"{}\" is none of recipient, donor and hub", name));
}

http::Listen listen_at(std::string const& text) {
    auto const colon = text.rfind(':');
    http::Listen listen;
    int port = -1;
    auto const digits = colon == std::string::npos ? text : text.substr(colon + 1);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port < 0 || port > 65'535)
        throw ConfigFault(fmt::format("--listen: \"{}\" is no address; write 127.0.0.1:8800", text));
    if (colon != std::string::npos) listen.address = text.substr(0, colon);
    listen.port = static_cast<std::uint16_t>(port);
    return listen;
}

std::optional<Moment> law_now_in(std::string const& clock) {
    if (clock == "system") return std::nullopt;
    auto const at = clock.starts_with("manual@") ? parse_rfc3339(clock.substr(7)) : Outcome<Moment>(Refusal{});
    if (!at) throw ConfigFault(fmt::format("--clock: \"{}\"; write system or manual@2026-03-02T09:00:00+01:00", clock));
    return *at;
}

sandbox::Proofs proofs_in(SandboxFlags const& flags, OperatorCode const& tested) {
    sandbox::Proofs proofs;
    if (flags.secret_file.empty() != flags.private_key_file.empty())
        throw ConfigFault("--secret-file and --private-key-file: calls are proven by both or by neither");
    if (!flags.secret_file.empty())
        proofs.own = {flags.own, read_secret(flags.secret_file), read_file(flags.private_key_file)};
    if (flags.tested_secret_file.empty() != flags.tested_key_file.empty())
        throw ConfigFault("--tested-secret-file and --tested-key-file: the tested side is known by both or by neither");
    if (!flags.tested_secret_file.empty())
        proofs.tested = {
            tested, tested.text, {read_secret(flags.tested_secret_file)}, {read_file(flags.tested_key_file)}};
    return proofs;
}

std::vector<sandbox::Scene> scenario_in(std::string const& path) {
    if (path.empty()) return {};
    auto scenes = sandbox::read_scenes(read_file(path), std::filesystem::path(path).filename().string());
    if (scenes) return std::move(*scenes);
    std::string problems;
    for (auto const& refusal : scenes.refusals()) problems += (problems.empty() ? "" : "\n") + refusal.text;
    throw ConfigFault(problems);
}

void write_port(std::string const& path, std::uint16_t port) {
    if (path.empty()) return void(fmt::print(stderr, "npod sandbox: listening on port {}\n", port));
    std::ofstream(path + ".new") << port << '\n';
    std::filesystem::rename(path + ".new", path);
}

/// One JSON a line; flushed, so that a run that is broken off has left all it saw.
sandbox::Record record_into(std::string const& path) {
    if (path.empty()) return {};
    auto const file = std::make_shared<std::ofstream>(path, std::ios::binary);
    if (!*file) throw ConfigFault(path + ": cannot be written");
    return [file](sandbox::Acknowledged const& message) {
        bool const ours = message.way == sandbox::Acknowledged::Way::to_tested_side;
        boost::json::object const line{{"way", ours ? "to" : "from"}, {"type", message.type}, {"bytes", message.bytes}};
        *file << boost::json::serialize(line) << '\n' << std::flush;
    };
}

sandbox::Options options_in(SandboxFlags const& flags) {
    sandbox::Options options;
    options.part = part_named(flags.part);
    options.own = operator_named("--operator", flags.own);
    options.tested = operator_named("--tested", flags.tested);
    if (flags.hub.empty() == flags.listen.empty())
        throw ConfigFault("either --hub URL, where we call, or --listen ADDRESS:PORT, where the tested side calls us");
    http::Tls const tls{flags.certificate_file, flags.certificate_key_file, flags.ca_file};
    options.hub = {flags.hub, tls};
    if (!flags.listen.empty()) options.listen = listen_at(flags.listen);
    if (options.listen) options.listen->tls = tls;
    if (options.part == sandbox::Part::hub && !options.listen)
        throw ConfigFault("--as hub: a hub is called; give --listen");
    if (options.part != sandbox::Part::donor && flags.numbers.empty())
        throw ConfigFault("--numbers: name numbers that the tested side may let go");
    if (flags.output != "table" && flags.output != "json") throw ConfigFault("--output: write table or json");
    if (flags.patience <= 0 || flags.quiet <= 0 || flags.ports < 0 || flags.duration < 0 || flags.linger < 0)
        throw ConfigFault("--patience and --quiet are positive, --ports, --duration and --linger not negative");
    options.faults = items_of(flags.faults);
    options.scenario = scenario_in(flags.scenario);
    options.zone = flags.zone;
    options.programme.numbers = numbers_in(flags.numbers);
    options.programme.plays = flags.ports;
    options.programme.seed = flags.seed;
    options.programme.patience = Duration{flags.patience};
    options.programme.quiet = Duration{flags.quiet};
    options.programme.may_die = flags.may_die;
    options.programme.at_most = std::chrono::seconds{flags.duration};
    options.programme.law_now = law_now_in(flags.clock);
    options.linger = Duration{flags.linger};
    options.proofs = proofs_in(flags, options.tested);
    options.record = record_into(flags.record);
    options.bound = [path = flags.port_file](std::uint16_t port) { write_port(path, port); };
    return options;
}

} // namespace

std::string sandbox_help() {
    return "The faults:\n" + sandbox::catalogue() + "\n" + std::string(sandbox::grammar()) +
           "\nExample, against a development daemon of ALFA that serves mailboxes:\n"
           "  npod sandbox --as recipient --operator BRAVO --tested ALFA \\\n"
           "    --hub http://127.0.0.1:8700 --numbers +3225501100..+3225501149\n";
}

int run_sandbox(SandboxFlags const& flags) {
    if (flags.print) return fmt::print("{}", sandbox::shipped_text()), exit_code::ok;
    std::signal(SIGPIPE, SIG_IGN); // a tested side that hangs up is what we look for, not our end
    try {
        auto const options = options_in(flags);
        auto programme = sandbox::programme_of(options);
        if (!programme) {
            for (auto const& refusal : programme.refusals())
                fmt::print(stderr, "npod sandbox: {} {}\n", refusal.text, refusal.next);
            return exit_code::usage;
        }
        SystemClock const clock;
        auto const card = sandbox::play(options, std::move(*programme), clock);
        fmt::print("{}", flags.output == "json" ? card.json() : card.text());
        return card.good() ? exit_code::ok : exit_code::findings;
    } catch (ConfigFault const& fault) {
        fmt::print(stderr, "npod sandbox: {}\n", fault.what());
        return exit_code::usage;
    } catch (NetworkFault const& fault) {
        fmt::print(stderr, "npod sandbox: {}\n", fault.what());
        return exit_code::unavailable;
    }
}

} // namespace npod::daemon
