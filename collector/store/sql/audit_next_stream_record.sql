-- Finds the stream behind (agent, epoch) that record has rows of.
SELECT agent_id, epoch FROM record WHERE (agent_id, epoch) > (:agent, :epoch) ORDER BY agent_id, epoch LIMIT 1
