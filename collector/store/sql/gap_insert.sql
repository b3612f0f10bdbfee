-- Keeps a gap: lines of a trace that nobody will ever read.
INSERT INTO gap (record_id, agent_id, source, after_offset, bytes_lost_min, cause, observed_ms, from_utc_ms, to_utc_ms)
VALUES (:record_id, :agent_id, :source, :after_offset, :bytes_lost_min, :cause, :observed_ms, :from_utc_ms, :to_utc_ms)
