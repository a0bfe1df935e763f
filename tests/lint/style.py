"""House rules that a machine can see. Each is a row: where it holds, what it forbids, what to do instead, and a line it must
catch and one it must not; self_test.py holds every row to its two lines."""

import re
from dataclasses import dataclass

from source import finding, report, tree

CPP = r"^(src|state_machines|tests)/.*\.[hc]pp$"


@dataclass
class Forbidden:
    rule: str
    where: str  # of paths, a regular expression
    what: str  # of lines, a regular expression
    instead: str
    bad: tuple  # (path, line) that is a finding
    good: tuple  # (path, line) that is not
    in_words: bool = False  # look into comments and texts as well


FORBIDDEN = (
    Forbidden(
        rule="the system clock is asked in src/daemon only",
        # stepped_clock.cpp is the system's clock, as far as the daemon under siege can tell
        where=r"^(state_machines|src/(?!daemon/)[a-z]+|tests(?!/support/siege/stepped_clock))/.*\.[hc]pp$",
        what=r"system_clock::now|utc_clock::now|\bstd::time\s*\(|(?<![\w.>:])time\s*\(\s*(NULL|nullptr|0|&)|::time\s*\(|gettimeofday"
             r"|clock_gettime|CLOCK_REALTIME\b.*gettime",
        instead="take the moment as a parameter, or the Clock you were given; steady_clock measures patience",
        bad=("src/engine/a.cpp", "auto now = std::chrono::system_clock::now();"),
        good=("src/daemon/system_clock.hpp", "return floor<Duration>(std::chrono::system_clock::now());")),
    Forbidden(
        rule="local time comes from the rulebook's zone, never from the machine's",
        where=CPP,
        what=r"\b(localtime|localtime_r|mktime|current_zone|setlocale)\b",
        instead="rules/zone.hpp",
        bad=("src/cli/a.cpp", "auto parts = std::localtime(&when);"),
        good=("src/cli/a.cpp", "auto local_time = zone.to_local(at);")),
    Forbidden(
        rule="the domain sees no time without a zone",
        where=r"^(state_machines|src/porting)/.*\.[hc]pp$",
        what=r"\b(local_time|local_days|local_seconds|sys_days|year_month_day|hh_mm_ss|WallTime|rules::Day)\b",
        instead="a Moment, and what rules/calendar.hpp makes of it: civil days and clock times stay in src/rules",
        bad=("src/porting/a.cpp", "auto day = std::chrono::sys_days{calendar.day_of(starts)};"),
        good=("src/porting/a.cpp", "if (calendar.day_of(at) < calendar.day_of(step.now)) refuse();")),
    Forbidden(
        rule="a test does not sleep and hope",
        where=r"^tests/(?!support/).*\.[hc]pp$",
        what=r"\bsleep_for\b|\bsleep_until\b|\b(u|nano)?sleep\s*\(",
        instead="eventually() or let_pass() of tests/support/waiting.hpp",
        bad=("tests/unit/http/a.cpp", "std::this_thread::sleep_for(50ms);"),
        good=("tests/unit/http/a.cpp", "CHECK(eventually([&] { return seen == 2; })); // sleep_for would be a guess")),
    Forbidden(
        rule="what is to be done is in the tracker, not in the code",
        where=r".",
        what=r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b",
        instead="finish it, or say in a comment what holds today and why",
        bad=("src/base/a.cpp", "// TO" "DO: leap seconds"),
        good=("src/base/a.cpp", "// mkdtemp wants XX" "XXXX"),
        in_words=True),
    Forbidden(
        rule="a path of one machine",
        where=r".",
        what=r"(?<![\w.$}])/(work|tm" r"p/(build|npod|clone)|ho" r"me|ro" r"ot)/[\w.]",
        instead="a path relative to the file, an option, or std::filesystem::temp_directory_path()",
        bad=("scripts/a", "cd /wo" "rk/main"),
        good=("scripts/a", 'cd "$(dirname "$0")/.."'),
        in_words=True),
    Forbidden(
        rule="assert() vanishes in what is shipped",
        where=CPP,
        what=r"(?<!_)\bassert\s*\(|#\s*include\s*<cassert>",
        instead="NPOD_PROMISE for a bug, a Refusal for what others sent, static_assert for what is known now",
        bad=("src/porting/a.cpp", "assert(line.first <= line.last);"),
        good=("src/porting/a.cpp", "static_assert(sizeof(Moment) == 8);")),
    Forbidden(
        rule="a header that opens a namespace opens it for everybody",
        where=r"^(src|state_machines|tests)/.*\.hpp$",
        what=r"^using namespace\b",
        instead="full names in headers; using-directives belong into .cpp files or functions",
        bad=("src/rules/a.hpp", "using namespace std::chrono;"),
        good=("src/rules/a.hpp", "    using namespace std::chrono; // within a function")),
    Forbidden(
        rule="floating point near money, numbers or law",
        where=r"^(state_machines|src/(rules|porting|storage|engine))/.*\.[hc]pp$|^src/base/money.hpp$",
        what=r"\b(float|double|strtod|stod)\b",
        instead="integers of the smallest unit: cents, milliseconds",
        bad=("src/rules/a.hpp", "double cents = 0.5;"),
        good=("src/rules/a.hpp", "std::int64_t cents = 50;")),
    Forbidden(
        rule="const stands right of what it qualifies",
        where=r"^(src|state_machines)/.*\.[hc]pp$",
        what=r"\bconst (std::\w+(<[^>]*>)?|auto|[A-Z]\w*) ?&",
        instead="T const&",
        bad=("src/base/a.hpp", "void f(const std::string& text);"),
        good=("src/base/a.hpp", "void f(std::string const& text);")),
    Forbidden(
        rule="threads are joined by their owner",
        where=r"^src/.*\.[hc]pp$",
        what=r"\.detach\s*\(\s*\)|\bstd::async\b",
        instead="a thread that is a member of who started it, joined by its destructor",
        bad=("src/engine/a.cpp", "std::thread([] {}).detach();"),
        good=("src/engine/a.cpp", "writer.join();")),
    Forbidden(
        rule="what proves somebody is compared in the same time, however much of it is right",
        where=r"^src/(api|daemon|http|protocol|sandbox)/.*\.[hc]pp$",
        what=r"(secret|signature|digest|hmac|sha256|hash|token)\w*(\(\))?(->text|\.text)?\s*[!=]="
             r"(?!\s*(nullptr\b|std::nullopt\b|[\w.>-]*\bend\(\)))"
             r"|[!=]=\s*(\w+(->|\.))*\w*(secret|signature|digest|hmac|sha256|hash|token)\w*\b(?!\s*(\(|->|\.)\w*(end|size|npos))",
        instead="same_secret() of base/hash.hpp",
        bad=("src/api/a.cpp", "if (known.sha256_hex == content_hash(given)) return known;"),
        good=("src/api/a.cpp", "if (same_secret(known.sha256_hex, content_hash(given))) return known;")),
)

LINES_A_FILE = 600


def check_forbidden(file):
    for row in FORBIDDEN:
        if not re.search(row.where, file.path):
            continue
        lines = file.code() if file.is_cpp and not row.in_words else file.lines
        for number, line in enumerate(lines, 1):
            if re.search(row.what, line):
                yield finding(file, number, row.rule, row.instead)


def check_length(file):
    if file.path.startswith(("src/", "state_machines/")) and len(file.lines) > LINES_A_FILE:
        yield finding(file, LINES_A_FILE + 1, f"{len(file.lines)} lines; no file of src is longer than {LINES_A_FILE}",
                      "two files, each with one subject")


def check_header(file):
    """Every header says first that it is one, then what it is about."""
    if not file.path.endswith(".hpp"):
        return
    if file.lines[0] != "#pragma once":
        yield finding(file, 1, "a header begins with #pragma once", "make it the first line; no include guards")
    elif not file.lines[1].startswith("///"):
        yield finding(file, 2, "a header says what it is about", "a comment /// below #pragma once, for who reads it first")


def check_sql(file):
    """Every table of every migration is STRICT, so that a column holds what its type says."""
    if not file.path.startswith("schemas/database/sqlite/") or not file.path.endswith(".sql"):
        return
    words = re.sub(r"--[^\n]*|'(?:''|[^'])*'", lambda found: " " * len(found[0]), file.text)
    for table in re.finditer(r"\bCREATE\s+TABLE\b[^;]*;", words, re.IGNORECASE):
        if not re.search(r"\)\s*(WITHOUT\s+ROWID\s*,\s*)?STRICT\b[^)]*;$", table[0], re.IGNORECASE):
            yield finding(file, words.count("\n", 0, table.start()) + 1, "a table that is not STRICT",
                          "end it with ) STRICT; otherwise SQLite keeps 'abc' in an INTEGER column")


def check_script(file):
    """What stands in scripts/ can be started, and stops at the first error."""
    name = file.path.split("/")[-1]
    if not file.path.startswith(("scripts/", ".ci/")) or file.path.count("/") > 1 or "." in name:
        return
    if not file.lines[0].startswith("#!"):
        yield finding(file, 1, "a script says who runs it", "#!/usr/bin/env bash, and chmod +x")
    elif "sh" in file.lines[0] and not re.search(r"^set -[a-z]*e", file.text, re.MULTILINE):
        yield finding(file, 1, "a script that goes on after an error", "set -euo pipefail (sh: set -eu)")


def check_limits(files):
    """Every limit has its reason above it, or above the one that it belongs to, and is kept somewhere in src."""
    for header in (file for file in files if file.path in ("src/base/limits.hpp", "src/base/limits_wire.hpp")):
        yield from check_limits_of(header, files)


def check_limits_of(header, files):
    users = "\n".join(file.text for file in files if file.path.startswith("src/") and file is not header)
    for number, line in enumerate(header.lines, 1):
        limit = re.match(r"inline constexpr [\w:]+ (\w+)", line)
        if not limit:
            continue
        if not header.lines[number - 2].startswith(("///", "inline constexpr")):
            yield finding(header, number, f"{limit[1]} has no reason", "a comment /// above it: why so much, and no more")
        if not re.search(rf"\b{limit[1]}\b", users):
            yield finding(header, number, f"nobody keeps the limit {limit[1]}", "use it where it holds, or take it out")


# What one sentence names or shows, how a number is written, and how memory is reused are no limits on what others do.
NO_LIMIT = r"\w*(named|told|shown|digits|small_body|depth)_max"


def check_limits_elsewhere(file):
    """A limit on what others may send or ask stands in base/limits.hpp or its second page, where all are seen together."""
    if not re.match(r"src/(http|api|daemon|protocol|engine)/.*\.[hc]pp$", file.path):
        return
    for number, line in enumerate(file.code(), 1):
        limit = re.search(r"\bconstexpr [\w:]+ (\w+_max)\b\s*[={]\s*\d", line)
        if limit and not re.fullmatch(NO_LIMIT, limit[1]):
            yield finding(file, number, f"{limit[1]} is a limit of its own", "put it into base/limits.hpp or base/limits_wire.hpp, with its reason")


CHECKS = (check_limits_elsewhere, check_forbidden, check_length, check_header, check_sql, check_script)


def check(files):
    return [one for file in files for rule in CHECKS for one in rule(file)] + list(check_limits(files))


if __name__ == "__main__":
    everything = list(tree())
    report("lint.style", check(everything), len(everything))
