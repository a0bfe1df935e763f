"""The lints can fail: each rule finds what it is made to find, and nothing in what is right."""

import sys

import architecture
import style
from source import File, blank

failures = []


def expect(what, is_so):
    if not is_so:
        failures.append(what)


def found(check, *files):
    return list(check([File(path, text) for path, text in files]))


for row in style.FORBIDDEN:
    expect(f"'{row.rule}' finds: {row.bad}", any(row.rule in one for one in found(style.check, (row.bad[0], "\n" + row.bad[1]))))
    expect(f"'{row.rule}' lets be: {row.good}",
           not any(row.rule in one for one in found(style.check, (row.good[0], "\n" + row.good[1]))))

header = "#pragma once\n/// About.\n"
expect("601 lines are found", found(style.check, ("src/base/a.cpp", "\n" * 600)))
expect("600 lines are not", not found(style.check, ("src/base/a.cpp", "\n" * 599)))
expect("a header without a word is found", found(style.check, ("src/base/a.hpp", "#pragma once\n\nint a();\n")))
expect("a header with one is not", not found(style.check, ("src/base/a.hpp", header)))
limits = ("src/base/limits.hpp", header + "/// Why.\ninline constexpr int a_max = 1;\ninline constexpr int b_max = 1;\n\ninline constexpr int c_max = 1;\n")
of_limits = found(style.check, limits, ("src/base/a.cpp", "int a = limits::a_max + limits::c_max;\n"))
expect("a limit that nobody keeps is found", any("keeps the limit b_max" in one for one in of_limits))
expect("a limit without a reason is found", any("c_max has no reason" in one for one in of_limits))
expect("a limit with both is not", not any("a_max" in one for one in of_limits))
expect("a limit of its own is found", found(style.check, ("src/http/a.cpp", "\nconstexpr std::size_t waiting_max = 12;\n")))
expect("how much a sentence names is no limit", not found(style.check, ("src/api/a.cpp", "\n    constexpr std::size_t named_max = 2;\n")))
schema = "schemas/database/sqlite/0001_first.sql"
expect("a loose table is found", found(style.check, (schema, "CREATE TABLE a (b INTEGER); -- STRICT;\n")))
expect("of two tables the loose one is found, by its line",
       [one.split("\n")[0] for one in found(style.check, (schema, "CREATE TABLE a (b TEXT) STRICT;\nCREATE TABLE c (d TEXT);\n"))]
       == [f"{schema}:2: a table that is not STRICT"])
expect("a strict table is not", not found(style.check, (schema, "CREATE TABLE a (b TEXT CHECK (b <> ';')) STRICT, WITHOUT ROWID;")))
expect("a script that stumbles on is found", found(style.check, ("scripts/a", "#!/bin/sh\nfalse\ntrue\n")))
expect("a careful script is not", not found(style.check, ("scripts/a", "#!/bin/sh\nset -eu\n")))

code = 'a(); // b\n"c\\"d" e \'f\' 1\'000 /* g\nh */ R"(i"j)" k'
expect("comments and texts are blanked", blank(code).split() == ["a();", "e", "1'000", "k"])
expect("what remains stays where it was", [len(line) for line in blank(code).split("\n")] == [len(line) for line in code.split("\n")])


def architecture_of(*files):
    return found(architecture.check, *files)


expect("a room that looks up is found", architecture_of(("src/base/a.cpp", '#include "rules/b.hpp"'), ("src/rules/b.hpp", header)))
expect("a room that looks down is not", not architecture_of(("src/rules/a.cpp", '#include "base/b.hpp"'), ("src/base/b.hpp", header)))
expect("a room looks into itself", not architecture_of(("src/rules/a.cpp", '#include "rules/b.hpp"'), ("src/rules/b.hpp", header)))
expect("nobody includes the daemon", architecture_of(("src/cli/a.cpp", '#include "daemon/b.hpp"'), ("src/daemon/b.hpp", header)))
expect("a new room must be spoken for", architecture_of(("src/attic/a.cpp", "")))
expect("an unknown header is found", architecture_of(("src/base/a.cpp", '#include "base/gone.hpp"')))
expect("Beast outside of http is found", architecture_of(("src/api/a.cpp", "#include <boost/beast/http.hpp>")))
expect("Beast in http is not", not architecture_of(("src/http/a.cpp", "#include <boost/beast/http.hpp>")))
expect("SQL outside of storage is found", architecture_of(("src/engine/a.cpp", "#include <sqlite3.h>")))
expect("the standard library is for all", not architecture_of(("state_machines/a.hpp", "#include <array>")))
expect("a second CLI11 unit of a program is found",
       architecture_of(("src/cli/a.cpp", "#include <CLI/App.hpp>"), ("src/cli/b.cpp", "#include <CLI/CLI.hpp>")))
expect("one a program is not",
       not architecture_of(("src/cli/a.cpp", "#include <CLI/App.hpp>"), ("src/daemon/b.cpp", "#include <CLI/CLI.hpp>")))
expect("Beast that leaks through two headers is found",
       architecture_of(("src/api/a.cpp", '#include "http/b.hpp"'), ("src/http/b.hpp", '#include "http/c.hpp"'),
                       ("src/http/c.hpp", "#include <boost/asio/io_context.hpp>")))

for one in failures:
    print("failed:", one)
print(f"lint.self: {len(failures)} failures")
sys.exit(1 if failures else 0)
