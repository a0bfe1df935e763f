-- Who is heard how often, without looking at every row; and whose a dossier is that we carry for others.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

-- "When was BRAVO last heard, and how many of its messages were errorfound?" is answered from this alone.
CREATE INDEX event_source ON event (source, kind, seq);

-- What a counterpart turned away for good.
CREATE INDEX delivery_receiver ON delivery (receiver, state);

-- A dossier between two others, when we are their interchange: nobody else may speak of it.
CREATE TABLE carried_dossier (
    dossier   TEXT    NOT NULL PRIMARY KEY CONSTRAINT "a dossier has an id" CHECK (dossier <> ''),
    recipient TEXT    NOT NULL,
    donor     TEXT    NOT NULL,
    seq       INTEGER NOT NULL REFERENCES event (seq)
) STRICT, WITHOUT ROWID;
