-- A check with IN over more than two values has SQLite build a table of its own for each row that is written: two thirds of
-- what arming a timer cost. The same said with OR costs nothing.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

DROP INDEX timer_subject;
ALTER TABLE timer RENAME TO timer_before;

-- Kept in the order in which they fall due: measured 420 000 due timers a second, against 19 000 through an index on due.
CREATE TABLE timer (
    due_ms   INTEGER NOT NULL,
    kind     TEXT    NOT NULL CONSTRAINT "a timer is about something known"
             CHECK (kind = 'line' OR kind = 'number' OR kind = 'contract' OR kind = 'claim' OR kind = 'delivery' OR kind = 'parked'),
    id       TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    rule     TEXT    NOT NULL,
    from_ms  INTEGER NOT NULL,
    armed_in TEXT    NOT NULL,
    rulebook TEXT    NOT NULL, -- by which law; empty: agreed between operators, or set before laws were kept
    PRIMARY KEY (due_ms, kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO timer (due_ms, kind, id, name, rule, from_ms, armed_in, rulebook)
SELECT due_ms, kind, id, name, rule, from_ms, armed_in, rulebook FROM timer_before ORDER BY due_ms, kind, id;
DROP TABLE timer_before;

-- A state has at most one deadline, so a subject has at most one timer.
CREATE UNIQUE INDEX timer_subject ON timer (kind, id);
