#include "engine/outbox.hpp"

#include "base/limits.hpp"
#include "base/limits_wire.hpp"
#include "base/log_catalogue.hpp"
#include "engine/inputs.hpp"
#include "storage/ledger.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

namespace npod::engine {

namespace {

/// How many messages are fetched at once; they leave one by one all the same.
constexpr int fetched_at_once = 64;

/// What the sending thread shares with whoever wakes or stops it, and with the writer, which tells what became of the
/// reports; the writer may do so when the outbox is gone already.
struct Shared {
    std::mutex mutex;
    std::condition_variable bell;
    bool woken = true; // what a former run left behind is sent first
    bool stopping = false;
    int reports_under_way = 0;
    std::optional<std::int64_t> unreported; ///< the first delivery whose report the writer could not take
};

/// Length of the word at `from`, when it is of digits only; else 0.
std::size_t digits_at(std::string_view text, std::size_t from) {
    auto const end = std::min(text.find_first_not_of("0123456789", from), text.size());
    return end == text.size() || text[end] == ' ' ? end - from : 0;
}

} // namespace

std::string in_short(std::string_view trouble) {
    constexpr std::size_t status_digits = 3, code_digits_max = 5;
    constexpr std::string_view strange = " is no answer of COIN's interface; something else answers there"; // see daemon/carriers.cpp
    auto const colon = trouble.find(": ");
    bool const names_peer = colon != std::string_view::npos && colon < trouble.find(' ');
    auto const begin = names_peer ? colon + 2 : 0;
    if (digits_at(trouble, begin) != status_digits) return std::string(trouble);
    auto end = begin + status_digits;
    if (trouble.substr(end).starts_with(strange)) return std::string(trouble.substr(0, end + strange.size()));
    for (std::size_t size = 0; end < trouble.size() && (size = digits_at(trouble, end + 1)) > 0 && size <= code_digits_max;) end += 1 + size;
    return std::string(trouble.substr(0, end));
}

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

    std::shared_ptr<Shared> shared = std::make_shared<Shared>();
    std::int64_t sent = 0; ///< up to this delivery all was taken; reported, though perhaps not yet committed
    std::thread thread;

    void run() {
        auto pause = limits::retry_delay_min;
        while (!stopped()) {
            bool const all_left = send_what_can_be_read();
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

    /// As send_waiting(); false as well when our own file or memory fails us: what waits goes on waiting.
    bool send_what_can_be_read() {
        try {
            return send_waiting();
        } catch (StorageFault const& fault) {
            log.write(log_catalogue::outbox_waits, {{"peer", peer.text}, {"why", fault.what()}});
        } catch (std::bad_alloc const&) {
            log.write(log_catalogue::outbox_waits, {{"peer", peer.text}, {"why", "there is no memory left"}});
        }
        return false;
    }

    /// Sends until nothing waits. False when one did not get through: those behind it wait too, the order is kept.
    bool send_waiting() {
        go_back();
        for (;;) {
            auto const waiting = reader.undelivered(peer, fetched_at_once, sent);
            if (waiting.empty()) return true;
            for (auto const& delivery : waiting) {
                if (stopped()) return true;
                if (!send(delivery)) return false;
                sent = delivery.id;
                if (go_back()) return false;
            }
        }
    }

    /// When the writer was too busy for a report everything from there on is sent again, which is harmless: true.
    bool go_back() {
        std::lock_guard const lock(shared->mutex);
        if (!shared->unreported) return false;
        sent = *std::exchange(shared->unreported, std::nullopt) - 1;
        return true;
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
        if (failed) log.write(log_catalogue::delivery_failed, {{"peer", peer.text}, {"delivery", delivery.id}, {"why", in_short(report.trouble)}});
        if (failed) engine.ask(delivery_event(report, peer));
        else hand_in(report);
        return !failed;
    }

    /// Reports without waiting for the commit: the next message need not wait for it either. When the report is lost with a
    /// crash the same bytes are sent again.
    void hand_in(porting::input::DeliveryReport const& report) {
        {
            std::unique_lock lock(shared->mutex);
            shared->bell.wait(lock, [&] { return shared->reports_under_way < limits::reports_under_way_max || shared->stopping; });
            ++shared->reports_under_way;
        }
        engine.submit(delivery_event(report, peer), [shared = shared, id = report.delivery](Result const& result) {
            auto const& refusals = result.answer.refusals;
            bool const lost = !refusals.empty() && refusals.front().code == RefusalCode::overloaded;
            std::lock_guard const lock(shared->mutex);
            if (lost) shared->unreported = std::min(id, shared->unreported.value_or(id));
            bool const was_full = shared->reports_under_way-- == limits::reports_under_way_max;
            if (lost) shared->woken = true;
            if (lost || was_full) shared->bell.notify_one();
        });
    }

    bool stopped() {
        std::lock_guard const lock(shared->mutex);
        return shared->stopping;
    }

    void wait_for_work() {
        std::unique_lock lock(shared->mutex);
        shared->bell.wait(lock, [&] { return shared->woken || shared->stopping; });
        shared->woken = false;
    }

    void pause_for(std::chrono::milliseconds pause) {
        std::unique_lock lock(shared->mutex);
        shared->bell.wait_for(lock, pause, [&] { return shared->stopping; });
    }
};

Outbox::Outbox(Engine& engine, std::string database, OperatorCode peer, std::unique_ptr<Carrier> carrier, Log& log, PeerHealth* health)
    : impl_(std::make_unique<Impl>(engine, std::move(database), std::move(peer), std::move(carrier), log, health)) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

Outbox::~Outbox() { stop(); }

void Outbox::wake() {
    {
        std::lock_guard const lock(impl_->shared->mutex);
        impl_->shared->woken = true;
    }
    impl_->shared->bell.notify_one();
}

void Outbox::stop() {
    {
        std::lock_guard const lock(impl_->shared->mutex);
        impl_->shared->stopping = true;
    }
    impl_->shared->bell.notify_all();
    impl_->carrier->stop();
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace npod::engine
