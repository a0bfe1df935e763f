/// Rules, calendar and machines need no daemon: here there is none to ask.

#include "cli/run.hpp"
#include "cli/text.hpp"
#include "state_machines/draw.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

struct Ended {
    int exit = -1;
    std::string out, err;
};

Ended npctl(std::vector<std::string> const& words) {
    std::istringstream in;
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, {80, false}};
    auto const exit = run(words, {}, terminal, [](Options const&) -> std::unique_ptr<Transport> {
        throw NetworkFault("no daemon is needed");
    });
    return {static_cast<int>(exit), out.str(), err.str()};
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("the working day over Easter 2026, before and after the cut-off") {
    // Friday 3 April 16:59 is before the cut-off of 17:00 and counts that day. Good Friday works in Belgium; Saturday,
    // Sunday and Easter Monday do not: the next working day is Tuesday the 7th, until 18:00.
    auto const before = npctl({"calendar", "add", "2026-04-03T16:59+02:00", "1wd"});
    CHECK(before.exit == 0);
    CHECK(before.out == "2026-04-07T18:00:00+02:00\n"
                        "skipped Sat 4 Apr 2026: Saturday\n"
                        "skipped Sun 5 Apr 2026: Sunday\n"
                        "skipped Mon 6 Apr 2026: Easter Monday\n");
    // At 17:00 it counts as received on the next working day, Tuesday the 7th; one working day later is Wednesday the
    // 8th.
    auto const after = npctl({"calendar", "add", "2026-04-03T17:00+02:00", "1wd"});
    CHECK(after.out.starts_with("2026-04-08T18:00:00+02:00\n"));
    CHECK(says(after.out, "Easter Monday"));
}

TEST_CASE("a month is clamped and ends at 24:00") {
    // 31 January + 1 month: 28 February 2026 until 24:00, written as 00:00 of 1 March, winter time.
    CHECK(npctl({"calendar", "add", "2026-01-31T12:00+01:00", "1mo"}).out.starts_with("2026-03-01T00:00:00+01:00\n"));
}

TEST_CASE("what is no moment or no term is usage, with a cure") {
    auto const moment = npctl({"calendar", "add", "2026-04-03T16:59", "1wd"});
    CHECK(moment.exit == 2);
    CHECK(says(moment.err, "2026-04-03T16:59+02:00"));
    auto const term = npctl({"calendar", "add", "2026-04-03T16:59+02:00", "1w"});
    CHECK(term.exit == 2);
    CHECK(says(term.err, "2wd"));
    CHECK(npctl({"calendar", "show", "1492"}).exit == 2);
    CHECK(npctl({"calendar", "show", "year"}).exit == 2);
}

TEST_CASE("the holidays of a year and its working days") {
    auto const year = npctl({"calendar", "show", "2026"});
    CHECK(year.exit == 0);
    CHECK(says(year.out, "2026-05-14  Thu  Ascension"));
    CHECK(says(year.out, "2026-12-25  Fri  Christmas"));
    // 2026 has 261 weekdays. Eight of the ten holidays fall on one: 1 Jan, Easter Monday, 1 May, Ascension, Whit
    // Monday, 21 Jul, 11 Nov, 25 Dec; 15 Aug is a Saturday and 1 Nov a Sunday. 261 - 8 = 253.
    CHECK(year.err.starts_with("253 working days in 2026;"));
    CHECK(npctl({"calendar", "show", "2026", "-o", "name"}).out.starts_with("2026-01-01\n"));
}

TEST_CASE("a rule is shown with its standing in words") {
    auto const assumed = npctl({"rule", "show", "be.window.cut_off"});
    CHECK(assumed.exit == 0);
    CHECK(says(assumed.out, "17:00"));
    CHECK(says(assumed.out, "ASSUMED"));
    auto const read = npctl({"rule", "show", "be.execute.within"});
    CHECK(says(read.out, "1 working day"));
    CHECK(says(read.out, "read at the regulator"));
    CHECK(says(read.out, "BIPT FAQ 48"));
    auto const unknown = npctl({"rule", "show", "be.execute.withn"});
    CHECK(unknown.exit == 3);
    CHECK(says(unknown.err, "Did you mean \"be.execute.within\"?"));
    CHECK(says(npctl({"rule", "list", "-o", "name"}).out, "be.execute.within\n"));
    CHECK_FALSE(says(npctl({"rule", "list", "--standing", "assumed", "-o", "name"}).out, "be.execute.within\n"));
}

TEST_CASE("lists keep to 80 columns") {
    for (auto const& words : {std::vector<std::string>{"rule", "list"},
                              {"machine", "list"},
                              {"machine", "show", "port_in"},
                              {"rule", "show", "be.mandate"}}) {
        auto const shown = npctl(words);
        CHECK(shown.exit == 0);
        std::istringstream lines(shown.out);
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            CHECK(display_width(line) <= 80);
        }
    }
}

TEST_CASE("machines are listed, shown, drawn and checked") {
    CHECK(npctl({"machine", "list", "-o", "name"}).out == "port_in\nport_out\nnumber\ncontract\nclaim\ndelivery\n");
    auto const& claim = *machine::find_outline("claim");
    CHECK(npctl({"machine", "draw", "claim"}).out == machine::draw_mermaid(claim));
    CHECK(npctl({"machine", "draw", "claim", "-o", "dot", "--state", "accruing"}).out ==
          machine::draw_dot(claim, "accruing"));
    CHECK(npctl({"machine", "draw", "claim", "--state", "acruing"}).exit == 3);
    CHECK(npctl({"machine", "draw", "claim", "-o", "csv"}).exit == 2);
    CHECK(npctl({"machine", "show", "clam"}).exit == 3);
    auto const check = npctl({"machine", "check"});
    CHECK(check.exit == 0);
    CHECK(says(check.out, "6 machines"));
    // With a daemon named, it is asked: here nobody answers.
    CHECK(npctl({"machine", "check", "--url", "http://127.0.0.1:1"}).exit == 7);
}

TEST_CASE("completion is made of the same tables") {
    CHECK(npctl({"completion", "words", "--", "port", ".can"}).out == "cancel\n");
    CHECK(says(npctl({"completion", "words", "--", "port", "cancel", ".--"}).out, "--query\n--reason\n--numbers\n"));
    CHECK(says(npctl({"completion", "bash"}).out, "complete -o default -F _npctl npctl"));
    CHECK(says(npctl({"completion", "fish"}).out, "complete -c npctl"));
    CHECK(npctl({"completion", "zsh"}).out.starts_with("#compdef npctl\n"));
}

/// The real program, where it has been built beside this one.
TEST_CASE("the program itself ends with the exit codes of the contract") {
    namespace fs = std::filesystem;
    auto const program = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "npctl";
    if (!fs::exists(program)) {
        MESSAGE("npctl is not built here; its process is not tried");
        return;
    }
    struct Case {
        char const* words;
        int exit;
        char const* first_line;
    };
    for (auto const& [words, exit, first_line] :
         {Case{"calendar add 2026-04-03T16:59+02:00 1wd", 0, "2026-04-07T18:00:00+02:00"}, Case{"prot list", 2, ""},
          Case{"rule show nothing", 3, ""}, Case{"port list --url http://127.0.0.1:1", 7, ""},
          Case{"--version", 0, "npctl 0.1.0"}}) {
        CAPTURE(words);
        auto* pipe = ::popen((program.string() + " " + words + " 2>/dev/null").c_str(), "r");
        REQUIRE(pipe != nullptr);
        std::string out;
        std::array<char, 4096> room{};
        while (auto const count = std::fread(room.data(), 1, room.size(), pipe)) out.append(room.data(), count);
        CHECK(WEXITSTATUS(::pclose(pipe)) == exit);
        CHECK(out.substr(0, out.find('\n')) == first_line);
    }
}
