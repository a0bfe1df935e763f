-- The laws that were ever in force, in the order in which they came, so that a port keeps the one of its request and the log
-- told again is decided as it was. Which one is in force stands in meta, key "law"; the log says when it changed.

CREATE TABLE rulebook (
    no            INTEGER PRIMARY KEY,
    version       TEXT    NOT NULL UNIQUE CONSTRAINT "a rulebook has a version" CHECK (version <> ''),
    name          TEXT    NOT NULL CONSTRAINT "a rulebook has a name" CHECK (name <> ''),
    learned_at_ms INTEGER NOT NULL,
    content       TEXT    NOT NULL
) STRICT;

CREATE TRIGGER rulebook_is_not_edited BEFORE UPDATE ON rulebook
BEGIN
    SELECT RAISE(ABORT, 'a law is never edited: ports that began under it keep it');
END;
CREATE TRIGGER rulebook_is_not_deleted BEFORE DELETE ON rulebook
BEGIN
    SELECT RAISE(ABORT, 'a law is never deleted: ports that began under it keep it');
END;

-- By which law a deadline was set; empty: agreed between operators, or set before laws were kept.
ALTER TABLE timer ADD COLUMN rulebook TEXT NOT NULL DEFAULT '';
