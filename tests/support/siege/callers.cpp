#include "support/siege/callers.hpp"

#include "base/fault.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::siege {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

void Latencies::add(std::chrono::microseconds took) {
    std::scoped_lock const lock(mutex_);
    all_.push_back(took);
}

std::size_t Latencies::count() const {
    std::scoped_lock const lock(mutex_);
    return all_.size();
}

std::chrono::microseconds Latencies::percentile(int percent) const {
    std::scoped_lock const lock(mutex_);
    if (all_.empty()) return {};
    auto sorted = all_;
    std::ranges::sort(sorted);
    return sorted[std::min(sorted.size() - 1, sorted.size() * static_cast<std::size_t>(percent) / 100)];
}

std::string Latencies::told() const {
    auto const ms = [&](int percent) { return static_cast<double>(percentile(percent).count()) / 1000; };
    return fmt::format("p50 {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms, of {}", ms(50), ms(99), ms(100), count());
}

void Notes::acknowledged(std::string const& dossier) {
    std::scoped_lock const lock(mutex_);
    acknowledged_.insert(dossier);
}

void Notes::received(std::string const& id, std::string const& bytes) {
    std::scoped_lock const lock(mutex_);
    received_[dossier_of(bytes)].insert(id);
}

void Notes::wrong(std::string const& what) {
    std::scoped_lock const lock(mutex_);
    if (wrong_.size() < 100) wrong_.push_back(what);
}

std::set<std::string> Notes::acknowledged() const {
    std::scoped_lock const lock(mutex_);
    return acknowledged_;
}

std::map<std::string, std::set<std::string>> Notes::received() const {
    std::scoped_lock const lock(mutex_);
    return received_;
}

std::vector<std::string> Notes::wrong() const {
    std::scoped_lock const lock(mutex_);
    return wrong_;
}

Worker::Worker(std::function<void()> work, std::chrono::milliseconds pause)
    : thread_([this, work = std::move(work), pause] {
          while (!stopping_) {
              work();
              std::this_thread::sleep_for(pause);
          }
      }) {}

void Worker::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

Poster::Poster(House const& house, Keys const& keys, std::string from, std::vector<std::string> to, bool stubborn,
               Notes& notes, Latencies& latencies)
    : house_(house), keys_(keys), from_(std::move(from)), to_(std::move(to)), stubborn_(stubborn), notes_(notes),
      latencies_(latencies) {}

void Poster::post_next() {
    auto const dossier = fmt::format("{}-{:08}", from_, ++count_);
    auto const body = porting_request(from_, to_[static_cast<std::size_t>(count_) % to_.size()], dossier);
    while (!acknowledged(body, dossier)) {
        if (!stubborn_ || given_up_) return;
        std::this_thread::sleep_for(50ms);
    }
}

bool Poster::acknowledged(std::string const& body, std::string const& dossier) try {
    if (!client_) client_.emplace(http::Endpoint{house_.url(), {}});
    auto headers = keys_.signed_by(from_, "POST", wire_path + "portingrequest", body);
    headers.emplace_back("Content-Type", "application/json");
    auto const begun = SteadyClock::now();
    auto const response = client_->send("POST", wire_path + "portingrequest", std::move(headers), body, 20s);
    latencies_.add(std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begun));
    if (response.status == 200) notes_.acknowledged(dossier);
    if (response.status != 200 && !(stubborn_ && response.status == 503))
        notes_.wrong(fmt::format("{}: {} {}", dossier, response.status, response.body));
    return response.status == 200;
} catch (NetworkFault const& fault) {
    if (!stubborn_) notes_.wrong(fmt::format("{}: {}", dossier, fault.what()));
    return false;
}

MailboxReader::MailboxReader(House const& house, Keys const& keys, std::string code, Notes& notes)
    : house_(house), keys_(keys), code_(std::move(code)), notes_(notes), thread_([this] {
          while (!stopping_) {
              read();
              std::this_thread::sleep_for(100ms);
          }
      }) {}

MailboxReader::~MailboxReader() {
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
        if (stream_) stream_->stop();
    }
    thread_.join();
}

void MailboxReader::read() try {
    auto const target = wire_path + "events";
    {
        std::scoped_lock const lock(mutex_);
        if (stopping_) return;
        stream_ = std::make_unique<http::EventStream>(http::Endpoint{house_.url(), {}});
    }
    stream_->read(target, keys_.signed_by(code_, "GET", target, {}), 30s, nullptr,
                  [this](http::StreamEvent const& event) {
                      notes_.received(event.id, event.data);
                      confirm(event.id);
                  });
} catch (NetworkFault const&) {
    // The house is away, or was; what was not confirmed comes again.
}

void MailboxReader::confirm(std::string const& id) {
    auto const path = wire_path + "confirmations/" + id;
    auto const body = fmt::format(R"({{"transactionId":"{}"}})", id);
    auto headers = keys_.signed_by(code_, "PUT", path, body);
    headers.emplace_back("Content-Type", "application/json");
    auto const response = http::Client({house_.url(), {}}).send("PUT", path, std::move(headers), body, 20s);
    if (response.status != 200 && response.status != 503)
        notes_.wrong(fmt::format("confirmation of {}: {} {}", id, response.status, response.body));
}

} // namespace npod::siege
