-- Tells how far an agent's stream is stored.
SELECT committed_seq, head FROM stream WHERE agent_id = :agent_id AND epoch = :epoch
