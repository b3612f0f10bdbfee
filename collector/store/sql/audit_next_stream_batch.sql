-- Finds the stream behind (agent, epoch) that batch has rows of.
SELECT agent_id, epoch FROM batch WHERE (agent_id, epoch) > (:agent, :epoch) ORDER BY agent_id, epoch LIMIT 1
