"""The rows of the table: what is told of which measure, and the goal it is held against."""

import re
import statistics
from dataclasses import dataclass

MILLION = 1_000_000
LEAST, MOST = ">=", "<="
BEGIN, END = "<!-- scripts/bench --readme writes from here -->", "<!-- to here -->"

# title, measure ("flat" and "parked": of the largest book), what is told, unit, and its goal
GOALS = [
    ("ports a second, recipient, 256 at once", "recipient", "ports_per_s", "/s", LEAST, 4000),
    ("ports a second, donor, 256 at once", "donor", "ports_per_s", "/s", "", 0),
    ("processor time of the daemon a port", "recipient", "cpu_ms_per_port", "ms", "", 0),
    ("events a second, share of a bare loop", "share", "share", "", LEAST, 0.7),
    ("acknowledgement, 16 at once, p50", "sixteen", "ack_p50_ms", "ms", MOST, 2),
    ("acknowledgement, 16 at once, p99", "sixteen", "ack_p99_ms", "ms", MOST, 10),
    ("ready with {book:,} parked", "parked", "seconds_to_ready", "s", MOST, {MILLION: 2, 10 * MILLION: 5}),
    ("resident with {book:,} parked", "parked", "resident_mb", "MB", MOST, {MILLION: 150, 10 * MILLION: 200}),
    ("timers a second, all due at once", "due", "timers_per_s", "/s", LEAST, 15000),
    ("acknowledgement meanwhile, p99", "due", "ack_p99_ms", "ms", MOST, 50),
    ("timers fired early", "due", "early", "", MOST, 0),
    ("timers fired out of order", "due", "out_of_order", "", MOST, 0),
    ("rate, {book:,} ports : {small:,}", "flat", "ratio", "", LEAST, 0.8),
    ("on disk a completed port, with its log", "recipient", "bytes_per_port", "B", MOST, 4096),
    ("any key, {book:,} ports, p99", "flat", "answer_p99_ms", "ms", MOST, 5),
    ("writer beside 200 questions a second", "flat", "writer_ratio", "", LEAST, 0.95),
    ("writer beside a reader of one old commit", "reader", "writer_ratio", "", "", 0),
    ("write-ahead log after that reader", "reader", "wal_mb_after", "MB", MOST, 256),
    ("idle: wake-ups a second", "idle", "wakeups_per_s", "/s", MOST, 0.1),
    ("idle: resident", "idle", "resident_mb", "MB", MOST, 30),
    ("npctl status, whole process, p50", "npctl", "status_p50_ms", "ms", MOST, 15),
    ("the same, {book:,} ports in the book", "flat", "status_p50_ms", "ms", MOST, 15),
]

# file, title, measure, figure: against the size of the book
PLOTS = [
    ("rate_by_book.svg", "Completed ports a second", "flat", "ports_per_s"),
    ("processor_by_book.svg", "Processor time a port, ms", "flat", "cpu_ms_per_port"),
    ("acknowledgement_by_book.svg", "Acknowledgement p99, ms", "flat", "ack_p99_ms"),
    ("bytes_by_book.svg", "Bytes on disk a port", "flat", "bytes_per_port"),
    ("lookup_by_book.svg", "Any key p99, ms", "flat", "answer_p99_ms"),
    ("status_by_book.svg", "npctl status p50, ms", "flat", "status_p50_ms"),
    ("seconds_to_ready_by_parked.svg", "Seconds until ready", "parked", "seconds_to_ready"),
    ("resident_mb_by_parked.svg", "Resident memory, MB", "parked", "resident_mb"),
]


@dataclass
class Row:
    title: str
    values: list  # of every run; none: it was not measured
    unit: str
    relation: str
    goal: float
    own_spread: tuple = ()  # least and most, of a measure that takes turns inside

    @property
    def value(self):
        return statistics.median(self.values)

    @property
    def reached(self):
        """None: there is no goal."""
        if not self.relation:
            return None
        return self.value >= self.goal if self.relation == LEAST else self.value <= self.goal

    @property
    def spread(self):
        least, most = self.own_spread or (min(self.values), max(self.values))
        return f"{short(least)}–{short(most)}"

    @property
    def goal_text(self):
        return f"{self.relation} {self.goal:g}" if self.relation else ""

    def as_json(self):
        if not self.values:
            return {"title": self.title, "measured": None}
        return {"title": self.title, "measured": self.value, "unit": self.unit, "runs": self.values, "spread": self.spread,
                "goal": self.goal_text, "reached": self.reached}


def rows_of(runs, books):
    """Every row of the table, also those that were not measured. `runs`: by measure, the figures of each run."""
    rows = []
    for title, measure, figure, unit, relation, goal in GOALS:
        if isinstance(goal, dict):  # for books of a certain size
            goal = goal.get(books[-1])
            relation = relation if goal is not None else ""
        taken = runs.get(f"{measure} {books[-1]}" if measure in ("flat", "parked") else measure, [])
        row = Row(title.format(book=books[-1], small=books[0]), [run[figure] for run in taken], unit, relation, goal or 0)
        if taken and f"{figure}_least" in taken[0]:
            row.own_spread = (min(run[f"{figure}_least"] for run in taken), max(run[f"{figure}_most"] for run in taken))
        rows.append(row)
    return rows


def lacking(rows):
    return [row.title for row in rows if not row.values]


def short(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def verdict(row):
    return {True: "reached", False: "not yet", None: ""}[row.reached]


def table(rows):
    """Eighty columns."""
    lines = [f"{'FIGURE':<42}{'MEDIAN':>7} {'':<3}{'OF RUNS':>12} {'GOAL':>7}"]
    for row in rows:
        if row.values:
            lines.append(f"{row.title:<42}{short(row.value):>7} {row.unit:<3}{row.spread:>12} {row.goal_text:>7} {verdict(row)}".rstrip())
    return "\n".join(lines)


def how(machine):
    return (f"Commit {machine['commit']}, {machine['date']}: medians of {machine['runs']}, {machine['processors']} × {machine['processor']}, "
            f"SQLite {machine['sqlite']}, load {machine['load']:.1f} before.")


def markdown(rows, machine):
    lines = ["| figure | median | of all runs | goal | |", "|---|--:|---|---|---|"]
    for row in rows:
        if row.values:
            lines.append(f"| {row.title} | {short(row.value)} {row.unit}".rstrip() + f" | {row.spread} | {row.goal_text} | {verdict(row)} |")
    missed = [row.title for row in rows if row.values and row.reached is False]
    lines += ["", how(machine) + (" Missed: " + "; ".join(missed) + "." if missed else " No goal is missed."), ""]
    lines += [f"![{title}](tests/bench/plots/{file})" for file, title, _, _ in PLOTS]
    return "\n".join(lines)


def write_into(readme, rows, machine):
    """Replaces what stands between the marks."""
    text = readme.read_text()
    marked = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not marked.search(text):
        raise SystemExit(f"bench: {readme} has no place for the table, between {BEGIN} and {END}")
    readme.write_text(marked.sub(lambda _: f"{BEGIN}\n{markdown(rows, machine)}\n{END}", text))
