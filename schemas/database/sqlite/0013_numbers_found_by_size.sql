-- Whoever asked for a number had all lines looked through that begin within 100 000 numbers before it: in a dense book, tens of
-- thousands, mostly of one number each. Those begin at the number itself; the others are few, and far apart if they are long.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

CREATE INDEX line_of_several ON line (first_number, last_number) WHERE last_number - first_number BETWEEN 1 AND 99;
CREATE INDEX line_of_many    ON line (first_number, last_number) WHERE last_number - first_number >= 100;
