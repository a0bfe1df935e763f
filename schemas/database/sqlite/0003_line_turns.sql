-- From when on a line of a port-in waited for whom, [[since_ms, state, causer, in_time_until_ms]]: what a delay is told
-- apart by. Lines that are older have none; their delay is laid at our own door.
-- And the plans that the subscriber replaced when they were over already, [[planned_at_ms, until_ms]].
-- Runs once, in one transaction with its version bump.

ALTER TABLE line ADD COLUMN turns TEXT NOT NULL DEFAULT '[]';
ALTER TABLE line ADD COLUMN earlier_plans TEXT NOT NULL DEFAULT '[]';
