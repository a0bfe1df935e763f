#include "served.hpp"

#include "figures.hpp"
#include "support/waiting.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace npod::bench {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 120s;

std::string content_of(std::string const& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// "VmRSS:	   12345 kB" → 12345.
std::int64_t number_after(std::string const& text, std::string_view name) {
    auto const at = text.find(name);
    return at == std::string::npos ? 0 : std::stoll(text.substr(at + name.size()));
}

} // namespace

Served::Served(Setup setup) : setup_(std::move(setup)) {
    auto const port_file = setup_.folder + "/port";
    fs::remove(port_file);
    std::ofstream(setup_.folder + "/npod.toml")
        << fmt::format("operator = \"{}\"\ndb = \"npod.db\"\nlisten = \"127.0.0.1:0\"\nclock = \"{}\"\n\n"
                       "[interchange]\nserve = true\nzone = \"Europe/Brussels\"\n\n"
                       "[limits]\nrequests_per_second = 1000000\n\n" // the one member stands for a whole market
                       "[[member]]\ncode = \"{}\"\nurl = \"http://127.0.0.1:{}\"\n",
                       setup_.code, setup_.clock, setup_.counterpart, sockets_.port());
    Stopwatch const watch;
    process_ = std::make_unique<story::Process>(
        std::vector<std::string>{setup_.npod, "serve", "--config", setup_.folder + "/npod.toml", "--port-file", port_file},
        story::Process::Environment{}, setup_.folder + "/log");
    while (!fs::exists(port_file)) {
        if (!process_->alive() || watch.seconds() > 120)
            throw BenchError("npod did not start; " + setup_.folder + "/log ends:\n" + content_of(setup_.folder + "/log"));
        test::let_pass(1ms);
    }
    std::ifstream(port_file) >> port_;
    sockets_.connect(port_, setup_.connections);
    if (auto const [status, body] = ask({"GET", "/readyz", {}, {}}); status != 200) throw BenchError("npod is not ready: " + body);
    seconds_to_ready_ = watch.seconds();
}

Served::~Served() { process_.reset(); }

void Served::turn() {
    if (!sockets_.turn(30'000))
        throw BenchError("nothing came from npod for half a minute; " + setup_.folder + "/log says what it did");
}

std::pair<unsigned, std::string> Served::ask(Call call) {
    std::pair<unsigned, std::string> told{0, {}};
    sockets_.call(call, [&](unsigned status, std::string_view body) { told = {status, std::string(body)}; });
    while (told.first == 0) turn();
    return told;
}

Usage Served::usage() const {
    auto const root = fmt::format("/proc/{}", process_->id());
    Usage usage;
    auto const stat = content_of(root + "/stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 2)); // what the program is called may hold blanks
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    std::int64_t user = 0, kernel = 0;
    fields >> user >> kernel;
    usage.cpu_seconds = static_cast<double>(user + kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    usage.resident_bytes = number_after(content_of(root + "/status"), "VmRSS:") * 1024;
    for (auto const& task : fs::directory_iterator(root + "/task"))
        usage.switches += number_after(content_of(task.path().string() + "/status"), "\nvoluntary_ctxt_switches:");
    return usage;
}

std::int64_t Served::bytes_on_disk() const { return static_cast<std::int64_t>(fs::file_size(database())); }

std::string Served::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void Served::stop() {
    process_->signal(SIGTERM);
    if (!process_->wait(patience) || process_->ending() != "exit status 0")
        throw BenchError(fmt::format("npod did not end well: {}; {}/log says more", process_->ending(), setup_.folder));
}

} // namespace npod::bench
