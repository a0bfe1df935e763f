"""Plants the faults of mutants.py into a copy, one by one, and asks their judges. Only a judge's own words count as noticing: what
does not build, dies, or never ends says nothing about the fault, and is told as unclear."""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import mutants

PARTS = ("src", "state_machines", "schemas", "tests", "scripts", "CMakeLists.txt")
PATIENCE = 900  # seconds, of a judge

# A broken promise (NPOD_PROMISE) is the product noticing its own fault, in words.
PROMISE = r"bug: promise broken: ([^\n]*)"
# The case that an error stands under; cases that only tell something have the same head.
DOCTEST = (r"TEST CASE:\s+([^\n]*)\n(?:(?!TEST CASE:)[\s\S])*?(?:ERROR|FATAL)", PROMISE)

MARKET = (r"BROKEN (seed \d+)[^\n]*?\)(: [^\n]*\n[^\n]*)", PROMISE)


@dataclass(frozen=True)
class Judge:
    look: tuple[str, ...]    # arguments of the program
    words: tuple[str, ...]   # expressions by which it says that something is wrong; their groups tell what


JUDGES = {
    "npod_explore": Judge((), (r"FOUND: ([^\n]*)",)),
    "npod_sim": Judge(("market", "--seeds", "103..114", "--days", "50", "--first"), MARKET),
}


def judge(name):
    """Unit tests judge by the first case that fails."""
    return JUDGES.get(name) or Judge(("--no-colors", "--abort-after=1"), DOCTEST)


@dataclass(frozen=True)
class Verdict:
    kind: str  # noticed, survived, unclear
    by: str = ""
    how: str = ""
    seconds: float = 0


def build(root, name, kind="Release"):
    """That program of that tree; None when it does not compile, with the first reason."""
    done = subprocess.run([root / "scripts/build", kind, name], capture_output=True, text=True)
    if done.returncode == 0:
        return root / "build" / kind / "tests" / name, ""
    said = re.search(r"error: ([^\n]*)", done.stdout + done.stderr)
    return None, said[1] if said else (done.stdout + done.stderr)[-300:]


def ask(root, name):
    """The verdict of one judge about that tree."""
    program, why = build(root, name)
    if program is None:
        return Verdict("unclear", name, f"does not build: {why[:100]}")
    start = time.monotonic()
    try:
        done = subprocess.run([program, *judge(name).look], capture_output=True, text=True, errors="replace", timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Verdict("unclear", name, "never ends", PATIENCE)
    seconds = time.monotonic() - start
    if done.returncode == 0:
        return Verdict("survived", name, "", seconds)
    said = done.stdout + done.stderr
    for words in judge(name).words:
        if found := re.search(words, said):
            if words == DOCTEST[0] and "CRASHED" in said and not re.search(PROMISE, said):
                break
            return Verdict("noticed", name, " ".join("".join(found.groups()).split()), seconds)
    return Verdict("unclear", name, f"ended with {done.returncode}: {said.strip()[-100:]}", seconds)


def verdict_on(copy, mutant):
    """Of the first judge that notices, else of the last."""
    verdict = Verdict("survived")
    for name in mutant.judges:
        verdict = ask(copy, name)
        if verdict.kind == "noticed":
            break
    return verdict


def copied(root, folder):
    """The tree that faults are planted into; times are kept, so that only what changed is compiled."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = root / part
        if source.is_dir():
            shutil.copytree(source, folder / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
        else:
            shutil.copy2(source, folder / part)
    return folder


def row_of(mutant, verdict):
    how = verdict.how if len(verdict.how) <= 110 else verdict.how[:109] + "…"
    return f"| {mutant.name} | {mutant.file} | {verdict.by if verdict.kind == 'noticed' else verdict.kind.upper()} | {how.replace('|', '/')} | {verdict.seconds:.0f} |"


def plant(root, names, part=(1, 1)):
    """Plants those whose name holds one of `names`, or all; of these every n-th when asked to share the work. Yields (mutant, verdict)
    as they come. Judges must be content with what is not mutated, or nothing they say counts."""
    chosen = [one for one in mutants.MUTANTS if not names or any(name in one.name for name in names)][part[0] - 1::part[1]]
    copy = copied(root, root / f"build/mutants{'' if part[1] == 1 else part[0]}")
    for name in sorted({name for mutant in chosen for name in mutant.judges}):
        verdict = ask(copy, name)
        if verdict.kind != "survived":
            raise SystemExit(f"torture: {name} is not content with the product as it is: {verdict.how}")
    for mutant in chosen:
        file = copy / mutant.file
        before = file.read_text()
        file.write_text(before.replace(mutant.old, mutant.new))
        try:
            yield mutant, verdict_on(copy, mutant)
        finally:
            file.write_text(before)


TABLE_HEAD = """# Planted faults

Each was planted into a copy, built, and shown to its judges; `scripts/torture mutants` does so and writes this. A judge notices only
by its own words; "does not build" and a judge that dies count as unclear, and must not stand here.

| fault | planted in | noticed by | how | seconds |
|---|---|---|---|---|
"""


def write_table(root, rows):
    """The table that is kept, in the order of mutants.py; `rows`: name → line. What was not tried now keeps the line that it has."""
    path = Path(root) / "tests/sim/mutants.md"
    kept = {}
    if path.exists():
        for line in path.read_text().splitlines():
            kept[line.split(" | ")[0].removeprefix("| ")] = line
    kept.update(rows)
    path.write_text(TABLE_HEAD + "".join(kept[one.name] + "\n" for one in mutants.MUTANTS if one.name in kept))
