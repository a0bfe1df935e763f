-- The first schema. Numbers are E.164 digits as integers; times are UTC milliseconds since 1970 and end in _ms; texts that
-- hold several values are JSON. Constraints are named by sentences: the database says them when it refuses a write.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL CONSTRAINT "a counter is not negative" CHECK (value >= 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER counter_never_goes_back BEFORE UPDATE ON counter WHEN NEW.value < OLD.value
BEGIN
    SELECT RAISE(ABORT, 'a counter never goes back: an id would be given out twice');
END;

-- ------------------------------------------------------------------------------------------------------------- the log
-- What came in and everything it brought, in order, for ever. The raw bytes are stored once, here; they stand last so that
-- a list of rows never reads them.

CREATE TABLE event (
    seq            INTEGER PRIMARY KEY,
    learned_at_ms  INTEGER NOT NULL,
    happened_at_ms INTEGER NOT NULL,
    kind           TEXT    NOT NULL CONSTRAINT "an event has a kind" CHECK (kind <> ''),
    source         TEXT    NOT NULL,
    key            TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    moves          TEXT    NOT NULL,
    notes          TEXT    NOT NULL,
    refusals       TEXT    NOT NULL,
    about          TEXT    NOT NULL,
    hash           BLOB    NOT NULL CONSTRAINT "a hash has 32 bytes" CHECK (length(hash) = 32),
    body           BLOB    NOT NULL
) STRICT;

CREATE TRIGGER event_is_not_edited BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: a row is never edited');
END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: a row is never deleted');
END;

-- Under which ids (port, contract, claim, number) a row of the log is found.
CREATE TABLE event_subject (
    about TEXT    NOT NULL,
    seq   INTEGER NOT NULL REFERENCES event (seq),
    PRIMARY KEY (about, seq)
) STRICT, WITHOUT ROWID;

-- ----------------------------------------------------------------------------------------------------- ports and lines

-- `no` is the order of creation. `next_due_ms` is the earliest timer of the lines; the largest integer when none is armed.
CREATE TABLE port (
    no              INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE CONSTRAINT "a port has an id" CHECK (id <> ''),
    role            TEXT    NOT NULL CHECK (role IN ('port_in', 'port_out')),
    dossier         TEXT    NOT NULL,
    order_id        TEXT    NOT NULL,
    recipient       TEXT    NOT NULL,
    donor           TEXT    NOT NULL,
    network         TEXT    NOT NULL CHECK (network IN ('fixed', 'mobile')),
    complex         INTEGER NOT NULL CHECK (complex IN (0, 1)),
    contract        TEXT    NOT NULL,
    customer        TEXT    NOT NULL,
    donor_account   TEXT    NOT NULL,
    location        TEXT    NOT NULL,
    wish            TEXT    NOT NULL,
    mandate         TEXT,
    related         TEXT    NOT NULL,
    note            TEXT    NOT NULL,
    requested_at_ms INTEGER NOT NULL,
    rulebook        TEXT    NOT NULL,
    state           TEXT    NOT NULL CONSTRAINT "a port has a state" CHECK (state <> ''),
    settled         INTEGER NOT NULL CHECK (settled IN (0, 1)),
    lines           INTEGER NOT NULL CHECK (lines >= 0),
    version         INTEGER NOT NULL,
    next_due_ms     INTEGER NOT NULL DEFAULT 9223372036854775807
) STRICT;

CREATE UNIQUE INDEX port_dossier  ON port (dossier, role) WHERE dossier <> '';
CREATE INDEX        port_order    ON port (order_id)      WHERE order_id <> '';
CREATE INDEX        port_contract ON port (contract)      WHERE contract <> '';
CREATE INDEX        port_list     ON port (settled, next_due_ms, no);

CREATE TABLE line (
    port               TEXT    NOT NULL REFERENCES port (id),
    no                 INTEGER NOT NULL CHECK (no > 0),
    first_number       INTEGER NOT NULL,
    last_number        INTEGER NOT NULL,
    state              TEXT    NOT NULL,
    settled            INTEGER NOT NULL CHECK (settled IN (0, 1)),
    since_ms           INTEGER NOT NULL,
    planned_at_ms      INTEGER,
    answered_at_ms     INTEGER,
    announced_at_ms    INTEGER,
    first_possible_ms  INTEGER,
    postponed_until_ms INTEGER,
    agreed_at_ms       INTEGER,
    approved_at_ms     INTEGER,
    effective_at_ms    INTEGER,
    grounds            TEXT    NOT NULL,
    note               TEXT    NOT NULL,
    PRIMARY KEY (port, no),
    CONSTRAINT "a number has 7 to 15 digits" CHECK (first_number >= 1000000 AND last_number <= 999999999999999),
    -- The lookup by number relies on this bound.
    CONSTRAINT "a line holds 1 to 100000 numbers" CHECK (last_number - first_number BETWEEN 0 AND 99999),
    CONSTRAINT "a line with effect has its effective time"
        CHECK (state NOT IN ('completed', 'executed') OR effective_at_ms IS NOT NULL),
    CONSTRAINT "a postponed line has its date" CHECK (state <> 'postponed' OR postponed_until_ms IS NOT NULL),
    CONSTRAINT "a scheduled line has its agreed moment" CHECK (state <> 'scheduled' OR agreed_at_ms IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX line_number ON line (first_number, last_number);

-- Each number of each line that is not settled. The primary key is the promise: no number is in two live ports of a role.
CREATE TABLE live_number (
    number INTEGER NOT NULL,
    role   TEXT    NOT NULL CHECK (role IN ('port_in', 'port_out')),
    port   TEXT    NOT NULL,
    line   INTEGER NOT NULL,
    PRIMARY KEY (number, role),
    FOREIGN KEY (port, line) REFERENCES line (port, no)
) STRICT, WITHOUT ROWID;

-- --------------------------------------------------------------------------------------- numbers, contracts and claims

CREATE TABLE number (
    number               INTEGER PRIMARY KEY,
    state                TEXT    NOT NULL,
    since_ms             INTEGER NOT NULL,
    serving              TEXT    NOT NULL,
    contract             TEXT    NOT NULL,
    last_contract        TEXT    NOT NULL,
    contract_ended_at_ms INTEGER,
    portable_until_ms    INTEGER,
    ageing_until_ms      INTEGER,
    CONSTRAINT "a number has 7 to 15 digits" CHECK (number BETWEEN 1000000 AND 999999999999999),
    CONSTRAINT "a portable number has its end of the month" CHECK (state <> 'portable' OR portable_until_ms IS NOT NULL),
    CONSTRAINT "an ageing number has its end of ageing" CHECK (state <> 'ageing' OR ageing_until_ms IS NOT NULL)
) STRICT;

CREATE INDEX number_contract ON number (contract, number) WHERE contract <> '';

CREATE TABLE contract (
    no               INTEGER PRIMARY KEY,
    id               TEXT    NOT NULL UNIQUE CONSTRAINT "a contract has an id" CHECK (id <> ''),
    customer         TEXT    NOT NULL,
    product          TEXT    NOT NULL,
    network          TEXT    NOT NULL CHECK (network IN ('fixed', 'mobile')),
    end_users        INTEGER NOT NULL,
    location         TEXT    NOT NULL,
    numbers          TEXT    NOT NULL,
    original_numbers TEXT    NOT NULL,
    related          TEXT    NOT NULL,
    state            TEXT    NOT NULL,
    since_ms         INTEGER NOT NULL,
    terminates_at_ms INTEGER,
    ended_at_ms      INTEGER,
    renounced        INTEGER NOT NULL CHECK (renounced IN (0, 1)),
    version          INTEGER NOT NULL,
    CONSTRAINT "an ending contract has its date" CHECK (state <> 'ending' OR terminates_at_ms IS NOT NULL),
    CONSTRAINT "an ended contract has its end" CHECK (state <> 'ended' OR ended_at_ms IS NOT NULL)
) STRICT;

CREATE TABLE claim (
    no              INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE CONSTRAINT "a claim has an id" CHECK (id <> ''),
    port            TEXT    NOT NULL UNIQUE REFERENCES port (id),
    state           TEXT    NOT NULL,
    settled         INTEGER NOT NULL CHECK (settled IN (0, 1)),
    since_ms        INTEGER NOT NULL,
    filed_at_ms     INTEGER,
    filed_by        TEXT    NOT NULL,
    channel         TEXT    NOT NULL,
    by_titular      INTEGER NOT NULL CHECK (by_titular IN (0, 1)),
    amount_cents    INTEGER CHECK (amount_cents >= 0),
    port_done_at_ms INTEGER,
    decision_reason TEXT    NOT NULL,
    paid_at_ms      INTEGER,
    paid_by         TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    CONSTRAINT "a fixed claim has its amount" CHECK (state NOT IN ('fixed', 'claimed') OR amount_cents IS NOT NULL),
    CONSTRAINT "a claim to decide was filed" CHECK (state NOT IN ('claimed', 'in_review') OR filed_at_ms IS NOT NULL),
    CONSTRAINT "a paid claim has its payment" CHECK (state <> 'paid' OR paid_at_ms IS NOT NULL)
) STRICT;

CREATE INDEX claim_open ON claim (no) WHERE settled = 0;

-- --------------------------------------------------------------------------------------------------------- the deadlines

-- Kept in the order in which they fall due: measured 420 000 due timers a second, against 19 000 through an index on due.
CREATE TABLE timer (
    due_ms   INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('line', 'number', 'contract', 'claim', 'delivery', 'parked')),
    id       TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    rule     TEXT    NOT NULL,
    from_ms  INTEGER NOT NULL,
    armed_in TEXT    NOT NULL,
    PRIMARY KEY (due_ms, kind, id)
) STRICT, WITHOUT ROWID;

-- A state has at most one deadline, so a subject has at most one timer.
CREATE UNIQUE INDEX timer_subject ON timer (kind, id);

-- ------------------------------------------------------------------------------------------- what goes out and comes in

CREATE TABLE delivery (
    id           INTEGER PRIMARY KEY CHECK (id > 0),
    peer         TEXT    NOT NULL,
    receiver     TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    dossier      TEXT    NOT NULL,
    port         TEXT    REFERENCES port (id),
    state        TEXT    NOT NULL,
    settled      INTEGER NOT NULL CHECK (settled IN (0, 1)),
    queued_at_ms INTEGER NOT NULL,
    receipt      TEXT    NOT NULL,
    trouble      TEXT    NOT NULL,
    seq          INTEGER REFERENCES event (seq),
    bytes        BLOB    NOT NULL
) STRICT;

CREATE INDEX delivery_open ON delivery (peer, id) WHERE settled = 0;
CREATE INDEX delivery_port ON delivery (port)     WHERE port IS NOT NULL;

-- The same question gets the same answer, byte for byte.
CREATE TABLE remembered (
    source   TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    content  BLOB    NOT NULL CHECK (length(content) = 32),
    seq      INTEGER REFERENCES event (seq),
    status   INTEGER NOT NULL,
    location TEXT    NOT NULL,
    reply    BLOB    NOT NULL,
    UNIQUE (source, key)
) STRICT;

-- Messages that wait for another operator, when we are the interchange. The bytes are in the log row `seq`.
CREATE TABLE mailbox (
    receiver        TEXT    NOT NULL,
    seq             INTEGER NOT NULL REFERENCES event (seq),
    sender          TEXT    NOT NULL,
    type            TEXT    NOT NULL,
    confirmed_at_ms INTEGER,
    PRIMARY KEY (receiver, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX mailbox_open ON mailbox (receiver, seq) WHERE confirmed_at_ms IS NULL;

-- Messages that came before the request they belong to. The bytes are in the log row `seq`.
CREATE TABLE parked (
    seq            INTEGER PRIMARY KEY REFERENCES event (seq),
    dossier        TEXT    NOT NULL,
    sender         TEXT    NOT NULL,
    type           TEXT    NOT NULL,
    received_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX parked_dossier ON parked (dossier, seq);

-- ------------------------------------------------------------------------------------------------------- who serves whom

-- Numbers served by another operator than their block holder. The primary key is the promise: one serving operator.
CREATE TABLE routing (
    number   INTEGER PRIMARY KEY,
    operator TEXT    NOT NULL CONSTRAINT "a served number has an operator" CHECK (operator <> ''),
    since_ms INTEGER NOT NULL
) STRICT;

-- Whose block a range is. Blocks never overlap.
CREATE TABLE block (
    first_number INTEGER PRIMARY KEY,
    last_number  INTEGER NOT NULL,
    operator     TEXT    NOT NULL CONSTRAINT "a block has a holder" CHECK (operator <> ''),
    since_ms     INTEGER NOT NULL,
    CONSTRAINT "a block begins before it ends" CHECK (first_number <= last_number)
) STRICT;

CREATE TRIGGER block_has_one_holder BEFORE INSERT ON block
WHEN EXISTS (SELECT 1 FROM block WHERE first_number BETWEEN NEW.first_number AND NEW.last_number)
  OR (SELECT last_number FROM block WHERE first_number < NEW.first_number ORDER BY first_number DESC LIMIT 1)
     >= NEW.first_number
BEGIN
    SELECT RAISE(ABORT, 'a number has one block holder: blocks never overlap');
END;
