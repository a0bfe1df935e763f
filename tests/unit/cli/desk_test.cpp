// What the desk does with many things at once: filters, acts on many ports, the radar, reports, and what is said of mistakes.

#include "cli/drawing.hpp"
#include "cli/progress.hpp"
#include "cli/run.hpp"

#include <doctest/doctest.h>

#include <map>
#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

struct Stage {
    std::map<std::string, http::Response> answers; ///< by "METHOD target"; else 404
    std::vector<std::string> asked;
    std::vector<http::Headers> headers;
};

class Actor final : public Transport {
public:
    explicit Actor(Stage& stage) : stage_(stage) {}
    http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                        std::string const&) override {
        stage_.asked.push_back(method + " " + target);
        stage_.headers.push_back(headers);
        auto const found = stage_.answers.find(method + " " + target);
        if (found != stage_.answers.end()) return found->second;
        return {404, {}, R"({"status":404,"detail":"There is nothing.","problems":[]})", {}};
    }
    void follow(std::string const&, http::Headers const&, std::function<void(http::StreamEvent const&)> const&) override {}

private:
    Stage& stage_;
};

struct Ended {
    int exit = -1;
    std::string out, err;
};
Ended npctl(Stage& stage, std::vector<std::string> const& words, std::string const& typed = {}, bool person = false) {
    std::istringstream in(typed);
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, person, false, {80, false}};
    auto const exit = run(words, {}, terminal, [&](Options const&) { return std::make_unique<Actor>(stage); });
    return {static_cast<int>(exit), out.str(), err.str()};
}

http::Response answer(std::string body, unsigned status = 200) { return {status, {}, std::move(body), {}}; }
bool says(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

constexpr auto two_ports = R"({"items":[{"id":"PI-000001","role":"port_in","state":"scheduled","donor":"BRAVO","numbers":"+3225501100","version":3},)"
                           R"({"id":"PI-000002","role":"port_in","state":"scheduled","donor":"BRAVO","numbers":"+3225501101","version":5}],"next":null,"total":2})";

/// Two ports meet "with=BRAVO"; the second changed meanwhile.
Stage bulk() {
    Stage stage;
    stage.answers["GET /v1/ports?limit=500&q=with%3DBRAVO&open=true"] = answer(two_ports);
    stage.answers["POST /v1/ports/PI-000001/hold"] = answer(R"({"id":"PI-000001","state":"on_hold"})");
    stage.answers["POST /v1/ports/PI-000002/hold"] =
        answer(R"({"detail":"x","problems":[{"detail":"It has version 6 now.","next":"Look at it again."}]})", 412);
    return stage;
}

std::string header(http::Headers const& headers, std::string_view name) { return std::string(http::header(headers, name)); }

} // namespace

TEST_CASE("a filter goes to the daemon as it is, and asks for finished ports only when it speaks of them") {
    Stage stage;
    npctl(stage, {"port", "list", "-q", "with=BRAVO and due<2wd"});
    npctl(stage, {"port", "list", "-q", "state=completed"});
    npctl(stage, {"timer", "list", "-q", "kind=line"});
    npctl(stage, {"claim", "list", "-q", "amount>10"});
    CHECK(stage.asked == std::vector<std::string>{"GET /v1/ports?q=with%3DBRAVO%20and%20due%3C2wd&open=true&limit=50",
                                                  "GET /v1/ports?q=state%3Dcompleted&limit=50", "GET /v1/timers?limit=50&q=kind%3Dline",
                                                  "GET /v1/claims?open=true&q=amount%3E10&limit=50"});
}

TEST_CASE("--fail-on turns a list into an exit code") {
    Stage stage;
    stage.answers["GET /v1/ports?q=with%3DBRAVO&open=true&limit=50"] = answer(two_ports);
    stage.answers["GET /v1/ports?open=true&limit=50"] = answer(R"({"items":[],"next":null,"total":0})");
    CHECK(npctl(stage, {"port", "list", "-q", "with=BRAVO", "--fail-on", "any"}).exit == 9);
    CHECK(npctl(stage, {"port", "list", "-q", "with=BRAVO", "--fail-on", "none"}).exit == 0);
    CHECK(npctl(stage, {"port", "list", "--fail-on", "none"}).exit == 9);
    CHECK(npctl(stage, {"port", "list", "--fail-on", "any"}).exit == 0);
    CHECK(npctl(stage, {"port", "list", "--fail-on", "late"}).exit == 2);
    CHECK(says(npctl(stage, {"port", "list", "--fail-on", "eny"}).err, "Did you mean \"any\"?"));
}

TEST_CASE("many ports are listed and counted first, and nothing is done without a yes") {
    auto stage = bulk();
    auto const refused = npctl(stage, {"port", "hold", "-q", "with=BRAVO", "--reason", "storm"});
    CHECK(refused.exit == 2);
    CHECK(says(refused.err, "hold for 2 ports:\n  PI-000001  scheduled, +3225501100"));
    CHECK(says(refused.err, "Nothing was done.\n  next:  look at what would be with --dry-run, then say it again with --yes."));
    CHECK(stage.asked.size() == 1); // only the list
    auto const no = npctl(stage, {"port", "hold", "-q", "with=BRAVO", "--reason", "storm"}, "no\n", true);
    CHECK(no.exit == 1);
    CHECK(stage.asked.size() == 2);
}

TEST_CASE("each of many ports is changed by itself, as it was listed; one refusal does not stop the others") {
    auto stage = bulk();
    auto const done = npctl(stage, {"port", "hold", "-q", "with=BRAVO", "--reason", "storm", "--yes", "--key", "storm-1"});
    CHECK(done.exit == 6); // 412
    CHECK(done.out == "PORT       BEFORE     NOW       PROBLEM\n"
                      "PI-000001  scheduled  on hold\n"
                      "PI-000002  scheduled  not done  It has version 6 now.\n"
                      "                                next:  Look at it again.\n");
    CHECK(says(done.err, "1 of 2 ports changed."));
    REQUIRE(stage.headers.size() == 3);
    CHECK(header(stage.headers[1], "If-Match") == "\"v3\"");
    CHECK(header(stage.headers[2], "If-Match") == "\"v5\"");
    CHECK(header(stage.headers[1], "Idempotency-Key") == "storm-1-PI-000001");
    CHECK(header(stage.headers[1], "Dry-Run").empty());
    auto rehearsal = bulk();
    auto const dry = npctl(rehearsal, {"port", "hold", "-q", "with=BRAVO", "--reason", "storm", "--dry-run", "-o", "csv"});
    CHECK(header(rehearsal.headers.at(1), "Dry-Run") == "true");
    CHECK(says(dry.out, "port,before,would_be,problem\nPI-000001,scheduled,on hold,\n"));
    CHECK(says(dry.err, "Dry run, nothing was stored or sent: 1 of 2 ports could be changed."));
}

TEST_CASE("one port or many, not both and not neither") {
    auto stage = bulk();
    for (auto const& words : {std::vector<std::string>{"port", "note", "--reason", "x"}, {"port", "note", "PI-000001", "-q", "open", "--reason", "x"}}) {
        auto const ended = npctl(stage, words);
        CHECK(ended.exit == 2);
        CHECK(says(ended.err, "which port?"));
    }
    CHECK(stage.asked.empty());
    stage.answers["GET /v1/ports?limit=500&q=open"] = answer(R"({"items":[],"next":null,"total":501})");
    CHECK(says(npctl(stage, {"port", "note", "-q", "open", "--reason", "x", "--yes"}).err, "501 ports meet the filter; at most 500"));
}

TEST_CASE("the radar says what is late, and its exit code can be read") {
    Stage stage;
    stage.answers["GET /v1/radar?limit=50&within=4wh"] = answer(
        R"({"within":"4wh","as_of":"2026-03-10T11:00:00Z","late":1,"troubles":1,"per_day":{"cents":5000,"text":"50.00 EUR"},"owed":{"cents":20000,"text":"200.00 EUR"},)"
        R"("items":[{"kind":"counterpart","severity":"trouble","operator":"BRAVO","must_move":"BRAVO","since":"2026-03-10T09:00:00Z","sentence":"BRAVO is silent past its deadline; ports that wait: 1.","next":"npctl operator health BRAVO"},)"
        R"({"kind":"deadline","severity":"late","port":"PI-000002","must_move":"BRAVO","late_since":"2026-03-04T17:00:00Z","working_left_ms":-158400000,"per_day":{"cents":5000,"text":"50.00 EUR"},"owed":{"cents":20000,"text":"200.00 EUR"},"waits_for":"The donor is silent."}],"total":2})");
    auto const shown = npctl(stage, {"radar", "--within", "4wh", "--fail-on", "late"});
    CHECK(shown.exit == 9);
    CHECK(says(shown.out, "LATE"));
    CHECK(says(shown.out, "44 h")); // 158 400 s of working time
    CHECK(says(shown.out, "owed 200.00 EUR"));
    CHECK(says(shown.err, "Within 4wh: 1 late, 1 counterpart in trouble.\n50.00 EUR a day at risk, 200.00 EUR owed already."));
    CHECK(npctl(stage, {"radar", "--within", "4wh"}).exit == 0);
    CHECK(npctl(stage, {"radar", "--within", "4wh", "--fail-on", "none"}).exit == 0);
    CHECK(npctl(stage, {"radar", "--within", "4wh", "--fail-on", "trouble", "-o", "json"}).exit == 9);
    CHECK(npctl(stage, {"radar", "--within", "4wh", "-o", "name"}).out == "BRAVO\nPI-000002\n"); // whoever is in trouble has a name, too
}

TEST_CASE("a cell of a report is a list of ports") {
    Stage stage;
    stage.answers["GET /v1/reports/requests?period=2026-Q1"] = answer(
        R"({"name":"requests","title":"Requests","operator":"ALFA","period":"2026-Q1","from":"2026-01-01","until":"2026-04-01","as_of":"2026-03-10T11:00:00Z",)"
        R"("columns":[{"name":"requested","title":"Requested","unit":"ports"},{"name":"refused","title":"Refused","unit":"ports"}],)"
        R"("rows":[{"name":"in","title":"Coming to us","cells":{"requested":{"value":2,"shown":"2","q":"role=in"},"refused":{"value":0,"shown":"0","q":"whole=refused"}}}],"notes":["A port counts once."]})");
    stage.answers["GET /v1/ports?q=role%3Din&limit=50"] = answer(two_ports);
    auto const page = npctl(stage, {"report", "show", "requests", "--period", "2026-Q1"});
    CHECK(page.out == "ALFA: Requests, 2026-Q1\n"
                      "from 2026-01-01 to before 2026-04-01, as known at Tue 10 Mar 2026 12:00 (+01:00)\n\n"
                      "           Coming to us\n"
                      "Requested             2\n"
                      "Refused               -\n\n"
                      "A port counts once.\n");
    CHECK(says(page.err, "--as-of 2026-03-10T11:00:00Z"));
    auto const ports = npctl(stage, {"report", "show", "requests", "--period", "2026-Q1", "--cell", "in/requested", "-o", "name"});
    CHECK(ports.out == "PI-000001\nPI-000002\n");
    CHECK(says(ports.err, "role=in"));
    auto const wrong = npctl(stage, {"report", "show", "requests", "--period", "2026-Q1", "--cell", "in/requestet"});
    CHECK(wrong.exit == 2);
    CHECK(says(wrong.err, "Did you mean \"in/requested\"?"));
    CHECK(npctl(stage, {"report", "show", "requests"}).exit == 2);
}

TEST_CASE("a sheet for a counterpart has figures and dossiers, and nobody's name or number") {
    Stage stage;
    stage.answers["GET /v1/status"] = answer(R"({"operator":"ALFA","clock":{"now":"2026-03-10T11:00:00Z"}})");
    stage.answers["GET /v1/operators/BRAVO/health"] =
        answer(R"({"code":"BRAVO","last_heard_at":"2026-03-02T08:00:00Z","messages":7,"late_answers":2,"clock_offset_ms":-90000,"clock_samples":5,"last_error":"<refused>"})");
    auto const q = "with%3DBRAVO%20and%20%28role%3Din%20and%20waiting_for%3Ddonor%20or%20role%3Dout%20and%20waiting_for%3Drecipient%29";
    stage.answers[std::string("GET /v1/ports?open=true&q=") + q + "&limit=50"] =
        answer(R"({"items":[{"id":"PI-000002","dossier":"ALFA-000002","customer":"Acme NV","numbers":"+3225501100","state":"answer_overdue","requested_at":"2026-03-02T08:00:00Z","waits_for":"The donor is silent."}],"next":null,"total":1})");
    for (auto const& words : {std::vector<std::string>{"operator", "sheet", "BRAVO"}, {"operator", "sheet", "BRAVO", "--html"}, {"operator", "sheet", "BRAVO", "-o", "json"}}) {
        auto const sheet = npctl(stage, words);
        CHECK(sheet.exit == 0);
        CHECK(says(sheet.out, "ALFA-000002"));
        CHECK(says(sheet.out, "2 answers"));
        CHECK(says(sheet.out, "1 min 30 s behind ours"));
        CHECK_FALSE(says(sheet.out, "Acme"));
        CHECK_FALSE(says(sheet.out, "+32"));
    }
    CHECK_FALSE(says(npctl(stage, {"operator", "sheet", "BRAVO", "--html"}).out, "<refused>"));
}

TEST_CASE("what was meant is suggested, and nothing is done by a guess") {
    Stage stage;
    stage.answers["GET /v1/ports/PI-000001"] = answer(R"({"id":"PI-000001"})");
    stage.answers["GET /v1/ports?limit=500"] = answer(two_ports);
    auto const noughts = npctl(stage, {"port", "show", "PI-1"});
    CHECK(noughts.exit == 3);
    CHECK(says(noughts.err, "did you mean PI-000001?"));
    CHECK(says(npctl(stage, {"port", "show", "PI-000003"}).err, "did you mean PI-00000"));
    CHECK(says(npctl(stage, {"port", "show", "PI-00000l"}).err, "Did you mean \"PI-000001\"?"));
    CHECK(says(npctl(stage, {"radra"}).err, "Did you mean \"radar\"?"));
    CHECK(says(npctl(stage, {"help", "fitler"}).err, "Did you mean \"filter\"?"));
    CHECK(says(npctl(stage, {"port", "list", "--as-of", "2026-04-03 16:59"}).err, "Did you mean 2026-04-03T16:59+02:00?"));
    CHECK(says(npctl(stage, {"port", "list", "--as-of", "3/12/2026"}).err, "Did you mean 2026-12-03T00:00+01:00?"));
    CHECK(says(npctl(stage, {"port", "list", "--as-of", "soon"}).err, "such as 2026-04-03T16:59+02:00"));
    for (auto const& line : stage.asked) CHECK(line.starts_with("GET "));
}

TEST_CASE("help on a topic fits the screen and names every field") {
    Stage stage;
    for (auto const topic : {"filter", "output", "times", "exit", "changes", "monitoring"}) {
        CAPTURE(topic);
        auto const help = npctl(stage, {"help", topic});
        CHECK(help.exit == 0);
        std::istringstream lines(help.out);
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            CHECK(line.size() <= 80);
        }
    }
    CHECK(says(npctl(stage, {"help", "filter"}).out, "refused_for"));
    CHECK(says(npctl(stage, {"help"}).out, "changes, monitoring."));
}

TEST_CASE("long work says how far it is, how fast, and how long it takes") {
    using namespace std::chrono_literals;
    // A quarter of 48 000 rows in two seconds: 6 000 a second, six seconds for the other three quarters.
    CHECK(progress_text("checking the log, rows", 12'000, 48'000, 2s) == "checking the log, rows: 12000 of 48000 (25 %), 6000/s, 6 s left");
    CHECK(progress_text("copying", 0, 0, 65s) == "copying, 1 min 5 s");
    CHECK(progress_text("copying", 0, 10, 0s) == "copying, 0 s");
}

TEST_CASE("one thing as csv is a sheet of its members") {
    Stage stage;
    stage.answers["GET /v1/ports/PI-000001"] = answer(R"({"id":"PI-000001","lines":[{"no":1,"state":"scheduled"}],"note":"a, b"})");
    CHECK(npctl(stage, {"port", "show", "PI-000001", "-o", "csv"}).out == "member,value\nid,PI-000001\nlines/0/no,1\nlines/0/state,scheduled\nnote,\"a, b\"\n");
}

TEST_CASE("a machine is drawn as a picture with every state and arrow") {
    for (auto const& outline : machine::all_outlines()) {
        auto const picture = draw_svg(outline, outline.initial);
        CHECK(picture.starts_with("<svg xmlns="));
        CHECK(picture.ends_with("</svg>\n"));
        CHECK(picture == draw_svg(outline, outline.initial));
        for (auto const& state : outline.states) CHECK(says(picture, state.meaning));
        CHECK(says(picture, " lit\">"));
        CHECK_FALSE(says(picture, "http://www.w3.org/1999")); // nothing is loaded from elsewhere
    }
}

TEST_CASE("a mistyped state, standing, operator or id is told, and what was meant") {
    Stage stage;
    auto const state = npctl(stage, {"port", "wait", "PI-000001", "--for", "state=complted"});
    CHECK(state.exit == 2);
    CHECK(says(state.err, "Did you mean \"completed\"?"));
    CHECK(stage.asked.empty()); // nobody waits for what never comes
    auto const standing = npctl(stage, {"rule", "list", "--standing", "asumed"});
    CHECK(standing.exit == 2);
    CHECK(says(standing.err, "Did you mean \"assumed\"?"));

    stage.answers["GET /v1/ports?counterpart=BRAVI&open=true&limit=50"] = answer(R"({"items":[],"next":null,"total":0})");
    stage.answers["GET /v1/operators"] = answer(R"({"items":[{"code":"ALFA"},{"code":"BRAVO"}]})");
    auto const with = npctl(stage, {"port", "list", "--with", "BRAVI"});
    CHECK(with.exit == 0);
    CHECK(says(with.err, "There is no operator \"BRAVI\". Did you mean \"BRAVO\"? npctl"));

    stage.answers["GET /v1/claims/CL-000007"] = answer(R"({"id":"CL-000007"})");
    auto const claim = npctl(stage, {"claim", "approve", "CL-7", "--reason", "x"});
    CHECK(claim.exit == 3);
    CHECK(says(claim.err, "did you mean CL-000007?"));
    for (auto const& asked : stage.asked) CHECK((asked.starts_with("GET ") || asked == "POST /v1/claims/CL-7/approve")); // nothing by a guess
    stage.answers["GET /v1/contracts?limit=500"] = answer(R"({"items":[{"id":"A-HORTA"},{"id":"A-LUNE"}],"next":null})");
    CHECK(says(npctl(stage, {"contract", "show", "A-HORTE"}).err, "did you mean A-HORTA?"));
}

TEST_CASE("without an address the socket of this machine is asked, if somebody answers there") {
    Environment const none, socket{{"NPCTL_SOCKET", "/run/npod/npod.sock"}},
        both{{"NPCTL_SOCKET", "/run/npod/npod.sock"}, {"NPCTL_URL", "http://127.0.0.1:9"}};
    CHECK(parse({"port", "list"}, none).options.url == "http://127.0.0.1:8700");
    CHECK(parse({"port", "list"}, socket).options.url == "unix:/run/npod/npod.sock");
    CHECK_FALSE(parse({"port", "list"}, socket).options.url_given); // rules are still the shipped ones
    CHECK(parse({"port", "list"}, both).options.url == "http://127.0.0.1:9");
    CHECK(parse({"port", "list", "--url", "http://127.0.0.1:8"}, both).options.url == "http://127.0.0.1:8");
}

TEST_CASE("a long story is told to its end") {
    Stage stage;
    stage.answers["GET /v1/ports/PI-000001/timeline"] = answer(R"({"port":"PI-000001","items":[{"seq":1},{"seq":2}],"next":"2"})");
    stage.answers["GET /v1/ports/PI-000001/timeline?cursor=2"] = answer(R"({"port":"PI-000001","items":[{"seq":3}],"next":null})");
    auto const told = npctl(stage, {"port", "timeline", "PI-000001", "-o", "jsonl"});
    CHECK(told.out == R"({"port":"PI-000001","items":[{"seq":1},{"seq":2},{"seq":3}],"next":null})" "\n");
}

TEST_CASE("csv has one value in a cell where the table has two lines") {
    Stage stage;
    stage.answers["GET /v1/timers?limit=50"] = answer(
        R"({"items":[{"due":"2026-04-08T16:00:00Z","left_ms":108000000,"working_left_ms":57600000,"rule":"be.x","on_expiry":"Late.","subject":{"id":"PI-1"}}],"total":1})");
    auto const sheet = npctl(stage, {"timer", "list", "-o", "csv"}).out;
    CHECK(sheet.starts_with("next,left_ms,working_left_ms,rule,standing,on_expiry,subject,"));
    CHECK(says(sheet, ",108000000,57600000,be.x,"));
}

TEST_CASE("on a terminal an error fits the screen, below its own beginning") {
    Stage stage;
    std::istringstream in;
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, true, true, {80, false}};
    CHECK(run({"prot", "list"}, {}, terminal, [&](Options const&) { return std::make_unique<Actor>(stage); }) == Exit::usage);
    std::istringstream lines(err.str());
    std::vector<std::string> told;
    for (std::string line; std::getline(lines, line);) told.push_back(line);
    REQUIRE(told.size() >= 3);
    CHECK(told[0] == "npctl: There is no noun \"prot\". Did you mean \"port\"?");
    CHECK(told[1].starts_with("  next:  choose one of status, port,"));
    for (auto const& line : told) CHECK(line.size() <= 80);
    for (std::size_t i = 2; i < told.size(); ++i) CHECK(told[i].find_first_not_of(' ') == 9);
    CHECK(says(npctl(stage, {"prot", "list"}).err, "completion, manual.\n")); // off a terminal a line is a line
}
