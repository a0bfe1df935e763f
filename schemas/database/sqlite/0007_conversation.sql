-- What is looked up while operators talk: our own deactivations by dossier, and how full the mailboxes are.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

-- "An errorfound came: which deactivation of ours is it about?"
CREATE INDEX delivery_dossier ON delivery (dossier) WHERE port IS NULL;

-- How many messages a mailbox holds unconfirmed: counted as they come and go, because a mailbox may hold a million and
-- is asked for its size at every look at the metrics.
CREATE TABLE mailbox_size (
    receiver    TEXT    NOT NULL PRIMARY KEY,
    unconfirmed INTEGER NOT NULL CONSTRAINT "a mailbox holds no less than nothing" CHECK (unconfirmed >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO mailbox_size (receiver, unconfirmed)
    SELECT receiver, count(*) FROM mailbox WHERE confirmed_at_ms IS NULL GROUP BY receiver;

CREATE TRIGGER mailbox_grows AFTER INSERT ON mailbox WHEN NEW.confirmed_at_ms IS NULL
BEGIN
    INSERT INTO mailbox_size (receiver, unconfirmed) VALUES (NEW.receiver, 1)
        ON CONFLICT (receiver) DO UPDATE SET unconfirmed = unconfirmed + 1;
END;
CREATE TRIGGER mailbox_shrinks AFTER UPDATE OF confirmed_at_ms ON mailbox
    WHEN OLD.confirmed_at_ms IS NULL AND NEW.confirmed_at_ms IS NOT NULL
BEGIN
    UPDATE mailbox_size SET unconfirmed = unconfirmed - 1 WHERE receiver = NEW.receiver;
END;
