"""Runs every command that README and the handbook show, as they stand there, and looks at those that their sentences name.

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
    if len(alerts) != 11:
        wrong(f"eleven alarms are promised, {len(alerts)} are there")
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
            judge_cases(url, folder)
        finally:
            story.send_signal(signal.SIGINT)
            story.communicate(timeout=30)


def judge_cases(url, folder):
    """Every port of the market, whole and without personal data, comes out the same from its case alone."""
    npctl = lambda *words: subprocess.run(["npctl", *words], env={**ENVIRONMENT, "NPCTL_URL": url}, cwd=folder, text=True,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
    ports = npctl("port", "list", "--all", "-o", "name").stdout.split()
    if len(ports) < 10:
        wrong(f"the market has {len(ports)} ports")
    for port in ports:
        for form in ([], ["--redact"]):
            name = f"{port}{''.join(form)}.npcase"
            made = npctl("case", "export", port, "--out", name, *form)
            said = npctl("case", "verify", name, "-o", "name")
            if (made.returncode, said.stdout, said.returncode) != (0, "SAME\n", 0):
                wrong(f"case of {name}: {made.stdout} {npctl('case', 'verify', name).stdout}")


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


# ----------------------------------------------------------------------------------------- what stands in back ticks
def judge_inline(page, name):
    """`npctl NOUN VERB --flag …` in prose: noun, verb and flags must exist. Programs and scripts that are named, too."""
    for text in re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)):
        words = text.split()
        if words[0].startswith("scripts/") and not (SOURCE / words[0]).exists():
            wrong(f"{name} names {words[0]}, which is not there")
        if words[0] == "npod" and len(words) > 1:
            judge_call(["npod", words[1]], [word for word in words[2:] if word.startswith("--")], f"{name}: {text}")
        if words[0] != "npctl":
            continue
        plain = []
        for word in words[1:]:
            if re.fullmatch(r"[a-z-]+", word) and not word.startswith("-") and len(plain) < 2:
                plain.append(word)
            elif plain:
                break
        flags = [word for word in words if re.fullmatch(r"--[a-z-]+", word)]
        if plain and plain[0] not in ("help", "npod.db"):
            judge_call(["npctl", *plain[:1 if plain[0] in ("status", "radar") else 2]], flags, f"{name}: {text}")


def judge_call(command, flags, where):
    help_of = subprocess.run([*command, "--help"], env=ENVIRONMENT, capture_output=True, text=True)
    if help_of.returncode != 0:
        return wrong(f"{where}: {help_of.stderr.strip()}")
    for flag in flags:
        if flag not in ("--help", "--version") and not re.search(rf"{flag}\b", help_of.stdout):
            wrong(f"{where}: {' '.join(command)} has no {flag}")


def judge_answers(page):
    """Each of the 27 complaints has a row, and each row's test exists."""
    rows = re.findall(r"^\| (\d+) \|(.*)\|$", page, re.MULTILINE)
    if [int(number) for number, _ in rows] != list(range(1, 28)):
        wrong(f"answers.md has the rows {[number for number, _ in rows]}, not 1 to 27")
    known = subprocess.run(["ctest", "-N"], cwd=BUILD, capture_output=True, text=True).stdout
    for number, row in rows:
        for test in re.findall(r"`([a-z]+\.[a-z_]+)`", row.split("|")[-1]):
            if not re.search(rf": {re.escape(test)}\b", known):
                wrong(f"answers.md, {number}: there is no test {test}")
        for file in re.findall(r"\((\w+_(?:test|story))", row):
            if not list((SOURCE / "tests/unit").rglob(f"{file}.cpp")):
                wrong(f"answers.md, {number}: there is no {file}.cpp")


def judge_configuration(page):
    """README's npod.toml, with the files it names."""
    for language, text in blocks(page):
        if language != "toml" or not text.startswith("# npod.toml"):
            continue
        with tempfile.TemporaryDirectory(prefix="npod-readme-") as folder:
            pathlib.Path(folder, "npod.toml").write_text(text)
            pathlib.Path(folder, "secret").write_text("a secret of many letters, 32 bytes\n")
            subprocess.run(["openssl", "genrsa", "-out", f"{folder}/private.pem", "2048"], check=True, capture_output=True)
            for name in ("secret", "private.pem"):
                pathlib.Path(folder, name).chmod(0o600)
            done = subprocess.run(["npod", "check", "--config", "npod.toml"], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
            if done.returncode != 0:
                wrong(f"README's npod.toml: {done.stdout[-800:]}{done.stderr}")
        return
    wrong("README shows no npod.toml")


# ------------------------------------------------------------------------------------------------- every message
def judge_messages():
    """Every message that the sources can log stands in the manual."""
    manual = subprocess.run(["npod", "manual", "messages"], env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    for path in (SOURCE / "src").rglob("log_*.hpp"):
        for name in re.findall(r'"(NP_[A-Z_]+)"', path.read_text()):
            if name not in manual:
                wrong(f"{name} of {path.name} does not stand in npod manual messages; add it to `all`")


# ------------------------------------------------------------------------------------------------------- start-up
STARTS_MOST = 150  # milliseconds; about 15 on a quiet machine: what is seen is a second's fraction that a test machine's load makes


def measure_start():
    took = []
    for words in (["--version"], ["calendar", "add", "2026-04-03T16:59+02:00", "1wd"], ["machine", "list"]):
        for _ in range(7):
            began = time.monotonic()
            subprocess.run(["npctl", *words], env=ENVIRONMENT, check=True, capture_output=True)
            took.append((time.monotonic() - began) * 1000)
    median = sorted(took)[len(took) // 2]
    print(f"npctl starts, answers and ends in {median:.0f} ms (median of {len(took)})")
    if median > STARTS_MOST:
        wrong(f"npctl takes {median:.0f} ms to start")


def main():
    answers = (OPERATION / "answers.md").read_text()
    readme = (SOURCE / "README.md").read_text()
    handbook = (OPERATION / "handbook.md").read_text()
    judge_alarms(handbook)
    judge_answers(answers)
    judge_configuration(readme)
    judge_messages()
    measure_start()
    for page, name in ((readme, "README"), (handbook, "the handbook"), (answers, "answers.md")):
        judge_inline(page, name)
    play_handbook(handbook)
    play_readme(readme)
    print(f"commands: {len(findings)} findings")
    return 1 if findings else 0


sys.exit(main())
