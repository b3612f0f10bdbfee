-- Fetches the records a session came from, with the batches that prove them.
SELECT r.record_id, r.batch_id, r.agent_id, r.epoch, r.seq, r.hash, r.body, r.received_ms,
  b.batch_id, b.agent_id, b.epoch, b.first_seq, b.record_count, b.prev_head, b.head, b.key_id, b.sig, b.received_ms
FROM session_record s
JOIN record r ON r.record_id = s.record_id
JOIN batch b ON b.batch_id = r.batch_id
WHERE s.session_id = :session_id ORDER BY r.record_id
