-- Finds streams whose newest head is not in the log.
SELECT agent_id, epoch, committed_seq, head FROM stream WHERE committed_seq > logged_seq
ORDER BY agent_id, epoch LIMIT :limit
