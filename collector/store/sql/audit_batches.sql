-- Reads the batches of one stream, as they are stored.
SELECT batch_id, first_seq, record_count, prev_head, head, key_id, sig, received_ms
FROM batch WHERE agent_id = :agent AND epoch = :epoch ORDER BY first_seq, batch_id
