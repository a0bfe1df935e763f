/// The two ways to a tested side, against each other on loopback: one keeps the mailbox, the other calls.

#include "daemon/system_clock.hpp"
#include "protocol/auth.hpp"
#include "sandbox/line.hpp"
#include "support/waiting.hpp"
#include "unit/http/certificates.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

using namespace npod;
using namespace npod::sandbox;

namespace {

/// BRAVO keeps ALFA's mailbox; ALFA calls.
class Pair {
public:
    explicit Pair(Proofs const& keeper_proofs = {}, Proofs const& caller_proofs = {}, http::Tls server = {},
                  http::Tls client = {}) {
        std::uint16_t port = 0;
        auto const scheme = server.certificate_file.empty() ? "http" : "https";
        http::Listen listen;
        listen.tls = std::move(server);
        keeper = keep_a_mailbox(
            listen, keeper_proofs, clock_, at_keeper, [this](Acknowledged const& one) { note("keeper", one); },
            [&](std::uint16_t bound) { port = bound; });
        caller = call_a_hub({fmt::format("{}://127.0.0.1:{}", scheme, port), std::move(client)}, OperatorCode{"ALFA"},
                            caller_proofs, clock_, at_caller, [this](Acknowledged const& one) { note("caller", one); });
    }

    /// Waits until something of that kind was observed there, the dripping going on meanwhile.
    template <class Kind>
    std::optional<Kind> next(Inbox& inbox) {
        std::optional<Kind> found;
        auto& seen = seen_[&inbox];
        CHECK(test::eventually([&] {
            keeper->tick();
            for (auto& one : inbox.take(std::chrono::milliseconds{5})) seen.push_back(std::move(one));
            auto const at = std::find_if(seen.begin(), seen.end(),
                                         [](Observation const& one) { return std::holds_alternative<Kind>(one); });
            if (at == seen.end()) return false;
            found = std::get<Kind>(*at);
            seen.erase(at);
            return true;
        }));
        return found;
    }
    std::string noted() {
        std::scoped_lock const lock(mutex_);
        return noted_;
    }

private:
    void note(std::string const& who, Acknowledged const& one) {
        std::scoped_lock const lock(mutex_);
        noted_ += who + (one.way == Acknowledged::Way::to_tested_side ? " said " : " heard ") + one.type + "\n";
    }
    daemon::SystemClock clock_;
    std::mutex mutex_;
    std::string noted_;
    std::map<Inbox*, std::vector<Observation>> seen_;

public:
    Inbox at_keeper, at_caller;
    std::unique_ptr<Line> keeper, caller; ///< last: their threads use all of the above until they are gone
};

Call cancel(std::int64_t no, std::string by = {}) {
    Wording const wording{OperatorCode{"BRAVO"}, OperatorCode{"ALFA"}, {}};
    auto said = wording.say(porting::message::Cancel{DossierId{fmt::format("BRAVO-{:05}", no)}, {}}, wording.tested,
                            Moment{std::chrono::days{20'000}});
    return {no, std::move(said.type), std::move(said.bytes), std::move(by), 77};
}

} // namespace

TEST_CASE("what is said on one side is heard on the other, and both have a record of it") {
    Pair pair;
    pair.next<Connected>(pair.at_caller);
    pair.keeper->carry(cancel(1));
    CHECK(pair.next<Heard>(pair.at_caller)->bytes == cancel(1).bytes);
    auto const confirmed = pair.next<Answered>(pair.at_keeper);
    CHECK(confirmed->call == 1);
    CHECK(confirmed->status == 200);
    pair.caller->carry(cancel(2));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 200);
    CHECK(pair.next<Heard>(pair.at_keeper)->bytes == cancel(2).bytes);
    for (auto const* line :
         {"keeper said cancel\n", "caller heard cancel\n", "caller said cancel\n", "keeper heard cancel\n"})
        CHECK(test::eventually([&] { return pair.noted().find(line) != std::string::npos; }));
}

TEST_CASE("calls as no decent client makes them") {
    Pair pair;
    pair.caller->carry(cancel(1, "truncated"));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 400);
    pair.caller->carry(cancel(2, "reset"));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 0);
    pair.caller->carry(cancel(3, "drip"));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 200);
    auto heard = pair.next<Heard>(pair.at_keeper);
    while (heard && heard->bytes != cancel(3).bytes)
        heard = pair.next<Heard>(pair.at_keeper); // the half comes as it was
    CHECK(heard->bytes == cancel(3).bytes);
}

TEST_CASE("a bad hub: its message comes all the same, to who does as clients of this wire must") {
    Pair pair;
    pair.next<Connected>(pair.at_caller);
    auto const arrives = [&](std::int64_t no) {
        pair.keeper->carry(cancel(no));
        CHECK(pair.next<Heard>(pair.at_caller)->bytes == cancel(no).bytes);
        CHECK(pair.next<Answered>(pair.at_keeper)->call == no);
    };
    pair.keeper->play({Verb::break_stream, 0, 1});
    arrives(1);
    pair.keeper->play({Verb::drip_stream, 0, 1});
    arrives(2);
    pair.keeper->play({Verb::strange_id, 0, 1});
    arrives(3);
    pair.keeper->play({Verb::fail_confirmations, 500, 2});
    arrives(4);
    pair.keeper->play({Verb::resend, 0, 1});
    CHECK(pair.next<Heard>(pair.at_caller)->bytes == cancel(4).bytes);
    pair.keeper->play({Verb::fail_calls, 503, 1});
    pair.caller->carry(cancel(5));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 503);
    pair.caller->carry(cancel(5));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 200);
    CHECK(pair.next<Heard>(pair.at_keeper)->again);
    pair.keeper->play({Verb::forget_calls, 500, 1});
    pair.caller->carry(cancel(6));
    CHECK(pair.next<Answered>(pair.at_caller)->status == 500);
    CHECK_FALSE(pair.next<Heard>(pair.at_keeper)->again); // taken, and denied
}

TEST_CASE("a hub that lies about what it took, or lets a proxy speak for it") {
    Pair pair;
    pair.next<Connected>(pair.at_caller);
    for (auto const& [status, no] : {std::pair{200u, 1}, std::pair{404u, 2}}) {
        CAPTURE(status);
        pair.keeper->play({Verb::garble_calls, status, 1});
        pair.caller->carry(cancel(no));
        auto const answer = pair.next<Answered>(pair.at_caller);
        CHECK(answer->status == status);
        CHECK(answer->said.find("<html>") != std::string::npos);
        pair.caller->carry(cancel(no));
        CHECK(pair.next<Answered>(pair.at_caller)->status == 200);
        auto const heard = pair.next<Heard>(pair.at_keeper); // for the first time: the page was no yes
        CHECK(heard->bytes == cancel(no).bytes);
        CHECK(heard->again);
    }
    pair.keeper->play({Verb::hold_calls, 200, 1});
    pair.caller->carry(cancel(3));
    CHECK(pair.next<Answered>(pair.at_caller)->said == R"({"transactionId":"SAND)");
    CHECK(pair.next<Heard>(pair.at_keeper)->bytes == cancel(3).bytes); // taken all the same
}

TEST_CASE("ids that go down, and one that is used again for other bytes") {
    Pair pair;
    pair.next<Connected>(pair.at_caller);
    for (auto const verb : {Verb::wait, Verb::lower_id, Verb::old_id}) {
        static std::int64_t no = 0;
        pair.keeper->play({verb, 0, 1});
        pair.keeper->carry(cancel(++no));
        CHECK(pair.next<Heard>(pair.at_caller)->bytes == cancel(no).bytes);
        CHECK(pair.next<Answered>(pair.at_keeper)->call == no);
    }
}

TEST_CASE("proofs are made and looked at, over TLS") {
    http::Authority const authority("sandbox");
    auto const files = authority.issue("hub", "IP:127.0.0.1");
    auto const keys = protocol::generate_rsa_key_pair();
    Proofs keeper, caller;
    keeper.tested = {OperatorCode{"ALFA"}, "ALFA", {"shared"}, {keys.public_pem}};
    caller.own = {"ALFA", "shared", keys.private_pem};
    Pair pair(keeper, caller, {files.certificate, files.key, {}}, {{}, {}, authority.certificate_file()});
    pair.next<Connected>(pair.at_caller);
    for (auto const& [by, status] :
         std::vector<std::pair<std::string, unsigned>>{{"", 200}, {"wrong-secret", 401}, {"stale-date", 401}}) {
        CAPTURE(by);
        pair.caller->carry(cancel(1, by));
        CHECK(pair.next<Answered>(pair.at_caller)->status == status);
    }
    pair.caller->carry(cancel(2, "reset")); // sockets of its own speak no TLS: it says so
    CHECK(pair.next<Answered>(pair.at_caller)->said.find("cannot be called in this way") != std::string::npos);
}
