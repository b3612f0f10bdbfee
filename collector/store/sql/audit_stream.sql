-- Reads where a stream stands, as it is stored.
SELECT committed_seq, head, logged_seq FROM stream WHERE agent_id = :agent AND epoch = :epoch
