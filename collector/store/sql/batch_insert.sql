-- Keeps a batch's signature, which proves its records.
INSERT INTO batch (agent_id, epoch, first_seq, record_count, prev_head, head, key_id, sig, received_ms)
VALUES (:agent_id, :epoch, :first_seq, :record_count, :prev_head, :head, :key_id, :sig, :received_ms)
RETURNING batch_id
