#!/usr/bin/env python3
"""The small market by another model checker: `spin.py npod_explore` has the Promela model written from the tables, lets SPIN look for
unsafe pairs, dead ends and circles without a person, and prints the states that it stored. Says so and ends well where SPIN is not
installed (Debian: spin). With --quick circles are left out, which take minutes."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# What is looked for, and how the verifier is built and run for it.
LOOKS = (("unsafe pairs and dead ends", [], ["-DSAFETY"], []), ("circles without a person", ["-DCIRCLES"], ["-DNP"], ["-l"]))


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1800)


def main():
    if shutil.which("spin") is None:
        print("spin: not run: SPIN is not installed (apt-get install spin)")
        return 0
    explore, broken = Path(sys.argv[1]).resolve(), 0
    looks = LOOKS[:1] if "--quick" in sys.argv else LOOKS
    for desk in ("keeps-its-word", "does-as-it-likes"):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "market.pml").write_text(run([explore, "--promela", desk], folder).stdout)
            for what, of_model, defines, options in looks:
                made = run(["spin", *of_model, "-a", "market.pml"], folder)
                if made.returncode != 0 or "rror" in made.stdout:
                    print(f"FOUND: SPIN does not read the model: {(made.stdout + made.stderr)[-500:]}")
                    return 1
                built = run(["gcc", "-O1", "-w", "-DNOREDUCE", "-DVECTORSZ=512", *defines, "-o", "pan", "pan.c"], folder)
                if built.returncode != 0:
                    print(f"FOUND: the verifier does not build: {built.stderr[-500:]}")
                    return 1
                said = run(["./pan", "-m1000000", "-w22", *options], folder).stdout
                errors, states = re.search(r"errors: (\d+)", said), re.search(r"(\d+) states, stored", said)
                if not errors or not states or "max search depth too small" in said:
                    print(f"FOUND: the verifier came to no end: {said[-500:]}")
                    return 1
                print(f"a desk that {desk}: {what}: states {states[1]}, errors {errors[1]}")
                if errors[1] != "0":
                    why = re.search(r"pan:\d+: ([^\n]*)", said)
                    print(f"FOUND: {why[1] if why else said[-300:]}")
                    broken += 1
    return 1 if broken else 0


sys.exit(main())
