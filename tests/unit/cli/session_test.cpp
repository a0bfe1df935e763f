/// Commands against a daemon made of canned answers: what is asked, what is shown, how it ends.

#include "cli/run.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <deque>
#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

/// What was asked of the daemon, and what it says next.
struct Stage {
    struct Asked {
        std::string method, target, body;
        http::Headers headers;
    };
    std::vector<Asked> asked;
    std::vector<std::pair<std::string, http::Response>> answers; ///< by "METHOD target"; else 404
    bool dead = false;
};

class Actor final : public Transport {
public:
    explicit Actor(Stage& stage) : stage_(stage) {}
    http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                        std::string const& body) override {
        if (stage_.dead) throw NetworkFault("connection refused");
        stage_.asked.push_back({method, target, body, headers});
        for (auto const& [line, answer] : stage_.answers)
            if (line == method + " " + target) return answer;
        return {404, {}, R"({"status":404,"detail":"There is nothing.","problems":[]})", {}};
    }
    void follow(std::string const&, http::Headers const&,
                std::function<void(http::StreamEvent const&)> const& on_event) override {
        on_event(
            {"9.1", "be.np.port_in.submitted.v1",
             R"({"id":"9.1","time":"2026-04-07T16:00:00Z","subject":"PI-000001/1","type":"be.np.port_in.submitted.v1","data":{"move":{"from":"draft","to":"requested"}}})"});
        throw NetworkFault("the peer went away");
    }

private:
    Stage& stage_;
};

struct Ended {
    int exit = -1;
    std::string out, err;
};

Ended npctl(Stage& stage, std::vector<std::string> const& words, std::string const& typed = {},
            bool in_is_terminal = false) {
    std::istringstream in(typed);
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, in_is_terminal, false, {80, false}};
    auto const exit = run(words, {}, terminal, [&](Options const&) { return std::make_unique<Actor>(stage); });
    return {static_cast<int>(exit), out.str(), err.str()};
}

http::Response json_answer(std::string body, unsigned status = 200) {
    return {status, {{"Content-Type", "application/json"}}, std::move(body), {}};
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

constexpr auto port_json =
    R"({"id":"PI-000001","role":"port_in","state":"scheduled","settled":false,"donor":"BRAVO","recipient":"ALFA",)"
    R"("lines":[{"no":1,"first":"+3225501100","last":"+3225501107","count":8,"state":"scheduled","grounds":[]}],)"
    R"("next_expected":"calendar: activation at Tue 7 Apr 2026 18:00",)"
    R"("legal_next":[{"line":1,"event":"hold_requested","verb":"hold","meaning":"A person asks to wait."}],"version":3})";

} // namespace

TEST_CASE("a list asks for open ports, page after page, and says how many there are") {
    Stage stage;
    stage.answers = {{"GET /v1/ports?open=true&limit=3",
                      json_answer(R"({"items":[{"id":"PI-1"},{"id":"PI-2"}],"next":"PI-2","total":5})")},
                     {"GET /v1/ports?open=true&limit=1&cursor=PI-2",
                      json_answer(R"({"items":[{"id":"PI-3"}],"next":"PI-3","total":5})")}};
    auto const outcome = npctl(stage, {"port", "list", "--limit", "3", "-o", "name"});
    CHECK(outcome.exit == 0);
    CHECK(outcome.out == "PI-1\nPI-2\nPI-3\n");
    CHECK(outcome.err == "3 of 5 ports; --limit 5 shows all.\n");
}

TEST_CASE("forms of a list: json keeps what the daemon sent, csv has UTC and quotes") {
    Stage stage;
    stage.answers = {
        {"GET /v1/claims?open=true&limit=50",
         json_answer(
             R"({"items":[{"id":"CL-1","port":"PI-1","state":"claimed","amount":{"cents":900,"currency":"EUR","text":"9.00 EUR"},)"
             R"("filed_at":"2026-04-07T16:00:00Z","filed_by":"Peeters, \"Jan\""}],"next":null})")}};
    auto const csv = npctl(stage, {"claim", "list", "-o", "csv"});
    CHECK(csv.out == "claim,port,state,amount,filed,by,since,decision,paid\n"
                     "CL-1,PI-1,claimed,9.00 EUR,2026-04-07T16:00:00Z,\"Peeters, \"\"Jan\"\"\",,,\n");
    auto const lines = npctl(stage, {"claim", "list", "-o", "jsonl"});
    CHECK(lines.out ==
          R"({"id":"CL-1","port":"PI-1","state":"claimed","amount":{"cents":900,"currency":"EUR","text":"9.00 EUR"},)"
          R"("filed_at":"2026-04-07T16:00:00Z","filed_by":"Peeters, \"Jan\""})"
          "\n");
    auto const table = npctl(stage, {"claim", "list"});
    // 18:00 in Brussels: summer time.
    CHECK(table.out == "CLAIM  PORT  STATE      AMOUNT  FILED                BY\n"
                       "CL-1   PI-1  claimed  9.00 EUR  2026-04-07 18:00+02  Peeters, \"Jan\"\n");
}

TEST_CASE("an empty list is no silence") {
    Stage stage;
    stage.answers = {{"GET /v1/ports?open=true&limit=50", json_answer(R"({"items":[],"next":null,"total":0})")}};
    auto const outcome = npctl(stage, {"port", "list"});
    CHECK(outcome.exit == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "No ports. --all shows finished ones, too.\n");
}

TEST_CASE("a change carries its key, version and reason; a dry run says so") {
    Stage stage;
    stage.answers = {{"POST /v1/ports/PI-000001/cancel", json_answer(port_json)}};
    auto const outcome = npctl(stage, {"port", "cancel", "PI-000001", "--reason", "customer left", "--if-version", "17",
                                       "--dry-run", "--numbers", "+3225501100..+3225501107", "-o", "name"});
    CHECK(outcome.exit == 0);
    CHECK(outcome.out == "PI-000001\n");
    CHECK(says(outcome.err, "Dry run"));
    REQUIRE(stage.asked.size() == 1);
    auto const& asked = stage.asked.front();
    CHECK(asked.body == R"({"reason":"customer left","numbers":[{"first":"+3225501100","last":"+3225501107"}]})");
    CHECK(http::header(asked.headers, "If-Match") == "\"v17\"");
    CHECK(http::header(asked.headers, "Dry-Run") == "true");
    CHECK(http::header(asked.headers, "Idempotency-Key").size() == 32); // 128 bits in hexadecimal
}

TEST_CASE("keys differ from run to run unless one is given") {
    Stage stage;
    stage.answers = {{"POST /v1/ports/PI-000001/hold", json_answer(port_json)}};
    npctl(stage, {"port", "hold", "PI-000001", "--reason", "x"});
    npctl(stage, {"port", "hold", "PI-000001", "--reason", "x"});
    npctl(stage, {"port", "hold", "PI-000001", "--reason", "x", "--key", "mine"});
    CHECK(http::header(stage.asked[0].headers, "Idempotency-Key") !=
          http::header(stage.asked[1].headers, "Idempotency-Key"));
    CHECK(http::header(stage.asked[2].headers, "Idempotency-Key") == "mine");
}

TEST_CASE("a person on a terminal is asked before what is hard to undo") {
    Stage stage;
    stage.answers = {{"POST /v1/ports/PI-000001/cancel", json_answer(port_json)}};
    auto const no = npctl(stage, {"port", "cancel", "PI-000001", "--reason", "x"}, "no\n", true);
    CHECK(no.exit == 1);
    CHECK(stage.asked.empty());
    CHECK(npctl(stage, {"port", "cancel", "PI-000001", "--reason", "x"}, "yes\n", true).exit == 0);
    CHECK(npctl(stage, {"port", "cancel", "PI-000001", "--reason", "x", "--yes"}, "", true).exit == 0);
    CHECK(npctl(stage, {"port", "cancel", "PI-000001", "--reason", "x"}, "", false).exit == 0);
    CHECK(stage.asked.size() == 3);
}

TEST_CASE("an illegal transition names what is legal now") {
    Stage stage;
    stage.answers = {
        {"POST /v1/ports/PI-000001/resume",
         json_answer(
             R"({"status":409,"detail":"PI-000001/1 is scheduled and not on hold.","problems":[{"code":"illegal_now","detail":"PI-000001/1 is scheduled and not on hold."}]})",
             409)},
        {"GET /v1/ports/PI-000001", json_answer(port_json)}};
    auto const outcome = npctl(stage, {"port", "resume", "PI-000001", "--reason", "x"});
    CHECK(outcome.exit == 6);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "npctl: PI-000001/1 is scheduled and not on hold.\n"
                         "  PI-000001 is scheduled; it allows now:\n"
                         "    npctl port hold PI-000001  (A person asks to wait.)\n");
}

TEST_CASE("all problems of an order are told at once, each with its place and cure") {
    Stage stage;
    stage.answers = {
        {"POST /v1/port-ins",
         json_answer(
             R"({"status":422,"detail":"No mandate.","problems":[)"
             R"({"code":"not_admissible","detail":"There is no mandate.","pointer":"/mandate","next":"Get one.","ground":"MANDATE_MISSING"},)"
             R"({"code":"not_admissible","detail":"+3292001122 is not of zone Brussels.","pointer":"/numbers/1","ground":"OUT_OF_ZONE"}]})",
             422)}};
    auto const outcome = npctl(stage, {"port", "order", "-"}, R"({"order_id":"o-1"})");
    CHECK(outcome.exit == 1);
    CHECK(outcome.err == "npctl: 2 things are wrong:\n"
                         "  - There is no mandate. [MANDATE_MISSING]\n"
                         "    where: /mandate\n"
                         "    next:  Get one.\n"
                         "  - +3292001122 is not of zone Brussels. [OUT_OF_ZONE]\n"
                         "    where: /numbers/1\n");
    CHECK(stage.asked.front().body == R"({"order_id":"o-1"})");
}

TEST_CASE("broken JSON never leaves") {
    Stage stage;
    auto const outcome = npctl(stage, {"port", "order", "-"}, "{\"order_id\":");
    CHECK(outcome.exit == 2);
    CHECK(says(outcome.err, "Standard input"));
    CHECK(stage.asked.empty());
    CHECK(npctl(stage, {"port", "order", "/nowhere/order.json"}).exit == 2);
}

TEST_CASE("no daemon, no such thing, no right") {
    Stage stage;
    stage.dead = true;
    auto const unreachable = npctl(stage, {"port", "list"});
    CHECK(unreachable.exit == 7);
    CHECK(says(unreachable.err, "npod serve"));
    stage.dead = false;
    auto const unknown = npctl(stage, {"port", "show", "PI-000009"});
    CHECK(unknown.exit == 3);
    CHECK(says(unknown.err, "npctl status KEY"));
    stage.answers = {
        {"GET /v1/timers?limit=50", json_answer(R"({"status":401,"detail":"Who are you?","problems":[]})", 401)}};
    auto const forbidden = npctl(stage, {"timer", "list"});
    CHECK(forbidden.exit == 4);
    CHECK(says(forbidden.err, "--token"));
}

TEST_CASE("wait: reached, asked once, out of time, in vain") {
    Stage stage;
    stage.answers = {{"GET /v1/ports/PI-000001", json_answer(port_json)}};
    CHECK(npctl(stage, {"port", "wait", "PI-000001", "--for", "state=completed|scheduled"}).exit == 0);
    CHECK(npctl(stage, {"port", "wait", "PI-000001", "--for", "state=completed", "--timeout", "0"}).exit == 8);
    CHECK(npctl(stage, {"port", "wait", "PI-000001", "--for", "completed", "--timeout", "0"}).exit == 2);
    CHECK(npctl(stage, {"port", "wait", "PI-000001", "--for", "settled", "--timeout", "soon"}).exit == 2);
    CHECK(npctl(stage, {"port", "wait", "PI-000001", "--for", "settled", "--timeout", "1s"}).exit == 5);
    stage.answers = {
        {"GET /v1/ports/PI-000001", json_answer(R"({"id":"PI-000001","state":"refused","settled":true})")}};
    auto const vain = npctl(stage, {"port", "wait", "PI-000001", "--for", "state=completed"});
    CHECK(vain.exit == 1);
    CHECK(says(vain.err, "in vain"));
}

TEST_CASE("any key finds a port; several are named") {
    Stage stage;
    stage.answers = {{"GET /v1/find/o-1", json_answer(R"({"items":[{"kind":"port","id":"PI-000001"}]})")},
                     {"GET /v1/find/%2B3225501100",
                      json_answer(R"({"items":[{"kind":"port","id":"PI-000001"},{"kind":"port","id":"PO-000002"}]})")},
                     {"GET /v1/ports/PI-000001", json_answer(port_json)}};
    CHECK(npctl(stage, {"port", "show", "o-1", "-o", "name"}).out == "PI-000001\n");
    auto const several = npctl(stage, {"port", "show", "02 550 11 00"});
    CHECK(several.exit == 2);
    CHECK(says(several.err, "PI-000001, PO-000002"));
}

TEST_CASE("events are followed line by line until the stream breaks") {
    Stage stage;
    auto const outcome = npctl(stage, {"event", "list", "-f", "--after", "8"});
    CHECK(outcome.exit == 7);
    CHECK(outcome.out == "9.1  2026-04-07 18:00+02  PI-000001/1  port_in: submitted, now requested\n");
    CHECK(says(outcome.err, "--after"));
}

TEST_CASE("a check that finds something ends with 9, and its findings are data") {
    Stage stage;
    stage.answers = {
        {"POST /v1/port-ins/check",
         json_answer(
             R"({"ok":false,"problems":[{"detail":"There is no mandate.","pointer":"/mandate","ground":"MANDATE_MISSING"}],)"
             R"("numbers":[{"number":"+3225501100","verdict":"refused","problems":[]}]})")}};
    auto const outcome = npctl(stage, {"port", "check", "-"}, "{}");
    CHECK(outcome.exit == 9);
    CHECK(outcome.out == "The order would be refused.\n"
                         "  - There is no mandate. [MANDATE_MISSING] at /mandate\n"
                         "  +3225501100: refused\n");
}

TEST_CASE("answers are said in one way") {
    Stage stage;
    stage.answers = {{"POST /v1/ports/PO-000001/answer", json_answer(port_json)}};
    auto const run_answer = [&](std::vector<std::string> flags) {
        std::vector<std::string> words{"port", "answer", "PO-000001", "--reason", "x"};
        words.insert(words.end(), flags.begin(), flags.end());
        return npctl(stage, words).exit;
    };
    CHECK(run_answer({}) == 2);
    CHECK(run_answer({"--accept", "--refuse", "--ground", "AGEING"}) == 2);
    CHECK(run_answer({"--refuse"}) == 2);
    auto const unsaid = npctl(stage, {"port", "answer", "PO-000001", "--accept"});
    CHECK(unsaid.exit == 2); // an answer needs its reason, a question does not
    CHECK(unsaid.err.find("--reason") != std::string::npos);
    CHECK(stage.asked.empty());
    CHECK(run_answer({"--refuse", "--ground", "AGEING", "--ground", "NOT_TITULAR", "--numbers", "+3225501108"}) == 0);
    CHECK(stage.asked.back().body ==
          R"({"decisions":[{"numbers":["+3225501108"],"refuse":{"grounds":["AGEING","NOT_TITULAR"]}}],"reason":"x"})");
    CHECK(run_answer({"--accept", "--at", "2026-04-07T09:00+02:00"}) == 0);
    CHECK(stage.asked.back().body == R"({"decisions":[{"accept":{"at":"2026-04-07T07:00:00Z"}}],"reason":"x"})");
    CHECK(run_answer({"--postpone-until", "2026-04-07T09:00+02:00", "--ground", "TECHNICAL"}) == 0);
    CHECK(stage.asked.back().body ==
          R"({"decisions":[{"postpone":{"until":"2026-04-07T07:00:00Z","ground":"TECHNICAL"}}],"reason":"x"})");
    CHECK(run_answer({"--delay-until", "2026-04-07T09:00+02:00"}) == 0);
    CHECK(stage.asked.back().body == R"({"delay":{"until":"2026-04-07T07:00:00Z"},"reason":"x"})");
}

TEST_CASE("the past cannot be changed, and a screen that is none is not watched") {
    Stage stage;
    CHECK(npctl(stage, {"port", "hold", "PI-000001", "--reason", "x", "--as-of", "2026-04-07T09:00+02:00"}).exit == 2);
    CHECK(npctl(stage, {"port", "list", "--watch"}).exit == 2);
    CHECK(stage.asked.empty());
}
