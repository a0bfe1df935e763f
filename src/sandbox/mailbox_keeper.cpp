/// The sandbox as the server of the tested side's mailbox, a bad one when a scene wants it.

#include "base/json.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "protocol/sse.hpp"
#include "sandbox/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

namespace npod::sandbox {

namespace {

/// A message in the mailbox, with what is to be done with it on its way.
struct Letter {
    std::string id, type, bytes;
    std::int64_t call = 0;
    bool confirmed = false;
    bool cut = false, dripped = false; ///< once: the first time that it is sent
};

/// Ids of messages begin here, so that there is room below.
constexpr std::int64_t first_id = 1'000'000, lower_than_all = 2 * first_id;

/// The mailbox and the moods of its keeper. Shared by the line, the server's handlers and the streams; one mutex for
/// all.
struct Mailbox {
    std::mutex mutex;
    std::deque<Letter> letters;
    std::int64_t last_id = first_id, mute_below = 0, streams = 0;
    bool cut_next = false, drip_next = false, strange_next = false, lower_next = false, old_next = false;
    Trick fail_calls, fail_confirmations; ///< as long as their times last
    std::set<std::string> refused;        ///< bytes of calls that we pretended not to take
};

/// One connection of the tested side.
class LetterStream final : public http::StreamSource {
public:
    LetterStream(std::shared_ptr<Mailbox> mailbox, std::int64_t no) : mailbox_(std::move(mailbox)), no_(no) {}

    std::string pull(std::size_t) override {
        std::scoped_lock const lock(mailbox_->mutex);
        if (is_mute() || ended_) return {};
        if (!dripping_.empty()) return next_drops();
        std::string bytes = std::exchange(greeted_, true) ? "" : std::string(protocol::sse_heartbeat);
        for (; at_ < mailbox_->letters.size(); ++at_) {
            auto& letter = mailbox_->letters[at_];
            if (letter.confirmed) continue;
            auto const event = protocol::sse_event(letter.id, letter.type, letter.bytes);
            if (std::exchange(letter.cut, false)) {
                ended_ = true;
                return bytes + event.substr(0, event.size() / 2);
            }
            if (std::exchange(letter.dripped, false)) {
                dripping_ = event;
                ++at_;
                return bytes;
            }
            bytes += event;
        }
        return bytes;
    }
    bool ended() const override {
        std::scoped_lock const lock(mailbox_->mutex);
        return ended_;
    }
    std::string heartbeat() const override {
        std::scoped_lock const lock(mailbox_->mutex);
        return is_mute() ? "" : std::string(protocol::sse_heartbeat);
    }

private:
    bool is_mute() const { return no_ < mailbox_->mute_below; }
    std::string next_drops() {
        constexpr std::size_t drops = 16; // a message of half a kilobyte then takes some thirty wakes
        auto const bytes = dripping_.substr(0, drops);
        dripping_.erase(0, drops);
        return bytes;
    }

    std::shared_ptr<Mailbox> mailbox_;
    std::int64_t no_;
    std::size_t at_ = 0;
    std::string dripping_;
    bool greeted_ = false, ended_ = false;
};

http::Response told(unsigned status, std::string const& body) {
    return {status, {{"Content-Type", "application/json"}}, body, {}};
}

/// What a proxy says in a hub's place, whatever the status.
http::Response page(unsigned status) {
    return {status, {{"Content-Type", "text/html"}}, "<html><body><h1>Please log in</h1></body></html>", {}};
}

/// Half of a receipt, and no more.
class HalfAnswer final : public http::StreamSource {
public:
    std::string pull(std::size_t) override { return std::exchange(said_, true) ? "" : R"({"transactionId":"SAND)"; }
    bool ended() const override { return said_; }

private:
    bool said_ = false;
};

http::Response error(unsigned status, int code, std::string const& text) {
    return told(status,
                fmt::format(R"({{"transactionId":"SANDBOX-0","errors":[{{"code":{},"message":"{}"}}]}})", code, text));
}

class MailboxKeeper final : public Line {
public:
    MailboxKeeper(http::Listen listen, Proofs const& proofs, Clock const& clock, Inbox& inbox, Record record)
        : clock_(clock), inbox_(inbox), record_(std::move(record)) {
        if (proofs.tested) verifier_.emplace(std::vector{*proofs.tested});
        server_ = std::make_unique<http::Server>(
            listen, http::Limits{}, 2,
            [this](http::Request const& request, http::Respond respond) { respond(handle(request)); });
    }
    ~MailboxKeeper() override { server_->stop(std::chrono::milliseconds{500}); }
    std::uint16_t port() const { return server_->port(); }

    void carry(Call const& call) override {
        {
            std::scoped_lock const lock(mailbox_->mutex);
            Letter letter{std::to_string(++mailbox_->last_id), call.type, call.bytes, call.no, false, false, false};
            if (std::exchange(mailbox_->strange_next, false)) letter.id = fmt::format("msg/{} a+b%41", letter.id);
            if (std::exchange(mailbox_->lower_next, false)) letter.id = std::to_string(lower_than_all - mailbox_->last_id);
            if (std::exchange(mailbox_->old_next, false) && !mailbox_->letters.empty())
                letter.id = mailbox_->letters.back().id;
            letter.cut = std::exchange(mailbox_->cut_next, false);
            letter.dripped = std::exchange(mailbox_->drip_next, false);
            mailbox_->letters.push_back(std::move(letter));
        }
        server_->wake_streams();
    }

    void play(Trick const& trick) override {
        {
            std::scoped_lock const lock(mailbox_->mutex);
            auto& box = *mailbox_;
            if (trick.verb == Verb::break_stream) box.cut_next = true;
            if (trick.verb == Verb::drip_stream) box.drip_next = true;
            if (trick.verb == Verb::strange_id) box.strange_next = true;
            if (trick.verb == Verb::lower_id) box.lower_next = true;
            if (trick.verb == Verb::old_id) box.old_next = true;
            if (trick.verb == Verb::mute_stream) box.mute_below = box.streams + 1;
            if (trick.verb >= Verb::fail_calls && trick.verb <= Verb::hold_calls) box.fail_calls = trick;
            if (trick.verb == Verb::fail_confirmations) box.fail_confirmations = trick;
            if (trick.verb == Verb::resend && !box.letters.empty()) {
                auto again = box.letters.back();
                again.confirmed = false;
                box.letters.push_back(std::move(again));
            }
        }
        server_->wake_streams();
    }

    /// A dripping stream gives its next drops when it is woken.
    void tick() override { server_->wake_streams(); }

private:
    http::Response handle(http::Request const& request) {
        if (verifier_) {
            auto const caller =
                verifier_->verify(request.headers, request.method, request.path(), request.body, clock_.now());
            if (!caller) return error(401, 8010, "the proofs do not hold");
        }
        auto const path = request.segments();
        if (path.size() < 4 || path[1] != "v3" || path[2] != "dossiers")
            return error(404, 1020, "there is nothing here");
        if (request.method == "GET" && path[3] == "events") return open_stream();
        if (request.method == "PUT" && path.size() == 5) return confirm(path[4]);
        if (request.method == "POST" && path.size() == 4) return take(path[3], request.body);
        return error(405, 1020, "not in this way");
    }

    http::Response open_stream() {
        std::scoped_lock const lock(mailbox_->mutex);
        inbox_.push(Connected{});
        return {200,
                {{"Content-Type", "text/event-stream"}},
                {},
                std::make_shared<LetterStream>(mailbox_, ++mailbox_->streams)};
    }

    http::Response confirm(std::string const& id) {
        std::scoped_lock const lock(mailbox_->mutex);
        auto& failing = mailbox_->fail_confirmations;
        if (failing.times > 0) return --failing.times, error(failing.status, 9999, "as the scene wants it");
        bool known = false;
        for (auto& letter : mailbox_->letters) {
            if (letter.id != id) continue;
            known = true;
            if (std::exchange(letter.confirmed, true)) continue;
            if (acknowledged_.emplace(id, letter.bytes).second) // not again for what was sent twice under its id, but for other bytes under it
                record(Acknowledged::Way::to_tested_side, letter.type, letter.bytes);
            inbox_.push(Answered{letter.call, 200, "confirmed"});
        }
        return known ? told(200, R"({"status":"OK"})") : error(403, 6011, "no such message");
    }

    http::Response take(std::string const& type, std::string const& body) {
        if (auto const form = protocol::coin_v3::check_form(type, body); !form) {
            inbox_.push(Heard{type, body});
            return error(400, 1000, "not of the form");
        }
        std::scoped_lock const lock(mailbox_->mutex);
        auto& box = *mailbox_;
        bool const again = box.refused.contains(body);
        if (box.fail_calls.times > 0) {
            --box.fail_calls.times;
            box.refused.insert(body);
            if (box.fail_calls.verb == Verb::garble_calls) return page(box.fail_calls.status);
            if (box.fail_calls.verb == Verb::forget_calls || box.fail_calls.verb == Verb::hold_calls)
                heard(type, body, again);
            if (box.fail_calls.verb == Verb::hold_calls)
                return {box.fail_calls.status, {{"Content-Type", "application/json"}}, {}, std::make_shared<HalfAnswer>()};
            return error(box.fail_calls.status, 9999, "as the scene wants it");
        }
        box.refused.erase(body);
        heard(type, body, again);
        return told(200, fmt::format(R"({{"transactionId":"SANDBOX-{}"}})", ++taken_));
    }

    void heard(std::string const& type, std::string const& body, bool again) {
        record(Acknowledged::Way::from_tested_side, type, body);
        inbox_.push(Heard{type, body, again});
    }
    void record(Acknowledged::Way way, std::string const& type, std::string const& bytes) const {
        if (record_) record_({way, type, bytes});
    }

    Clock const& clock_;
    Inbox& inbox_;
    Record record_;
    std::optional<protocol::Verifier> verifier_;
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    std::int64_t taken_ = 0;
    std::set<std::pair<std::string, std::string>> acknowledged_; ///< id and bytes; guarded by the mailbox's mutex
    std::unique_ptr<http::Server> server_;
};

} // namespace

std::unique_ptr<Line> keep_a_mailbox(http::Listen listen, Proofs const& proofs, Clock const& clock, Inbox& inbox,
                                     Record record, std::function<void(std::uint16_t)> const& bound) {
    auto keeper = std::make_unique<MailboxKeeper>(std::move(listen), proofs, clock, inbox, std::move(record));
    if (bound) bound(keeper->port());
    return keeper;
}

} // namespace npod::sandbox
