-- W3C trace context of the events that brought one, beside the log: it decides nothing, so the hash chain does not cover it.

CREATE TABLE event_trace (
    seq         INTEGER PRIMARY KEY REFERENCES event (seq),
    traceparent TEXT NOT NULL CONSTRAINT "a traceparent has 55 characters" CHECK (length(traceparent) = 55)
) STRICT;
