-- A port writes some six rows of the log, and each said in four texts what it brought: half of all that a port took on disk.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

-- Moves, notes, refusals and the ids under which the row is found, squeezed as one (src/storage/sqlite/squeeze.hpp), as are
-- body, delivery.bytes and remembered.reply from now on. Rows of before have four texts instead; their hashes are over
-- what they say, so both forms stand in one chain.
ALTER TABLE event ADD COLUMN brought BLOB;

-- As before, and what the row brought is among what is erased.
DROP TRIGGER event_is_erased_once;
CREATE TRIGGER event_is_erased_once
BEFORE UPDATE OF reason, moves, notes, refusals, body, original, brought ON event
WHEN OLD.original IS NOT NULL OR NEW.original IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: a row is never edited, only erased, once, and its hashes stay');
END;

-- Asked are what counterparts said and which deadlines they let pass; two thirds of the rows are neither.
DROP INDEX event_source;
CREATE INDEX event_said ON event (source, kind) WHERE source >= 'wire:' AND source < 'wire;';
CREATE INDEX event_late ON event (kind)
    WHERE source = 'clock' AND kind IN ('timer.answer_deadline', 'timer.announced_answer', 'timer.postponed_answer');

-- Of deliveries are counted those that wait and those that were turned away: what was taken, nearly all, need not be found so.
DROP INDEX delivery_receiver;
CREATE INDEX delivery_receiver ON delivery (receiver, state) WHERE state <> 'confirmed';

-- How many ports are in which state: counted as they change, because status, metrics and every list ask for it, and a book
-- may hold ten million.
CREATE TABLE port_count (
    settled INTEGER NOT NULL CHECK (settled IN (0, 1)),
    role    TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    ports   INTEGER NOT NULL CONSTRAINT "no state holds less than no port" CHECK (ports >= 0),
    PRIMARY KEY (settled, role, state)
) STRICT, WITHOUT ROWID;

INSERT INTO port_count (settled, role, state, ports)
    SELECT settled, role, state, count(*) FROM port GROUP BY settled, role, state;

CREATE TRIGGER port_begins AFTER INSERT ON port
BEGIN
    INSERT INTO port_count (settled, role, state, ports) VALUES (NEW.settled, NEW.role, NEW.state, 1)
        ON CONFLICT (settled, role, state) DO UPDATE SET ports = ports + 1;
END;
CREATE TRIGGER port_moves_on AFTER UPDATE OF state, settled, role ON port
    WHEN OLD.state <> NEW.state OR OLD.settled <> NEW.settled OR OLD.role <> NEW.role
BEGIN
    UPDATE port_count SET ports = ports - 1 WHERE settled = OLD.settled AND role = OLD.role AND state = OLD.state;
    INSERT INTO port_count (settled, role, state, ports) VALUES (NEW.settled, NEW.role, NEW.state, 1)
        ON CONFLICT (settled, role, state) DO UPDATE SET ports = ports + 1;
END;
CREATE TRIGGER port_goes AFTER DELETE ON port
BEGIN
    UPDATE port_count SET ports = ports - 1 WHERE settled = OLD.settled AND role = OLD.role AND state = OLD.state;
END;
