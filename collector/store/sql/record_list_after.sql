-- Fetches the records the pipeline has not seen yet.
SELECT record_id, batch_id, agent_id, epoch, seq, hash, body, received_ms
FROM record WHERE record_id > :record_id ORDER BY record_id LIMIT :limit
