-- Lists what ingest counted.
SELECT agent_id, outcome, n, last_ms, last_detail FROM ingest_counter ORDER BY agent_id, outcome
