"""The long form of fuzzing, for scripts/torture: libFuzzer with AddressSanitizer and UBSan on every target, by coverage.

What was found by earlier runs on this machine lies in build/fuzz/found and is gone on from; the kept corpus in
tests/fuzz/corpus is only added to when asked: `keep` chooses of all that was found the few inputs that reach everything.
"""

import re
import shutil
import subprocess
from pathlib import Path

KEPT_BYTES_MAX = 2_000  # of one kept input: a corpus is read by people as well
KEPT_FILES_MAX = 60  # of one target
KEPT_ALL_MAX = 15_000  # bytes of one target's corpus: what is fetched with the sources stays small


def build(root):
    done = subprocess.run([root / "scripts/build", "fuzz", "npod_fuzz", "npod_fuzz_replay"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit("torture: the fuzzer does not build; scripts/install-dependencies --fuzz installs its compiler.\n"
                         + (done.stdout + done.stderr)[-1500:])
    return root / "build/fuzz/tests"


def figures(text):
    """Executions, edges and features reached, and inputs in the corpus, of libFuzzer's last words."""
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", text)
    last = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)/", text)
    edges, features, inputs = last[-1] if last else ("0", "0", "0")
    return int(executed[1]) if executed else 0, int(edges), int(features), int(inputs)


def keep(programs, root, target, found, seeds):
    """The fewest inputs that reach what all reach together, beyond the seeds: they become the corpus."""
    corpus = root / "tests/fuzz/corpus" / target
    fresh = root / "build/fuzz/kept" / target
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    corpus.mkdir(parents=True, exist_ok=True)
    subprocess.run([programs / "npod_fuzz", f"--target={target}", "-set_cover_merge=1", f"-max_len={KEPT_BYTES_MAX}",
                    fresh, seeds, corpus, found], capture_output=True, cwd=found.parent)
    already = {file.read_bytes() for file in seeds.iterdir()}
    chosen = sorted((file for file in fresh.iterdir() if file.read_bytes() not in already), key=lambda file: file.stat().st_size)
    held = sum(file.stat().st_size for file in corpus.iterdir())
    for file in chosen[:KEPT_FILES_MAX]:
        if (corpus / file.name[:16]).exists():
            continue
        if held + file.stat().st_size > KEPT_ALL_MAX:
            break
        held += file.stat().st_size
        shutil.copyfile(file, corpus / file.name[:16])
    return len(list(corpus.iterdir()))


def run(root, seconds, names=(), keeps=False):
    """Shares the time among the targets. 1 when one of them found something, else 0."""
    programs = build(root)
    seeds = root / "build/fuzz/seeds"
    targets = subprocess.run([programs / "npod_fuzz_replay", "--write-seeds", seeds], capture_output=True, text=True, check=True).stdout.split()
    chosen = [target for target in targets if not names or target in names]
    if not chosen:
        raise SystemExit(f"torture: there is no such target; there are {', '.join(targets)}")
    each = max(5, seconds // len(chosen))
    print(f"fuzz: {len(chosen)} targets, {each} s each", flush=True)
    print(f"{'target':10} {'executions':>12} {'edges':>7} {'features':>9} {'corpus':>7} {'kept':>6}  verdict", flush=True)
    failed = 0
    for target in chosen:
        found, corpus = root / "build/fuzz/found" / target, root / "tests/fuzz/corpus" / target
        found.mkdir(parents=True, exist_ok=True)
        start = [str(folder) for folder in (corpus, seeds / target) if folder.is_dir()]
        done = subprocess.run([programs / "npod_fuzz", f"--target={target}", f"-max_total_time={each}", "-timeout=20",
                               "-rss_limit_mb=2048", "-max_len=4000", "-print_final_stats=1", "-reload=0",
                               f"-artifact_prefix={found.parent}/{target}-", found, *start],
                              capture_output=True, text=True, errors="replace", cwd=found.parent)
        executed, edges, features, inputs = figures(done.stderr)
        kept = keep(programs, root, target, found, seeds / target) if keeps else \
            len(list(corpus.iterdir())) if corpus.is_dir() else 0
        verdict = "sound"
        if done.returncode != 0:
            failed = 1
            what = re.search(r"(FINDING: [^\n]*|ERROR: [^\n]*|runtime error: [^\n]*|terminate called[^\n]*|npod: [^\n]*)", done.stderr)
            where = re.search(r"Test unit written to (\S+)", done.stderr)
            verdict = f"{what[1] if what else done.stderr[-200:]}; the input: {Path(where[1]).relative_to(root) if where else 'not kept'}"
        print(f"{target:10} {executed:12,} {edges:7,} {features:9,} {inputs:7,} {kept:6,}  {verdict}", flush=True)
    return failed
