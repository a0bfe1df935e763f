#include "daemon/stream_client.hpp"

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "base/limits_wire.hpp"
#include "base/log_catalogue.hpp"
#include "base/trace.hpp"
#include "daemon/carriers.hpp"
#include "daemon/log_messages.hpp"
#include "engine/inputs.hpp"
#include "engine/outbox.hpp"
#include "engine/restore.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <thread>

namespace npod::daemon {

namespace coin = protocol::coin_v3;
namespace catalogue = log_catalogue;
using std::chrono::milliseconds;

namespace {

/// Until a message that could not be stored is handed to the engine again.
constexpr milliseconds store_again_after{1'000};
/// A hub that says nothing for so long after it was asked for everything has no more.
constexpr milliseconds no_more_after{2'000};

/// An id in a path: anything but letters, digits and -._~ as %XX (RFC 3986).
std::string percent_encoded(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// An id between quotes of JSON: ids are the hub's, so quotes, backslashes and control characters are taken out.
std::string json_safe(std::string text) {
    std::erase_if(text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    return text;
}

/// The engine did not store it and may do so later.
bool worth_another_attempt(engine::Result const& result) {
    auto const& refusals = result.answer.refusals;
    return result.indeterminate ||
           (!refusals.empty() && result.seq == 0 && refusals.front().code == RefusalCode::overloaded);
}

/// The id was used before for other bytes. Nothing is lost by that: the message is stored as one of its own, and the
/// contradiction as an incident for a person.
bool contradicts(engine::Result const& result) { return result.replayed && !result.answer.refusals.empty(); }

engine::Event contradiction_of(engine::Event const& message, std::string const& id, OperatorCode const& hub) {
    engine::Event event;
    event.kind = "interchange.contradiction";
    event.source = "wire:" + hub.text;
    event.key = id;
    event.body = boost::json::serialize(
        boost::json::object{{"id", id}, {"said_by", message.source}, {"sha256", content_hash(message.body)}});
    event.idempotency_key = message.idempotency_key.value() + "!" + content_hash(message.body);
    return event;
}

/// BRAVO of "wire:BRAVO".
OperatorCode sender_of(engine::Event const& message) { return OperatorCode{message.source.substr(message.source.find(':') + 1)}; }

engine::Event as_message_of_its_own(engine::Event message) {
    message.idempotency_key = message.idempotency_key.value() + "#" + content_hash(message.body);
    return message;
}

} // namespace

milliseconds Backoff::next() {
    wait_ = wait_ == milliseconds{0} ? limits::retry_delay_min : std::min(2 * wait_, limits::retry_delay_max);
    return wait_;
}

engine::Event event_of(http::StreamEvent const& received, Wire const& wire, OperatorCode const& hub, Moment now) {
    auto const type = coin::type_of_event(received.event);
    engine::Event event;
    event.kind = "message." + std::string(type);
    event.source = "wire:" + hub.text;
    event.key = engine::for_mailboxes_only; // unless it turns out to be for us
    event.body = received.data;
    event.trace = parse_traceparent(received.trace).value_or("");
    event.idempotency_key = hub.text + ":" + received.id;
    auto const envelope = wire.envelope_of(received.data);
    if (!envelope) return event;
    event.source = "wire:" + envelope->sender.text;
    if (!wire.is_for_us(*envelope)) return event;
    event.key = envelope->dossier.text;
    event.input = wire.decode(envelope->sender, type, received.data, now);
    event.happened_at = engine::sent_at(*event.input, now);
    return event;
}

struct StreamClient::Impl : std::enable_shared_from_this<StreamClient::Impl> {
    Impl(engine::Engine& the_engine, Wire const& the_wire, Config const& config, Clock const& the_clock, Log& the_log,
         engine::PeerHealth& the_health)
        : engine(the_engine), wire(the_wire), hub(config.interchange.hub_code), silence(config.interchange.silence),
          database(config.db), clock(the_clock), log(the_log), health(the_health),
          signer(signer_of(config.interchange)), stream(endpoint_of(config.interchange.hub, config.interchange)),
          confirmations(config.interchange.hub, config.interchange, the_clock) {
        if (!signer) unproven = "?operator=" + config.operator_code.text;
    }

    /// What is left to do for one message: store it again, or, when it is stored, confirm it.
    struct Job {
        std::string id;
        std::optional<engine::Event> store;
    };

    void read_forever();
    void catch_up();
    void receive(http::StreamEvent const& received);
    void submit(std::string id, engine::Event event);
    void settled(std::string const& id, engine::Event const& event, engine::Result const& result);
    void keep_contradiction(std::string const& id, engine::Event const& event);
    void confirm_forever();
    bool confirm(std::string const& id);
    bool sleep(milliseconds time); ///< false: stopped meanwhile

    engine::Engine& engine;
    Wire const& wire;
    OperatorCode hub;
    milliseconds silence; ///< after which the stream is taken for dead
    std::string database; ///< its file
    Clock const& clock;
    Log& log;
    engine::PeerHealth& health;
    std::optional<protocol::Signer> signer;
    std::string unproven; ///< without keys a development hub of ours must be told whose mailbox is meant
    http::EventStream stream;
    CoinClient confirmations;

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> jobs;
    std::size_t in_flight = 0;
    bool stopped = false;
    std::thread reader, confirmer;
};

bool StreamClient::Impl::sleep(milliseconds time) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, time, [&] { return stopped; });
}

namespace {

/// What lacked the memory is tried again as if the network had failed: by then there may be some.
template <class Work>
auto short_of_memory_is_a_fault(Work work) {
    try {
        return work();
    } catch (std::bad_alloc const&) {
        throw NetworkFault("there is no memory left; give the process more");
    }
}

} // namespace

/// Reads everything that the hub ever sent after what we heard last, confirmed or not, until it has no more.
void StreamClient::Impl::catch_up() {
    auto const target = fmt::format("{}/dossiers/events{}{}confirmationStatus=All&offset={}", coin_base, unproven, unproven.empty() ? "?" : "&",
                                    percent_encoded(asked_again_from(storage::Reader(database), hub)));
    auto last_word = std::chrono::steady_clock::time_point::max(); // not yet open
    auto const heard_now = [&] { last_word = std::chrono::steady_clock::now(); };
    try {
        auto headers = CoinClient::signed_headers(signer, "GET", target, {}, clock.now());
        stream.read(target, std::move(headers), no_more_after, heard_now, [&](http::StreamEvent const& received) {
            heard_now();
            receive(received);
        });
    } catch (Fault const& fault) {
        bool const silent = last_word < std::chrono::steady_clock::now() - no_more_after / 2;
        if (!silent) {
            log.write(catalogue::stream_lost, {{"peer", hub.text}, {"why", fault.what()}, {"again_in_ms", 0}});
            return; // once more, after the usual stream was tried
        }
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopped || in_flight == 0; });
    if (stopped) return;
    lock.unlock();
    engine.submit(engine::caught_up_event(), {});
    log.write(catalogue::caught_up, {{"peer", hub.text}});
}

void StreamClient::Impl::read_forever() {
    auto const target = std::string(coin_base) + "/dossiers/events" + unproven;
    Backoff backoff;
    for (;;) {
        if (engine.catching_up()) catch_up();
        try {
            short_of_memory_is_a_fault([&] {
                auto headers = CoinClient::signed_headers(signer, "GET", target, {}, clock.now());
                stream.read(
                    target, std::move(headers), silence,
                    [&] {
                        backoff.reset();
                        health.stream_opened(hub);
                        log.write(catalogue::stream_opened, {{"peer", hub.text}});
                    },
                    [&](http::StreamEvent const& received) { receive(received); });
            });
        } catch (Fault const& fault) {
            auto const wait = backoff.next();
            health.stream_lost(hub, fault.what(), wait);
            log.write(catalogue::stream_lost,
                      {{"peer", hub.text}, {"why", fault.what()}, {"again_in_ms", wait.count()}});
            if (sleep(wait)) continue;
        }
        std::scoped_lock const lock(mutex);
        if (stopped) return;
    }
}

void StreamClient::Impl::receive(http::StreamEvent const& received) {
    auto event = event_of(received, wire, hub, engine.now());
    if (received.id.empty() || event.kind == "message.") {
        log.write(log_messages::message_unreadable, {{"peer", hub.text}, {"why", "it has no id or no type"}});
        return; // cannot be confirmed, and is no message of the protocol
    }
    if (event.source == "wire:" + hub.text && !event.input)
        log.write(log_messages::message_unreadable, {{"peer", hub.text}, {"message", received.id}});
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stopped || in_flight < limits::stream_messages_in_flight_max; });
        if (stopped) return;
        ++in_flight;
    }
    submit(received.id, std::move(event));
}

void StreamClient::Impl::submit(std::string id, engine::Event event) {
    auto kept = event;
    engine.submit(std::move(event), [self = shared_from_this(), id = std::move(id),
                                     kept = std::move(kept)](auto result) { self->settled(id, kept, result); });
}

/// On the writer thread, after the commit.
void StreamClient::Impl::settled(std::string const& id, engine::Event const& event, engine::Result const& result) {
    if (contradicts(result)) return keep_contradiction(id, event);
    bool const again = worth_another_attempt(result);
    if (!again && result.replayed) health.repeated(sender_of(event));
    if (!again && result.replayed) log.write(catalogue::message_repeated, {{"peer", hub.text}, {"message", id}});
    if (!again && !result.answer.refusals.empty())
        log.write(catalogue::message_refused,
                  {{"peer", hub.text}, {"message", id}, {"why", result.answer.refusals.front().text}});
    std::scoped_lock const lock(mutex);
    if (!again) --in_flight;
    jobs.push_back({id, again ? std::optional(event) : std::nullopt});
    changed.notify_all();
}

/// First the incident, then the message, then the confirmation: a crash in between leaves all three to be done again.
void StreamClient::Impl::keep_contradiction(std::string const& id, engine::Event const& event) {
    log.write(log_messages::message_contradicts, {{"peer", hub.text}, {"message", id}});
    engine.submit(contradiction_of(event, id, hub),
                  [self = shared_from_this(), id, event](engine::Result const& result) {
                      if (worth_another_attempt(result)) return self->settled(id, event, result);
                      self->submit(id, as_message_of_its_own(event));
                  });
}

void StreamClient::Impl::confirm_forever() {
    Backoff backoff;
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return stopped || !jobs.empty(); });
            if (stopped) return;
            job = std::move(jobs.front());
            jobs.pop_front();
        }
        if (job.store) {
            log.write(log_messages::message_waits, {{"peer", hub.text}, {"message", job.id}});
            if (!sleep(store_again_after)) return;
            submit(std::move(job.id), std::move(*job.store));
            continue;
        }
        while (!confirm(job.id))
            if (!sleep(backoff.next())) return;
        backoff.reset();
    }
}

/// True when nothing is left to do: confirmed, or refused for good.
bool StreamClient::Impl::confirm(std::string const& id) {
    try {
        auto const body = fmt::format(R"({{"transactionId":"{}"}})", json_safe(id));
        auto const response = short_of_memory_is_a_fault([&] {
            return confirmations.call("PUT", "/dossiers/confirmations/" + percent_encoded(id) + unproven, body);
        });
        auto const report = report_of_confirmation(response);
        if (report.what == porting::input::DeliveryReport::What::taken) return true;
        log.write(log_messages::confirmation_failed, {{"peer", hub.text}, {"message", id}, {"why", engine::in_short(report.trouble)}});
        return report.what == porting::input::DeliveryReport::What::turned_away;
    } catch (Fault const& fault) {
        std::scoped_lock const lock(mutex);
        if (!stopped)
            log.write(log_messages::confirmation_failed, {{"peer", hub.text}, {"message", id}, {"why", fault.what()}});
        return false;
    }
}

std::string asked_again_from(storage::Reader const& reader, OperatorCode const& hub) {
    constexpr int heard_again = 1'000;
    auto const heard = reader.heard_from(hub, heard_again);
    // the first that was heard need not have the smallest id: of few all are asked for
    return heard.size() < heard_again ? "-1" : heard.back();
}

StreamClient::StreamClient(engine::Engine& engine, Wire const& wire, Config const& config, Clock const& clock, Log& log,
                           engine::PeerHealth& health)
    : impl_(std::make_shared<Impl>(engine, wire, config, clock, log, health)) {
    impl_->reader = std::thread([impl = impl_.get()] { impl->read_forever(); });
    impl_->confirmer = std::thread([impl = impl_.get()] { impl->confirm_forever(); });
}

StreamClient::~StreamClient() { stop(); }

void StreamClient::stop() {
    {
        std::scoped_lock const lock(impl_->mutex);
        impl_->stopped = true;
        impl_->changed.notify_all();
    }
    impl_->stream.stop();
    impl_->confirmations.stop();
    if (impl_->reader.joinable()) impl_->reader.join();
    if (impl_->confirmer.joinable()) impl_->confirmer.join();
}

} // namespace npod::daemon
