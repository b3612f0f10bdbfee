-- Counts outcomes of ingest that have one name, and keeps its newest detail.
INSERT INTO ingest_counter (agent_id, outcome, n, last_ms, last_detail)
VALUES (:agent_id, :outcome, :n, :last_ms, :last_detail)
ON CONFLICT (agent_id, outcome) DO UPDATE
SET n = ingest_counter.n + excluded.n, last_ms = excluded.last_ms, last_detail = excluded.last_detail
