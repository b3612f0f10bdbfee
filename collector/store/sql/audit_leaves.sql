-- Reads the whole log.
SELECT leaf_index, agent_id, epoch, committed_seq, head, logged_ms FROM log_leaf ORDER BY leaf_index
