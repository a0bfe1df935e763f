#include "inside.hpp"

#include "served.hpp"

#include "api/api.hpp"
#include "api/interchange_server.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "engine/outbox.hpp"
#include "porting/messages.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace npod::bench {

namespace coin = protocol::coin_v3;

namespace {

coin::Profile wire_profile() {
    coin::Profile profile;
    profile.time = coin::LocalTime("Europe/Brussels");
    return profile;
}

/// Everything goes to the one counterpart.
engine::Interchange interchange_with(OperatorCode const& counterpart) {
    auto const profile = std::make_shared<coin::Profile const>(wire_profile());
    return {[=](porting::message::Message const& message, Moment now) {
                return engine::Encoded{counterpart, std::string(porting::message::type_of(message.body)), coin::encode(message, *profile, now)};
            },
            [=](OperatorCode const& sender, std::string_view type, std::string_view bytes, Moment) -> porting::input::Any {
                auto message = coin::decode(type, bytes, *profile);
                if (message) return porting::input::Received{std::move(*message), 0};
                return porting::input::ReceivedBroken{sender, std::string(type), {}, message.refusals()};
            }};
}

/// What other threads have to tell the one that turns.
class News {
public:
    void add(std::function<void()> news) {
        std::lock_guard const lock(mutex_);
        queue_.push_back(std::move(news));
        bell_.notify_one();
    }
    std::function<void()> wait() {
        std::unique_lock lock(mutex_);
        if (!bell_.wait_for(lock, std::chrono::seconds{30}, [&] { return !queue_.empty(); }))
            throw BenchError("nothing came for half a minute");
        auto news = std::move(queue_.front());
        queue_.pop_front();
        return news;
    }

private:
    std::mutex mutex_;
    std::condition_variable bell_;
    std::deque<std::function<void()>> queue_;
};

} // namespace

struct Inside::Impl {
    Impl(std::string const& folder, std::string const& code, std::string const& counterpart);
    ~Impl() {
        outbox->stop();
        engine->stop();
    }

    /// Hands every message to us, and says that it was taken.
    struct Hand : engine::Carrier {
        explicit Hand(Impl& owner) : impl(owner) {}
        porting::input::DeliveryReport carry(porting::Delivery const& delivery) override {
            impl.news.add([&impl = impl, type = delivery.type, bytes = delivery.bytes] {
                if (impl.sent) impl.sent(type, bytes);
            });
            return {delivery.id, porting::input::DeliveryReport::What::taken, "BENCH-1", {}};
        }
        Impl& impl;
    };

    ManualClock clock{*parse_rfc3339(law_time)};
    Log log{clock, Level::info, [](std::string_view) {}};
    News news;
    Sent sent;
    std::unique_ptr<engine::Engine> engine;
    std::unique_ptr<api::Api> api;
    std::unique_ptr<api::InterchangeServer> interchange;
    std::unique_ptr<engine::Outbox> outbox;
};

Inside::Impl::Impl(std::string const& folder, std::string const& code, std::string const& counterpart) {
    auto const path = folder + "/npod.db";
    OperatorCode const own{code}, other{counterpart};
    engine::Engine::Parts parts;
    parts.ledger = std::make_unique<storage::Ledger>(storage::OpenOptions{path, own, true});
    parts.rulebook = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
    parts.settings.own = own;
    parts.settings.dossier_prefix = code;
    parts.settings.operators = {other};
    parts.interchange = interchange_with(other);
    parts.clock = parts.manual = &clock;
    parts.log = &log;
    api::Context context;
    context.open_reader = [path] { return std::make_unique<storage::Reader>(path); };
    context.rulebook = parts.rulebook;
    context.settings = parts.settings;
    context.interchange = parts.interchange;
    context.now = [this] { return clock.now(); };
    api::InterchangeServer::Settings members{.own = own, .members = {}, .serve = true, .decode = parts.interchange.decode};
    members.requests_per_second = 1'000'000; // the one member stands for a whole market
    members.members.push_back({other, {}, wire_profile(), false});
    engine = std::make_unique<engine::Engine>(std::move(parts));
    context.engine = engine.get();
    interchange = std::make_unique<api::InterchangeServer>(std::move(members), *engine, context.open_reader, clock);
    api = std::make_unique<api::Api>(std::move(context));
    outbox = std::make_unique<engine::Outbox>(*engine, path, other, std::make_unique<Hand>(*this), log);
    engine->on_commit([this](std::int64_t) { outbox->wake(); });
}

Inside::Inside(std::string const& folder, std::string const& code, std::string const& counterpart)
    : impl_(std::make_unique<Impl>(folder, code, counterpart)) {}
Inside::~Inside() = default;

void Inside::call(Call call, Answered answered) {
    http::Request request{std::string(call.method), std::move(call.target), {{"Content-Type", "application/json"}}, std::move(call.body), "127.0.0.1:1", {}};
    if (!call.key.empty()) request.headers.emplace_back("Idempotency-Key", std::move(call.key));
    auto const respond = [impl = impl_.get(), answered = std::move(answered)](http::Response const& response) {
        impl->news.add([answered, status = response.status, body = response.body] { answered(status, body); });
    };
    if (request.target.starts_with("/number-portability/")) impl_->interchange->handle(request, respond);
    else impl_->api->handle(request, respond);
}

void Inside::on_message(Sent sent) { impl_->sent = std::move(sent); }

void Inside::turn() { impl_->news.wait()(); }

} // namespace npod::bench
