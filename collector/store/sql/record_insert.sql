-- Keeps one sealed record, byte for byte.
INSERT INTO record (batch_id, agent_id, epoch, seq, hash, body, received_ms)
VALUES (:batch_id, :agent_id, :epoch, :seq, :hash, :body, :received_ms)
