-- Reads the records of one stream, as they are stored.
SELECT record_id, batch_id, seq, hash, body, received_ms
FROM record WHERE agent_id = :agent AND epoch = :epoch ORDER BY seq, record_id
