"""Completes lines in bash, zsh and fish themselves, against a daemon with one port.

    tests/completion_test.py BUILD_FOLDER

A shell that is not installed is told and left out; bash always is.
"""

import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = pathlib.Path(sys.argv[1]).resolve()
PATIENCE = 30

ORDER = {
    "order_id": "lune-1", "donor": "BRAVO", "network": "fixed", "numbers": ["+3225508000"], "contract_id": "A-LUNE",
    "customer": {"kind": "legal", "name": "Boulangerie Lune SRL"}, "location": {"zone": "2"},
    "mandate": {"id": "M-1", "titular": "Boulangerie Lune SRL", "signer": "Nora Lune", "channel": "online",
                "signed_at": "2026-03-01T08:00:00Z"},
}

# what is typed, and what must be among the answers; what must not be
LINES = [
    ("npctl ra", ["radar"], ["rule"]),
    ("npctl port sh", ["show"], ["list"]),
    ("npctl port show P", ["PI-000001"], []),
    ("npctl -o json port show P", ["PI-000001"], []),
    ("npctl port wait PI-000001 --for state=comp", ["state=completed"], ["state=draft"]),
    ("npctl port cancel --re", ["--reason"], ["--dry-run"]),
    ("npctl machine draw port_", ["port_in", "port_out"], ["claim"]),
    ("npctl contract put A-X no", ["notes.json"], []),
]


def fail(text):
    raise SystemExit(f"completion: {text}")


class Daemon:
    def __init__(self, folder):
        port_file = pathlib.Path(folder, "port")
        (pathlib.Path(folder) / "npod.toml").write_text(
            'operator = "ALFA"\ndb = "npod.db"\nlisten = "127.0.0.1:0"\nclock = "manual@2026-03-02T09:00:00+01:00"\n'
            '[[member]]\ncode = "BRAVO"\n')
        self.process = subprocess.Popen([BUILD / "npod", "serve", "--config", "npod.toml", "--port-file", port_file], cwd=folder,
                                        stderr=subprocess.DEVNULL)
        last = time.monotonic() + PATIENCE
        while not port_file.exists():
            if time.monotonic() > last:
                fail("the daemon does not start")
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        request = urllib.request.Request(f"{self.url}/v1/port-ins", json.dumps(ORDER).encode(), method="POST",
                                         headers={"Content-Type": "application/json", "Idempotency-Key": "one"})
        urllib.request.urlopen(request, timeout=PATIENCE).read()


BASH = """
source <(npctl completion bash)
COMP_LINE=$1 COMP_POINT=${#1}
# as readline breaks words: at blanks, and = and : are words of their own
read -ra parts <<<"$(sed 's/[=:]/ & /g' <<<"$1")"
COMP_WORDS=("${parts[@]}")
[[ $1 != *" " ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_npctl 2>/dev/null
if [ ${#COMPREPLY[@]} -eq 0 ]; then compgen -f -- "${COMP_WORDS[COMP_CWORD]}"; else printf '%s\\n' "${COMPREPLY[@]}"; fi
"""


def bash(line, folder, environment):
    out = subprocess.run(["bash", "--norc", "-c", BASH, "bash", line], cwd=folder, env=environment, text=True,
                         capture_output=True, timeout=PATIENCE)
    # bash completes what stands behind the last = itself
    head = line.split()[-1].rpartition("=")
    return [head[0] + head[1] + word for word in out.stdout.split()]


def fish(line, folder, environment):
    out = subprocess.run(["fish", "--no-config", "-c", "npctl completion fish | source; complete -C $argv[1]", line], cwd=folder,
                         env={**environment, "HOME": folder}, text=True, capture_output=True, timeout=PATIENCE)
    return [word.split("\t")[0] for word in out.stdout.splitlines()]


def zsh(line, folder, environment):
    """A terminal with zsh in it: the line, a tab, and what stands there then; a second tab lists what there is to choose."""
    function = pathlib.Path(folder, "functions", "_npctl")
    if not function.exists():
        function.parent.mkdir()
        function.write_text(subprocess.run(["npctl", "completion", "zsh"], env=environment, text=True, capture_output=True).stdout)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**environment, "HOME": folder, "TERM": "dumb", "COLUMNS": "200"})
    said = ""

    def until(mark, patience=PATIENCE):
        nonlocal said
        last = time.monotonic() + patience
        while mark not in said and time.monotonic() < last:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    said += os.read(terminal, 65536).decode(errors="replace")
                except OSError:
                    break
        return mark in said

    try:
        os.write(terminal, b"PS1='ready> '; LISTMAX=0; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -d $PWD/dump; print begun\n")
        if not until("\nbegun") or not until("ready> "):
            fail(f"zsh does not start: {said}")
        said = ""
        os.write(terminal, line.encode() + b"\t\t\x1be")
        until("\0", 1.2)
        return said.replace("\r", " ").replace("\n", " ").replace("\x07", " ").split()
    finally:
        os.close(terminal)
        os.waitpid(process, 0)


def main():
    shells = {"bash": bash, "fish": fish, "zsh": zsh}
    tried, wrong = [], []
    with tempfile.TemporaryDirectory(prefix="npod-completion-") as folder:
        pathlib.Path(folder, "notes.json").write_text("{}")
        daemon = Daemon(folder)
        environment = {**os.environ, "PATH": f"{BUILD}:{os.environ['PATH']}", "NPCTL_URL": daemon.url}
        try:
            for name, complete in shells.items():
                if not shutil.which(name):
                    print(f"completion: {name} is not installed and was not tried")
                    continue
                tried.append(name)
                for line, wanted, unwanted in LINES:
                    answers = complete(line, folder, environment)
                    lacks = [word for word in wanted if word not in answers]
                    # a terminal shows the line itself, too
                    more = [word for word in unwanted if word in answers]
                    if lacks or more:
                        wrong.append(f"{name}, {line!r}: lacks {lacks}, has {more}: {answers}")
        finally:
            daemon.process.terminate()
            daemon.process.wait(PATIENCE)
    if wrong:
        fail("\n".join(wrong))
    print(f"completion: {len(LINES)} lines in each of {', '.join(tried)}")


main()
