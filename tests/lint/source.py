"""Reading the tree for the lints: its files, their lines without comments and texts, and how findings are told."""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ROOMS = ("CMakeLists.txt", "README.md", "src", "state_machines", "schemas", "tests", "scripts", ".ci")


class File:
    """One file: its path as the repository names it, and its lines. A test may make one up."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")

    @property
    def is_cpp(self):
        return self.path.endswith((".hpp", ".cpp"))

    def code(self):
        """The lines with comments and texts blanked out, so that words about the clock are not the clock."""
        return blank(self.text).split("\n")

    def includes(self):
        """(line number, header, whether it is in quotes) of each #include."""
        for number, line in enumerate(self.lines, 1):
            if found := re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line):
                yield number, found[2], found[1] == '"'


def tree():
    """Every text file that is ours, in order of path."""
    paths = []
    for room in ROOMS:
        place = TOP / room
        paths += sorted(place.rglob("*")) if place.is_dir() else [place]
    for path in paths:
        name = path.relative_to(TOP).as_posix()
        if not path.is_file() or "node_modules" in path.parts or "__pycache__" in path.parts:
            continue
        try:
            yield File(name, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # a picture, not a text


def blank(text):
    """C++ with comments, texts and characters replaced by spaces, line by line as it was."""
    pattern = r'R"([^ ()\\]{0,16})\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL)


def finding(file, line, rule, instead):
    return f"{file.path}:{line}: {rule}\n    instead: {instead}"


def report(lint, findings, looked_at):
    """Prints what was found and ends the program: 0 when nothing was, 1 otherwise, 2 when nothing was looked at."""
    if looked_at == 0:
        sys.exit(f"{lint}: found no file to look at under {TOP}; is tests/lint where it belongs?")
    for one in findings:
        print(one)
    print(f"{lint}: {looked_at} files, {len(findings)} findings")
    sys.exit(1 if findings else 0)
