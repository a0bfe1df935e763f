/// Whole daemons of several operators that talk to each other: through a hub, without one, and with proofs.

#include "daemon/serve.hpp"
#include "daemon/system_clock.hpp"
#include "http/http.hpp"
#include "protocol/auth.hpp"
#include "support/waiting.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

using namespace npod;
using namespace npod::daemon;
using npod::testing::Folder;

namespace {

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

using test::eventually;

/// One operator's daemon on a manual clock, with its configuration in a file as an operator would write it.
class Operator {
public:
    Operator(Folder const& folder, std::string const& code, std::string const& rest, std::uint16_t port = 0)
        : log_(clock_, Level::info, [this](std::string_view line) { heard(line); }) {
        auto const text = fmt::format("operator = \"{}\"\ndb = \"{}.db\"\nlisten = \"127.0.0.1:{}\"\n"
                                      "clock = \"manual@2026-03-02T09:00:00+01:00\"\n[donor]\nautomatic = \"none\"\n{}",
                                      code, code, port, rest);
        daemon_ = std::make_unique<Daemon>(read_config({folder.write(code + ".toml", text), {}, {}}), clock_, log_);
    }

    std::uint16_t port() const { return daemon_->port(); }
    std::string url() const { return fmt::format("http://127.0.0.1:{}", port()); }
    std::string get(std::string const& target) { return http::Client({url(), {}}).send("GET", target, {}, {}).body; }
    http::Response send(std::string const& method, std::string const& target, std::string const& body) {
        return http::Client({url(), {}})
            .send(method, target,
                  {{"Content-Type", "application/json"}, {"Idempotency-Key", fmt::format("key-{}", ++keys_)}}, body);
    }
    std::string said() const {
        std::scoped_lock const lock(mutex_);
        return said_;
    }

private:
    void heard(std::string_view line) {
        std::scoped_lock const lock(mutex_);
        said_ += line;
    }
    mutable std::mutex mutex_;
    std::string said_;
    int keys_ = 0;
    SystemClock clock_;
    Log log_;
    std::unique_ptr<Daemon> daemon_;
};

/// BRAVO serves a customer who wants to go to ALFA with one number.
void order(Operator& alfa, Operator& bravo) {
    constexpr auto customer = R"("customer":{"kind":"legal","name":"Bakkerij Zon","customer_id":"C1",)"
                              R"("address":{"street":"Markt","house_number":"1","postcode":"1000","city":"Brussel"}})";
    constexpr auto block = R"({"first":"+3225501000","last":"+3225501999","holder":"BRAVO"})";
    REQUIRE(bravo.send("PUT", "/v1/blocks", block).status == 200);
    REQUIRE(alfa.send("PUT", "/v1/blocks", block).status == 200);
    auto const contract =
        bravo.send("PUT", "/v1/contracts/K-1",
                   fmt::format(R"({{{},"product":"line","network":"fixed","numbers":["+3225501100"]}})", customer));
    INFO(contract.body);
    REQUIRE(contract.status < 300);
    auto const port = alfa.send(
        "POST", "/v1/port-ins",
        fmt::format(
            R"({{"order_id":"O-1","donor":"BRAVO","network":"fixed","numbers":["+3225501100"],{},"contract_id":"NK-1",)"
            R"("wish":{{"mode":"asap"}},"mandate":{{"id":"M1","titular":"Bakkerij Zon","signer":"Jan",)"
            R"("channel":"paper","signed_at":"2026-03-01T10:00:00+01:00"}}}})",
            customer));
    INFO(port.body);
    REQUIRE(port.status == 201);
}

/// The order goes over, is accepted, executed, and everybody is told.
void port_the_number(Operator& alfa, Operator& bravo) {
    order(alfa, bravo);
    REQUIRE(eventually([&] { return has(bravo.get("/v1/ports/PO-000001"), R"("state":"validating")"); }));
    auto const answered =
        bravo.send("POST", "/v1/ports/PO-000001/answer", R"({"decisions":[{"accept":true}],"reason":"fits"})");
    INFO(answered.body);
    REQUIRE(answered.status == 200);
    REQUIRE(eventually([&] { return has(alfa.get("/v1/ports/PI-000001"), R"("agreed_at")"); }));
    auto const active = alfa.send("POST", "/v1/ports/PI-000001/activation", R"({"done":{},"reason":"switched"})");
    INFO(active.body);
    REQUIRE(active.status == 200);
    CHECK(eventually([&] { return has(bravo.get("/v1/ports/PO-000001"), R"("state":"executed")"); }));
}

} // namespace

TEST_CASE("a number is ported through a hub, and the third operator's mailbox has the news") {
    Folder const folder;
    constexpr auto members = "[[member]]\ncode = \"ALFA\"\n[[member]]\ncode = \"BRAVO\"\n[[member]]\ncode = \"CITO\"\n";
    Operator hub(folder, "HUB", std::string("[interchange]\nserve = true\n") + members);
    auto const to_hub = fmt::format("[interchange]\nhub = \"{}\"\n", hub.url());
    Operator alfa(folder, "ALFA", to_hub + "[[member]]\ncode = \"BRAVO\"\n");
    Operator bravo(folder, "BRAVO", to_hub + "[[member]]\ncode = \"ALFA\"\n");
    port_the_number(alfa, bravo);
    // Request, answer and news were confirmed by those who fetch them; CITO's copy of the news waits for it.
    CHECK(eventually([&] { return has(hub.get("/v1/status"), R"("mailboxes":1)"); }));
}

TEST_CASE("two operators port a number without a hub: one has the mailbox, the other fetches") {
    Folder const folder;
    Operator bravo(folder, "BRAVO", "[interchange]\nserve = true\n[[member]]\ncode = \"ALFA\"\n");
    Operator alfa(
        folder, "ALFA",
        fmt::format("[interchange]\nhub = \"{}\"\nhub_code = \"BRAVO\"\n[[member]]\ncode = \"BRAVO\"\n", bravo.url()));
    port_the_number(alfa, bravo);
}

TEST_CASE("two operators port a number without a hub: each calls the other") {
    Folder const folder;
    std::uint16_t port = 0;
    {
        http::Server const server({}, {}, 1, [](http::Request const&, http::Respond respond) { respond({}); });
        port = server.port(); // free again after this block: BRAVO must know ALFA's address before ALFA runs
    }
    auto const member = [](std::string const& code, std::uint16_t at) {
        return fmt::format("[interchange]\nserve = true\n[[member]]\ncode = \"{}\"\nurl = \"http://127.0.0.1:{}\"\n",
                           code, at);
    };
    Operator bravo(folder, "BRAVO", member("ALFA", port));
    Operator alfa(folder, "ALFA", member("BRAVO", bravo.port()), port);
    port_the_number(alfa, bravo);
}

TEST_CASE("a hub that knows keys takes the calls of those who prove who they are, and of nobody else") {
    Folder const folder;
    auto const alfa_keys = protocol::generate_rsa_key_pair();
    auto const bravo_keys = protocol::generate_rsa_key_pair();
    folder.write("alfa.secret", "alfa-secret", true);
    folder.write("bravo.secret", "bravo-secret", true);
    folder.write("alfa.key", alfa_keys.private_pem, true);
    folder.write("bravo.key", bravo_keys.private_pem, true);
    folder.write("alfa.pem", alfa_keys.public_pem);
    folder.write("bravo.pem", bravo_keys.public_pem);
    Operator hub(
        folder, "HUB",
        "[interchange]\nserve = true\n"
        "[[member]]\ncode = \"ALFA\"\nsecret_files = [\"alfa.secret\"]\npublic_key_files = [\"alfa.pem\"]\n"
        "[[member]]\ncode = \"BRAVO\"\nsecret_files = [\"bravo.secret\"]\npublic_key_files = [\"bravo.pem\"]\n");
    auto const proven = [&](std::string const& name) {
        return fmt::format("[interchange]\nhub = \"{}\"\nsecret_file = \"{}.secret\"\nprivate_key_file = \"{}.key\"\n",
                           hub.url(), name, name);
    };
    Operator alfa(folder, "ALFA", proven("alfa") + "[[member]]\ncode = \"BRAVO\"\n");
    Operator bravo(folder, "BRAVO", proven("bravo") + "[[member]]\ncode = \"ALFA\"\n");
    port_the_number(alfa, bravo);

    CHECK(hub.send("POST", "/number-portability/v3/dossiers/cancel", "{}").status == 401);
    CHECK(has(hub.said(), "msg=NP_CALL_REFUSED status=401 method=POST path=/number-portability/v3/dossiers/cancel"));
    CHECK(hub.send("POST", "/v1/port-ins", "[1,2").status == 400); // never an event, and yet on record
    CHECK(has(hub.said(), "status=400 method=POST path=/v1/port-ins"));
    CHECK(has(hub.said(), "problem=malformed"));
    Folder const elsewhere;
    Operator nobody(elsewhere, "CITO", fmt::format("[interchange]\nhub = \"{}\"\n", hub.url()));
    CHECK(eventually([&] { return has(nobody.said(), "NP_STREAM_LOST") && has(nobody.said(), "401"); }));
}

TEST_CASE("two counterparts that are called know us by proofs of their own, and each believes its own only") {
    Folder const folder;
    for (auto const* name : {"alfa-at-bravo", "alfa-at-cito"}) {
        auto const keys = protocol::generate_rsa_key_pair();
        folder.write(std::string(name) + ".secret", std::string("secret ") + name, true);
        folder.write(std::string(name) + ".key", keys.private_pem, true);
        folder.write(std::string(name) + ".pem", keys.public_pem);
    }
    auto const knows = [](std::string const& name) {
        return fmt::format("[interchange]\nserve = true\n[[member]]\ncode = \"ALFA\"\nusername = \"{0}\"\n"
                           "secret_files = [\"{0}.secret\"]\npublic_key_files = [\"{0}.pem\"]\n", name);
    };
    Operator bravo(folder, "BRAVO", knows("alfa-at-bravo")), cito(folder, "CITO", knows("alfa-at-cito"));
    auto const calls = [](std::string const& code, std::string const& url, std::string const& name) {
        return fmt::format("[[member]]\ncode = \"{0}\"\nurl = \"{1}\"\nour_username = \"{2}\"\n"
                           "our_secret_file = \"{2}.secret\"\nour_private_key_file = \"{2}.key\"\n", code, url, name);
    };
    Operator alfa(folder, "ALFA", calls("BRAVO", bravo.url(), "alfa-at-bravo") + calls("CITO", cito.url(), "alfa-at-cito"));
    order(alfa, bravo);
    CHECK(eventually([&] { return has(bravo.get("/v1/ports/PO-000001"), R"("state":"validating")"); }));
    CHECK(has(alfa.get("/v1/operators/BRAVO"), R"("our_username":"alfa-at-bravo")"));
    CHECK(has(alfa.get("/v1/operators/CITO"), R"("our_username":"alfa-at-cito")"));
    for (auto const* code : {"BRAVO", "CITO"}) { // the check uses the same proofs
        auto const check = alfa.send("POST", fmt::format("/v1/operators/{}/check", code), "{}").body;
        INFO(check);
        CHECK(has(check, "It believes our signature and token."));
    }

    Folder const elsewhere; // the names are exchanged: neither believes the other's
    for (auto const* name : {"alfa-at-bravo", "alfa-at-cito"})
        for (auto const* kind : {".secret", ".key"})
            std::filesystem::copy_file(folder.path(std::string(name) + kind), elsewhere.path(std::string(name) + kind));
    Operator mistaken(elsewhere, "ALFA", calls("BRAVO", bravo.url(), "alfa-at-cito") + calls("CITO", cito.url(), "alfa-at-bravo"));
    for (auto const* code : {"BRAVO", "CITO"})
        CHECK(has(mistaken.send("POST", fmt::format("/v1/operators/{}/check", code), "{}").body, "It does not believe our proofs"));
}

TEST_CASE("messages wait for a hub that is away and are sent when it is back") {
    Folder const folder;
    constexpr auto hub_text =
        "[interchange]\nserve = true\n[[member]]\ncode = \"ALFA\"\n[[member]]\ncode = \"BRAVO\"\n";
    auto hub = std::make_unique<Operator>(folder, "HUB", hub_text);
    auto const port = hub->port();
    auto const to_hub = fmt::format("[interchange]\nhub = \"{}\"\n", hub->url());
    Operator alfa(folder, "ALFA", to_hub + "[[member]]\ncode = \"BRAVO\"\n");
    Operator bravo(folder, "BRAVO", to_hub + "[[member]]\ncode = \"ALFA\"\n");
    REQUIRE(eventually([&] { return has(alfa.said(), "NP_STREAM_OPENED") && has(bravo.said(), "NP_STREAM_OPENED"); }));
    hub.reset();
    order(alfa, bravo);
    REQUIRE(eventually([&] { return has(alfa.said(), "NP_DELIVERY_FAILED") && has(bravo.said(), "NP_STREAM_LOST"); }));
    hub = std::make_unique<Operator>(folder, "HUB", hub_text, port);
    CHECK(eventually([&] { return has(bravo.get("/v1/ports/PO-000001"), R"("state":"validating")"); }));
    CHECK(eventually([&] { return has(alfa.get("/v1/ports/PI-000001"), R"("state":"awaiting_answer")"); }));
}
