/// The sandbox as an operator at a hub.

#include "base/json.hpp"
#include "sandbox/line.hpp"
#include "sandbox/raw_call.hpp"

#include "protocol/coin_v3/codec.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <thread>

namespace npod::sandbox {

namespace {

using std::chrono::milliseconds;
constexpr std::string_view base = "/number-portability/v3/dossiers";

/// COIN's clients give up after 30 s of silence and wait a second before they come back.
constexpr milliseconds silence_max{30'000};
constexpr milliseconds come_back_after{1'000};
constexpr milliseconds confirm_again_after{200};
/// Far beyond what any clock may be off.
constexpr std::chrono::minutes stale_by{10};

/// An id in a path: anything but letters, digits and -._~ as %XX (RFC 3986).
std::string percent_encoded(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

class HubCaller final : public Line {
public:
    HubCaller(http::Endpoint endpoint, OperatorCode own, Proofs const& proofs, Clock const& clock, Inbox& inbox,
              Record record)
        : endpoint_(std::move(endpoint)), clock_(clock), inbox_(inbox), record_(std::move(record)), calls_(endpoint_),
          confirmations_(endpoint_), stream_(endpoint_) {
        if (proofs.own) {
            signer_.emplace(*proofs.own);
            auto wrong = *proofs.own;
            wrong.secret += "-wrong";
            wrong_signer_.emplace(std::move(wrong));
        } else {
            unproven_ = "?operator=" + own.text; // a development hub must be told whose mailbox is meant
        }
        reader_ = std::thread([this] { read_forever(); });
    }
    ~HubCaller() override {
        {
            std::scoped_lock const lock(mutex_);
            stopped_ = true;
            changed_.notify_all();
        }
        stream_.stop();
        confirmations_.stop();
        reader_.join();
    }

    void carry(Call const& call) override {
        auto const target = fmt::format("{}/{}", base, call.type);
        auto const body =
            call.by == "truncated" ? call.bytes.substr(0, 1 + call.salt % (call.bytes.size() - 1)) : call.bytes;
        auto const headers = proven("POST", target, body, call.by);
        Answered answered{call.no, 0, {}};
        if (call.by == "reset" || call.by == "drip") {
            auto raw = call.by == "reset" ? reset_midway(endpoint_.url, target, headers, body, call.salt)
                                          : drip(endpoint_.url, target, headers, body);
            answered.status = raw.status;
            answered.said = std::move(raw.said);
        } else {
            try {
                auto response = calls_.send("POST", target, headers, body);
                answered.status = response.status;
                answered.said = std::move(response.body);
            } catch (NetworkFault const& fault) {
                answered.said = fault.what();
            }
        }
        if (answered.status == 200) record(Acknowledged::Way::to_tested_side, call.type, body);
        inbox_.push(std::move(answered));
    }

private:
    http::Headers proven(std::string_view method, std::string const& target, std::string const& body,
                         std::string_view by) const {
        http::Headers headers;
        auto const& signer = by == "wrong-secret" ? wrong_signer_ : signer_;
        if (signer)
            headers = signer->sign(method, target, body,
                                   clock_.now() - (by == "stale-date" ? Duration(stale_by) : Duration{0}));
        if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
        return headers;
    }

    void record(Acknowledged::Way way, std::string_view type, std::string const& bytes) {
        std::scoped_lock const lock(recording_);
        if (record_) record_({way, std::string(type), bytes});
    }

    void read_forever() {
        auto const target = fmt::format("{}/events{}", base, unproven_);
        for (;;) {
            try {
                stream_.read(
                    target, proven("GET", target, {}, {}), silence_max, [this] { inbox_.push(Connected{}); },
                    [this](http::StreamEvent const& event) { receive(event); });
            } catch (Fault const&) { // it comes back, as every client of this wire does
            }
            if (sleep(come_back_after)) return;
        }
    }

    /// A message is ours from the moment of its confirmation on; until then it comes again.
    void receive(http::StreamEvent const& event) {
        std::string const type(protocol::coin_v3::type_of_event(event.event));
        while (!confirm(event.id))
            if (sleep(confirm_again_after)) return;
        record(Acknowledged::Way::from_tested_side, type, event.data);
        inbox_.push(Heard{type, event.data});
    }

    bool confirm(std::string const& id) {
        auto const target = fmt::format("{}/confirmations/{}{}", base, percent_encoded(id), unproven_);
        auto const body = boost::json::serialize(boost::json::object{{"transactionId", id}});
        try {
            return confirmations_.send("PUT", target, proven("PUT", target, body, {}), body).status == 200;
        } catch (NetworkFault const&) {
            return false;
        }
    }

    /// True: stopped meanwhile.
    bool sleep(milliseconds time) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, time, [&] { return stopped_; });
    }

    http::Endpoint endpoint_;
    Clock const& clock_;
    Inbox& inbox_;
    Record record_;
    std::mutex recording_;
    std::optional<protocol::Signer> signer_, wrong_signer_;
    std::string unproven_;
    http::Client calls_, confirmations_;
    http::EventStream stream_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopped_ = false;
    std::thread reader_;
};

} // namespace

void Inbox::push(Observation observation) {
    std::scoped_lock const lock(mutex_);
    waiting_.push_back(std::move(observation));
    changed_.notify_all();
}

std::vector<Observation> Inbox::take(milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return !waiting_.empty(); });
    return std::exchange(waiting_, {});
}

std::unique_ptr<Line> call_a_hub(http::Endpoint endpoint, OperatorCode own, Proofs const& proofs, Clock const& clock,
                                 Inbox& inbox, Record record) {
    return std::make_unique<HubCaller>(std::move(endpoint), std::move(own), proofs, clock, inbox, std::move(record));
}

} // namespace npod::sandbox
