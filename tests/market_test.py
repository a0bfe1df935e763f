"""Plays with the market of `npod sandbox` as a newcomer would, with nothing but the two programs.

    tests/market_test.py FOLDER_OF_PROGRAMS

Every command that it prints is run; the clock is moved; everybody's time is the same; Ctrl-C leaves nothing behind.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

PROGRAMS = pathlib.Path(sys.argv[1]).resolve()
PATIENCE = 60  # seconds, for each thing


def fail(text):
    raise SystemExit(f"market: {text}")


class Sandbox:
    def __init__(self, folder):
        self.environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "TMPDIR": folder, "NO_COLOR": "1"}
        self.process = subprocess.Popen(["npod", "sandbox"], env=self.environment, text=True, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.said = ""
        threading.Thread(target=self.listen, daemon=True).start()
        self.wait_for("Ctrl-C ends the market")
        self.urls = dict(re.findall(r"^ {2}(ALFA|BRAVO|HUB) +(http:\S+)", self.said, re.MULTILINE))
        if len(self.urls) != 3:
            fail(f"three addresses are promised: {self.said}")

    def listen(self):
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, text):
        last = time.monotonic() + PATIENCE
        while text not in self.said:
            if time.monotonic() > last or self.process.poll() is not None:
                fail(f"it never says {text!r}:\n{self.said}")
            time.sleep(0.05)

    def npctl(self, *words, exits=0, code="ALFA"):
        done = subprocess.run(["npctl", "--url", self.urls[code], *words], env=self.environment, text=True, capture_output=True,
                              timeout=PATIENCE)
        if done.returncode != exits:
            fail(f"npctl {' '.join(words)} ends with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def clocks(self):
        return {self.status(code)["clock"]["now"] for code in self.urls}

    def status(self, code):
        with urllib.request.urlopen(f"{self.urls[code]}/v1/status", timeout=PATIENCE) as reply:
            return json.load(reply)


def play(sandbox):
    if sandbox.clocks() != {"2026-03-02T08:00:00Z"}:
        fail(f"the story begins on Monday at 9:00, everywhere: {sandbox.clocks()}")
    commands = re.findall(r"^ {2}(npctl .+)$", sandbox.said, re.MULTILINE)
    if len(commands) < 4:
        fail(f"it shows too little to try: {commands}")
    for command in commands:
        done = subprocess.run(["bash", "-c", command], env=sandbox.environment, text=True, capture_output=True, timeout=PATIENCE)
        if done.returncode != 0:
            fail(f"{command}: {done.stdout}{done.stderr}")
    # One of them moved ALFA's clock by two working days: Wednesday 18:00, for all three.
    if sandbox.clocks() != {"2026-03-04T17:00:00Z"}:
        fail(f"the three clocks differ: {sandbox.clocks()}")
    sandbox.wait_for("BRAVO's desk lets Atelier Horta's ten numbers go")
    port = lambda order: sandbox.npctl("port", "list", "--all", "--order", order, "-o", "name").strip()
    state = lambda order: json.loads(sandbox.npctl("port", "show", port(order), "-o", "json"))["state"]
    if state("horta-1") != "scheduled" or state("nova-1") != "answer_overdue":
        fail(f"on Wednesday evening horta-1 is {state('horta-1')} and nova-1 {state('nova-1')}")
    before = sandbox.clocks()
    sandbox.npctl("clock", "advance", "2wd", "--dry-run")
    if sandbox.clocks() != before:
        fail("a dry run moves the clock")
    sandbox.npctl("clock", "advance", "PT1H", "--key", "tick")
    once = sandbox.clocks()
    sandbox.npctl("clock", "advance", "PT1H", "--key", "tick")
    if sandbox.clocks() != once or once == before:
        fail("a key that is asked again moves the clock again")
    sandbox.npctl("clock", "advance", "PT1H", "--if-version", "3", exits=2)
    # Any of the three is moved; nova-1 is planned for Thursday 5 March, the right begins on Friday the 6th at 18:00, its numbers ring
    # on Tuesday the 10th at 9:30: four days begun, four numbers, 5.00 EUR.
    sandbox.npctl("clock", "advance", "--to", "2026-03-11T12:00:00+01:00", code="BRAVO")
    if sandbox.clocks() != {"2026-03-11T11:00:00Z"}:
        fail(f"the three clocks differ: {sandbox.clocks()}")
    for order in ("lune-1", "horta-1", "nova-1"):
        if state(order) != "completed":
            fail(f"{order} is {state(order)}")
    if "80.00 EUR" not in sandbox.npctl("port", "compensation", port("nova-1")):
        fail("nova-1 is not owed 80.00 EUR")
    claim = sandbox.npctl("claim", "list", "-q", "state=claimed", "-o", "name").strip()
    sandbox.npctl("claim", "approve", claim, "--reason", "it is owed")
    if "could not" in sandbox.said:
        fail(sandbox.said)


def main():
    with tempfile.TemporaryDirectory(prefix="npod-market-") as folder:
        began = time.monotonic()
        sandbox = Sandbox(folder)
        try:
            ready = time.monotonic() - began
            play(sandbox)
        finally:
            sandbox.process.send_signal(signal.SIGINT)
            ended = sandbox.process.wait(PATIENCE)
        if ended != 0 or os.listdir(folder):
            fail(f"it ended with {ended} and left {os.listdir(folder)}:\n{sandbox.said}")
    refused = subprocess.run([PROGRAMS / "npod", "sandbox", "--seed", "3"], text=True, capture_output=True, timeout=PATIENCE)
    if refused.returncode != 2:
        fail("a flag without --as is no market")
    print(f"market: there after {ready:.1f} s; all that it shows works, time is one, nothing is left")


main()
