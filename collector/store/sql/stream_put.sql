-- Moves a stream's watermark to the end of the batch just stored.
INSERT INTO stream (agent_id, epoch, committed_seq, head) VALUES (:agent_id, :epoch, :committed_seq, :head)
ON CONFLICT (agent_id, epoch) DO UPDATE SET committed_seq = excluded.committed_seq, head = excluded.head
