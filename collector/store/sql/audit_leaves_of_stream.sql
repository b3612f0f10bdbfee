-- Reads what the log says about one stream.
SELECT leaf_index, agent_id, epoch, committed_seq, head, logged_ms
FROM log_leaf WHERE agent_id = :agent AND epoch = :epoch ORDER BY committed_seq, leaf_index
