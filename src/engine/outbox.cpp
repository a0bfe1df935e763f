#include "engine/outbox.hpp"

#include "base/limits.hpp"
#include "base/log_catalogue.hpp"
#include "engine/inputs.hpp"
#include "storage/ledger.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace npod::engine {

namespace {

/// How many messages are fetched at once; they leave one by one all the same.
constexpr int page = 64;

} // namespace

struct Outbox::Impl {
    Impl(Engine& the_engine, std::string database, OperatorCode the_peer, std::unique_ptr<Carrier> the_carrier, Log& the_log,
         PeerHealth* the_health)
        : engine(the_engine), reader(database), peer(std::move(the_peer)), carrier(std::move(the_carrier)), log(the_log), health(the_health) {}

    Engine& engine;
    storage::Reader reader;
    OperatorCode peer;
    std::unique_ptr<Carrier> carrier;
    Log& log;
    PeerHealth* health; ///< may be null

    std::mutex mutex;
    std::condition_variable bell;
    bool woken = true; // what a former run left behind is sent first
    bool stopping = false;
    std::thread thread;

    void run() {
        auto pause = limits::retry_delay_min;
        while (!stopped()) {
            bool const all_left = send_waiting();
            if (all_left) {
                pause = limits::retry_delay_min;
                wait_for_work();
            } else {
                // real time, not the law's: a network heals whatever the calendar says
                pause_for(pause);
                pause = std::min(pause * 2, limits::retry_delay_max);
            }
        }
    }

    /// Sends until nothing waits. False when one did not get through: those behind it wait too, the order is kept.
    bool send_waiting() {
        for (;;) {
            auto const waiting = reader.undelivered(peer, page);
            if (waiting.empty()) return true;
            for (auto const& delivery : waiting) {
                if (stopped()) return true;
                if (!send(delivery)) return false;
            }
        }
    }

    /// False when it must be tried again.
    bool send(porting::Delivery const& delivery) {
        porting::input::DeliveryReport report;
        try {
            report = carrier->carry(delivery);
        } catch (NetworkFault const& fault) {
            report.what = porting::input::DeliveryReport::What::attempt_failed;
            report.trouble = fault.what();
        }
        report.delivery = delivery.id;
        bool const failed = report.what == porting::input::DeliveryReport::What::attempt_failed;
        if (health != nullptr && !(failed && stopped())) failed ? health->failed(peer, report.trouble) : health->reached(peer);
        if (failed && delivery.state == "retrying") return false; // known already: nothing new to store
        if (stopped() && failed) return false;                    // our own stopping is not the peer's fault
        if (failed) log.write(log_catalogue::delivery_failed, {{"peer", peer.text}, {"delivery", delivery.id}, {"why", report.trouble}});
        engine.ask(delivery_event(report, peer));
        return !failed;
    }

    bool stopped() {
        std::lock_guard const lock(mutex);
        return stopping;
    }

    void wait_for_work() {
        std::unique_lock lock(mutex);
        bell.wait(lock, [&] { return woken || stopping; });
        woken = false;
    }

    void pause_for(std::chrono::milliseconds pause) {
        std::unique_lock lock(mutex);
        bell.wait_for(lock, pause, [&] { return stopping; });
    }
};

Outbox::Outbox(Engine& engine, std::string database, OperatorCode peer, std::unique_ptr<Carrier> carrier, Log& log, PeerHealth* health)
    : impl_(std::make_unique<Impl>(engine, std::move(database), std::move(peer), std::move(carrier), log, health)) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

Outbox::~Outbox() { stop(); }

void Outbox::wake() {
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->woken = true;
    }
    impl_->bell.notify_one();
}

void Outbox::stop() {
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->bell.notify_all();
    impl_->carrier->stop();
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace npod::engine
