#include "daemon/carriers.hpp"

#include "daemon/system_clock.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <mutex>
#include <string>

using namespace npod;
using namespace npod::daemon;
using porting::input::DeliveryReport;

namespace {

http::Response answer(unsigned status, std::string body = {}) { return {status, {}, std::move(body), nullptr}; }

porting::Delivery a_delivery() {
    porting::Delivery delivery;
    delivery.id = 7;
    delivery.type = "cancel";
    delivery.bytes = R"({"message":{}})";
    return delivery;
}

} // namespace

TEST_CASE("what an answer of the hub means for a delivery") {
    using enum DeliveryReport::What;
    auto const good = report_of(7, answer(200, R"({"transactionId":"HUB-9"})"));
    CHECK(good.delivery == 7);
    CHECK(good.what == taken);
    CHECK(good.receipt == "HUB-9");
    std::string const no = R"({"transactionId":"1","errors":[{"code":1000,"message":"dossierid"}]})";
    for (unsigned const status : {400u, 403u, 404u, 413u, 422u})
        CHECK(report_of(7, answer(status, no)).what == turned_away);
    for (unsigned const status : {302u, 401u, 408u, 429u, 500u, 503u})
        CHECK(report_of(7, answer(status, no)).what == attempt_failed);
    auto const bad = report_of(7, answer(400, R"({"transactionId":"1","errors":[{"code":"1000","message":"dossierid"},)"
                                              R"({"code":"1010","message":"type"}]})"));
    CHECK(bad.trouble == "400 1000 dossierid; 1010 type");
    CHECK(report_of(7, answer(502, std::string(10'000, 'x'))).trouble.size() < 600);
}

TEST_CASE("what is not the hub's own word, yes or no, is tried again") {
    using enum DeliveryReport::What;
    // pages of proxies and captive portals, half answers, nothing at all, and answers of another interface
    for (auto const* body : {"", "OK", "not json", "<html>Welcome to the hotel</html>", "{", "[]", "{}", "null",
                             R"({"status":"OK"})", R"({"transactionId":""})", R"({"transactionId":{}})"}) {
        CAPTURE(body);
        CHECK(report_of(7, answer(200, body)).what == attempt_failed);
    }
    auto const page = report_of(7, answer(200, "<html>Welcome</html>"));
    CHECK(page.trouble == "200 is no answer of COIN's interface; something else answers there: <html>Welcome</html>");
    for (unsigned const status : {400u, 403u, 404u, 413u})
        for (auto const* body : {"", "<html>404 Not Found</html>", "{}", R"({"error":"no route"})", R"({"errors":"no"})"}) {
            CAPTURE(status);
            CAPTURE(body);
            CHECK(report_of(7, answer(status, body)).what == attempt_failed);
        }
    CHECK(report_of(7, answer(200, R"({"transactionId":17})")).receipt == "17");
}

TEST_CASE("a confirmation needs no receipt, but a word of the hub") {
    using enum DeliveryReport::What;
    for (auto const* body : {"", "OK", " ok\n", R"("OK")", "{}", R"({"status":"OK"})", R"({"transactionId":"9"})"}) {
        CAPTURE(body);
        CHECK(report_of_confirmation(answer(200, body)).what == taken);
    }
    for (auto const* body : {"<html>Welcome</html>", "[]", "{", "fine"}) {
        CAPTURE(body);
        CHECK(report_of_confirmation(answer(200, body)).what == attempt_failed);
    }
    CHECK(report_of_confirmation(answer(403, R"({"errors":[{"code":6011,"message":"no such message"}]})")).what == turned_away);
    CHECK(report_of_confirmation(answer(404, "<html>")).what == attempt_failed);
    CHECK(report_of_confirmation(answer(500)).what == attempt_failed);
}

TEST_CASE("a message is posted to the dossiers of its type, signed with both proofs") {
    auto const keys = protocol::generate_rsa_key_pair();
    InterchangeConfig config;
    config.username = "ALFA";
    config.secret = Secret("hush");
    config.private_key_pem = Secret(keys.private_pem);
    protocol::Verifier const verifier({{OperatorCode("ALFA"), "ALFA", {"hush"}, {keys.public_pem}}});
    SystemClock const clock;

    std::mutex mutex;
    std::string target, who, body;
    http::Server server({}, {}, 1, [&](http::Request const& request, http::Respond respond) {
        std::scoped_lock const lock(mutex);
        target = request.method + " " + request.target;
        body = request.body;
        auto const caller = verifier.verify(request.headers, request.method, request.target, request.body, clock.now());
        who = caller ? caller->text : caller.refusal().text;
        respond({200, {}, R"({"transactionId":"T-1"})", nullptr});
    });
    HttpCarrier carrier(fmt::format("http://127.0.0.1:{}", server.port()), config, clock);
    auto const report = carrier.carry(a_delivery());
    CHECK(report.what == DeliveryReport::What::taken);
    CHECK(report.receipt == "T-1");
    std::scoped_lock const lock(mutex);
    CHECK(target == "POST /number-portability/v3/dossiers/cancel");
    CHECK(body == R"({"message":{}})");
    CHECK(who == "ALFA");
}

TEST_CASE("a peer that is not there is a fault of the network, to be tried again") {
    std::uint16_t port = 0;
    {
        http::Server const server({}, {}, 1, [](http::Request const&, http::Respond respond) { respond({}); });
        port = server.port(); // nobody listens there after this block
    }
    SystemClock const clock;
    HttpCarrier carrier(fmt::format("http://127.0.0.1:{}", port), {}, clock);
    CHECK_THROWS_AS(carrier.carry(a_delivery()), NetworkFault);
}
