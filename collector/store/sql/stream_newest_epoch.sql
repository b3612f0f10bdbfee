-- Tells the newest epoch an agent has records of; 0 if none is stored.
SELECT COALESCE(MAX(epoch), 0) FROM stream WHERE agent_id = :agent_id
