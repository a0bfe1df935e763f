#!/usr/bin/env python3
"""Plants the faults of mutants.py that concern a table which the explorer knows, one by one, compiles it with that table in the
place of ours, and wants each to be found. The explorer that finds nothing today is thereby shown to look."""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import mutants  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
# What it has no eyes for: who is told of a transfer by whom is seen in whole markets only.
NAMES = ("the donor lets go when it says yes", "the donor lets go what lapsed", "a late donor calls nobody", "go live before the moment")


def explored(mutant):
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / mutant.file
        table.parent.mkdir(parents=True)
        table.write_text((ROOT / mutant.file).read_text().replace(mutant.old, mutant.new))
        program = Path(folder) / "explore"
        sources = [ROOT / "tests/sim" / name for name in ("explore/main.cpp", "small_market.cpp", "promela.cpp")]
        subprocess.run(["g++", "-std=c++20", "-O1", f"-I{folder}", f"-I{ROOT}", f"-I{ROOT}/tests", *sources, "-o", program], check=True)
        return subprocess.run([program], capture_output=True, text=True).stdout


def main():
    unseen = 0
    for mutant in (one for one in mutants.MUTANTS if one.name in NAMES):
        found = [line for line in explored(mutant).splitlines() if line.startswith("FOUND: ")]
        print(f"{mutant.name}: {found[0] if found else 'NOT FOUND'}")
        unseen += not found
    return 1 if unseen else 0


sys.exit(main())
