/// The counterparts and the routing table as people and programs see them, from canned answers of a daemon.

#include "cli/run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

using namespace npod;
using namespace npod::cli;

namespace {

/// Answers by "METHOD target".
using Canned = std::map<std::string, std::string>;

class Daemon final : public Transport {
public:
    explicit Daemon(Canned const& canned) : canned_(canned) {}
    http::Response send(std::string const& method, std::string const& target, http::Headers const&,
                        std::string const&) override {
        auto const found = canned_.find(method + " " + target);
        if (found == canned_.end()) return {404, {}, R"({"status":404,"detail":"Nothing at )" + target + R"(","problems":[]})", {}};
        return {200, {{"Content-Type", "application/json"}}, found->second, {}};
    }
    void follow(std::string const&, http::Headers const&, std::function<void(http::StreamEvent const&)> const&) override {}

private:
    Canned const& canned_;
};

struct Ended {
    int exit = -1;
    std::string out, err;
};

Ended npctl(Canned const& canned, std::vector<std::string> const& words) {
    std::istringstream in;
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, {80, false}};
    auto const exit = run(words, {}, terminal, [&](Options const&) { return std::make_unique<Daemon>(canned); });
    return {static_cast<int>(exit), out.str(), err.str()};
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

/// No line is wider than the screen.
bool fits(std::string const& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.size() > 80) return false;
    return true;
}

} // namespace

TEST_CASE("a counterpart's health fits the screen and says what is wrong") {
    Canned const canned{
        {"GET /v1/operators/HUB/health",
         R"({"code":"HUB","last_heard_at":"2026-03-02T08:00:00Z","silent_ms":3600000,"messages":12,"queued":3,)"
         R"("oldest_queued_at":"2026-03-02T08:30:00Z","trouble":"503 9999 busy","unconfirmed":0,"late_answers":2,)"
         R"("errors_received":1,"turned_away":0,"contradictions":1,"clock_offset_ms":-90000,"clock_samples":5,)"
         R"("stream":"broken","stream_again_at":"2026-03-02T09:01:04Z","failing_since":"2026-03-02T08:40:00Z","failed_attempts":7,)"
         R"("last_error":"cannot connect to 127.0.0.1:9000: connection refused; is the other side running?",)"
         R"("last_error_at":"2026-03-02T08:59:00Z","duplicates":4,"refused":1})"}};
    auto const shown = npctl(canned, {"operator", "health", "HUB"});
    CAPTURE(shown.out + shown.err);
    CHECK(shown.exit == 0);
    CHECK(fits(shown.out));
    for (auto const* part : {"silent for 1 h", "12, 1 of them errors", "3, the oldest since", "503 9999 busy",
                             "its clock is 1 min 30 s behind ours, by 5 messages", "Since the daemon started", "Not reached",
                             "broken, opened anew at Mon 2 Mar 2026 10:01", "connection refused"})
        CHECK_MESSAGE(says(shown.out, part), part);
}

TEST_CASE("what is agreed with a counterpart shows the standing of every code") {
    Canned const canned{
        {"GET /v1/operators/BRAVO",
         R"({"code":"BRAVO","own":false,"hub":false,"way":"by HUB","codes":"assumed","username":"BRAVO","secrets":2,"keys":1,)"
         R"("zone":"Europe/Brussels","blocking_codes":[{"wire":"30","ground":"NAME_ADDRESS_MISMATCH","meaning":"Name and )"
         R"(address are not those of the contract.","standing":"assumed"}],"delay_codes":[{"wire":"1","meaning":"A person )"
         R"(must check."}],"error_codes":[],"quirks":[{"name":"single-items","meaning":"A list of one is sent as the item itself."}]})"}};
    auto const shown = npctl(canned, {"operator", "show", "BRAVO"});
    CAPTURE(shown.out + shown.err);
    CHECK(shown.exit == 0);
    CHECK(fits(shown.out));
    for (auto const* part : {"a counterpart", "2 secrets and 1 key valid", "Europe/Brussels", "ASSUMED", "30", "assumed", "single-items", "as the item itself"})
        CHECK_MESSAGE(says(shown.out, part), part);
}

TEST_CASE("a check that fails ends with 9") {
    Canned canned{{"POST /v1/operators/HUB/check",
                   R"({"code":"HUB","passed":false,"steps":[{"step":"way","passed":true,"said":"By calls to http://x."},)"
                   R"({"step":"connect","passed":false,"said":"connection refused"}]})"}};
    auto const failed = npctl(canned, {"operator", "check", "HUB"});
    CHECK(failed.exit == 9);
    CHECK(says(failed.out, "FAILED"));
    canned.begin()->second = R"({"code":"HUB","passed":true,"steps":[{"step":"way","passed":true,"said":"By calls."}]})";
    CHECK(npctl(canned, {"operator", "check", "HUB"}).exit == 0);
}

TEST_CASE("who serves a number, in a line") {
    Canned const canned{
        {"GET /v1/numbers/%2B3225501100", R"({"number":"+3225501100","serving":"BRAVO","block_holder":"ALFA"})"},
        {"GET /v1/numbers/%2B3225501101", R"({"number":"+3225501101","block_holder":"ALFA"})"},
        {"GET /v1/numbers/%2B3225501102", R"({"number":"+3225501102"})"}};
    CHECK(npctl(canned, {"number", "lookup", "02 550 11 00"}).out == "+3225501100: BRAVO, of a block of ALFA\n");
    CHECK(npctl(canned, {"number", "lookup", "+3225501101"}).out == "+3225501101: ALFA, of a block of ALFA\n");
    CHECK(says(npctl(canned, {"number", "lookup", "+3225501102"}).out, "nobody is known"));
    CHECK(npctl(canned, {"number", "lookup", "+3225501100", "-o", "name"}).out == "BRAVO\n");
}

TEST_CASE("the routing table is exported page after page under one head") {
    Canned const canned{
        {"GET /v1/routing?limit=500",
         R"({"items":[{"first":"+3225501200","last":"+3225501204","operator":"BRAVO","since":"2026-03-02T08:00:00Z"}],"next":"+3225501204"})"},
        {"GET /v1/routing?limit=500&cursor=%2B3225501204",
         R"({"items":[{"first":"+3225501300","last":"+3225501300","operator":"CITO","since":"2026-03-02T08:00:00Z"}],"next":null})"}};
    CHECK(npctl(canned, {"number", "export", "-o", "csv"}).out ==
          "first,last,operator,since\n+3225501200,+3225501204,BRAVO,2026-03-02T08:00:00Z\n"
          "+3225501300,+3225501300,CITO,2026-03-02T08:00:00Z\n");
    CHECK(npctl(canned, {"number", "export", "-o", "name"}).out == "+3225501200\n+3225501300\n");
}

namespace {

std::ptrdiff_t lines_in(std::ostringstream const& out) {
    auto const text = out.str();
    return std::count(text.begin(), text.end(), '\n');
}

/// A routing table of `pages` pages of five hundred rows each. It notes how many lines were written each time that it is
/// asked for more, and takes them away.
class LongTable final : public Transport {
public:
    LongTable(std::ostringstream& out, std::vector<std::ptrdiff_t>& written, std::size_t pages)
        : out_(out), written_(written), pages_(pages) {}
    http::Response send(std::string const&, std::string const&, http::Headers const&, std::string const&) override {
        written_.push_back(lines_in(out_));
        out_.str({});
        constexpr std::string_view row =
            R"({"first":"+3225501200","last":"+3225501204","operator":"BRAVO","since":"2026-03-02T08:00:00Z"})";
        std::string items(row);
        for (int i = 1; i < 500; ++i) items.append(",").append(row);
        auto const next = written_.size() == pages_ ? "null" : R"("+3225501204")";
        return {200, {}, R"({"items":[)" + items + R"(],"next":)" + next + "}", {}};
    }
    void follow(std::string const&, http::Headers const&, std::function<void(http::StreamEvent const&)> const&) override {}

private:
    std::ostringstream& out_;
    std::vector<std::ptrdiff_t>& written_;
    std::size_t pages_;
};

} // namespace

TEST_CASE("an export of any length is written page by page: no row is kept until more is asked for") {
    for (auto const* const form : {"csv", "jsonl"}) {
        CAPTURE(form);
        std::istringstream in;
        std::ostringstream out, err;
        std::vector<std::ptrdiff_t> written;
        Terminal const terminal{&in, &out, &err, false, false, {80, false}};
        auto const exit = run({"number", "export", "-o", form}, {}, terminal,
                              [&](Options const&) { return std::make_unique<LongTable>(out, written, 10); });
        CHECK(static_cast<int>(exit) == 0);
        CHECK(err.str() == "");
        std::ptrdiff_t const head = std::string_view(form) == "csv" ? 1 : 0;
        CHECK(written == std::vector<std::ptrdiff_t>{0, 500 + head, 500, 500, 500, 500, 500, 500, 500, 500});
        CHECK(lines_in(out) == 500); // the last page
    }
}
