#include "daemon.hpp"

#include "base/fault.hpp"
#include "script.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include <sys/resource.h>

namespace npod::story {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// How long a daemon may take to start, and a question to be answered over any number of deaths.
constexpr auto patience = 60s;

/// The end of a log, for the report of a failure.
std::string last_lines(std::string const& path, std::size_t bytes = 3000) {
    std::ifstream file(path);
    std::ostringstream all;
    all << file.rdbuf();
    auto const text = all.str();
    return text.size() <= bytes ? text : "…" + text.substr(text.size() - bytes);
}

Reply reply_of(http::Response response) {
    Reply reply{response.status, nullptr, std::move(response.body)};
    json::error_code no_json;
    auto value = json::parse(reply.text, no_json);
    if (!no_json) reply.body = std::move(value);
    return reply;
}

} // namespace

Daemon::Daemon(Setup setup) : setup_(std::move(setup)) {}

std::string Daemon::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void Daemon::start() {
    auto const end = std::chrono::steady_clock::now() + patience;
    do {
        launch();
        if (wait_for_port()) {
            client_ = std::make_unique<http::Client>(http::Endpoint{url(), {}});
            return;
        }
        if (!setup_.may_die || !process_->was_killed())
            break; // else: it died while starting, which is part of the play
        ++deaths_;
    } while (std::chrono::steady_clock::now() < end);
    give_up("did not start");
}

void Daemon::launch() {
    auto const port_file = setup_.folder + "/port";
    std::filesystem::remove(port_file);
    std::vector<std::string> const command{setup_.program, "serve",    "--config",
                                           config_file(),  "--listen", fmt::format("127.0.0.1:{}", port_),
                                           "--port-file",  port_file};
    Process::Environment environment;
    auto const plan = next_plan_.empty() ? setup_.crash_plan : std::exchange(next_plan_, {});
    if (!plan.empty()) environment.emplace_back("NPOD_CRASH_PLAN", plan);
    std::scoped_lock const lock(process_mutex_);
    process_ = std::make_shared<Process>(command, environment, log_file());
}

bool Daemon::wait_for_port() {
    auto const port_file = setup_.folder + "/port";
    for (auto const end = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < end;) {
        if (std::ifstream file(port_file); file >> port_ && port_ != 0) return true;
        if (!process_->alive()) return false;
        std::this_thread::sleep_for(2ms);
    }
    return false;
}

Reply Daemon::get(std::string const& target) { return ask("GET", target, {}, ""); }

Reply Daemon::post(std::string const& target, std::string const& key, json::object const& body, Again again) {
    return ask("POST", target, {{"Content-Type", "application/json"}, {"Idempotency-Key", key}}, json::serialize(body),
               again);
}

Reply Daemon::put(std::string const& target, json::object const& body) {
    return ask("PUT", target, {{"Content-Type", "application/json"}}, json::serialize(body), Again::anew);
}

Reply Daemon::ask(std::string const& method, std::string const& target, http::Headers const& headers,
                  std::string const& body, Again again) {
    for (auto const end = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < end;) {
        if (auto reply = try_once(method, target, headers, body)) return std::move(*reply);
        process_->wait(20ms); // a process that was just killed is not gone at once
        if (process_->alive()) continue;
        if (!setup_.may_die || !process_->was_killed()) give_up("died");
        if (again == Again::anew) spare_next_row();
        return_from_death();
    }
    give_up(fmt::format("does not answer {} {} ({})", method, target, trouble_));
}

std::optional<Reply> Daemon::try_once(std::string const& method, std::string const& target,
                                      http::Headers const& headers, std::string const& body) try {
    auto reply = reply_of(client_->send(method, target, headers, body, 30s));
    if (reply.status != 503)
        return reply; // 503: it is just starting, or its queue is full; the question may be repeated
    trouble_ = reply.text;
    return std::nullopt;
} catch (NetworkFault const& fault) {
    trouble_ = fault.what();
    return std::nullopt;
}

/// When it died after its commit, the row that the repetition will write is noted as been through.
void Daemon::spare_next_row() {
    std::ifstream plan(setup_.crash_plan);
    std::string where, last_where;
    std::int64_t row = 0;
    while (plan >> where >> row) last_where = where;
    if (last_where != "after") return;
    std::ofstream more(setup_.crash_plan, std::ios::app);
    more << "before " << row + 1 << "\nafter " << row + 1 << "\n";
}

/// A death inside on_return_ is noticed there and leads here again; only the outermost call tells the listener.
void Daemon::return_from_death() {
    ++deaths_;
    start();
    if (returning_ || !on_return_) return;
    returning_ = true;
    on_return_(*this);
    returning_ = false;
}

void Daemon::kill() {
    std::scoped_lock const lock(process_mutex_);
    if (process_) process_->signal(SIGKILL);
}

void Daemon::kill_twice(std::string plan) {
    next_plan_ = std::move(plan);
    kill();
}

void Daemon::limit_files(bool limited) {
    std::scoped_lock const lock(process_mutex_);
    rlimit const limit{limited ? 4096 : RLIM_INFINITY, RLIM_INFINITY};
    if (!process_ || !process_->alive()) return;
    ::prlimit(process_->id(), RLIMIT_FSIZE, &limit, nullptr);
}

void Daemon::stop() {
    if (!process_) return;
    process_->signal(SIGTERM);
    if (!process_->wait(15s)) give_up("did not end after SIGTERM");
    if (process_->ending() != "exit status 0" && !(setup_.may_die && process_->was_killed()))
        give_up("did not end well");
}

void Daemon::give_up(std::string const& what) {
    throw StoryError(fmt::format("npod {} {}; it is {}. Its log, {}, ends:\n{}", code(), what, process_->ending(),
                                 log_file(), last_lines(log_file())));
}

} // namespace npod::story
