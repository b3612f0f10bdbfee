-- Puts a stream's head into the log.
INSERT INTO log_leaf (leaf_index, agent_id, epoch, committed_seq, head, logged_ms)
VALUES (:leaf_index, :agent_id, :epoch, :committed_seq, :head, :logged_ms)
