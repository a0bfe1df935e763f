"""Who may include whom. The rooms are a table; what is not in it is not allowed."""

from source import finding, report, tree

# A room sees itself and the rooms named here. Each line is a decision of the design, not a record of what happens to be.
MAY_INCLUDE = {
    "state_machines": set(),  # the process, for porting people: standard library only
    "base": set(),
    "rules": {"base"},
    "porting": {"base", "rules", "state_machines"},
    # What people read, in three languages: it sees the domain, the domain does not see it.
    "words": {"base", "rules", "porting", "state_machines"},
    "protocol": {"base", "rules", "porting"},  # rules: the zone that local times of the wire are in
    "filter": {"base"},  # the language of lists; what a field is in the database is the store's business
    "storage": {"base", "rules", "porting", "filter", "state_machines"},  # machines: names of states in rows and checks
    "engine": {"base", "rules", "porting", "protocol", "storage", "state_machines"},
    # one port's history in a file, and its judgement: the engine again, in memory
    "casefile": {"base", "rules", "porting", "protocol", "storage", "engine", "state_machines"},
    "http": {"base"},
    "web": {"base", "http"},  # the page as files; what it shows it asks of the API, from outside
    "api": {"base", "rules", "porting", "words", "protocol", "filter", "storage", "engine", "casefile", "http", "state_machines"},
    # the counterpart that misbehaves on purpose: knows the wire and nothing of our own engine, so that it can test any system
    "sandbox": {"base", "porting", "protocol", "http"},
    "daemon": {"base", "rules", "porting", "protocol", "storage", "engine", "casefile", "http", "web", "api", "sandbox", "state_machines"},
    # api: the views, so that a file read without a daemon looks the same; storage: its Reader, never its Ledger
    "cli": {"base", "rules", "porting", "words", "filter", "http", "api", "storage", "casefile", "state_machines"},
}

# Borrowed headers and the rooms they may be seen in: by prefix, the longest that fits counts.
BORROWED = {
    "boost/beast": {"http"},
    "boost/asio": {"http"},
    "boost/url": {"http", "api"},
    "boost/json": {"base", "rules", "protocol", "storage", "engine", "casefile", "http", "api", "sandbox", "daemon", "cli"},
    "boost/": set(),
    "openssl/": {"base", "protocol", "http"},
    "sqlite3": {"storage"},
    "CLI/": {"daemon", "cli"},
    "toml++": {"daemon"},
    "date/": {"rules", "protocol"},
    "fmt/": {"base", "rules", "porting", "words", "protocol", "filter", "storage", "engine", "casefile", "http", "web", "api", "sandbox", "daemon", "cli"},
}
# Costly or private ones: a single file of a room may include them, so that no other pays for it or gets to know it.
ONE_FILE_A_ROOM = ("CLI/", "toml++", "sqlite3", "date/")
# Never seen by whoever includes a header of the room, not even through other headers.
HIDDEN = ("boost/beast", "boost/asio", "openssl/", "sqlite3", "CLI/", "toml++", "date/")


def room_of(path):
    parts = path.split("/")
    if parts[0] == "state_machines":
        return "state_machines"
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def target_of(file, header, in_quotes, known):
    """The path in the repository of an included header of ours, or None for a borrowed one."""
    if not in_quotes:
        return None
    beside = file.path.rsplit("/", 1)[0] + "/" + header
    for path in ("src/" + header, header, beside):
        if path in known:
            return path
    return None


def borrowed_prefix(header):
    return max((prefix for prefix in BORROWED if header.startswith(prefix)), key=len, default=None)


def reach(path, graph):
    """Every header of ours that including `path` brings along."""
    seen, todo = set(), [path]
    while todo:
        for _, target in graph[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def check(files):
    files = [file for file in files if file.is_cpp and room_of(file.path)]
    known = {file.path: file for file in files}
    findings, graph, hidden_in, one_file = [], {}, {}, {}
    for file in files:
        room = room_of(file.path)
        graph[file.path] = []
        if room not in MAY_INCLUDE:
            findings.append(finding(file, 1, f"src/{room} is a room that nobody has spoken for",
                                    "add it to MAY_INCLUDE in tests/lint/architecture.py with the rooms it needs"))
            continue
        for line, header, in_quotes in file.includes():
            target = target_of(file, header, in_quotes, known)
            if target:
                graph[file.path].append((line, target))
                if room_of(target) not in MAY_INCLUDE[room] | {room}:
                    allowed = ", ".join(sorted(MAY_INCLUDE[room])) or "the standard library"
                    findings.append(finding(file, line, f"{room} may not include {header}",
                                            f"{room} sees {allowed}; take a value, or move the code to a room that sees both"))
            elif in_quotes and not header.endswith(".inc"):  # .inc: made by the build
                findings.append(finding(file, line, f"no file of ours is called {header}",
                                        "name it from src/ (\"room/file.hpp\"), or use <> for what is borrowed"))
            elif prefix := borrowed_prefix(header):
                hidden_in.setdefault(file.path, []).append((line, prefix))
                if room not in BORROWED[prefix]:
                    where = ", ".join(sorted(BORROWED[prefix])) or "no room"
                    findings.append(finding(file, line, f"{room} may not include <{header}>",
                                            f"only {where} may; use what such a room offers"))
                if prefix in ONE_FILE_A_ROOM:
                    one_file.setdefault((room, prefix), {})[file.path] = line
    for (room, prefix), places in one_file.items():
        for path, line in sorted(places.items())[1:]:
            findings.append(finding(known[path], line, f"a second file of {room} includes <{prefix}…>",
                                    f"{sorted(places)[0]} does so for the whole room; call it"))
    findings += leaks(known, graph, hidden_in)
    findings += sources_included(known, graph)
    return findings


def leaks(known, graph, hidden_in):
    """Headers through which another room gets to see a borrowed library that its room hides."""
    for path, file in known.items():
        for line, target in graph[path]:
            if room_of(target) == room_of(path):
                continue
            for header in {target} | reach(target, graph):
                for _, prefix in hidden_in.get(header, []):
                    if prefix in HIDDEN and room_of(header) != room_of(path):
                        yield finding(file, line, f"{target} brings <{prefix}…> along, by way of {header}",
                                      f"keep the library in .cpp files of {room_of(header)}, behind plain values")


def sources_included(known, graph):
    """A .cpp that another file includes would be compiled twice."""
    for path, file in known.items():
        for line, target in graph[path]:
            if target.endswith(".cpp"):
                yield finding(file, line, f"a .cpp is not to be included: {target}", "declare what is needed in a header")


if __name__ == "__main__":
    everything = list(tree())
    report("lint.architecture", check(everything), sum(1 for file in everything if file.is_cpp and room_of(file.path)))
