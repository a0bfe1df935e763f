#include "daemon/serve.hpp"

#include "api/api.hpp"
#include "api/interchange_server.hpp"
#include "base/limits.hpp"
#include "base/log_catalogue.hpp"
#include "daemon/call_record.hpp"
#include "daemon/carriers.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/law_clock.hpp"
#include "daemon/log_messages.hpp"
#include "daemon/notify.hpp"
#include "daemon/peer_check.hpp"
#include "daemon/stream_client.hpp"
#include "daemon/system_clock.hpp"
#include "daemon/version.hpp"
#include "daemon/webhooks.hpp"
#include "daemon/wire.hpp"
#include "engine/engine.hpp"
#include "engine/outbox.hpp"
#include "engine/peer_health.hpp"
#include "http/http.hpp"
#include "rules/rulebook.hpp"
#include "storage/ledger.hpp"
#include "web/assets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>

#include <unistd.h>

namespace npod::daemon {

namespace catalogue = log_catalogue;
using std::chrono::milliseconds;

namespace {

/// Rows of the hash chain that a start looks at again; `npod check` looks at all of them.
constexpr std::int64_t chain_rows_at_start = 10'000;

std::unique_ptr<storage::Ledger> open_database(Config const& config) {
    auto ledger = std::make_unique<storage::Ledger>(
        storage::OpenOptions{.path = config.db, .operator_code = config.operator_code, .create = true});
    auto const health = ledger->check(chain_rows_at_start);
    if (!health.findings.empty())
        throw ConfigFault(fmt::format("{} is not fit to serve:\n{}", config.db, fmt::join(health.findings, "\n")));
    return ledger;
}

api::AccessPolicy access_of(Config const& config) {
    api::AccessPolicy policy;
    policy.open_on_loopback = config.development();
    for (auto const& token : config.tokens)
        policy.tokens.push_back({token.sha256_hex, api::role_of(token.role).value(), token.name});
    for (auto const& certificate : config.certificates)
        policy.certificates.push_back({certificate.identity, api::role_of(certificate.role).value(), certificate.name});
    return policy;
}

/// Members with an address of their own are handed their messages; the others fetch them from a mailbox here.
api::InterchangeServer::Settings interchange_settings(Config const& config, Wire const& wire) {
    api::InterchangeServer::Settings settings{
        .own = config.operator_code, .members = {}, .serve = config.interchange.serve};
    auto const consumers = consumers_of(config);
    for (auto const& member : config.members) {
        auto const keys =
            std::find_if(consumers.begin(), consumers.end(), [&](auto const& one) { return one.code == member.code; });
        settings.members.push_back(
            {.code = member.code,
             .keys = keys == consumers.end() ? protocol::Consumer{member.code, member.username, {}, {}} : *keys,
             .profile = wire.profile_of(member.code),
             .has_mailbox = member.url.empty(),
             .certificate = member.certificate});
    }
    settings.decode = wire.interchange().decode;
    settings.requests_per_second = config.limits.requests_per_second;
    return settings;
}

/// What was agreed with whom, for those who look; the hub is one of them.
std::vector<api::Counterpart> counterparts_of(Config const& config, Wire const& wire) {
    std::vector<api::Counterpart> all;
    auto const& wired = config.interchange;
    if (!wired.hub.empty())
        all.push_back({.code = wired.hub_code,
                       .is_hub = true,
                       .way = wired.hub,
                       .username = wired.username,
                       .secrets = wired.secret.empty() ? 0u : 1u,
                       .keys = wired.private_key_pem.empty() ? 0u : 1u,
                       .certificate = {},
                       .our_username = {},
                       .profile = wire.profile_of(wired.hub_code)});
    for (auto const& member : config.members) {
        auto const way = !member.url.empty()  ? member.url
                         : !wired.hub.empty() ? "by " + wired.hub_code.text
                         : wired.serve        ? std::string("mailbox here")
                                              : std::string("none");
        all.push_back({.code = member.code,
                       .is_hub = false,
                       .way = way,
                       .username = member.username,
                       .secrets = member.secrets.size(),
                       .keys = member.public_keys_pem.size(),
                       .certificate = member.certificate,
                       .our_username = member.url.empty() ? std::string{} : way_to(config, member).username,
                       .profile = wire.profile_of(member.code)});
    }
    return all;
}

/// For whoever tells the log again without this configuration: npctl with the file alone.
void keep_dialects(storage::Ledger& ledger, engine::Dialects const& dialects) {
    auto const text = engine::to_json(dialects);
    if (ledger.meta(engine::dialects_key) == text) return;
    ledger.begin();
    ledger.set_meta(engine::dialects_key, text);
    ledger.commit();
}

http::Limits limits_of(Config const& config) {
    http::Limits limits;
    limits.body_bytes = config.limits.body_bytes;
    limits.connections = config.limits.connections;
    // Behind a proxy, and on this machine, everybody has the same address.
    bool const addresses_tell = !config.listen.loopback() && !config.tls.in_front;
    if (addresses_tell) limits.connections_per_address = limits.connections / limits::share_of_one_address;
    return limits;
}

} // namespace

struct Daemon::Impl {
    Impl(Config const& the_config, Clock& the_real, Log& the_log, Front the_front);
    ~Impl() { stop(); }

    void choose_clock();
    void start_engine(std::unique_ptr<storage::Ledger> ledger);
    void start_api();
    void start_servers();
    void start_senders(std::vector<OperatorCode> const& waiting);
    void send_to(OperatorCode const& peer, std::unique_ptr<engine::Carrier> carrier);
    void wake();
    void stop();

    Config config;
    Clock& real;
    Log& log;
    Front front;
    Wire wire;
    std::shared_ptr<rules::Rulebook const> rulebook;
    std::optional<ManualClock> manual_clock;
    engine::PeerHealth health;
    PeerCheck checks;
    std::unique_ptr<engine::Engine> engine;
    std::unique_ptr<api::Api> api;
    std::unique_ptr<api::InterchangeServer> interchange;

    std::mutex awake; ///< guards what a commit wakes, against the stop
    std::vector<std::unique_ptr<http::Server>> servers;
    std::vector<std::pair<OperatorCode, std::unique_ptr<engine::Outbox>>> outboxes;
    std::unique_ptr<StreamClient> stream;
    std::unique_ptr<Webhooks> webhooks;
    std::int64_t last_head = -1;
    bool stopped = false;
};

Daemon::Impl::Impl(Config const& the_config, Clock& the_real, Log& the_log, Front the_front)
    : config(the_config), real(the_real), log(the_log), front(std::move(the_front)), wire(config),
      rulebook(std::make_shared<rules::Rulebook const>(rules::configured_rulebook(config.rulebook, config.overrides))),
      health(the_real), checks(config, the_real, health) {
    auto ledger = open_database(config);
    auto const waiting = ledger->peers_with_undelivered();
    choose_clock();
    try {
        start_engine(std::move(ledger));
        start_api();
        start_servers();
        start_senders(waiting);
    } catch (...) { // the writer runs already and would wake what is being taken apart
        stop();
        throw;
    }
}

void Daemon::Impl::choose_clock() {
    auto const last = last_known(config.db);
    if (!config.clock.manual) return accept_system_clock(last, real.now(), log);
    manual_clock.emplace(manual_start(config.clock, last, real.now()));
    log.write(log_messages::manual_clock, {{"now", manual_clock->now()}});
}

void Daemon::Impl::start_engine(std::unique_ptr<storage::Ledger> ledger) {
    keep_dialects(*ledger, wire.dialects());
    engine::Engine::Parts parts;
    parts.ledger = std::move(ledger);
    parts.rulebook = rulebook;
    parts.settings = config.settings();
    parts.retention = {config.retention.answers, config.retention.mail, config.retention.bytes};
    parts.interchange = wire.interchange();
    parts.clock = manual_clock ? static_cast<Clock*>(&*manual_clock) : &real;
    parts.manual = manual_clock ? &*manual_clock : nullptr;
    parts.log = &log;
    // The engine has logged why. Nothing is tidied up: nobody knows what the disk holds, and the next start finds out.
    parts.on_fault = [](std::string const&) { ::_exit(exit_code::storage); };
    engine = std::make_unique<engine::Engine>(std::move(parts));
    engine->on_commit([this](std::int64_t) { wake(); });
}

void Daemon::Impl::start_api() {
    auto const open_reader = [path = config.db] { return std::make_unique<storage::Reader>(path); };
    api::Context context;
    context.engine = engine.get();
    context.open_reader = open_reader;
    context.rulebook = rulebook;
    context.settings = config.settings();
    context.now = [this] { return engine->now(); };
    context.interchange = wire.interchange();
    context.dialects = wire.dialects();
    context.access = access_of(config);
    context.page = web::answer;
    context.counterparts = counterparts_of(config, wire);
    context.health = &health;
    context.check = [this](OperatorCode const& code, api::Checked done) { checks.check(code, std::move(done)); };
    context.webhooks = [this] {
        std::scoped_lock const lock(awake);
        return webhooks ? webhooks->states() : std::vector<api::WebhookState>{};
    };
    context.version = std::string(version);
    api = std::make_unique<api::Api>(std::move(context));
    auto settings = interchange_settings(config, wire);
    settings.health = &health;
    interchange = std::make_unique<api::InterchangeServer>(std::move(settings), *engine, open_reader, real);
}

void Daemon::Impl::start_servers() {
    auto const handle = [this](http::Request const& request, http::Respond answer) {
        if (front && front(request, answer)) return;
        auto respond = recorded(request, std::move(answer), log);
        if (request.path().starts_with("/number-portability/"))
            interchange->handle(request, std::move(respond));
        else
            api->handle(request, std::move(respond));
    };
    http::Listen listen;
    listen.clock = &real;
    listen.on_fault = [this](std::string const& why) { log.write(log_messages::handler_fault, {{"why", why}}); };
    auto const open = [&](std::string const& address) {
        auto server = std::make_unique<http::Server>(listen, limits_of(config), config.limits.threads, handle);
        bool const six = listen.address.find(':') != std::string::npos;
        auto const host = six ? "[" + listen.address + "]" : listen.address;
        auto const name = address.empty() ? fmt::format("{}:{}", host, server->port()) : address;
        log.write(catalogue::listening, {{"operator", config.operator_code.text}, {"address", name}});
        std::scoped_lock const lock(awake);
        servers.push_back(std::move(server));
    };
    listen.address = config.listen.address;
    listen.port = config.listen.port;
    listen.tls = {config.tls.certificate_file, config.tls.private_key_file, config.tls.client_ca_file};
    open("");
    if (config.development()) log.write(log_messages::development_mode, {{"address", config.listen.address}});
    if (config.open_interchange()) log.write(log_messages::open_interchange, {{"address", config.listen.address}});
    if (config.socket.empty()) return;
    listen.tls = {};
    listen.unix_path = config.socket;
    open(config.socket);
}

void Daemon::Impl::send_to(OperatorCode const& peer, std::unique_ptr<engine::Carrier> carrier) {
    auto outbox = std::make_unique<engine::Outbox>(*engine, config.db, peer, std::move(carrier), log, &health);
    std::scoped_lock const lock(awake);
    outboxes.emplace_back(peer, std::move(outbox));
}

void Daemon::Impl::start_senders(std::vector<OperatorCode> const& waiting) {
    auto const& wired = config.interchange;
    for (auto const& member : config.members)
        if (!member.url.empty()) send_to(member.code, std::make_unique<HttpCarrier>(member.url, way_to(config, member), real));
    if (!wired.hub.empty()) {
        send_to(wired.hub_code, std::make_unique<HttpCarrier>(wired.hub, wired, real));
        stream = std::make_unique<StreamClient>(*engine, wire, config, real, log, health);
    } else {
        send_to(config.operator_code, std::make_unique<MarketCarrier>(*engine, config, real));
    }
    if (!config.webhooks.empty()) {
        auto hooks = std::make_unique<Webhooks>(*engine, config.webhooks, config.db, config.operator_code, real, log);
        std::scoped_lock const lock(awake);
        webhooks = std::move(hooks);
    }
    for (auto const& peer : waiting)
        if (std::none_of(outboxes.begin(), outboxes.end(), [&](auto const& one) { return one.first == peer; }))
            log.write(log_messages::peer_unknown, {{"peer", peer.text}});
}

/// On the writer thread, after each commit.
void Daemon::Impl::wake() {
    std::scoped_lock const lock(awake);
    for (auto const& [peer, outbox] : outboxes) outbox->wake();
    if (webhooks) webhooks->wake();
    for (auto const& server : servers) server->wake_streams();
}

/// Callers first, then what we say ourselves, the writer last: what it acknowledged is committed, and nobody asks it
/// any more.
void Daemon::Impl::stop() {
    if (std::exchange(stopped, true)) return;
    checks.stop(); // their answers go out before the servers end
    for (auto const& server : servers) server->stop();
    if (stream) stream->stop();
    for (auto const& [peer, outbox] : outboxes) outbox->stop();
    if (webhooks) webhooks->stop();
    if (engine) engine->stop();
    std::scoped_lock const lock(awake);
    stream.reset();
    outboxes.clear();
    webhooks.reset();
    servers.clear();
}

Daemon::Daemon(Config const& config, Clock& real, Log& log) : Daemon(config, real, log, {}) {}
Daemon::Daemon(Config const& config, Clock& real, Log& log, Front front)
    : impl_(std::make_unique<Impl>(config, real, log, std::move(front))) {}
Daemon::~Daemon() = default;
std::uint16_t Daemon::port() const { return impl_->servers.front()->port(); }
void Daemon::stop() { impl_->stop(); }

bool Daemon::moves() {
    auto const status = impl_->engine->status();
    bool const waits = status.queued > 0 || status.busy;
    bool const moved = status.head_seq != std::exchange(impl_->last_head, status.head_seq);
    return moved || !waits;
}

namespace {

/// Written whole or not at all: whoever waits for the file finds the number in it.
void write_port_file(std::string const& path, std::uint16_t port) {
    if (path.empty()) return;
    auto const draft = path + ".new";
    std::ofstream(draft) << port << '\n';
    std::error_code error;
    std::filesystem::rename(draft, path, error);
    if (error)
        throw ConfigFault(
            fmt::format("cannot write the port to {}: {}; choose another --port-file", path, error.message()));
}

/// Signals are fetched by one thread, at a moment of its choosing; every thread started later inherits this.
sigset_t hold_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int const one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, one);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN); // a peer that leaves is an error of write(), not the end of the daemon
    std::signal(SIGXFSZ, SIG_IGN); // so is a file that may grow no more: the engine waits for room
    return signals;
}

/// Feeds the watchdog and returns when somebody asks us to stop.
void wait_for_the_end(Daemon& daemon, sigset_t const& signals, Log& log) {
    auto const watchdog = watchdog_interval();
    auto const nap = watchdog.value_or(milliseconds{60'000});
    timespec const timeout{.tv_sec = nap.count() / 1'000, .tv_nsec = nap.count() % 1'000 * 1'000'000};
    for (;;) {
        int const caught = sigtimedwait(&signals, nullptr, &timeout);
        if (caught == SIGTERM || caught == SIGINT) return;
        if (caught == SIGHUP) log.write(log_messages::signal_ignored);
        if (caught > 0 || !watchdog) continue;
        if (daemon.moves())
            notify_service_manager("WATCHDOG=1");
        else
            log.write(log_messages::not_responding);
    }
}

} // namespace

int serve(Config const& config) {
    auto const signals = hold_signals();
    SystemClock real;
    Log log(real, config.log_level);
    try {
        Daemon daemon(config, real, log);
        write_port_file(config.port_file, daemon.port());
        log.write(catalogue::started,
                  {{"operator", config.operator_code.text}, {"version", version}, {"db", config.db}});
        notify_service_manager("READY=1");
        wait_for_the_end(daemon, signals, log);
        log.write(log_messages::stopping);
        notify_service_manager("STOPPING=1");
        daemon.stop();
        log.write(catalogue::stopped, {{"operator", config.operator_code.text}});
        return exit_code::ok;
    } catch (ConfigFault const& fault) {
        log.write(catalogue::config_error, {{"why", fault.what()}});
        return exit_code::configuration;
    } catch (StorageFault const& fault) {
        log.write(catalogue::storage_fault, {{"why", fault.what()}});
        return exit_code::storage;
    } catch (Fault const& fault) {
        log.write(log_messages::cannot_serve, {{"why", fault.what()}});
        return exit_code::unavailable;
    } catch (std::exception const& surprise) {
        log.write(log_messages::cannot_serve, {{"why", surprise.what()}});
        return exit_code::software;
    }
}

} // namespace npod::daemon
