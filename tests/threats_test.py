"""Holds the page of threats against the tests that it names: each must exist, each threat must be tried by one at least."""

import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
THREATS = ("Unauthorised port", "Slamming", "Spoofed operator", "Replay", "Insider", "Leaking of personal data",
           "Denial of service")


def cases_of(room):
    """Names of the test cases of tests/unit/ROOM."""
    cases = set()
    for path in (SOURCE / "tests/unit" / room).glob("*.cpp"):
        cases |= set(re.findall(r'TEST_CASE(?:_FIXTURE\(\w+, |\()"((?:[^"\\]|\\.)*)"', path.read_text()))
    return cases


def larger_tests():
    """Names of the tests that cmake makes out of a list of kinds: siege.flood, sandbox.hub."""
    names = set()
    for name in ("siege", "sandbox", "sim", "whole"):
        text = (SOURCE / f"tests/{name}.cmake").read_text()
        names |= set(re.findall(r"NAME ([a-z_.]+)", text))
        for variable, kinds in re.findall(r"foreach\((\w+) ([^)]*)\)", text):
            for prefix in re.findall(r"NAME ([a-z_]+\.)\$\{" + variable + r"\}", text):
                names |= {prefix + kind for kind in kinds.split()}
    return names


def judge(page, cases=cases_of, larger=None):
    """What is wrong with the page, sentence by sentence."""
    found = []
    larger = larger_tests() if larger is None else larger
    for threat in THREATS:
        section = re.search(rf"^## {threat}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        rows = [] if section is None else re.findall(r"^\|(?! how \|)(?!---)(.*)\|$", section[1], re.MULTILINE)
        if not rows:
            found.append(f"nothing is said of the threat: {threat}")
        for row in rows:
            columns = [column.strip() for column in row.split("|")]
            if len(columns) != 4:
                found.append(f"{threat}: a row has {len(columns)} columns: {columns[0]}")
                continue
            small = re.findall(r"unit\.(\w+) `([^`]*)`", columns[2])
            large = re.findall(r"(?<![\w.])((?:siege|sandbox|sim|story)\.\w+)", columns[2])
            if not small and not large:
                found.append(f"{threat}: nothing tries this: {columns[0]}")
            found += [f"{threat}: tests/unit/{room} has no case \"{case}\"" for room, case in small if case not in cases(room)]
            found += [f"{threat}: there is no test {name}" for name in large if name not in larger]
    return found


def itself():
    """The judge must be able to say no."""
    page = "## Slamming\n\n| how | what | tried by | left |\n|---|---|---|---|\n| a | b | {} | d |\n"
    known = {"siege.flood"}
    wrong = [judge(page.format(tried), lambda room: {"it holds"}, known)
             for tried in ("", "unit.api `it does not hold`", "siege.nothing", "unit.api `it holds`, siege.flood")]
    return all(any("Slamming" in one for one in said) for said in wrong[:3]) and not any("Slamming" in one for one in wrong[3])


if not itself():
    sys.exit("threats: the judge finds nothing wrong with a wrong page")
findings = judge((SOURCE / "src/daemon/operation/threats.md").read_text())
for finding in findings:
    print(f"threats: {finding}", file=sys.stderr)
print(f"threats: {len(findings)} findings")
sys.exit(1 if findings else 0)
