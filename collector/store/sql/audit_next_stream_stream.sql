-- Finds the stream behind (agent, epoch) that stream has rows of.
SELECT agent_id, epoch FROM stream WHERE (agent_id, epoch) > (:agent, :epoch) ORDER BY agent_id, epoch LIMIT 1
