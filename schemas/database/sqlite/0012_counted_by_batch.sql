-- Triggers counted each move of a port as it was made, and what a trigger does can be undone alone: SQLite kept a copy of every
-- page that such a move changed. The writer counts what a batch moved and writes it once, before the batch is committed.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

DROP TRIGGER port_begins;
DROP TRIGGER port_moves_on;
DROP TRIGGER port_goes;
