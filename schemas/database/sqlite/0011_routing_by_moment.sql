-- The routing table goes by the moment of a transfer or return, not by which news of it was heard last.
-- Runs once, in one transaction with its version bump. STRICT tables, NOT NULL, times end in _ms; event is never rewritten.

-- Numbers that were served elsewhere and are back at their block holder, with the moment: news of an older transfer may still come.
-- A number stands in routing or here, or never moved.
CREATE TABLE came_home (
    number   INTEGER PRIMARY KEY,
    since_ms INTEGER NOT NULL
) STRICT;

-- The last row that went by what was heard last: told again, it and those before it do so still.
INSERT INTO meta (key, value) SELECT 'routed_by_news_until', coalesce(max(seq), 0) FROM event
    WHERE true ON CONFLICT (key) DO UPDATE SET value = excluded.value;
