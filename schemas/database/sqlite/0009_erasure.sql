-- What a person wrote or told about himself can be erased, and the chain of hashes still holds: from now on it covers the
-- hash of a row's words and the hash of its bytes, where it covered words and bytes themselves. An erased row keeps these two.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

-- SHA-256 of the words (reason, moves, notes, refusals) and SHA-256 of the body, as they were written; NULL: they are there.
ALTER TABLE event ADD COLUMN original BLOB
    CONSTRAINT "an erased row keeps its two hashes" CHECK (original IS NULL OR length(original) = 64);

-- The first row of the new form. Rows before it hang on their own bytes and can never be erased.
INSERT INTO meta (key, value) SELECT 'erasable_from', coalesce(max(seq), 0) + 1 FROM event;

DROP TRIGGER event_is_not_edited;
CREATE TRIGGER event_is_not_edited
BEFORE UPDATE OF seq, learned_at_ms, happened_at_ms, kind, source, key, about, hash ON event
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: a row is never edited');
END;
-- The row of the erasure itself says which rows, and what is left of them: without it `npctl daemon verify` finds the edit.
CREATE TRIGGER event_is_erased_once
BEFORE UPDATE OF reason, moves, notes, refusals, body, original ON event
WHEN OLD.original IS NOT NULL OR NEW.original IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: a row is never edited, only erased, once, and its hashes stay');
END;
