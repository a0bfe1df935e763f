#include "jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

namespace npod::bench {

namespace {

// The wire writes national numbers: +32470000000 is 0470000000.
std::string on_the_wire(std::int64_t number) { return "0" + std::to_string(number).substr(2); }

/// The text between `before` and the next quote; empty when it is not there.
std::string_view text_after(std::string_view text, std::string_view before) {
    auto const at = text.find(before);
    if (at == std::string_view::npos) return {};
    auto const rest = text.substr(at + before.size());
    return rest.substr(0, rest.find('"'));
}

std::int64_t number_in(std::string_view message) {
    auto const digits = text_after(message, R"("start":"0)");
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number == 0 ? 0 : 32'000'000'000 + number;
}

std::string order_of(std::int64_t number) {
    return fmt::format(
        R"({{"order_id":"o-{0}","donor":"BRAVO","network":"mobile","numbers":["+{0}"],)"
        R"("customer":{{"kind":"natural","name":"Jeanne Peeters","customer_id":"K-{0}",)"
        R"("address":{{"street":"Rue Haute","house_number":"12","postcode":"1000","city":"Brussels"}}}},)"
        R"("contract_id":"A-{0}","mandate":{{"id":"M-{0}","titular":"Jeanne Peeters","signer":"Jeanne Peeters",)"
        R"("channel":"online","signed_at":"2026-03-01T08:00:00Z"}}}})",
        number);
}

std::string message(std::string_view sender, std::string_view receiver, std::string_view type, std::string_view fields) {
    return fmt::format(R"({{"message":{{"header":{{"sender":{{"networkoperator":"{}"}},"receiver":{{"networkoperator":"{}"}},)"
                       R"("timestamp":"20260302100000"}},"body":{{"{}":{{{}}}}}}}}})",
                       sender, receiver, type, fields);
}

Call on_wire(std::string_view type, std::string body) {
    return {"POST", fmt::format("/number-portability/v3/dossiers/{}", type), {}, std::move(body)};
}

/// What both jobs share: how many are under way, how long each acknowledgement took, what the rate was.
class Play {
public:
    Play(Subject& subject, Load const& load) : subject_(subject), load_(load) {}

    /// `begin` starts one job; whoever ends one calls completed().
    Done run(std::function<void(std::int64_t number)> begin) {
        begin_ = std::move(begin);
        for (int i = 0; i < std::min(load_.concurrent, load_.ports); ++i) begin_next();
        while (completed_ < load_.ports) subject_.turn();
        done_.seconds = watch_.seconds();
        while (unanswered_ > 0) subject_.turn(); // whoever answers late must find us here
        auto const counted = load_.ports - load_.concurrent - load_.ports / 10;
        // of the steady part; a run that is too short to have one is a rehearsal
        done_.ports_per_second = counted > 0 ? counted / (busy_until_ - warm_at_) : load_.ports / done_.seconds;
        return std::move(done_);
    }

    /// Sends and measures; anything but success ends the measurement.
    void tell(Call call, std::function<void(std::string_view body)> then) {
        auto const sent_at = watch_.seconds();
        auto const target = call.target;
        ask(std::move(call), [this, sent_at, target, then = std::move(then)](unsigned status, std::string_view body) {
            if (status < 200 || status > 299) throw BenchError(fmt::format("{} was answered {}: {}", target, status, body));
            done_.acknowledged.add(watch_.seconds() - sent_at);
            if (then) then(body);
        });
    }

    /// Sends; whatever the answer is, it is waited for.
    void ask(Call call, Subject::Answered answered) {
        ++unanswered_;
        subject_.call(std::move(call), [this, answered = std::move(answered)](unsigned status, std::string_view body) {
            --unanswered_;
            answered(status, body);
        });
    }

    void completed() {
        ++completed_;
        if (completed_ == load_.ports / 10) warm_at_ = watch_.seconds();
        if (completed_ == load_.ports - load_.concurrent) busy_until_ = watch_.seconds();
        if (begun_ < load_.ports) begin_next();
    }

    Subject& subject() { return subject_; }
    Done& done() { return done_; }
    double now() const { return watch_.seconds(); }

private:
    void begin_next() { begin_(load_.first_number + begun_++); }

    Subject& subject_;
    Load load_;
    std::function<void(std::int64_t)> begin_;
    Stopwatch watch_;
    Done done_;
    int begun_ = 0, completed_ = 0, unanswered_ = 0;
    double warm_at_ = 0, busy_until_ = 0;
};

/// Calls and waits for the answer.
void settle(Subject& subject, Call call) {
    bool answered = false;
    auto const target = call.target;
    subject.call(std::move(call), [&](unsigned status, std::string_view body) {
        if (status < 200 || status > 299) throw BenchError(fmt::format("{} was answered {}: {}", target, status, body));
        answered = true;
    });
    while (!answered) subject.turn();
}

/// The port as the recipient's counterpart and network see it.
class RecipientJob {
public:
    RecipientJob(Subject& subject, Load const& load) : play_(subject, load) {}

    Done run() {
        play_.subject().on_message([this](std::string_view type, std::string_view body) { hear(type, body); });
        auto done = play_.run([this](std::int64_t number) { order(number); });
        play_.subject().on_message([](std::string_view, std::string_view) {}); // what comes late finds nobody any more
        return done;
    }

private:
    struct Port {
        std::string id;       ///< "PI-000001", once the order is acknowledged
        bool answered = false; ///< our answer as the donor is acknowledged
        bool asked = false;    ///< the request was heard
    };

    void order(std::int64_t number) {
        open_[number];
        play_.tell({"POST", "/v1/port-ins", fmt::format("order-{}", number), order_of(number)}, [this, number](std::string_view body) {
            auto& port = open_.at(number);
            port.id = text_after(body, R"("id":")");
            report_when_known(number, port);
        });
    }

    void hear(std::string_view type, std::string_view body) {
        auto const number = number_in(body);
        auto const at = open_.find(number);
        if (at == open_.end()) return; // sent again: harmless
        if (type == "portingrequest" && !std::exchange(at->second.asked, true)) answer(number, text_after(body, R"("dossierid":")"));
        if (type != "portingperformed") return;
        open_.erase(at);
        play_.completed();
    }

    void answer(std::int64_t number, std::string_view dossier) {
        auto const fields = fmt::format(
            R"("dossierid":"{0}","blocking":"N","repeats":[{{"seq":{{"numberseries":{{"start":"{1}","end":"{1}"}},)"
            R"("firstpossibledate":"20260302100000","donornetworkoperator":"BRAVO"}}}}])",
            dossier, on_the_wire(number));
        play_.tell(on_wire("portingrequestanswer", message("BRAVO", "ALFA", "portingrequestanswer", fields)),
                   [this, number](std::string_view) {
                       auto& port = open_.at(number);
                       port.answered = true;
                       report_when_known(number, port);
                   });
    }

    void report_when_known(std::int64_t number, Port const& port) {
        if (port.answered && !port.id.empty()) report(number, port.id, 0);
    }

    /// The network's word. The timer fires with the next commit at the latest, so that one repetition is rare.
    void report(std::int64_t number, std::string const& id, int attempt) {
        auto const sent_at = play_.now();
        play_.ask({"POST", "/v1/ports/" + id + "/activation", fmt::format("live-{}-{}", number, attempt), R"({"done":true,"reason":"measured"})"},
                             [this, sent_at, number, id, attempt](unsigned status, std::string_view body) {
                                 if (status == 409 && attempt < 100) {
                                     ++play_.done().asked_again;
                                     return report(number, id, attempt + 1);
                                 }
                                 if (status != 200) throw BenchError(fmt::format("the network's word about {} was answered {}: {}", id, status, body));
                                 play_.done().acknowledged.add(play_.now() - sent_at);
                             });
    }

    Play play_;
    std::unordered_map<std::int64_t, Port> open_;
};

std::string dossier_of(std::int64_t number) { return fmt::format("ALFA-{}", number); }

/// The port as the donor's counterpart sees it.
class DonorJob {
public:
    DonorJob(Subject& subject, Load const& load) : play_(subject, load) {}

    Done run() {
        play_.subject().on_message([this](std::string_view type, std::string_view body) {
            if (type == "portingrequestanswer") performed(number_in(body), body);
        });
        auto done = play_.run([this](std::int64_t number) { request(number); });
        play_.subject().on_message([](std::string_view, std::string_view) {}); // what comes late finds nobody any more
        return done;
    }

private:
    void request(std::int64_t number) {
        open_[number] = false;
        auto const fields = fmt::format(
            R"("dossierid":"{0}","recipientnetworkoperator":"ALFA","donornetworkoperator":"BRAVO","customerinfo":{{)"
            R"("lastname":"Peeters","housenr":"12","postcode":"1000","customerid":"K-{1}"}},)"
            R"("contract":"EARLY_TERMINATION","repeats":[{{"seq":{{"numberseries":{{"start":"{2}","end":"{2}"}}}}}}])",
            dossier_of(number), number, on_the_wire(number));
        play_.tell(on_wire("portingrequest", message("ALFA", "BRAVO", "portingrequest", fields)), {});
    }

    void performed(std::int64_t number, std::string_view answer) {
        auto const at = open_.find(number);
        if (at == open_.end() || std::exchange(at->second, true)) return;
        if (answer.find(R"("blocking":"N")") == std::string_view::npos) throw BenchError(fmt::format("the donor refuses: {}", answer));
        auto const fields = fmt::format(
            R"("dossierid":"{0}","recipientnetworkoperator":"ALFA","donornetworkoperator":"BRAVO","actualdatetime":"20260302100000",)"
            R"("repeats":[{{"seq":{{"numberseries":{{"start":"{1}","end":"{1}"}}}}}}])",
            dossier_of(number), on_the_wire(number));
        play_.tell(on_wire("portingperformed", message("ALFA", "ALLO", "portingperformed", fields)), [this, number](std::string_view) {
            open_.erase(number);
            play_.completed();
        });
    }

    Play play_;
    std::unordered_map<std::int64_t, bool> open_; ///< whether it was answered
};

void put_block(Subject& subject, std::string_view holder) {
    settle(subject, {"PUT", "/v1/blocks", {}, fmt::format(R"({{"first":"+32470000000","last":"+32479999999","holder":"{}"}})", holder)});
}

} // namespace

Call transfer_elsewhere(std::int64_t number) {
    auto const fields = fmt::format(
        R"("dossierid":"BRAVO-{0}","recipientnetworkoperator":"BRAVO","donornetworkoperator":"CHARL","actualdatetime":"20260302100000",)"
        R"("repeats":[{{"seq":{{"numberseries":{{"start":"{1}","end":"{1}"}}}}}}])",
        number, on_the_wire(number));
    return on_wire("portingperformed", message("BRAVO", "ALLO", "portingperformed", fields));
}

void prepare_recipient(Subject& subject) { put_block(subject, "BRAVO"); }

Done play_recipient(Subject& subject, Load const& load) { return RecipientJob(subject, load).run(); }

void prepare_donor(Subject& subject, Load const& load) {
    put_block(subject, "BRAVO");
    int under_way = 0;
    for (int i = 0; i < load.ports; ++i) {
        auto const number = load.first_number + i;
        auto body = fmt::format(
            R"({{"customer":{{"kind":"natural","name":"Peeters","customer_id":"K-{0}","address":{{"street":"Rue Haute",)"
            R"("house_number":"12","postcode":"1000","city":"Brussels"}}}},"network":"mobile","product":"Mobile","numbers":["+{0}"]}})",
            number);
        ++under_way;
        subject.call({"PUT", fmt::format("/v1/contracts/C-{}", number), {}, std::move(body)}, [&](unsigned status, std::string_view answer) {
            if (status > 299) throw BenchError(fmt::format("a contract was answered {}: {}", status, answer));
            --under_way;
        });
        while (under_way >= load.concurrent) subject.turn();
    }
    while (under_way > 0) subject.turn();
}

Done play_donor(Subject& subject, Load const& load) { return DonorJob(subject, load).run(); }

} // namespace npod::bench
