#include "daemon/peer_check.hpp"

#include "base/json.hpp"
#include "base/limits_wire.hpp"
#include "daemon/carriers.hpp"
#include "protocol/auth.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace npod::daemon {

namespace {

using Steps = std::vector<api::CheckStep>;

/// Whether the body is one that COIN's interface gives: errors in a list, or a plain OK.
bool speaks_coin(http::Response const& response) {
    if (response.status == 200) return true;
    auto const value = parse_json(response.body);
    auto const* object = value ? value->if_object() : nullptr;
    return object && object->contains("errors");
}

api::CheckStep proof_step(http::Response const& response, bool with_keys) {
    if (response.status == 401)
        return {"prove", false,
                fmt::format("It does not believe our proofs: {}. Check user name, secret, key and clock.",
                            report_of(0, response).trouble)};
    if (!with_keys) return {"prove", true, "It asks for no proofs, and no keys are configured: a development set-up."};
    return {"prove", true, "It believes our signature and token."};
}

api::CheckStep answer_step(http::Response const& response) {
    if (speaks_coin(response))
        return {"answer", true, "It speaks COIN Number Portability v3, and knows no message 0: nothing was changed."};
    return {"answer", false,
            fmt::format("Something else answers there (status {}). Check the address.", response.status)};
}

std::optional<api::CheckStep> clock_step(http::Response const& response, Moment now) {
    auto const date = protocol::parse_http_date(http::header(response.headers, "Date"));
    if (!date) return std::nullopt;
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(*date - now).count();
    bool const near = *date > now - protocol::clock_skew_max / 2 && *date < now + protocol::clock_skew_max / 2;
    return api::CheckStep{"clock", near,
                          near ? fmt::format("Its clock is {} s from ours.", seconds)
                               : fmt::format("Its clock is {} s from ours; signed calls fail at {} s. Check NTP on both "
                                             "sides.",
                                             seconds, protocol::clock_skew_max / std::chrono::seconds{1})};
}

} // namespace

struct PeerCheck::Impl {
    Impl(Config const& the_config, Clock const& the_clock, engine::PeerHealth const& the_health)
        : config(the_config), clock(the_clock), health(the_health) {}

    struct Job {
        OperatorCode code;
        api::Checked done;
    };

    Config const& config;
    Clock const& clock;
    engine::PeerHealth const& health;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> jobs;
    std::shared_ptr<CoinClient> calling; ///< to be stopped with us
    bool stopped = false;
    std::thread thread;

    void run();
    Steps steps_for(OperatorCode const& code);
    Steps try_out(std::string const& url, InterchangeConfig const& way);
    void add_stream(Steps& steps) const;
};

void PeerCheck::Impl::run() {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return stopped || !jobs.empty(); });
            if (stopped) return;
            job = std::move(jobs.front());
            jobs.pop_front();
        }
        job.done(steps_for(job.code));
    }
}

Steps PeerCheck::Impl::steps_for(OperatorCode const& code) {
    auto const& wired = config.interchange;
    auto const* member = config.member(code);
    bool const is_hub = !wired.hub.empty() && code == wired.hub_code;
    if (code == config.operator_code) return {{"way", true, "These are we ourselves."}};
    if (member && !member->url.empty()) return try_out(member->url, way_to(config, *member));
    if (!wired.hub.empty()) {
        auto steps = try_out(wired.hub, wired);
        if (!is_hub) steps.front().said += fmt::format(" It carries what we say to {}.", code.text);
        add_stream(steps);
        return steps;
    }
    if (wired.serve) return {{"way", true, code.text + " fetches its messages from a mailbox here; it is not called."}};
    return {{"way", false,
             "No way leads to " + code.text + ". Set interchange.hub, or its url in [[member]], or interchange.serve."}};
}

Steps PeerCheck::Impl::try_out(std::string const& url, InterchangeConfig const& way) {
    Steps steps{{"way", true, fmt::format("By calls to {}.", url)}};
    auto const client = std::make_shared<CoinClient>(url, way, clock);
    {
        std::scoped_lock const lock(mutex);
        if (stopped) return steps;
        calling = client;
    }
    bool const with_keys = !way.secret.empty();
    try {
        auto const target =
            "/dossiers/confirmations/0" + (with_keys ? std::string{} : "?operator=" + config.operator_code.text);
        auto const response = client->call("PUT", target, R"({"transactionId":"0"})");
        steps.push_back({"connect", true, fmt::format("It answers with status {}.", response.status)});
        if (response.status != 401) steps.push_back(answer_step(response));
        if (steps.back().passed) steps.push_back(proof_step(response, with_keys));
        if (auto step = clock_step(response, clock.now())) steps.push_back(std::move(*step));
    } catch (NetworkFault const& fault) {
        steps.push_back({"connect", false, fault.what()});
    }
    std::scoped_lock const lock(mutex);
    calling.reset();
    return steps;
}

void PeerCheck::Impl::add_stream(Steps& steps) const {
    auto const state = health.of(config.interchange.hub_code);
    if (state.stream_since)
        steps.push_back({"stream", true, "Its stream of messages for us is open since " + to_rfc3339(*state.stream_since) + "."});
    else
        steps.push_back({"stream", false,
                         state.last_error.empty() ? std::string("Its stream of messages for us is not open yet.")
                                                  : "Its stream of messages for us is not open: " + state.last_error});
}

PeerCheck::PeerCheck(Config const& config, Clock const& clock, engine::PeerHealth const& health)
    : impl_(std::make_unique<Impl>(config, clock, health)) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

PeerCheck::~PeerCheck() { stop(); }

void PeerCheck::check(OperatorCode const& code, api::Checked done) {
    {
        std::scoped_lock const lock(impl_->mutex);
        if (!impl_->stopped && impl_->jobs.size() < limits::checks_waiting_max) {
            impl_->jobs.push_back({code, std::move(done)});
            impl_->changed.notify_one();
            return;
        }
    }
    done({{"way", false, "Too many checks wait. Ask again when they are through."}});
}

void PeerCheck::stop() {
    {
        std::scoped_lock const lock(impl_->mutex);
        impl_->stopped = true;
        if (impl_->calling) impl_->calling->stop();
        impl_->jobs.clear(); // their callers are answered 500 when the last copy of the answer goes
        impl_->changed.notify_all();
    }
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace npod::daemon
