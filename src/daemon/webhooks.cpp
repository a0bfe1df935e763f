#include "daemon/webhooks.hpp"

#include "api/feed.hpp"
#include "daemon/log_messages.hpp"
#include "http/http.hpp"
#include "protocol/standard_webhooks.hpp"
#include "storage/ledger.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

namespace npod::daemon {

namespace json = boost::json;
using std::chrono::milliseconds;

bool wanted(std::vector<std::string> const& patterns, std::string_view type) {
    return patterns.empty() || std::ranges::any_of(patterns, [&](std::string const& pattern) {
               return pattern.ends_with('*') ? type.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1)) : type == pattern;
           });
}

namespace {

/// Events that are read at once; they leave one by one all the same.
constexpr std::size_t page = 64;
/// Of what a hook answered, for a person who looks for the trouble.
constexpr std::size_t told_max = 200;

/// "https://host:1/a/b?c" → "https://host:1" and "/a/b?c".
std::pair<std::string, std::string> base_and_target(std::string const& url) {
    auto const path = url.find_first_of("/?", url.find("://") + 3);
    if (path == std::string::npos) return {url, "/"};
    return {url.substr(0, path), (url[path] == '?' ? "/" : "") + url.substr(path)};
}

/// Where a hook stands, as the database keeps it.
struct Standing {
    api::FeedPlace place;
    std::string url;       ///< that the place is of: a hook that was sent elsewhere goes on where it was, though it had ended
    bool ended = false;    ///< it answered 410
};

std::string to_text(Standing const& standing) {
    return json::serialize(json::object{{"seq", standing.place.seq}, {"within", standing.place.within}, {"whole", standing.place.whole_row},
                                        {"url", standing.url}, {"ended", standing.ended}});
}

Standing standing_from(std::string const& text, std::string const& url, std::int64_t head) {
    Standing standing{{head, 0, true}, url, false};
    if (text.empty()) return standing;
    auto const value = json::parse(text);
    auto const& kept = value.as_object();
    standing.place = {kept.at("seq").as_int64(), kept.at("within").as_int64(), kept.at("whole").as_bool()};
    standing.ended = kept.at("ended").as_bool() && kept.at("url").as_string() == url;
    return standing;
}

} // namespace

class Webhooks::Hook {
public:
    Hook(engine::Engine& engine, Webhook const& config, std::string const& db, OperatorCode own, Clock const& real, Log& log, WebhookPace const& pace)
        : engine_(engine), config_(config), own_(std::move(own)), real_(real), log_(log), pace_(pace), reader_(db), key_("webhook." + config.name),
          client_({base_and_target(config.url).first, {}}), target_(base_and_target(config.url).second) {
        auto const kept = reader_.meta(key_);
        standing_ = standing_from(kept, config_.url, reader_.head_seq());
        state_ = {config_.name, config_.url, standing_.place.seq, 0, 0, {}, {}, standing_.ended};
        if (kept.empty()) keep(); // from now on, also when nothing is wanted for long
        thread_ = std::thread([this] { run(); });
    }

    void wake() {
        {
            std::lock_guard const lock(mutex_);
            woken_ = true;
        }
        bell_.notify_one();
    }
    void stop() {
        {
            std::lock_guard const lock(mutex_);
            stopping_ = true;
        }
        bell_.notify_all();
        client_.stop();
        if (thread_.joinable()) thread_.join();
        std::unique_lock lock(shared_->mutex); // the writer may still hold what was handed to it
        shared_->bell.wait_for(lock, std::chrono::seconds{10}, [&] { return !shared_->under_way; });
    }
    api::WebhookState state() const {
        std::lock_guard const lock(mutex_);
        return state_;
    }

private:
    /// What the writer tells when a place is kept; it may do so when the hook is gone.
    struct Shared {
        std::mutex mutex;
        std::condition_variable bell;
        bool under_way = false;
    };
    enum class Came { through, not_through, ended };

    void run() {
        auto pause = pace_.retry_min;
        while (!stopped()) {
            if (standing_.ended) return; // until the configuration sends it elsewhere
            auto const waits = send_waiting();
            if (stopped()) return;
            if (!waits) {
                pause = pace_.retry_min;
                wait_for_work();
            } else {
                sleep(std::max(with_jitter(pause), *waits));
                pause = std::min(pause * 2, pace_.retry_max);
            }
        }
    }

    /// Sends until nothing waits: nothing; else how long the receiver asks to be left alone.
    std::optional<milliseconds> send_waiting() {
        for (;;) {
            auto const events = api::read_feed(reader_, standing_.place, page, own_);
            for (auto const& event : events.events) {
                if (stopped()) return {};
                if (wanted(config_.types, event.type)) {
                    milliseconds asked{};
                    auto const came = send(event, asked);
                    if (came == Came::not_through) return asked;
                    if (came == Came::ended) return {};
                }
                auto const place = api::parse_feed_place(event.id);
                if (place) reached(*place);
            }
            if (events.events.empty() || !events.more) {
                reached(events.after);
                keep();
                if (events.events.empty()) return {};
            }
        }
    }

    Came send(api::FeedEvent const& event, milliseconds& asked) {
        auto const body = json::serialize(event.view);
        auto id = fmt::format("{}-{}", own_.text, event.id);
        std::ranges::replace(id, '.', '-'); // a full stop divides what is signed
        http::Headers headers = protocol::webhook_headers(config_.keys, id, real_.now(), body);
        headers.emplace_back("Content-Type", "application/cloudevents+json");
        if (auto const* const trace = event.view.if_contains("traceparent")) headers.emplace_back("traceparent", std::string(trace->as_string()));
        std::string trouble;
        try {
            auto const response = client_.send("POST", target_, std::move(headers), body, pace_.timeout);
            if (response.status >= 200 && response.status < 300) {
                succeeded();
                return Came::through;
            }
            if (response.status == 410) {
                ended();
                return Came::ended;
            }
            asked = retry_after(response);
            trouble = fmt::format("it answered {}", response.status);
        } catch (NetworkFault const& fault) {
            trouble = fault.what();
        }
        if (!stopped()) failed(trouble.substr(0, told_max)); // our own stopping is not the receiver's fault
        return Came::not_through;
    }

    /// Seconds only; a date would need the receiver's clock.
    milliseconds retry_after(http::Response const& response) const {
        auto const text = http::header(response.headers, "Retry-After");
        std::int64_t seconds = 0;
        for (char const c : text.substr(0, 6)) {
            if (c < '0' || c > '9') return {};
            seconds = seconds * 10 + (c - '0');
        }
        return std::min<milliseconds>(std::chrono::seconds{seconds}, pace_.retry_max);
    }

    void reached(api::FeedPlace const& place) {
        standing_.place = place;
        std::lock_guard const lock(mutex_);
        state_.seq = place.seq;
    }
    void succeeded() {
        bool again = false;
        {
            std::lock_guard const lock(mutex_);
            ++state_.delivered;
            again = std::exchange(state_.failing_since, {}).has_value();
            state_.trouble.clear();
        }
        if (again) log_.write(log_messages::webhook_again, {{"hook", config_.name}});
        keep();
    }
    void failed(std::string const& why) {
        bool first = false;
        {
            std::lock_guard const lock(mutex_);
            ++state_.failures;
            first = !state_.failing_since;
            if (first) state_.failing_since = real_.now();
            state_.trouble = why;
        }
        if (first) log_.write(log_messages::webhook_failing, {{"hook", config_.name}, {"why", why}});
    }
    void ended() {
        standing_.ended = true;
        {
            std::lock_guard const lock(mutex_);
            state_.ended = true;
            state_.trouble = "it answered 410: it wants no more";
        }
        log_.write(log_messages::webhook_ended, {{"hook", config_.name}});
        wait_for_keeping();
        keep();
    }

    /// Hands the place to the writer, one at a time: where it is still busy with the last, a later call will do. What a crash
    /// takes away is sent again.
    void keep() {
        {
            std::lock_guard const lock(shared_->mutex);
            if (shared_->under_way) return;
            shared_->under_way = true;
        }
        auto const text = to_text(standing_);
        auto const done = [shared = shared_](engine::Result const&) {
            std::lock_guard const lock(shared->mutex);
            shared->under_way = false;
            shared->bell.notify_all();
        };
        if (text == kept_) return done({});
        kept_ = text;
        engine::Event event;
        event.keep = engine::Keep{key_, text};
        engine_.submit(std::move(event), done);
    }
    void wait_for_keeping() {
        std::unique_lock lock(shared_->mutex);
        shared_->bell.wait_for(lock, std::chrono::seconds{10}, [&] { return !shared_->under_way; });
    }

    bool stopped() const {
        std::lock_guard const lock(mutex_);
        return stopping_;
    }
    void wait_for_work() {
        wait_for_keeping(); // the last place of a burst is kept, too
        keep();
        std::unique_lock lock(mutex_);
        bell_.wait(lock, [&] { return woken_ || stopping_; });
        woken_ = false;
    }
    void sleep(milliseconds time) {
        std::unique_lock lock(mutex_);
        bell_.wait_for(lock, time, [&] { return stopping_; });
    }
    milliseconds with_jitter(milliseconds pause) {
        constexpr double part = 0.2;
        return milliseconds{static_cast<std::int64_t>(static_cast<double>(pause.count()) * std::uniform_real_distribution<>(1 - part, 1 + part)(chance_))};
    }

    engine::Engine& engine_;
    Webhook const config_;
    OperatorCode const own_;
    Clock const& real_;
    Log& log_;
    WebhookPace const pace_;
    storage::Reader reader_;
    std::string const key_; ///< of meta
    http::Client client_;
    std::string const target_;
    Standing standing_;     ///< of the thread
    std::string kept_;      ///< what was handed to the writer last
    std::shared_ptr<Shared> const shared_ = std::make_shared<Shared>();
    std::mt19937 chance_{std::random_device{}()};

    mutable std::mutex mutex_; ///< guards what follows
    std::condition_variable bell_;
    bool woken_ = true, stopping_ = false;
    api::WebhookState state_;
    std::thread thread_;
};

Webhooks::Webhooks(engine::Engine& engine, std::vector<Webhook> const& hooks, std::string const& db, OperatorCode const& own, Clock const& real, Log& log,
                   WebhookPace pace) {
    for (auto const& hook : hooks) hooks_.push_back(std::make_unique<Hook>(engine, hook, db, own, real, log, pace));
}
Webhooks::~Webhooks() { stop(); }
void Webhooks::wake() {
    for (auto const& hook : hooks_) hook->wake();
}
void Webhooks::stop() {
    for (auto const& hook : hooks_) hook->stop();
}
std::vector<api::WebhookState> Webhooks::states() const {
    std::vector<api::WebhookState> states;
    for (auto const& hook : hooks_) states.push_back(hook->state());
    return states;
}

} // namespace npod::daemon
