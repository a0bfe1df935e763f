"""Runs every command that README and the handbook show, as they stand there.

    tests/commands_test.py BUILD_FOLDER

The handbook is one session in an empty folder: blocks marked sh run in order, blocks of toml and json that begin with a file's
name are that file. What needs an installed system (console) is held against the package. README's commands ("$ npctl ...") are
asked of the market that scripts/demo leaves running, and what README shows of their output must be there, line by line.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
OPERATION = SOURCE / "src/daemon/operation"
PATIENCE = 120  # seconds, for all that a page asks

BUILD = pathlib.Path(sys.argv[1]).resolve()
ENVIRONMENT = {**os.environ, "PATH": f"{BUILD}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "80"}
findings = []


def wrong(text):
    findings.append(text)
    print(f"commands: {text}", file=sys.stderr)


def blocks(page):
    """(language, text) of every fenced block of a page."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# ------------------------------------------------------------------------------------------------------- the handbook
def play_handbook(page):
    for port in ("8700", "8701"):  # somebody may listen there
        page = page.replace(f":{port}", f":{free_port()}")
    # The mirror is made by exchanging the ports; whatever they are, the page shows how.
    first, second = re.findall(r"127\.0\.0\.1:(\d+)", page)[:2]
    page = page.replace("s/8700/OTHER/", f"s/{first}/OTHER/").replace("s/8701/8700/", f"s/{second}/{first}/")
    page = page.replace("s/OTHER/8701/", f"s/OTHER/{second}/")
    with tempfile.TemporaryDirectory(prefix="npod-handbook-") as folder:
        session = ["set -eu"]
        for language, text in blocks(page):
            name = re.match(r"(?:#|//) (\w+\.(?:toml|json))\n", text)
            if language in ("toml", "json") and name:
                body = text[name.end():] if language == "json" else text
                pathlib.Path(folder, name[1]).write_text(body)
            elif language == "sh":
                session.append(text)
            elif language == "console":
                judge_as_root(text)
            else:
                wrong(f"the handbook has a {language or 'nameless'} block that nobody tries: {text.splitlines()[0]}")
        run_session(session, folder)


def run_session(session, folder):
    shell = subprocess.Popen(["bash", "-c", "\n".join(session)], cwd=folder, env=ENVIRONMENT, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        said, _ = shell.communicate(timeout=PATIENCE)
        if shell.returncode != 0:
            wrong(f"the handbook's session ended with {shell.returncode}:\n{said[-3000:]}")
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        wrong(f"the handbook's session did not end:\n{shell.communicate()[0][-3000:]}")
    else:
        if shell.returncode != 0:
            try:
                os.killpg(shell.pid, signal.SIGKILL)  # its daemons
            except ProcessLookupError:
                pass


def judge_as_root(text):
    """Commands that change a system: their units and their npctl verbs must exist."""
    text = re.sub(r"\s#.*", "", text)
    units = {path.name for path in (SOURCE / "scripts/debian").iterdir()}
    for unit in re.findall(r"npod[\w-]*\.(?:service|timer)", text):
        if unit not in units:
            wrong(f"the handbook names {unit}, which the package does not have")
    for noun, verb in re.findall(r"npctl (?:--db \S+ )?([a-z]+) ([a-z]+)", text):
        help_of = subprocess.run(["npctl", noun, verb, "--help"], env=ENVIRONMENT, capture_output=True, text=True)
        if help_of.returncode != 0:
            wrong(f"the handbook names npctl {noun} {verb}: {help_of.stderr}")


# --------------------------------------------------------------------------------- alarms, dashboard, log, metrics
def judge_alarms(page):
    rules = (OPERATION / "alerts.yaml").read_text()
    alerts = re.findall(r"alert: (\w+)", rules)
    paragraphs = re.findall(r"^### (Npod\w+)$", page, re.MULTILINE)
    if sorted(alerts) != sorted(paragraphs):
        wrong(f"alerts and paragraphs differ: {sorted(set(alerts) ^ set(paragraphs))}")
    if len(alerts) != 10:
        wrong(f"ten alarms are promised, {len(alerts)} are there")
    code = (SOURCE / "src/api/metrics.cpp").read_text()
    known = set(re.findall(r'"(npod_\w+)"', code))
    dashboard = json.loads((OPERATION / "dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    expressions += re.findall(r"expr: (.*)", rules)
    for metric in sorted(set(re.findall(r"\bnpod_\w+", " ".join(expressions)))):
        if metric not in known:
            wrong(f"{metric} is watched, and nothing writes it")
    for metric in sorted(known - set(re.findall(r"\bnpod_\w+", " ".join(expressions)))):
        wrong(f"{metric} is written, and neither dashboard nor alerts look at it")
    messages = "".join(path.read_text() for path in (SOURCE / "src").rglob("log_*.hpp"))
    for message in sorted(set(re.findall(r"\bNP_[A-Z_]+", page))):
        if f'"{message}"' not in messages:
            wrong(f"the handbook explains {message}, which is never logged")
    states = "".join(path.read_text() for path in (SOURCE / "state_machines").glob("*.hpp"))
    for state in re.findall(r"\b[a-z]+_overdue\b", " ".join(expressions)):
        if f'"{state}"' not in states:
            wrong(f"an alert waits for ports in {state}, which is no state")


# ---------------------------------------------------------------------------------------------------------- README
def readme_commands(page):
    """(command, lines shown) of every "$ npctl ..." of README; "..." stands for lines that are left out."""
    found = []
    for _, text in blocks(page):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            if not command.startswith("npctl"):
                continue  # npod sandbox: tried by sandbox.*
            lines = [line for line in shown.splitlines() if line.strip() and line.strip() != "..."]
            found.append((command, lines))
    return found


def play_readme(page):
    commands = readme_commands(page)
    if not commands:
        return wrong("README shows no command")
    with tempfile.TemporaryDirectory(prefix="npod-readme-") as folder:
        story = subprocess.Popen(
            [BUILD / "tests/npod_story", "--npod", BUILD / "npod", "--npctl", BUILD / "npctl", "--demo",
             SOURCE / "tests/scenarios/whole.story"], env={**ENVIRONMENT, "TMPDIR": folder}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            url = address_of_alfa(story)
            for command, lines in commands:
                ask(command, lines, url)
        finally:
            story.send_signal(signal.SIGINT)
            story.communicate(timeout=30)


def address_of_alfa(story):
    url, last = None, time.monotonic() + PATIENCE
    for line in story.stdout:
        found = re.match(r" {2}ALFA +(http:\S+)", line)
        if found:
            url = found[1]
        if "Ctrl-C ends all three" in line or time.monotonic() > last:
            break
    if url is None:
        raise SystemExit("commands: the demo told no address of ALFA")
    return url


def ask(command, lines, url):
    """What is typed must succeed and print the lines that README shows; the rest of the page may differ."""
    done = subprocess.run(["bash", "-c", command], env={**ENVIRONMENT, "NPCTL_URL": url}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
    if done.returncode != 0:
        return wrong(f"README: {command} ends with {done.returncode}:\n{done.stdout}")
    out = done.stdout.replace("\u00a0", " ").replace("\u202f", " ")  # French puts spaces that do not break
    said = [line.rstrip() for line in out.splitlines()]
    for line in lines:
        if line.rstrip() not in said:
            wrong(f"README: {command} does not print\n  {line}")


def main():
    handbook = (OPERATION / "handbook.md").read_text()
    judge_alarms(handbook)
    play_handbook(handbook)
    play_readme((SOURCE / "README.md").read_text())
    print(f"commands: {len(findings)} findings")
    return 1 if findings else 0


sys.exit(main())
