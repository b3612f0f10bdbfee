-- Lists an agent's streams and how far each is stored.
SELECT epoch, committed_seq, head FROM stream WHERE agent_id = :agent_id ORDER BY epoch
